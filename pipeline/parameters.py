"""ONE declaration of each tunable setting.

A step of the pipeline is a frozen dataclass deriving from `Step`; its fields are declared with `integer`, `number`,
`choice`, `toggle` or `text`. Validation and its message, the command line's flag, the page's control, the cache key,
the JSON recipe and the README's table are all read from that one line. Nothing here renders anything.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Self, TypeVar, cast

from pipeline.errors import PipelineError, SettingError

Value = bool | int | float | str
Kind = Literal["integer", "number", "choice", "toggle", "text"]
T = TypeVar("T", bound=Value)


@dataclass(frozen=True)
class Parameter:
    """One setting as it was declared: everything a front needs to show, read and check it.

    Attributes
    ----------
    step, name : the step's `NAME` and the field's name; together unique, see `key`.
    kind : how the value is entered and checked.
    default : the value when nobody says otherwise.
    label, help, unit : words for people; `unit` is empty where the value has none.
    low, high, step_size : inclusive bounds of an integer or a number, and the stride of its control.
    options : allowed value -> its label, for a choice.
    flag : the command line's flag.
    multiline : whether a text has several lines.
    looked_up : whether it only picks among finished results, so that changing it never computes anything again.
    check_text : raises `ValueError` with a reason when a text is not well-formed.
    """

    step: str
    name: str
    kind: Kind
    default: Value
    label: str
    help: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    step_size: float | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    flag: str = ""
    multiline: bool = False
    looked_up: bool = False
    check_text: Callable[[str], object] | None = None

    @property
    def key(self) -> str:
        """`step.name`, the setting's address in a recipe."""
        return f"{self.step}.{self.name}"

    def allowed(self) -> str:
        """What values are allowed, in words: `a whole number from 2 to 12`."""
        if self.kind == "toggle":
            return "true or false"
        if self.kind == "choice":
            return "one of " + ", ".join(self.options)
        if self.kind == "text":
            return "text"
        if self.kind == "integer":
            return f"a whole number from {self.low:,} to {self.high:,}"
        return f"a number from {self.low:g} to {self.high:g}"

    def check(self, value: object) -> Value:
        """The value, of the declared type.

        Raises
        ------
        SettingError
            If the value is of another type or out of bounds; the sentence names the setting and what is allowed.
        """
        if self.kind == "toggle" and isinstance(value, bool):
            return value
        if self.kind == "choice" and isinstance(value, str) and value in self.options:
            return value
        if self.kind == "text" and isinstance(value, str):
            return self._well_formed(value)
        if self.kind in ("integer", "number") and self._in_bounds(value):
            return int(cast(float, value)) if self.kind == "integer" else float(cast(float, value))
        raise SettingError(f"{self.label} ({self.key}) must be {self.allowed()}, not {value!r}.")

    def parse(self, typed: str) -> Value:
        """The value that a person typed, checked. Raises `SettingError` like `check`."""
        readers: dict[Kind, Callable[[str], object]] = {
            "toggle": lambda word: {"true": True, "yes": True, "false": False, "no": False}[word.strip().lower()],
            "integer": int,
            "number": float,
        }
        try:
            value = readers.get(self.kind, str)(typed)
        except (ValueError, KeyError):
            value = typed
        return self.check(value)

    def _in_bounds(self, value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return False
        if self.kind == "integer" and value != int(value):
            return False
        assert self.low is not None and self.high is not None
        return self.low <= value <= self.high

    def _well_formed(self, value: str) -> str:
        if self.check_text is not None:
            try:
                self.check_text(value)
            except ValueError as reason:
                raise SettingError(f"{self.label} ({self.key}) is not understood: {reason}.") from None
        return value


def integer(
    default: int,
    *,
    low: int,
    high: int,
    label: str,
    help: str,
    unit: str = "",
    flag: str = "",
    looked_up: bool = False,
) -> int:
    """Declare a whole number from `low` to `high`, both included."""
    bounds = {"low": low, "high": high, "step_size": 1}
    words = {"label": label, "help": help, "unit": unit, "flag": flag}
    return _declare(default, kind="integer", looked_up=looked_up, **bounds, **words)


def number(
    default: float,
    *,
    low: float,
    high: float,
    label: str,
    help: str,
    unit: str = "",
    flag: str = "",
    step_size: float | None = None,
) -> float:
    """Declare a number from `low` to `high`, both included."""
    return _declare(
        default, kind="number", low=low, high=high, step_size=step_size, label=label, help=help, unit=unit, flag=flag
    )


def choice(default: str, *, options: Mapping[str, str], label: str, help: str, flag: str = "") -> str:
    """Declare one of several named values; `options` maps each value to its label."""
    return _declare(default, kind="choice", options=dict(options), label=label, help=help, flag=flag)


def toggle(default: bool, *, label: str, help: str, flag: str = "") -> bool:
    """Declare a yes or no."""
    return _declare(default, kind="toggle", label=label, help=help, flag=flag)


def text(
    default: str,
    *,
    label: str,
    help: str,
    flag: str = "",
    multiline: bool = False,
    check: Callable[[str], object] | None = None,
    looked_up: bool = False,
) -> str:
    """Declare a text; `check` raises `ValueError` with a reason when it is not well-formed."""
    words = {"label": label, "help": help, "flag": flag}
    return _declare(default, kind="text", multiline=multiline, check_text=check, looked_up=looked_up, **words)


def _declare(default: T, **declared: Any) -> T:
    return field(default=default, metadata={"declared": {"default": default, **declared}})


@dataclass(frozen=True)
class Step:
    """Base of every step: a frozen dataclass whose fields are its settings, checked when it is made.

    `NAME` is the step's key in a recipe, `TITLE` its heading on the page, `HELP` one line for people.
    """

    NAME: ClassVar[str] = ""
    TITLE: ClassVar[str] = ""
    HELP: ClassVar[str] = ""

    def __post_init__(self) -> None:
        for parameter in parameters(type(self)):
            object.__setattr__(self, parameter.name, parameter.check(getattr(self, parameter.name)))
        self.check_together()

    def check_together(self) -> None:
        """Rules between settings of this step; overridden where there are any. Raises `SettingError`."""

    @classmethod
    def from_json(cls, settings: object) -> Self:
        """The step with these settings; those left out keep their defaults.

        Raises
        ------
        SettingError
            If `settings` is not an object, names an unknown setting, or holds a value that is not allowed.
        """
        if not isinstance(settings, Mapping):
            raise SettingError(f"The settings of {cls.NAME} must be an object of names and values, not {settings!r}.")
        known = [parameter.name for parameter in parameters(cls)]
        for name in settings:
            if name not in known:
                allowed = ", ".join(known) or "none at all"
                raise SettingError(f"{cls.NAME} has no setting {name!r}; its settings are: {allowed}.")
        return cls(**settings)

    def to_json(self) -> dict[str, Value]:
        """Every setting and its value, in the order of declaration."""
        return {parameter.name: getattr(self, parameter.name) for parameter in parameters(type(self))}

    def computed_settings(self) -> dict[str, Value]:
        """The settings that results depend on: all but those that only pick among finished results."""
        return {each.name: getattr(self, each.name) for each in parameters(type(self)) if not each.looked_up}

    def with_settings(self, **settings: Value) -> Self:
        """A copy with some settings changed. Raises `SettingError` like `from_json`."""
        return self.from_json({**self.to_json(), **settings})


def parameters(step: type[Step]) -> tuple[Parameter, ...]:
    """The settings of a step, in the order of declaration.

    Raises
    ------
    PipelineError
        If a field of the step was declared by other means than this module's.
    """
    found = []
    for declared in dataclasses.fields(step):
        if "declared" not in declared.metadata:
            raise PipelineError(f"{step.__name__}.{declared.name} is not declared as a setting.")
        settings = dict(declared.metadata["declared"])
        settings["flag"] = settings.get("flag") or f"--{step.NAME}-{declared.name}".replace("_", "-")
        found.append(Parameter(step=step.NAME, name=declared.name, **settings))
    return tuple(found)
