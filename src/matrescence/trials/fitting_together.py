"""Whether the parts of a design belong together: what each part allows by itself may still not make a trial."""

from __future__ import annotations

from collections.abc import Iterator

from matrescence.pharmacology.response import TREATMENTS
from matrescence.pharmacology.sessions import CONTROLS, HIGHEST_MADRS
from matrescence.reading import InputError, nearest
from matrescence.trials.design import METHODS, Design, DesignArm, Kind, Method
from matrescence.trials.latent import baseline_table, latent_change


def problems_of(design: Design) -> list[str]:
    """Every complaint about a design, each naming the field and how to put it right; none for a sound one."""
    return [*_arms(design), *_plan(design), *(p for arm in design.arms for p in _BY_KIND[design.kind](design, arm))]


def _arms(design: Design) -> Iterator[str]:
    names = [arm.name for arm in design.arms]
    if len(names) < 2:
        yield f"arms: {len(names)} found; a trial compares at least two."
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"arms: the arm {name!r} is given twice."
    if design.crossover and len({arm.n for arm in design.arms}) > 1:
        yield "crossover: all arms must have the same n; the same people are in each."


def _plan(design: Design) -> Iterator[str]:
    plan, names = design.plan, [arm.name for arm in design.arms]
    allowed = METHODS[design.kind]
    if plan.method not in allowed:
        words = ", ".join(method.value for method in allowed)
        yield f"analysis: method = {plan.method.value!r} does not suit kind {design.kind.value!r}; allowed: {words}."
    for field in ("control", "primary"):
        name = getattr(plan, field)
        if name not in names:
            yield f"analysis: {field} = {name!r} is not an arm.{nearest(name, names)} Arms: {', '.join(names)}."
    if plan.control == plan.primary:
        yield f"analysis: primary = {plan.primary!r} is also the control; name the arm that is compared with it."
    if plan.method in (Method.MMRM, Method.ANCOVA, Method.SESSIONS):
        missing = [f"{at_h:g}" for at_h in plan.report_h if at_h not in design.visits_h]
        if missing:
            yield f"visits_h: there is no visit at hour {', '.join(missing)}, where analysis wants one; add it."
    if design.doubt is not None and design.kind is not Kind.SESSIONS:
        yield f"doubt cannot be used with kind {design.kind.value!r}; widen the interval or se of its arms instead."
    if plan.method is Method.COX and design.followed_days <= 0.0:
        yield "followed_days is missing; write for how many days relapse is looked for."


def _mood(design: Design, arm: DesignArm) -> Iterator[str]:
    if arm.treatment not in TREATMENTS:
        yield (
            f"arms: treatment = {arm.treatment!r} of the arm {arm.name!r} has no HAM-D17 model."
            f"{nearest(arm.treatment, TREATMENTS)} Allowed: {', '.join(TREATMENTS)}."
        )
    if design.highest != 52.0:
        yield f"highest = {design.highest:g} does not suit kind 'mood', whose scale is HAM-D17; leave the line out."
    yield from _baseline(design, arm)


def _sessions(design: Design, arm: DesignArm) -> Iterator[str]:
    known = ("ketamine", *CONTROLS)
    if arm.treatment not in known:
        yield (
            f"arms: treatment = {arm.treatment!r} of the arm {arm.name!r} has no MADRS model."
            f"{nearest(arm.treatment, known)} Allowed: {', '.join(known)}."
        )
    if not arm.sessions_at_h:
        yield f"arms: sessions_at_h is missing in the arm {arm.name!r}; write the hour of each session."
    elif arm.sessions_at_h[0] < 0.0:
        yield f"arms: sessions_at_h of {arm.name!r}: {arm.sessions_at_h[0]:g} lies before the start; begin at 0."
    if design.highest != HIGHEST_MADRS:
        yield f"highest = {design.highest:g} does not suit kind 'sessions', whose scale is MADRS; write highest = 60."
    yield from _baseline(design, arm)


def _score(design: Design, arm: DesignArm) -> Iterator[str]:
    found = list(_baseline(design, arm))
    yield from found
    if not arm.changes:
        yield f"arms: changes are missing in the arm {arm.name!r}; write at least one visit's mean and sd."
        return
    hours = [change.at_h for change in arm.changes]
    outside = [f"{at_h:g}" for at_h in design.plan.report_h if not hours[0] <= at_h <= hours[-1]]
    if outside and not design.crossover:
        yield f"arms: changes of {arm.name!r} do not reach hour {', '.join(outside)}; add that visit."
    control = next((other for other in design.arms if other.name == design.plan.control), None)
    if control is None or found or not control.changes:
        return
    if any(change.beyond_control for change in control.changes):
        yield "arms: beyond_control cannot be used in the control arm; write mean."
        return
    yield from _possible(design, arm, control)


def _possible(design: Design, arm: DesignArm, control: DesignArm) -> Iterator[str]:
    own = {change.at_h: change.value for change in control.changes}
    for change in arm.changes:
        if change.beyond_control and change.at_h not in own:
            yield f"arms: beyond_control of {arm.name!r} at hour {change.at_h:g} needs the control's mean at that hour."
            continue
        mean = change.value + (own[change.at_h] if change.beyond_control else 0.0)
        try:
            if arm.baseline is not None:
                latent_change(arm.baseline, mean=mean, sd=change.sd, highest=design.highest)
        except InputError as error:
            yield f"arms: changes of {arm.name!r} at hour {change.at_h:g}: {error}"


def _baseline(design: Design, arm: DesignArm) -> Iterator[str]:
    if arm.baseline is None:
        yield f"arms: baseline is missing in the arm {arm.name!r}; write mean, sd, low and high of the score at entry."
        return
    if arm.baseline.high > design.highest:
        yield f"arms: baseline of {arm.name!r}: high = {arm.baseline.high} is above the scale ({design.highest:g})."
        return
    try:
        baseline_table(arm.baseline)
    except ValueError as error:
        yield f"arms: baseline of {arm.name!r}: {error}; widen low to high, or write a smaller sd."


def _events(design: Design, arm: DesignArm) -> Iterator[str]:
    if arm.name == design.plan.control:
        if arm.risk is None:
            yield f"arms: risk is missing in the control arm {arm.name!r}; write at_h, people and of."
        elif not 0 < arm.risk.people < arm.risk.of:
            yield f"arms: risk of {arm.name!r}: people = {arm.risk.people} must lie between 0 and of = {arm.risk.of}."
    elif arm.ratio is None and design.pool is None:
        yield f"arms: ratio is missing in the arm {arm.name!r}; write an odds ratio, or give the design a pool."


def _relapse(design: Design, arm: DesignArm) -> Iterator[str]:
    if arm.name == design.plan.control:
        if arm.median_days is None:
            yield f"arms: median_days is missing in the control arm {arm.name!r}."
    elif arm.ratio is None:
        yield f"arms: ratio is missing in the arm {arm.name!r}; write a hazard ratio with its interval."


_BY_KIND = {
    Kind.MOOD: _mood,
    Kind.SCORE: _score,
    Kind.SESSIONS: _sessions,
    Kind.EVENTS: _events,
    Kind.RELAPSE: _relapse,
}
