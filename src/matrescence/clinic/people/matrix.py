"""The role x action matrix, read from ``roles.toml``: the one readable place that says who may do what."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.resources import files

_FILE = tomllib.loads(files("matrescence.clinic.people").joinpath("roles.toml").read_text(encoding="utf-8"))
ROLES: tuple[str, ...] = tuple(_FILE["roles"])


class Cell(Enum):
    """What a role may do with an action, the strongest first."""

    YES = "yes"
    OWN = "own"
    BREAK_GLASS = "glass"
    NO = "-"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done: its name, in words, whether it writes, and the cell of each role."""

    name: str
    about: str
    writes: bool
    cells: Mapping[str, Cell]

    def best(self, roles: Iterable[str]) -> Cell:
        """The strongest cell among these roles."""
        held = {self.cells[role] for role in roles}
        return next((cell for cell in Cell if cell in held), Cell.NO)


@cache
def matrix() -> Mapping[str, Action]:
    """Every action by its name.

    Raises:
        ValueError: a row has too few or too many cells, or an unknown one, or the tables name different actions.
    """
    may, about, writes = _FILE["may"], _FILE["about"], set(_FILE["writes"])
    if set(may) != set(about) or not writes <= set(may):
        raise ValueError("roles.toml: may, about and writes name different actions")
    return {
        name: Action(name, about[name], name in writes, dict(zip(ROLES, (Cell(cell) for cell in cells), strict=True)))
        for name, cells in may.items()
    }
