"""Which scales there are, and one of them: a file here that describes items is a scale."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from matrescence.care.assessment.scales import Scale
from matrescence.instruments.read_scale import read_scale
from matrescence.reading import InputError, nearest

SHIPPED = Path(__file__).parent
"""The files that come with the program."""
LISTS = ("help_lines", "consultation")
"""Files here that are lists, not scales."""


class UnknownScale(InputError):  # noqa: N818 - it names what was asked for
    """No scale of this name is here; the message offers the nearest."""


def names(*, root: Path | None = None) -> tuple[str, ...]:
    """The scales, in alphabetical order."""
    return tuple(sorted(path.stem for path in (root or SHIPPED).glob("*.toml") if path.stem not in LISTS))


def load(name: str, *, root: Path | None = None) -> Scale:
    """One scale by name, read once for the shipped ones.

    Raises:
        UnknownScale: there is no such scale.
        InputError: its file cannot be used.
    """
    known = names(root=root)
    if name not in known:
        raise UnknownScale(f"there is no scale {name!r}.{nearest(name, known)} Allowed: {', '.join(known)}.")
    return _load_shipped(name) if root is None else read_scale(root / f"{name}.toml")


@cache
def _load_shipped(name: str) -> Scale:
    return read_scale(SHIPPED / f"{name}.toml")
