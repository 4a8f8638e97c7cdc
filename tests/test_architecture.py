"""The walls of the house: who may import whom, and what a page server must not pay for."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for room in ("pipeline", "webapp") for path in (ROOT / room).rglob("*.py"))
NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "common", "misc", "core", "base", "manager"}


def test_imports_run_one_way():
    finished = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_module_says_why_it_exists(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), "no module docstring"


def test_no_module_has_a_name_that_says_nothing():
    assert [path for path in SOURCES if path.stem in NAMES_THAT_SAY_NOTHING] == []


def test_the_packages_roots_hold_nothing_but_a_docstring_and_the_version():
    tree = ast.parse((ROOT / "pipeline/__init__.py").read_text(encoding="utf-8"))
    assert len(tree.body) == 2


def test_heavy_libraries_are_not_loaded_by_importing_the_library():
    heavy = ["sklearn", "scipy", "lifetimes", "duckdb", "pandas", "fastcluster", "pyspark", "pyarrow"]
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in SOURCES if path.parts[-2] != "webapp"]
    imports = "; ".join(
        f"import {name.removesuffix('.__init__')}"
        for name in modules
        if name.startswith("pipeline") and "__main__" not in name
    )
    program = f"import sys; {imports}; print([name for name in {heavy!r} if name in sys.modules])"
    finished = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "[]"
