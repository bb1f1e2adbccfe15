"""One thing that is wrong in a drug folder."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """Which file, which field of it, what is wrong with what stands there, and how to put it right."""

    file: str
    field: str
    value: str
    fix: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.field}" if self.field else self.file
        return f"{place}: {self.value}" + (f"; {self.fix}" if self.fix else "")
