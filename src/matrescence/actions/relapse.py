"""Relapse after response: every study as a curve of staying well, in whom it was found, and what is unknown.

None of the studies followed mothers with depression after birth, and every line says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from matrescence.actions.around import Json, fact_json, rounded, told
from matrescence.outcomes.relapse import RelapseArm, RelapseStudy, relapse_studies
from matrescence.pharmacology.survival import (
    Curve,
    exponential,
    exponential_through,
    median_interval,
    weibull_through,
)
from matrescence.pharmacology.tolerability import rate_per_100

SHOWN_DAYS = 365.0
STEP_DAYS = 5.0
EARLY_DAYS = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
NAMED_DAYS = (30.0, 90.0, 180.0, 365.0)
RISKS = (0.1, 0.2, 0.3, 0.5)
NOT_PPD = "Nobody in this study had depression after birth."


@dataclass(frozen=True, slots=True)
class Reading:
    """One curve that an arm's numbers suggest: how it was made, and the curves at the ends of its interval.

    ``fits`` is false, with ``why_not``, when another number of the same arm speaks against it; ``from_share`` says
    that it was made from the share relapsed by the end of follow-up.
    """

    how: str
    curve: Curve
    worst: Curve | None
    best: Curve | None
    fits: bool
    why_not: str = ""
    from_share: bool = False


def relapse() -> Json:
    """Every study with its curves, the published numbers they must agree with, and what was never shown."""
    studies = [_study(study) for study in relapse_studies()]
    content: Json = {
        "question": "relapse after response, with and without maintenance",
        "in_whom": "No study followed mothers with depression after birth; every curve is borrowed from others.",
        "studies": studies,
        "checks": checks(),
        "plain": _plain(),
        "grade": "C",
    }
    return told(content)


def readings(study: RelapseStudy, arm: RelapseArm) -> tuple[Reading, ...]:
    """The curves that an arm's numbers allow; none when too little was read."""
    return tuple(_readings(study, arm))


def _readings(study: RelapseStudy, arm: RelapseArm) -> Iterator[Reading]:
    if arm.hazard_ratio is not None and arm.hazard_ratio.value is not None and arm.against is not None:
        for base in readings(study, study.arm(arm.against)):
            yield _under_treatment(base, arm)
    median = None if arm.median is None else arm.median.value
    if median is None:
        return
    share = None if arm.relapsed is None else arm.relapsed.value
    if share is not None and arm.relapsed_by_days is not None:
        yield from _two_points(median, share / 100.0, arm.relapsed_by_days)
        return
    events = arm.events or arm.relapses_at_most
    ends = None if events is None else median_interval(median_days=median, relapses=events)
    worst = None if ends is None else exponential(median_days=ends[0])
    best = None if ends is None else exponential(median_days=ends[1])
    yield Reading("constant risk with the published median", exponential(median_days=median), worst, best, fits=True)


def _two_points(median: float, share: float, by_days: float) -> Iterator[Reading]:
    """A median and a share by a later day: the risk falls with time, or the median is that of the relapsed."""
    end = (by_days, share)
    of_all = "risk that falls with time; half of all had relapsed by the median"
    of_relapsed = "risk that falls with time; half of those who relapsed had done so by the median"
    yield Reading(of_all, weibull_through((median, 0.5), end), None, None, fits=True, from_share=True)
    yield Reading(of_relapsed, weibull_through((median, 0.5 * share), end), None, None, fits=True, from_share=True)
    steady = exponential(median_days=median)
    told_share = 100.0 * steady.relapsed(by_days)
    why_not = f"it would have {told_share:.0f} % relapsed by day {by_days:.0f}; {100.0 * share:.0f} % had"
    yield Reading("constant risk with the published median", steady, None, None, fits=False, why_not=why_not)
    through = exponential_through(at_days=by_days, relapsed=share)
    why_not = f"half would have relapsed by day {through.median_days:.0f}; the published median is {median:.0f}"
    how = "constant risk with the published share"
    yield Reading(how, through, None, None, fits=False, why_not=why_not, from_share=True)


def _under_treatment(base: Reading, arm: RelapseArm) -> Reading:
    """The other arm's curve with this arm's hazard ratio; the ends carry the interval of the ratio alone."""
    fact = arm.hazard_ratio
    assert fact is not None
    return Reading(
        how=f"{base.how}, times the hazard ratio",
        curve=base.curve.with_hazard_ratio(fact.known),
        worst=None if fact.high is None else base.curve.with_hazard_ratio(fact.high),
        best=None if fact.low is None else base.curve.with_hazard_ratio(fact.low),
        fits=base.fits,
    )


def _study(study: RelapseStudy) -> Json:
    names = ("name", "label", "short", "population", "followed_days")
    return {
        **{name: getattr(study, name) for name in names},
        "in_whom": NOT_PPD,
        "notes": list(study.notes),
        "source": study.source,
        "arms": [_arm(study, arm) for arm in study.arms],
    }


def _arm(study: RelapseStudy, arm: RelapseArm) -> Json:
    found = readings(study, arm)
    facts = {"median_days": arm.median, "relapsed_percent": arm.relapsed, "hazard_ratio": arm.hazard_ratio}
    return {
        "key": arm.key,
        "label": arm.label,
        "maintained": arm.maintained,
        "people": arm.people,
        "relapses": arm.events,
        **{name: None if fact is None else fact_json(fact) for name, fact in facts.items()},
        "curves": [_curve(reading, study) for reading in found],
        "unknown": None if found else "No curve: neither a median nor a rate of this arm was read.",
    }


def _curve(reading: Reading, study: RelapseStudy) -> Json:
    grid = {STEP_DAYS * index for index in range(int(SHOWN_DAYS / STEP_DAYS) + 1)}
    days = sorted(grid | set(EARLY_DAYS) | {study.followed_days or SHOWN_DAYS})
    curve = reading.curve

    def well(which: Curve | None) -> list[float | None] | None:
        return None if which is None else [rounded(100.0 * which.well(day)) for day in days]

    return {
        "how": reading.how,
        "fits": reading.fits,
        "why_not": reading.why_not,
        "scale_days": rounded(curve.scale_days),
        "shape": rounded(curve.shape),
        "median_days": rounded(curve.median_days),
        "median_low": None if reading.worst is None else rounded(reading.worst.median_days),
        "median_high": None if reading.best is None else rounded(reading.best.median_days),
        "at_days": days,
        "well_percent": well(curve),
        "low_percent": well(reading.worst),
        "high_percent": well(reading.best),
        "relapsed_by": [{"days": day, "percent": rounded(100.0 * curve.relapsed(day))} for day in NAMED_DAYS],
        "day_of_risk": [{"percent": 100.0 * risk, "days": rounded(curve.day_of(risk))} for risk in RISKS],
        "days_well_in_first_year": rounded(curve.days_well(SHOWN_DAYS)),
        "followed_days": study.followed_days,
        "grade": "C",
    }


# ---- what the curves must agree with ---------------------------------------------------------------------------


def checks() -> list[Json]:
    """Published numbers beside the curves (rows RL1 to RL3); ``fitted`` says that the curve was made from the number.

    RL3 is a real check: at the moment when the published share of the stopped arm had relapsed, the hazard ratio alone
    says how many of the continued arm should have.
    """
    return [_murrough(), *_ketect(), _sustain()]


def _named(name: str) -> RelapseStudy:
    return next(study for study in relapse_studies() if study.name == name)


def _murrough() -> Json:
    study = _named("murrough-2013")
    predicted = readings(study, study.arms[0])[0].curve.median_days
    what = "median after six infusions, then none, days"
    return _check("RL1", what, study, published=18.0, accept=(12.0, 30.0), predicted=predicted, fitted=True)


def _ketect() -> list[Json]:
    study = _named("ketect-2022")
    arm = study.arms[0]
    assert arm.relapsed is not None and arm.relapsed_by_days is not None
    published, days = arm.relapsed.known, arm.relapsed_by_days
    accept = (published - 10.0, published + 10.0)
    rows = []
    for reading in readings(study, arm):
        what = f"relapsed within 12 months of usual care, percent; {reading.how}"
        predicted = 100.0 * reading.curve.relapsed(days)
        fitted = reading.from_share
        rows.append(_check("RL2", what, study, published=published, accept=accept, predicted=predicted, fitted=fitted))
    return rows


def _sustain() -> Json:
    study = _named("sustain-1")
    stopped, continued = study.arm("stopped"), study.arm("continued")
    assert stopped.events and stopped.people and continued.events and continued.people
    moment = readings(study, stopped)[0].curve.day_of(stopped.events / stopped.people)
    share = 100.0 * readings(study, continued)[0].curve.relapsed(moment)
    seen = rate_per_100(events=continued.events, people=continued.people)
    what = "relapsed with esketamine continued, when the published share of the stopped arm had, percent"
    accept = (seen.low, seen.high)
    return _check("RL3", what, study, published=seen.per_100, accept=accept, predicted=share, fitted=False)


def _check(
    row: str,
    what: str,
    study: RelapseStudy,
    *,
    published: float,
    accept: tuple[float, float],
    predicted: float,
    fitted: bool,
) -> Json:
    return {
        "row": row,
        "what": what,
        "published": rounded(published),
        "accept_low": rounded(accept[0]),
        "accept_high": rounded(accept[1]),
        "predicted": rounded(predicted),
        "inside": accept[0] - 1e-9 <= predicted <= accept[1] + 1e-9,
        "fitted": fitted,
        "source": study.source,
    }


def _plain() -> list[str]:
    return [
        _stop_line(),
        _keep_line(),
        "No study followed mothers with depression after birth, and none gave ketamine by vein to keep them well "
        "against a control.",
        "Studies differ in whom they followed, for how long, and in what relapse means. Curves of different studies "
        "are not a comparison of treatments.",
    ]


def _stop_line() -> str:
    study = _named("murrough-2013")
    arm = study.arms[0]
    reading = readings(study, arm)[0]
    assert reading.worst is not None and reading.best is not None
    ends = f"{reading.worst.median_days:.0f} to {reading.best.median_days:.0f}"
    return (
        f"After six infusions of ketamine and nothing more, half had relapsed by day {reading.curve.median_days:.0f}. "
        f"With at most {arm.relapses_at_most} relapses the interval is no narrower than {ends} days."
    )


def _keep_line() -> str:
    study = _named("sustain-1")
    ratio = study.arm("continued").hazard_ratio
    assert ratio is not None
    return (
        f"Going on with esketamine spray multiplied the risk of relapse by {ratio.known:g} "
        f"({ratio.low:g} to {ratio.high:g}) against stopping it."
    )
