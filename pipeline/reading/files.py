"""Which files are read together as one table, and the names by which people know them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

Source = Path | Sequence[Path] | Mapping[str, Path]  # a file, several, or several under the names people know them by


def named(source: Source) -> dict[str, Path]:
    """The files under the names that their rows will bear, in the order of these names.

    A file is called by its own name, or by its path where several have the same name.
    """
    if isinstance(source, Mapping):
        return {name: source[name] for name in sorted(source)}
    paths = [source] if isinstance(source, Path) else list(source)
    alike = Counter(path.name for path in paths)
    called = {path.name if alike[path.name] == 1 else path.as_posix(): path for path in paths}
    return {name: called[name] for name in sorted(called)}
