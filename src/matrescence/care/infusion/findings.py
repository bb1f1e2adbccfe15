"""What a reading means under this order: the findings it shows, and the limits nobody has set."""

from __future__ import annotations

from dataclasses import dataclass

from matrescence.care.infusion.order import InfusionOrder, Limit
from matrescence.care.infusion.readings import Awareness, Consciousness, Measure, Reading, Sedation, values

EXCESSIVE_SEDATION = "excessive-sedation"
LOSS_OF_CONSCIOUSNESS = "loss-of-consciousness"

# Stops that no finding in the drug's data can name: they belong to the running of any course.
PUMP_DEVIATION = "pump-deviation"
PLAN_COMPLETE = "plan-complete"
DOSE_LIMIT = "dose-limit"
PERSON = "asked-by-a-person"


@dataclass(frozen=True, slots=True)
class Meaning:
    """The findings of one reading, and the measures for which no limit is set."""

    findings: tuple[str, ...]
    no_limit: tuple[Measure, ...]


def meaning(reading: Reading, order: InfusionOrder) -> Meaning:
    """Judge a reading by the limits of the order and by what the nurse said.

    A nurse's "excessive" stands whatever the score; her "not excessive" does not silence a limit that is met.
    A pulse has no limit in the sources, so none is missed when none is set.
    """
    found: list[str] = []
    no_limit: list[Measure] = []
    if isinstance(reading, Consciousness) and reading.awareness is Awareness.LOST:
        found.append(LOSS_OF_CONSCIOUSNESS)
    if isinstance(reading, Sedation) and reading.excessive:
        found.append(EXCESSIVE_SEDATION)
    for measure, value in values(reading).items():
        limits = _limits(order, measure, reading)
        found += [limit.finding for limit in limits if limit.met_by(value)]
        if not limits and not _judged(measure, reading):
            no_limit.append(measure)
    return Meaning(tuple(dict.fromkeys(found)), tuple(no_limit))


def _limits(order: InfusionOrder, measure: Measure, reading: Reading) -> list[Limit]:
    scale = reading.scale if isinstance(reading, Sedation) else None
    return [limit for limit in order.limits if limit.measure is measure and limit.scale == scale and limit.is_set]


def _judged(measure: Measure, reading: Reading) -> bool:
    return measure is Measure.PULSE or (isinstance(reading, Sedation) and reading.excessive is not None)
