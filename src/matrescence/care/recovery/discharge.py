"""May she leave?  Every criterion of the drug's folder, each with its reason; nothing unrecorded counts as met."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from matrescence.care.assessment.scales import Purpose, Scale
from matrescence.care.infusion.readings import BloodPressure, impossible
from matrescence.care.recovery.guidance import Criterion, DischargeCriterion
from matrescence.care.recovery.rules import RULE
from matrescence.care.verdict import Finding, Reason


class Leaving(Enum):
    """What all criteria together say."""

    MAY_LEAVE = "may leave"
    CLINICIAN = "clinician decides: the site has not set a limit"
    STAYS = "stays"
    NOTHING_SAID = "no criteria are known for this drug: clinician decides"


@dataclass(frozen=True, slots=True)
class Observed:
    """What was recorded after the end; ``None`` is not recorded."""

    hours_since_end: float | None = None
    sedation_resolved: bool | None = None
    readiness_total: float | None = None
    pressure_before: BloodPressure | None = None
    pressure_now: BloodPressure | None = None
    responsible_adult: bool | None = None
    child_cared_for: bool | None = None


@dataclass(frozen=True, slots=True)
class SiteLimits:
    """What the site has set for itself where no source gives a number."""

    observed_h: float | None = None
    pressure_within_mmhg: float | None = None


@dataclass(frozen=True, slots=True)
class Discharge:
    """The answer, with one reason for each criterion in the order of the drug's folder."""

    leaving: Leaving
    reasons: tuple[Reason, ...]


_Met = tuple[bool | None, str]
"""Whether a criterion is met (``None``: its limit is not set), and the words for it."""


class _NotRecordedError(Exception):
    """Something that this criterion needs was not recorded, or cannot have been read like that."""


def discharge(
    criteria: Sequence[DischargeCriterion], observed: Observed, *, site: SiteLimits, scales: Mapping[str, Scale]
) -> Discharge:
    """Look at every criterion.

    Args:
        criteria: from the drug's folder.
        observed: what was recorded.
        site: the site's own limits; they stand in where the folder has none, and never loosen one it has.
        scales: the readiness scales by name.
    """
    reasons = tuple(_reason(item, observed, site, scales) for item in criteria)
    found = {reason.finding for reason in reasons}
    if not reasons:
        return Discharge(Leaving.NOTHING_SAID, ())
    if found & {Finding.FORBIDS, Finding.UNKNOWN}:
        return Discharge(Leaving.STAYS, reasons)
    return Discharge(Leaving.CLINICIAN if Finding.ASKS in found else Leaving.MAY_LEAVE, reasons)


def _reason(item: DischargeCriterion, observed: Observed, site: SiteLimits, scales: Mapping[str, Scale]) -> Reason:
    said = item.statement
    try:
        met, text = _CHECKS[item.kind](item, observed, site, scales)
    except _NotRecordedError as error:
        return RULE["recovery.not_recorded"].reason(Finding.UNKNOWN, f"{error}. {said.text}")
    if met is None:
        return RULE["recovery.site_policy"].reason(Finding.ASKS, f"{text} {said.text}")
    finding = Finding.ALLOWS if met else Finding.FORBIDS
    return Reason(f"recovery.{item.kind.value}", finding, f"{text} {said.text}", said.source, said.grade)


def _observed(item: DischargeCriterion, observed: Observed, site: SiteLimits, _: Mapping[str, Scale]) -> _Met:
    if observed.hours_since_end is None:
        raise _NotRecordedError("Time since the end: not recorded")
    limits, since = _limits(item, site.observed_h), f"{_time(observed.hours_since_end)} since the end"
    if not limits:
        return None, f"{since}; no source gives a time and the site has set none."
    return observed.hours_since_end >= max(limits), f"{since}; at least {max(limits):g} h."


def _time(hours: float) -> str:
    """Hours and whole minutes; what is not yet a minute is none."""
    whole, minutes = divmod(int(hours * 60.0 + 1e-6), 60)
    return f"{whole} h {minutes} min" if whole and minutes else f"{whole} h" if whole else f"{minutes} min"


def _sedation(_: DischargeCriterion, observed: Observed, __: SiteLimits, ___: Mapping[str, Scale]) -> _Met:
    return _yes(observed.sedation_resolved, "Sedation resolved")


def _readiness(item: DischargeCriterion, observed: Observed, _: SiteLimits, scales: Mapping[str, Scale]) -> _Met:
    scale = scales.get(item.scale or "")
    name = f"{scale.label if scale else 'Readiness'} score"
    if observed.readiness_total is None:
        raise _NotRecordedError(f"{name}: not recorded")
    if scale is not None and not scale.total_low.known <= observed.readiness_total <= scale.total_high.known:
        raise _NotRecordedError(f"{name} {observed.readiness_total:g}: the scale has no such total")
    cutoffs = [cutoff for cutoff in scale.cutoffs if cutoff.purpose is Purpose.READINESS] if scale else []
    if not cutoffs:
        return None, f"Readiness {observed.readiness_total:g}; no cut-off is known."
    least = cutoffs[0].threshold
    return observed.readiness_total >= least, f"Readiness {observed.readiness_total:g}, at least {least} needed."


def _blood_pressure(item: DischargeCriterion, observed: Observed, site: SiteLimits, _: Mapping[str, Scale]) -> _Met:
    before, now = observed.pressure_before, observed.pressure_now
    if before is None or now is None:
        raise _NotRecordedError("Blood pressure before and now: not recorded")
    slip = impossible(before) or impossible(now)
    if slip is not None:
        raise _NotRecordedError(f"Before or now, {slip}")
    above = max(now.systolic_mmhg - before.systolic_mmhg, now.diastolic_mmhg - before.diastolic_mmhg)
    below = max(before.systolic_mmhg - now.systolic_mmhg, before.diastolic_mmhg - now.diastolic_mmhg)
    away = max(above, below)
    text = f"Blood pressure at most {away:g} mm Hg from before."
    limits = _limits(item, site.pressure_within_mmhg)
    return (away <= min(limits), text) if limits else (None, f"{text} The site has set no limit.")


def _accompanied(_: DischargeCriterion, observed: Observed, __: SiteLimits, ___: Mapping[str, Scale]) -> _Met:
    return _yes(observed.responsible_adult, "Responsible adult")


def _child_care(_: DischargeCriterion, observed: Observed, __: SiteLimits, ___: Mapping[str, Scale]) -> _Met:
    return _yes(observed.child_cared_for, "Somebody for the child")


def _limits(item: DischargeCriterion, of_site: float | None) -> list[float]:
    of_drug = None if item.threshold is None else item.threshold.value
    return [limit for limit in (of_drug, of_site) if limit is not None]


def _yes(answer: bool | None, what: str) -> _Met:
    if answer is None:
        raise _NotRecordedError(f"{what}: not recorded")
    return answer, f"{what}: {'yes' if answer else 'no'}."


_CHECKS: Mapping[Criterion, Callable[[DischargeCriterion, Observed, SiteLimits, Mapping[str, Scale]], _Met]] = {
    Criterion.OBSERVED: _observed,
    Criterion.SEDATION: _sedation,
    Criterion.READINESS: _readiness,
    Criterion.BLOOD_PRESSURE: _blood_pressure,
    Criterion.ACCOMPANIED: _accompanied,
    Criterion.CHILD_CARE: _child_care,
}
