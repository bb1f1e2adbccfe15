"""Which drugs there are, and one of them: a folder with a ``drug.toml`` in it is a drug."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from matrescence.care.drug import Drug
from matrescence.formulary.bibliography import Entry, read_bibliography
from matrescence.formulary.read_drug import read_drug
from matrescence.reading import InputError, nearest

SHIPPED = Path(__file__).parent
"""The folders that come with the program."""


class UnknownDrug(InputError):  # noqa: N818 - it names what was asked for
    """No drug of this name is in the formulary; the message offers the nearest."""


def names(*, root: Path | None = None) -> tuple[str, ...]:
    """The drugs of the formulary, in alphabetical order."""
    folder = root or SHIPPED
    return tuple(sorted(path.parent.name for path in folder.glob("*/drug.toml")))


def load(name: str, *, root: Path | None = None) -> Drug:
    """One drug by name, read once for the shipped formulary.

    Raises:
        UnknownDrug: there is no such drug.
        InputError: its folder cannot be used.
    """
    return _load_shipped(name) if root is None else read_drug(folder_of(name, root=root))


def folder_of(name: str, *, root: Path | None = None) -> Path:
    """The folder of one drug.

    Raises:
        UnknownDrug: there is no such drug; the message offers the nearest name.
    """
    known = names(root=root)
    if name not in known:
        raise UnknownDrug(f"drug {name!r} is not in the formulary.{nearest(name, known)} Known: {', '.join(known)}.")
    return (root or SHIPPED) / name


def bibliography(name: str, *, root: Path | None = None) -> dict[str, Entry]:
    """The references of one drug by key.

    Raises:
        UnknownDrug: there is no such drug.
    """
    return read_bibliography(folder_of(name, root=root) / "references.bib")


@cache
def _load_shipped(name: str) -> Drug:
    return read_drug(folder_of(name))
