"""What was or will be given: rate steps, boluses, oral doses, and the pauses between them.

Amounts are micrograms and times are hours since the start.  With ``per_kg`` the same regimen serves women of every
weight: amounts are then micrograms per kilogram and are multiplied by each woman's weight when simulated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class RateStep:
    """A constant rate into one state from ``start_h`` to ``end_h`` (ug/h, or ug/kg/h in a regimen per kg)."""

    start_h: float
    end_h: float
    rate_ug_per_h: float
    into: str = "central"


@dataclass(frozen=True, slots=True)
class Bolus:
    """An amount that enters one state at once (ug, or ug/kg in a regimen per kg)."""

    at_h: float
    amount_ug: float
    into: str = "central"


@dataclass(frozen=True, slots=True)
class Regimen:
    """A piecewise-constant input: what enters which state, when."""

    steps: tuple[RateStep, ...] = ()
    boluses: tuple[Bolus, ...] = ()
    per_kg: bool = False

    @property
    def start_h(self) -> float:
        """When the first drug goes in."""
        return min([step.start_h for step in self.steps] + [bolus.at_h for bolus in self.boluses], default=0.0)

    @property
    def end_h(self) -> float:
        """When the last drug has gone in."""
        return max([step.end_h for step in self.steps] + [bolus.at_h for bolus in self.boluses], default=0.0)

    @property
    def total_ug(self) -> float:
        """Everything given: sum of rate x duration, plus the boluses (ug, or ug/kg in a regimen per kg)."""
        infused = sum(step.rate_ug_per_h * (step.end_h - step.start_h) for step in self.steps)
        return infused + sum(bolus.amount_ug for bolus in self.boluses)

    def stopped_at(self, at_h: float) -> Regimen:
        """The same regimen cut off: nothing is given from ``at_h`` on."""
        kept = tuple(replace(s, end_h=min(s.end_h, at_h)) for s in self.steps if s.start_h < at_h)
        return replace(self, steps=kept, boluses=tuple(b for b in self.boluses if b.at_h < at_h))

    def remaining_after(self, at_h: float) -> Regimen:
        """What is still to be given after ``at_h``: a bolus at that very moment has been given."""
        kept = tuple(replace(s, start_h=max(s.start_h, at_h)) for s in self.steps if s.end_h > at_h)
        return replace(self, steps=kept, boluses=tuple(b for b in self.boluses if b.at_h > at_h))

    def paused(self, start_h: float, end_h: float) -> Regimen:
        """The same regimen with nothing infused between ``start_h`` and ``end_h``; the clock runs on."""
        kept: list[RateStep] = []
        for step in self.steps:
            kept += [
                replace(step, start_h=low, end_h=high)
                for low, high in ((step.start_h, min(step.end_h, start_h)), (max(step.start_h, end_h), step.end_h))
                if low < high
            ]
        return replace(self, steps=tuple(kept))
