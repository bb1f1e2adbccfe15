"""The numbers that one replicate gives: estimates, differences with their tests, rates, medians; each under a key.

The keys are those of :func:`matrescence.trials.design.quantity`; a number that could not be estimated is NaN.  Rates
are percentages of those seen at the visit, changes are points of the scale, times are days or sessions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matrescence.pharmacology.response import is_remission
from matrescence.trials.analysis import Engine, Fitted, ancova, count, log_odds, mmrm, paired
from matrescence.trials.design import Design, Kind, Method, quantity
from matrescence.trials.follow import cox, median_time, share_by
from matrescence.trials.women import Seen

Measures = dict[str, float]
Named = dict[str, Any]


def measure(design: Design, seen: Seen, *, engine: Engine = Engine.EXACT) -> Measures:
    """Analyse one replicate as the trial did."""
    return _BY_METHOD[design.plan.method](design, seen, engine)


def _scores(design: Design, seen: Seen, engine: Engine) -> Measures:
    found: Measures = {}
    fits = _fits(design, seen, engine)
    for at_h, (fit, visit) in fits.items():
        for index, arm in enumerate(design.arms):
            found[quantity("change", arm=arm.name, at_h=at_h)] = float(fit.means[index, visit])
            found |= _rates(design, seen, index, at_h)
        found |= _differences(design, fit, visit, at_h)
    return found


def _fits(design: Design, seen: Seen, engine: Engine) -> dict[float, tuple[Fitted, int]]:
    """For each hour that is reported, the fit that tells of it and its visit in that fit."""
    change = seen.scores - seen.baseline[:, None]
    given: Named = {"arm": seen.arm, "baseline": seen.baseline, "arms": len(design.arms), "engine": engine}
    if design.plan.method is Method.MMRM:
        whole = mmrm(change, **given)
        return {at_h: (whole, design.visits_h.index(at_h)) for at_h in design.plan.report_h}
    return {at_h: (ancova(change[:, design.visits_h.index(at_h)], **given), 0) for at_h in design.plan.report_h}


def _differences(design: Design, fit: Fitted, visit: int, at_h: float) -> Measures:
    found: Measures = {}
    control = design.arms.index(design.control)
    for index, arm in enumerate(design.arms):
        if index != control:
            named: Named = {"arm": arm.name, "against": design.plan.control, "at_h": at_h}
            estimate, error, p = fit.difference(arm=index, control=control, visit=visit)
            found[quantity("difference", **named)] = estimate
            found[quantity("se", **named)] = error
            found[quantity("p", **named)] = p
    return found


def _rates(design: Design, seen: Seen, index: int, at_h: float) -> Measures:
    rows = seen.arm == index
    score, baseline = seen.scores[rows, design.visits_h.index(at_h)], seen.baseline[rows]
    there = ~np.isnan(score)
    name = design.arms[index].name
    response = score[there] <= baseline[there] * (1.0 - design.response_share)
    found = {quantity("response", arm=name, at_h=at_h): _percent(response)}
    if design.kind is Kind.MOOD:
        found[quantity("remission", arm=name, at_h=at_h)] = _percent(is_remission(score[there]))
    return found


def _sessions(design: Design, seen: Seen, engine: Engine) -> Measures:
    """A series in the primary arm, and a single session against the control arm in the same people."""
    primary, control = design.arms.index(design.arm(design.plan.primary)), design.arms.index(design.control)
    name, first, last = design.plan.primary, design.plan.report_h[0], design.plan.report_h[-1]
    found: Measures = {}
    for at_h in (first, last):
        rows = _rates(design, seen, primary, at_h)
        visit = design.visits_h.index(at_h)
        scores, baseline = seen.scores[seen.arm == primary, visit], seen.baseline[seen.arm == primary]
        found[quantity("change", arm=name, at_h=at_h)] = float(np.nanmean(scores - baseline))
        found |= rows
    one, all_of_them = (found[quantity("response", arm=name, at_h=at_h)] for at_h in (first, last))
    found[quantity("response-ratio", arm=name)] = all_of_them / one if one > 0.0 else math.inf
    found[quantity("sessions-to-response", arm=name)] = _sessions_to_response(design, seen, primary, engine)
    same_visit = design.visits_h.index(first)
    scores = [seen.scores[seen.arm == index, same_visit] for index in (primary, control)]
    estimate, error, p = paired(*scores)
    named: Named = {"arm": name, "against": design.plan.control, "at_h": first}
    return found | {
        quantity(what, **named): value for what, value in (("difference", estimate), ("se", error), ("p", p))
    }


def _sessions_to_response(design: Design, seen: Seen, index: int, engine: Engine) -> float:
    """The median number of sessions until the first response (Kaplan and Meier), ``inf`` if fewer than half respond."""
    scores, baseline = seen.scores[seen.arm == index], seen.baseline[seen.arm == index]
    within = [visit for visit, at_h in enumerate(design.visits_h) if at_h <= design.plan.report_h[-1]]
    scores = scores[:, within]
    responds = scores <= baseline[:, None] * (1.0 - design.response_share)
    ever = responds.any(axis=1)
    sessions = np.where(ever, responds.argmax(axis=1) + 1, (~np.isnan(scores)).sum(axis=1)).astype(np.float64)
    return median_time(sessions, ever, engine=engine)


def _events(design: Design, seen: Seen, engine: Engine) -> Measures:
    found: Measures = {}
    at_h, control = design.plan.at_h, design.arms.index(design.control)
    there = ~np.isnan(seen.days)
    affected, arms = seen.affected[there], seen.arm[there]
    for index, arm in enumerate(design.arms):
        found[quantity("risk", arm=arm.name, at_h=at_h)] = _percent(affected[arms == index])
    for index, arm in enumerate(design.arms):
        if index == control:
            continue
        counts = count(affected, arms, treated=index, control=control)
        estimate, error, p = log_odds(counts, engine=engine)
        named: Named = {"arm": arm.name, "against": design.plan.control, "at_h": at_h}
        found[quantity("log-odds-ratio", **named)] = estimate
        found[quantity("odds-ratio", **named)] = math.exp(estimate)
        found[quantity("risk-ratio", **named)] = _risk_ratio(found, arm.name, design.plan.control, at_h)
        found[quantity("se", **named)] = error
        found[quantity("p", **named)] = p
    return found


def _risk_ratio(found: Mapping[str, float], arm: str, control: str, at_h: float) -> float:
    below = found[quantity("risk", arm=control, at_h=at_h)]
    return found[quantity("risk", arm=arm, at_h=at_h)] / below if below > 0.0 else math.nan


def _relapse(design: Design, seen: Seen, engine: Engine) -> Measures:
    found: Measures = {}
    control, until = design.arms.index(design.control), design.followed_days
    for index, arm in enumerate(design.arms):
        rows = seen.arm == index
        days, events = seen.days[rows], seen.affected[rows]
        found[quantity("relapsed", arm=arm.name, at_h=until * 24.0)] = 100.0 * share_by(days, events, at=until)
        found[quantity("median-days", arm=arm.name)] = median_time(days, events, engine=engine)
    for index, arm in enumerate(design.arms):
        if index != control:
            rows = (seen.arm == index) | (seen.arm == control)
            treated = (seen.arm[rows] == index).astype(np.float64)
            estimate, error, p = cox(seen.days[rows], seen.affected[rows], treated, engine=engine)
            named: Named = {"arm": arm.name, "against": design.plan.control}
            values = {"log-hazard-ratio": estimate, "hazard-ratio": math.exp(estimate), "se": error, "p": p}
            found |= {quantity(what, **named): value for what, value in values.items()}
    return found


def _percent(flags: NDArray[np.bool_]) -> float:
    return 100.0 * float(flags.mean()) if flags.size else math.nan


_BY_METHOD: Mapping[Method, Callable[[Design, Seen, Engine], Measures]] = {
    Method.MMRM: _scores,
    Method.ANCOVA: _scores,
    Method.SESSIONS: _sessions,
    Method.LOG_ODDS: _events,
    Method.COX: _relapse,
}
