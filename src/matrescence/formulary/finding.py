"""One thing that is wrong in a drug folder."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """Which file, which field of it, what stands there, and how to put it right."""

    file: str
    field: str
    value: str
    fix: str

    def __str__(self) -> str:
        parts = [self.file, f"{self.field} = {self.value}" if self.field and self.fix else self.value]
        text = ": ".join([parts[0], *([f"{self.field}: {self.value}"] if self.field and not self.fix else parts[1:])])
        return f"{text}; {self.fix}" if self.fix else text
