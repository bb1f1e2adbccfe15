"""Depression after birth prevented: the trials with counts pooled, those without listed, reviews beside them.

A ratio below 1 favours the drug.  Ketamine and esketamine are pooled apart and together.  Trials whose rates could
not be read cannot be pooled; what they say is shown, because leaving out quiet negative trials flatters the drug.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from matrescence.actions.around import Json, rounded, said, told
from matrescence.facts import lowest_grade
from matrescence.outcomes.prevention import (
    Outcome,
    PreventionTrial,
    Review,
    Window,
    prevention_reviews,
    prevention_trials,
)
from matrescence.pharmacology.pooling import Between, Measure, Pooled, TwoArms, leave_one_out, log_ratio, pool

Counted = tuple[PreventionTrial, Outcome, TwoArms]
DRUGS = ("ketamine", "esketamine", "both")


def prevention(
    *, window: Window = Window.WEEKS_4_TO_6, measure: Measure = Measure.RISK_RATIO, between: Between = Between.REML
) -> Json:
    """Everything known of prevention in one window, with the pools; the same input gives the same data."""
    every = prevention_trials()
    counted = [found for trial in every if (found := _counted(trial, window)) is not None]
    pools = [_pool(drug, _of(drug, counted), measure, between) for drug in DRUGS]
    whole = next(row for row in pools if row["drug"] == "both")
    content: Json = {
        "question": "depression after birth, prevented around birth",
        "window": window.value,
        "measure": measure.value,
        "between": between.value,
        "trials": [_trial(*row, measure=measure) for row in counted],
        "without_counts": [_unread(trial, window) for trial in every if _counted(trial, window) is None],
        "pools": pools,
        "leave_one_out": _without_each(counted, measure, between),
        "other_ways": _other_ways(counted),
        "reviews": [_review(row) for row in prevention_reviews() if row.window is window],
        "grade": lowest_grade([outcome.statement.grade for _, outcome, _ in counted]) if counted else "U",
    }
    return told({**content, "plain": _plain(content, whole)})


def _counted(trial: PreventionTrial, window: Window) -> Counted | None:
    outcome = trial.in_window(window)
    if outcome is None or outcome.arms is None or not outcome.arms.informative:
        return None
    return trial, outcome, outcome.arms


def _of(drug: str, counted: Sequence[Counted]) -> list[Counted]:
    return [row for row in counted if drug in ("both", row[0].drug)]


def _pooled(counted: Sequence[Counted], measure: Measure, between: Between) -> Pooled:
    return pool([log_ratio(arms, measure) for _, _, arms in counted], between=between)


def _pool(drug: str, counted: Sequence[Counted], measure: Measure, between: Between) -> Json:
    """One pool, back on the scale of ratios."""
    if not counted:
        return {"drug": drug, "trials": 0, "ratio": None}
    found = _pooled(counted, measure, between)
    arms = [row for _, _, row in counted]
    events, people = sum(a.control_events for a in arms), sum(a.control_people for a in arms)
    return {
        "drug": drug,
        "trials": len(counted),
        "names": [trial.name for trial, _, _ in counted],
        "women": people + sum(a.people for a in arms),
        **ratios(found),
        "tau2": rounded(found.tau2),
        "i2_percent": rounded(found.i2_percent),
        "q": rounded(found.q),
        "q_tail": rounded(found.q_tail),
        "weights_percent": [rounded(100.0 * weight) for weight in found.weights],
        "control_per_100": rounded(100.0 * events / people),
        "fewer_per_100": _fewer(found, measure, control=events / people),
    }


def ratios(found: Pooled) -> Json:
    """Estimate and intervals of a pool as ratios; ``null`` where there are too few trials."""
    named = {
        "ratio": found.estimate,
        "low": found.low,
        "high": found.high,
        "hk_low": found.hk_low,
        "hk_high": found.hk_high,
        "prediction_low": found.prediction_low,
        "prediction_high": found.prediction_high,
        "wide_low": found.cautious[0],
        "wide_high": found.cautious[1],
    }
    return {key: None if value is None else rounded(math.exp(value)) for key, value in named.items()}


def _fewer(found: Pooled, measure: Measure, *, control: float) -> Json:
    """How many fewer of 100 women, had they the control arms' pooled risk; the larger ratio gives the smaller gain."""

    def fewer(log: float) -> float | None:
        ratio = math.exp(log)
        odds = ratio * control / (1.0 - control)
        treated = control * ratio if measure is Measure.RISK_RATIO else odds / (1.0 + odds)
        return rounded(100.0 * (control - min(treated, 1.0)))

    return {"value": fewer(found.estimate), "low": fewer(found.high), "high": fewer(found.low)}


def _trial(trial: PreventionTrial, outcome: Outcome, arms: TwoArms, *, measure: Measure) -> Json:
    effect = log_ratio(arms, measure)
    low, high = effect.interval()
    return {
        **_who(trial),
        "at_days": outcome.at_days,
        "outcome": outcome.measure,
        "treated_events": arms.events,
        "treated_people": arms.people,
        "control_events": arms.control_events,
        "control_people": arms.control_people,
        "ratio": rounded(math.exp(effect.estimate)),
        "low": rounded(math.exp(low)),
        "high": rounded(math.exp(high)),
        **_where(outcome),
    }


def _unread(trial: PreventionTrial, window: Window) -> Json:
    """A trial without counts in this window: what it says there, or, failing that, in its other window."""
    outcome = trial.in_window(window)
    if outcome is None:
        other = trial.outcomes[0]
        return {**_who(trial), "in_window": False, "finding": _direction(other), "says": _words(other), **_where(other)}
    return {
        **_who(trial),
        "in_window": True,
        "finding": _direction(outcome),
        "says": _words(outcome),
        **_where(outcome),
    }


def _direction(outcome: Outcome) -> str:
    return outcome.direction.value if outcome.direction is not None else "counts in its own window"


def _words(outcome: Outcome) -> str:
    at = f" [{outcome.window.value}]"
    return (outcome.statement.text if outcome.arms is None else f"{outcome.measure}: counted there") + at


def _who(trial: PreventionTrial) -> Json:
    names = ("name", "label", "drug", "year", "place", "randomised", "population", "design", "dose")
    return {**{name: getattr(trial, name) for name in names}, "notes": list(trial.notes), "sources": [trial.source]}


def _where(outcome: Outcome) -> Json:
    said_where = outcome.statement
    return {"source": said_where.source, "at": said_where.at, "basis": said_where.basis, "grade": said_where.grade}


def _without_each(counted: Sequence[Counted], measure: Measure, between: Between) -> list[Json]:
    pools = leave_one_out([log_ratio(arms, measure) for _, _, arms in counted], between=between)
    return [{"without": row[0].label, **ratios(found)} for row, found in zip(counted, pools, strict=False)]


def _other_ways(counted: Sequence[Counted]) -> list[Json]:
    """The same trials, pooled by each method and for each measure."""
    if not counted:
        return []
    ways = [(measure, between) for measure in Measure for between in Between]
    return [{"measure": m.value, "between": b.value, **ratios(_pooled(counted, m, b))} for m, b in ways]


def _review(row: Review) -> Json:
    names = ("label", "drug", "measure", "value", "low", "high", "trials")
    return {**{name: getattr(row, name) for name in names}, "window": row.window.value, **said([row.statement])[0]}


def _plain(content: Json, whole: Json) -> list[str]:
    """What it comes to, in words; nothing here is advice for one mother."""
    quiet = [row for row in content["without_counts"] if row["in_window"]]
    against = [row["label"] for row in quiet if row["finding"] == "no difference"]
    lines = [_verdict(whole, content["measure"])] if whole["trials"] else ["No trial with counts in this window."]
    if against:
        lines.append(
            f"Not in the pool for want of counts, and without effect there: {', '.join(against)}. "
            "A pool without them is kinder to the drug than the record is."
        )
    lines += [
        "The trials asked different questions: a diagnosis by interview, or a score at one of several cut-offs.",
        "They prevent; no randomised trial has treated diagnosed depression after birth with ketamine or esketamine.",
    ]
    return lines


def _verdict(whole: Json, measure: str) -> str:
    words = f"{whole['trials']} trials, {whole['women']:,} women: {measure} {whole['ratio']:.2f} "
    words += f"({whole['low']:.2f} to {whole['high']:.2f}); "
    words += f"the wider of that and the interval meant for few trials: {whole['wide_low']:.2f} to "
    words += f"{whole['wide_high']:.2f}"
    if whole["wide_high"] >= 1.0:
        words += ", which holds no effect as well"
    if whole["prediction_high"] is not None:
        ahead = f"{whole['prediction_low']:.2f} to {whole['prediction_high']:.2f}"
        words += f". In a further trial like these, where nothing more is known: {ahead}"
    return words + "."
