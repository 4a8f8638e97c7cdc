"""The recipes that people kept under a name: listed, loaded, given away as JSON, taken in, and forgotten."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import PipelineError, SettingError
from pipeline.recipe import RECIPES, Recipe
from pipeline.store import digest
from webapp.workspace import Workspace, write_whole

LONGEST = 40
FOLDER = "named"


@dataclass(frozen=True)
class Kept:
    """One kept recipe: its name, and the id that addresses have."""

    name: str
    id: str


def kept(here: Workspace) -> list[Kept]:
    """All kept recipes by name. One that this version cannot read is left out; its file stays."""
    found = []
    for path in (here.recipes / FOLDER).glob("*.json"):
        try:
            recipe = Recipe.from_json(json.loads(path.read_text(encoding="utf-8")))
        except PipelineError:
            continue
        found.append(Kept(recipe.name, recipe.digest()))
    return sorted(found, key=lambda each: each.name.lower())


def keep(here: Workspace, recipe: Recipe, name: str) -> str:
    """Keep a recipe under a name; its id.

    Raises
    ------
    SettingError
        If the name is empty, too long, that of a recipe that comes with the project, or that of another kept one.
    """
    short = " ".join(name.split())
    if not 0 < len(short) <= LONGEST:
        raise SettingError(f"The name of a recipe has 1 to {LONGEST} characters; enter one.")
    if short.lower() in RECIPES:
        raise SettingError(
            f"The recipe {short.lower()} comes with the project and stays as it is; choose another name."
        )
    named = Recipe(short, recipe.steps)
    place = _place(here, short)
    other = next((each for each in kept(here) if each.name.lower() == short.lower()), None)
    if other is not None and other.id != named.digest():
        raise SettingError(f"There is another recipe called {other.name}; delete it first, or choose another name.")
    place.parent.mkdir(exist_ok=True)
    write_whole(place, text(named))
    return here.keep_recipe(named)


def forget(here: Workspace, name: str) -> None:
    """Take a recipe off the list; addresses that hold its id still show it.

    Raises
    ------
    SettingError
        If it comes with the project, or there is none of this name.
    """
    if name.lower() in RECIPES:
        raise SettingError(f"The recipe {name.lower()} comes with the project and cannot be deleted.")
    if not name:
        raise SettingError("No kept recipe is chosen; choose one of the list.")
    place = _place(here, name)
    if not place.is_file():
        raise SettingError(f"There is no recipe {name!r} to delete.")
    place.unlink()


def text(recipe: Recipe) -> str:
    """A recipe as its JSON file."""
    return json.dumps(recipe.to_json(), ensure_ascii=False, indent=2) + "\n"


def taken_in(here: Workspace, written: bytes, file: str) -> Kept:
    """Keep the recipe in a file that somebody sent, under its own name or the file's.

    Raises
    ------
    SettingError
        If it is no recipe; it is said what is wrong with it.
    """
    try:
        recipe = Recipe.from_json(json.loads(written.decode("utf-8-sig")))
    except (ValueError, RecursionError):
        raise SettingError(f"{file} is not a recipe, because it is not JSON.") from None
    except SettingError as problem:
        raise SettingError(f"{file} is not a recipe of this program. {problem}") from None
    unnamed = recipe.name in (*RECIPES, "changed") or not recipe.name.strip()
    name = _not_taken(here, recipe, Path(file).stem if unnamed else recipe.name)
    return Kept(name, keep(here, recipe, name))


def _not_taken(here: Workspace, recipe: Recipe, name: str) -> str:
    """The name, or one like it that is neither a delivered recipe's nor that of another kept one."""
    name = " ".join(name.split())
    endings = itertools.chain([""], (f" ({number})" for number in itertools.count(2)))
    names = (name[: LONGEST - len(ending)] + ending for ending in endings)
    others = {each.name.lower() for each in kept(here) if each.id != recipe.digest()} | set(RECIPES)
    return next(each for each in names if each.lower() not in others)


def _place(here: Workspace, name: str) -> Path:
    return here.recipes / FOLDER / f"{digest(name.lower())}.json"
