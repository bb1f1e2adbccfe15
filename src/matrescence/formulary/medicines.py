"""Other medicines she may take, sorted into the classes that rules ask for (``medicines.toml``)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from matrescence.reading import InputError, nearest, read_toml

SHIPPED = Path(__file__).parent / "medicines.toml"

NO_CLASS = "none-of-these"
"""The class of a listed medicine that has none of the others: looked at and found harmless, which is not unknown."""


@cache
def _table(path: Path) -> tuple[frozenset[str], dict[str, tuple[str, ...]]]:
    document = read_toml(path)
    classes = frozenset(document["classes"])
    found: dict[str, tuple[str, ...]] = {}
    for name, listed in document["medicines"].items():
        unknown = [word for word in listed if word not in classes]
        if unknown:
            raise InputError(
                f"{path}: medicines.{name}: no class is called {unknown[0]!r}.{nearest(unknown[0], classes)}"
            )
        found[name.lower()] = tuple(listed) or (NO_CLASS,)
    return classes, found


def classes() -> frozenset[str]:
    """Every class a rule may ask for."""
    return _table(SHIPPED)[0]


def classes_of(name: str) -> tuple[str, ...]:
    """The classes of one medicine by its generic name; empty when it is not in the list (that is: not known)."""
    return _table(SHIPPED)[1].get(name.strip().lower(), ())


def is_known(name: str) -> bool:
    """Whether the medicine is in the list at all; one that is not has been checked by nobody."""
    return name.strip().lower() in _table(SHIPPED)[1]
