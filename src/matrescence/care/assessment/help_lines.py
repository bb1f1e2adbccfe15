"""Whom to call: which line is for what, said in plain words, with numbers a clinic may replace by its own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from matrescence.facts import Statement


class LineRole(Enum):
    """What a line is for.  A line of support is never offered in place of a line for a crisis."""

    EMERGENCY = "emergency"
    CRISIS = "crisis"
    SUPPORT = "support"
    CLINIC = "clinic"


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One line: its role, name, number, how to use it, and who says so."""

    role: LineRole
    name: str
    number: str
    how: str
    statement: Statement

    @property
    def sentence(self) -> str:
        """The line as it is read out; a line of support says that it is not for a crisis."""
        warning = " It is not a crisis line." if self.role is LineRole.SUPPORT else ""
        return f"{self.name}: {self.number} ({self.how}).{warning}"


@dataclass(frozen=True, slots=True)
class HelpLines:
    """The lines that apply where she is.

    Raises:
        ValueError: there is no emergency line, or no crisis line; a clinic may replace them, never remove them.
    """

    lines: tuple[HelpLine, ...]

    def __post_init__(self) -> None:
        for role in (LineRole.EMERGENCY, LineRole.CRISIS):
            if not self.of(role):
                raise ValueError(f"there must be at least one {role.value} line")

    def of(self, *roles: LineRole) -> tuple[HelpLine, ...]:
        """The lines with these roles, role by role in the order asked for."""
        return tuple(line for role in roles for line in self.lines if line.role is role)
