"""The trial's statistics against statsmodels, scipy and an independent solver."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import ttest_rel
from statsmodels.stats.contingency_tables import Table2x2

from matrescence.pharmacology.pooling import TwoArms
from matrescence.trials.analysis import Engine, ancova, design_matrix, log_odds, mmrm, paired

Floats = np.ndarray


def invented(*, women: int = 60, visits: int = 4, leave: bool = True, seed: int = 3) -> tuple[Floats, Floats, Floats]:
    """Changes at visits (NaN after leaving), arm and baseline of invented women."""
    generator = np.random.default_rng(seed)
    arm = np.repeat(np.arange(3), women // 3)
    baseline = np.round(generator.normal(28.0, 2.5, arm.size))
    own = generator.normal(0.0, 4.0, arm.size)
    steps = np.cumsum(generator.normal(-2.0, 2.0, (arm.size, visits)), axis=1)
    change = steps + own[:, None] - arm[:, None] * 1.5 - 0.3 * (baseline - 28.0)[:, None]
    if leave:
        stayed = generator.integers(1, visits + 3, arm.size)
        change[np.arange(visits)[None, :] >= stayed[:, None]] = np.nan
    return change, arm, baseline


def test_ancova_is_statsmodels_least_squares() -> None:
    change, arm, baseline = invented()
    here = ancova(change[:, 2], arm=arm, baseline=baseline, arms=3)
    seen = ~np.isnan(change[:, 2])
    columns = np.column_stack([arm[seen] == 0, arm[seen] == 1, arm[seen] == 2, baseline[seen] - baseline[seen].mean()])
    there = sm.OLS(change[seen, 2], columns.astype(float)).fit()
    assert here.means[:, 0] == pytest.approx(there.params[:3], rel=1e-9)
    test = there.t_test([-1, 0, 1, 0])
    estimate, error, p = here.difference(arm=2, control=0, visit=0)
    assert (estimate, error, p) == pytest.approx((test.effect.item(), test.sd.item(), test.pvalue.item()), rel=1e-8)


def test_mmrm_of_complete_data_is_least_squares_at_each_visit() -> None:
    change, arm, baseline = invented(leave=False)
    here = mmrm(change, arm=arm, baseline=baseline, arms=3)
    columns = design_matrix(arm=arm, baseline=baseline, arms=3)
    for visit in range(change.shape[1]):
        there = sm.OLS(change[:, visit], columns).fit()
        assert here.means[:, visit] == pytest.approx(there.params[:3], rel=1e-9)
        assert here.covariance[visit] == pytest.approx(there.cov_params()[:3, :3], rel=1e-7)


def by_expectation_maximisation(change: Floats, columns: Floats, *, steps: int = 4000) -> tuple[Floats, Floats]:
    """Another road to the maximum of the likelihood: coefficients (visits, columns) and covariance."""
    seen = ~np.isnan(change)
    women, visits = change.shape
    slopes, covariance = np.zeros((visits, columns.shape[1])), np.eye(visits) * 30.0
    for _ in range(steps):
        filled, extra = np.where(seen, change, 0.0), np.zeros((visits, visits))
        middle = columns @ slopes.T
        for woman in range(women):
            here, away = seen[woman], ~seen[woman]
            if away.any():
                weights = np.linalg.solve(covariance[np.ix_(here, here)], covariance[np.ix_(here, away)]).T
                filled[woman, away] = middle[woman, away] + weights @ (change[woman, here] - middle[woman, here])
                left = covariance[np.ix_(away, away)] - weights @ covariance[np.ix_(here, away)]
                extra[np.ix_(away, away)] += left
        before = slopes
        slopes = np.linalg.lstsq(columns, filled, rcond=None)[0].T
        rest = filled - columns @ slopes.T
        covariance = (rest.T @ rest + extra) / women
        if np.abs(slopes - before).max() < 1e-12:
            break
    return slopes, covariance


def test_mmrm_with_leavers_is_the_maximum_that_another_solver_finds() -> None:
    change, arm, baseline = invented(women=45, visits=3)
    here = mmrm(change, arm=arm, baseline=baseline, arms=3, reml=False)
    columns = design_matrix(arm=arm, baseline=baseline, arms=3)
    slopes, _ = by_expectation_maximisation(change, columns)
    assert here.means == pytest.approx(slopes[:, :3].T, rel=1e-7)


def test_mmrm_with_leavers_is_statsmodels_generalised_least_squares() -> None:
    change, arm, baseline = invented()
    here = mmrm(change, arm=arm, baseline=baseline, arms=3, reml=False)
    there = mmrm(change, arm=arm, baseline=baseline, arms=3, reml=False, engine=Engine.PACKAGES)
    assert here.means == pytest.approx(there.means, rel=1e-8)
    assert here.covariance == pytest.approx(there.covariance, rel=1e-7)


def test_a_woman_who_comes_back_is_refused() -> None:
    change, arm, baseline = invented(leave=False)
    change[4, 1] = np.nan
    with pytest.raises(ValueError, match="came back"):
        mmrm(change, arm=arm, baseline=baseline, arms=3)


def test_too_few_women_give_no_estimate_instead_of_a_wrong_one() -> None:
    change, arm, baseline = invented(women=6, visits=4, leave=False)
    assert np.isnan(mmrm(change, arm=arm, baseline=baseline, arms=3).means).all()


def test_paired_comparison_is_scipys() -> None:
    change, _, _ = invented(leave=False)
    estimate, error, p = paired(change[:, 0], change[:, 1])
    there = ttest_rel(change[:, 0], change[:, 1])
    assert (estimate / error, p) == pytest.approx((there.statistic, there.pvalue), rel=1e-9)


@pytest.mark.parametrize("counts", [TwoArms(42, 327, 64, 327), TwoArms(12, 180, 46, 181), TwoArms(0, 20, 4, 21)])
def test_log_odds_are_statsmodels(counts: TwoArms) -> None:
    a, b, c, d = counts.cells
    there = Table2x2(np.array([[a, b], [c, d]]))
    estimate, error, p = log_odds(counts)
    assert estimate == pytest.approx(there.log_oddsratio)
    assert error == pytest.approx(there.log_oddsratio_se)
    assert p == pytest.approx(there.log_oddsratio_pvalue())
    assert log_odds(counts, engine=Engine.PACKAGES) == pytest.approx((estimate, error, p))
