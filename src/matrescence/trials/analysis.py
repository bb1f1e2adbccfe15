"""The trial's own statistics, exact and fast: MMRM and ANCOVA by least squares, a paired comparison, log odds.

MMRM here is the mixed model for repeated measures as trials run it: every visit has its own mean for each arm and its
own slope on the baseline, and the covariance between visits is free.  When women only ever *leave* (nobody misses a
visit and comes back), its likelihood falls apart into one regression for each visit on the visits before it (Little
RJA, Rubin DB, Statistical Analysis with Missing Data, 2nd ed., 2002, s. 7.4; Anderson TW, J Am Stat Assoc 1957;52:200-
203), so the maximum is found by least squares, without iteration.  Residual variances are divided by the degrees of
freedom, which is REML where nobody is missing.  ANCOVA is the same with one visit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from matrescence.pharmacology.pooling import Measure, TwoArms, log_ratio

Floats: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = NDArray[np.int64]


class Engine(Enum):
    """Who computes: the exact formulas here, or the named packages (statsmodels, lifelines)."""

    EXACT = "exact"
    PACKAGES = "packages"


@dataclass(frozen=True, slots=True)
class Fitted:
    """Least-squares means of change for each arm and visit (arms, visits), their covariance, degrees of freedom.

    ``covariance`` is (visits, arms, arms): of the means of one visit.  NaN where a visit cannot be estimated.
    """

    means: Floats
    covariance: Floats
    freedom: Floats

    def difference(self, *, arm: int, control: int, visit: int) -> tuple[float, float, float]:
        """The difference of two arms at a visit, its standard error, and the two-sided p value (Student's t)."""
        estimate = float(self.means[arm, visit] - self.means[control, visit])
        table = self.covariance[visit]
        variance = float(table[arm, arm] + table[control, control] - 2.0 * table[arm, control])
        error = math.sqrt(variance) if variance >= 0.0 else math.nan
        return estimate, error, t_tail(estimate, error, freedom=float(self.freedom[visit]))


def mmrm(
    change: Floats, *, arm: Whole, baseline: Floats, arms: int, engine: Engine = Engine.EXACT, reml: bool = True
) -> Fitted:
    """Fit the mixed model for repeated measures; ``change`` is (women, visits), NaN after a woman has left.

    With ``reml`` false, variances are divided by the number of women instead: the maximum-likelihood fit.

    Raises:
        ValueError: a woman missed a visit and came back.
    """
    seen = ~np.isnan(change)
    if np.any(seen[:, 1:] & ~seen[:, :-1]):
        raise ValueError("a woman missed a visit and came back; this fit is exact only when women leave for good")
    kept = seen[:, 0]
    change, seen = change[kept], seen[kept]
    design = design_matrix(arm=arm[kept], baseline=baseline[kept], arms=arms)
    try:
        slopes, covariance = _one_visit_after_the_other(change, seen, design, reml=reml)
        if engine is Engine.PACKAGES:
            slopes, table = _by_statsmodels(change, seen, design, covariance, one_visit=change.shape[1] == 1)
        else:
            table = _covariance_of_slopes(seen, design, covariance)
    except np.linalg.LinAlgError:
        return _not_estimable(arms, change.shape[1])
    visits, width = slopes.shape
    blocks = np.stack([table[v * width : v * width + arms, v * width : v * width + arms] for v in range(visits)])
    return Fitted(slopes[:, :arms].T, blocks, seen.sum(axis=0) - float(width))


def ancova(change: Floats, *, arm: Whole, baseline: Floats, arms: int, engine: Engine = Engine.EXACT) -> Fitted:
    """Analysis of covariance of one visit, ``change`` (women,), of those who were seen there."""
    return mmrm(change[:, None], arm=arm, baseline=baseline, arms=arms, engine=engine)


def design_matrix(*, arm: Whole, baseline: Floats, arms: int) -> Floats:
    """A column for each arm and the centred baseline, so that the first coefficients are the least-squares means."""
    cells = (arm[:, None] == np.arange(arms)[None, :]).astype(np.float64)
    return np.column_stack([cells, baseline - baseline.mean()])


def paired(first: Floats, second: Floats) -> tuple[float, float, float]:
    """The mean of ``first - second`` over people seen in both, its standard error, and the two-sided p value."""
    apart = (first - second)[~np.isnan(first - second)]
    if apart.size < 2:
        return math.nan, math.nan, math.nan
    error = float(apart.std(ddof=1)) / math.sqrt(apart.size)
    return float(apart.mean()), error, t_tail(float(apart.mean()), error, freedom=apart.size - 1.0)


def log_odds(counts: TwoArms, *, engine: Engine = Engine.EXACT) -> tuple[float, float, float]:
    """The log odds ratio, its standard error (Woolf), and the two-sided p value of the normal test.

    NaN where nobody, or everybody, was affected in both arms.
    """
    if not counts.informative:
        return math.nan, math.nan, math.nan
    if engine is Engine.PACKAGES:
        from statsmodels.stats.contingency_tables import Table2x2

        a, b, c, d = counts.cells
        table = Table2x2(np.array([[a, b], [c, d]]))
        return float(table.log_oddsratio), float(table.log_oddsratio_se), float(table.log_oddsratio_pvalue())
    effect = log_ratio(counts, Measure.ODDS_RATIO)
    error = math.sqrt(effect.variance)
    return effect.estimate, error, normal_tail(effect.estimate / error)


def t_tail(estimate: float, error: float, *, freedom: float) -> float:
    """The two-sided p value of ``estimate / error`` under Student's t; NaN where there is no error to divide by."""
    from scipy.special import stdtr

    if not error > 0.0 or freedom <= 0.0:
        return math.nan
    return float(2.0 * stdtr(freedom, -abs(estimate / error)))


def normal_tail(z: float) -> float:
    """The two-sided p value of a standard normal number."""
    return math.erfc(abs(z) / math.sqrt(2.0))


def _one_visit_after_the_other(
    change: Floats, seen: NDArray[np.bool_], design: Floats, *, reml: bool
) -> tuple[Floats, Floats]:
    """The coefficients of each visit (visits, columns), and the covariance between visits (visits, visits)."""
    visits, width = change.shape[1], design.shape[1]
    slopes, covariance = np.zeros((visits, width)), np.zeros((visits, visits))
    for visit in range(visits):
        rows = seen[:, visit]
        people = int(rows.sum())
        if people <= width + visit:
            raise np.linalg.LinAlgError("fewer women than coefficients")
        columns = np.column_stack([design[rows], change[rows, :visit]])
        found = np.linalg.lstsq(columns, change[rows, visit], rcond=None)[0]
        left = change[rows, visit] - columns @ found
        variance = float(left @ left) / (people - width if reml else people)
        on_earlier = found[width:]
        slopes[visit] = found[:width] + on_earlier @ slopes[:visit]
        across = on_earlier @ covariance[:visit, :visit]
        covariance[visit, :visit] = covariance[:visit, visit] = across
        covariance[visit, visit] = variance + float(across @ on_earlier)
    return slopes, covariance


def _covariance_of_slopes(seen: NDArray[np.bool_], design: Floats, covariance: Floats) -> Floats:
    """The inverse of the information on all coefficients, visit by visit, summed over how long women stayed."""
    visits, width = covariance.shape[0], design.shape[1]
    stayed = seen.sum(axis=1)
    information = np.zeros((visits * width, visits * width))
    for last in range(1, visits + 1):
        rows = design[stayed == last]
        if rows.shape[0]:
            size = last * width
            information[:size, :size] += np.kron(np.linalg.inv(covariance[:last, :last]), rows.T @ rows)
    return np.asarray(np.linalg.inv(information))


def _by_statsmodels(
    change: Floats, seen: NDArray[np.bool_], design: Floats, covariance: Floats, *, one_visit: bool
) -> tuple[Floats, Floats]:
    """The same coefficients by statsmodels: ordinary least squares for one visit, else generalised least squares."""
    import statsmodels.api as sm

    if one_visit:
        rows = seen[:, 0]
        fit = sm.OLS(change[rows, 0], design[rows]).fit()
        return np.asarray(fit.params)[None, :], np.asarray(fit.cov_params())
    visits, width = covariance.shape[0], design.shape[1]
    who, when = np.nonzero(seen)
    columns = np.zeros((who.size, visits * width))
    for place, (woman, visit) in enumerate(zip(who, when, strict=True)):
        columns[place, visit * width : (visit + 1) * width] = design[woman]
    sigma = np.where(who[:, None] == who[None, :], covariance[np.ix_(when, when)], 0.0)
    fit = sm.GLS(change[who, when], columns, sigma=sigma).fit()
    # The scale is that of the covariance given, which statsmodels would otherwise estimate once more.
    return np.asarray(fit.params).reshape(visits, width), np.asarray(fit.normalized_cov_params)


def _not_estimable(arms: int, visits: int) -> Fitted:
    return Fitted(np.full((arms, visits), np.nan), np.full((visits, arms, arms), np.nan), np.full(visits, np.nan))


def count(affected: NDArray[np.bool_], arm: Whole, *, treated: int, control: int) -> TwoArms:
    """Affected among all, treated and control."""
    who = {index: arm == index for index in (treated, control)}
    numbers: Mapping[int, tuple[int, int]] = {
        index: (int(affected[rows].sum()), int(rows.sum())) for index, rows in who.items()
    }
    return TwoArms(*numbers[treated], *numbers[control])
