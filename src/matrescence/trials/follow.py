"""Time to an event: Kaplan and Meier's curve, and Cox's regression on one treatment.

Sources: Kaplan EL, Meier P, J Am Stat Assoc 1958;53:457-481; Cox DR, J R Stat Soc B 1972;34:187-220; ties by Efron B,
J Am Stat Assoc 1977;72:557-565.  With one column the score equation has one unknown and Newton's method is quick; the
same numbers come from lifelines when it is asked for.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from matrescence.trials.analysis import Engine, normal_tail

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]


def event_curve(times: Floats, events: Flags) -> tuple[Floats, Floats]:
    """The times of events and the share still without one after each (Kaplan and Meier)."""
    at = np.unique(times[events])
    under_risk = (times[None, :] >= at[:, None]).sum(axis=1)
    happened = ((times[None, :] == at[:, None]) & events[None, :]).sum(axis=1)
    return at, np.cumprod(1.0 - happened / np.maximum(under_risk, 1))


def median_time(times: Floats, events: Flags, *, engine: Engine = Engine.EXACT) -> float:
    """The first time at which at most half are still without the event; ``inf`` when it never comes to that."""
    if engine is Engine.PACKAGES:
        from lifelines import KaplanMeierFitter

        return float(KaplanMeierFitter().fit(times, events).median_survival_time_)
    at, share = event_curve(times, events)
    below = np.flatnonzero(share <= 0.5 + 1e-12)
    return float(at[below[0]]) if below.size else math.inf


def share_by(times: Floats, events: Flags, *, at: float) -> float:
    """The share that has had the event by a time, with those who left taken into account."""
    when, without = event_curve(times, events)
    passed = np.searchsorted(when, at, side="right")
    return 0.0 if passed == 0 else float(1.0 - without[passed - 1])


def cox(times: Floats, events: Flags, treated: Floats, *, engine: Engine = Engine.EXACT) -> tuple[float, float, float]:
    """The log hazard ratio of ``treated`` (0 or 1), its standard error, and the two-sided p value (Wald).

    NaN where one of the arms has no event, so that no ratio can be told.
    """
    with_event = events & (treated > 0.5), events & (treated < 0.5)
    if not with_event[0].any() or not with_event[1].any():
        return math.nan, math.nan, math.nan
    if engine is Engine.PACKAGES:
        return _by_lifelines(times, events, treated)
    beta = 0.0
    for _ in range(50):
        slope, information = _score(times, events, treated, beta)
        step = max(-1.0, min(1.0, slope / information))
        beta += step
        if abs(step) < 1e-12:
            break
    error = 1.0 / math.sqrt(_score(times, events, treated, beta)[1])
    return beta, error, normal_tail(beta / error)


def _score(times: Floats, events: Flags, treated: Floats, beta: float) -> tuple[float, float]:
    """The slope of the partial log-likelihood and its information, ties by Efron's rule."""
    order = np.argsort(-times, kind="stable")
    when, happened, group = times[order], events[order], treated[order]
    weight = np.exp(beta * group)
    all_weight, treated_weight = np.cumsum(weight), np.cumsum(weight * group)
    slope = information = 0.0
    for at in np.unique(when[happened]):
        last = int(np.searchsorted(-when, -at, side="right")) - 1
        tied = happened & (when == at)
        deaths = int(tied.sum())
        tied_weight, tied_treated = float(weight[tied].sum()), float((weight * group)[tied].sum())
        for number in range(deaths):
            part = number / deaths
            mean = (treated_weight[last] - part * tied_treated) / (all_weight[last] - part * tied_weight)
            slope -= mean
            information += mean * (1.0 - mean)
        slope += float(group[tied].sum())
    return slope, information


def _by_lifelines(times: Floats, events: Flags, treated: Floats) -> tuple[float, float, float]:
    import pandas as pd
    from lifelines import CoxPHFitter

    table = pd.DataFrame({"times": times, "events": events.astype(int), "treated": treated})
    row = CoxPHFitter().fit(table, "times", "events").summary.loc["treated"]
    return float(row["coef"]), float(row["se(coef)"]), float(row["p"])
