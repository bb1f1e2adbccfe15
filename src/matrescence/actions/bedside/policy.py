"""The numbers of the port, each with its reason.  No source gives them: they are ours, and a site may set its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from matrescence.actions.bedside.report import OXIMETRY
from matrescence.care.infusion.order import OURS
from matrescence.care.infusion.plan import PUMP_RESOLUTION_ML_PER_H

BASIS = OURS


@dataclass(frozen=True, slots=True)
class Policy:
    """How values are judged and written; seconds of our own clock, unless a name says otherwise.

    Raises:
        ValueError: a number is not above zero.
    """

    chart_every_s: float = 60.0
    settle_s: float = 3.0
    episode_gap_s: float = 60.0
    late_after_s: float = 10.0
    ahead_after_s: float = 5.0
    oximetry_silent_after_s: float = 30.0
    pump_silent_after_s: float = 120.0
    step_tolerance_s: float = 60.0
    still_running_after_s: float = 60.0
    tell_again_after_s: float = 300.0
    pump_resolution_ml_per_h: float = PUMP_RESOLUTION_ML_PER_H

    def __post_init__(self) -> None:
        for field in fields(self):
            if not getattr(self, field.name) > 0.0:
                raise ValueError(f"{field.name} = {getattr(self, field.name)}: a number above zero is needed")

    def silent_after_s(self, kind: str) -> float:
        """After how long without a word a kind of device counts as silent."""
        return self.oximetry_silent_after_s if kind == OXIMETRY else self.pump_silent_after_s


REASONS: Mapping[str, str] = {
    "chart_every_s": "A trend for people to read; more samples bury what matters. One sample for each stretch.",
    "settle_s": "Messages overtake each other by a second or two; the first of a stretch waits for its stragglers.",
    "episode_gap_s": "Values beyond a limit less than this apart are one episode, and are told once.",
    "late_after_s": "A value older than this when it arrives is not what she is now.",
    "ahead_after_s": "A clock further ahead than this is wrong, and nobody can say when its values were measured.",
    "oximetry_silent_after_s": "The order wants saturation watched without a break; half a minute without is a break.",
    "pump_silent_after_s": "A pump reports seldom; two minutes without a word is more than its usual pause.",
    "step_tolerance_s": "Pump and plan count from clocks that differ by seconds; a step so early or late is no fault.",
    "still_running_after_s": "Somebody needs this long to walk to the pump before it is told that it still runs.",
    "tell_again_after_s": "What the pump said and nothing came of is said again after this long.",
    "pump_resolution_ml_per_h": "Most infusion pumps are set in tenths; within half a tenth it is the planned rate.",
}
"""Why each number is what it is."""

POLICY = Policy()
"""What applies where a site has set nothing else."""
