"""The trial files: what they hold, where it comes from, and that a wrong file is refused with every problem named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from matrescence.formulary.bibliography import read_bibliography
from matrescence.outcomes.library import (
    REFERENCES,
    SHIPPED,
    UnknownTrial,
    fingerprint,
    load_trial,
    trial_names,
    trials_of,
)
from matrescence.outcomes.trial import Trial
from matrescence.reading import InputError

EVERY = [load_trial(name) for name in trial_names()]


def sources(trial: Trial) -> set[str]:
    baselines = {arm.baseline.source for arm in trial.arms if arm.baseline is not None}
    return baselines | {row.source for arm in trial.arms for row in arm.results}


def test_every_source_is_in_the_references_and_every_reference_is_used() -> None:
    assert set().union(*(sources(trial) for trial in EVERY)) == set(read_bibliography(REFERENCES))


@pytest.mark.parametrize("trial", EVERY, ids=lambda trial: trial.name)
def test_every_trial_says_in_whom_and_what_it_may_not_be_used_for(trial: Trial) -> None:
    assert trial.population
    assert trial.not_for
    assert trial.notes


@pytest.mark.parametrize("trial", [t for t in EVERY if t.scale == "MADRS"], ids=lambda trial: trial.name)
def test_ketamine_trials_say_that_they_are_not_of_ppd_and_are_graded_no_higher_than_b(trial: Trial) -> None:
    assert "not PPD" in trial.population
    assert any("PPD" in line for line in trial.not_for)
    assert {row.grade for arm in trial.arms for row in arm.results} <= {"B", "C"}


@pytest.mark.parametrize(
    ("trial", "arm", "change", "se", "n", "baseline"),
    [
        # ZULRESSO prescribing information 2019, s. 14, Table 3
        ("brexanolone-202b", "90", -17.7, 1.2, 41, 28.4),
        ("brexanolone-202b", "60", -19.5, 1.2, 38, 29.0),
        ("brexanolone-202b", "placebo", -14.0, 1.1, 43, 28.6),
        ("brexanolone-202c", "90", -14.6, 0.8, 51, 22.6),
        ("brexanolone-202c", "placebo", -12.1, 0.8, 53, 22.7),
    ],
)
def test_hour_60_is_as_in_the_label(*, trial: str, arm: str, change: float, se: float, n: int, baseline: float) -> None:
    found = load_trial(trial).arm(arm)
    row = next(row for row in found.results if row.outcome == "change" and row.at_h == 60)
    assert row.value == pytest.approx(change, abs=0.05)
    assert (row.se, found.n) == (se, n)
    assert found.baseline is not None
    assert found.baseline.mean == baseline


def test_the_21_women_of_202a_are_never_fitted() -> None:
    rows = [row for arm in load_trial("brexanolone-202a").arms for row in arm.results]
    assert {row.use for row in rows} <= {"predict", "show"}
    assert sum(arm.n for arm in load_trial("brexanolone-202a").arms) == 21


def test_what_was_inferred_is_graded_b_and_widened() -> None:
    rows = [row for trial in trials_of("HAM-D17") for arm in trial.arms for row in arm.results]
    early = [row for row in rows if row.outcome == "change" and row.at_h in (2, 4, 8)]
    assert len(early) == 12
    assert all(row.grade == "B" and row.inflate == 3 for row in early)


def test_a_comment_leaves_the_fingerprint_and_a_number_changes_it(tmp_path: Path) -> None:
    root = tmp_path / "trials"
    shutil.copytree(SHIPPED, root)
    file = root / "brexanolone-202c.toml"
    text = file.read_text(encoding="utf-8")
    before = fingerprint(trials_of("HAM-D17"))
    file.write_text("# another comment\n" + text, encoding="utf-8")
    assert fingerprint(trials_of("HAM-D17", root=root)) == before
    file.write_text(text.replace("-12.12", "-12.13"), encoding="utf-8")
    assert fingerprint(trials_of("HAM-D17", root=root)) != before


def test_an_unknown_trial_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownTrial, match="Did you mean 'brexanolone-202b'"):
        load_trial("brexanolone-202bb")


def test_every_problem_of_a_file_is_reported_at_once(tmp_path: Path) -> None:
    text = (SHIPPED / "brexanolone-202c.toml").read_text(encoding="utf-8")
    text = text.replace(
        'outcome = "response", at_h = 60, value = 59.6', 'outcome = "response", at_h = 60, value = 159.6'
    )
    text = text.replace("value = -12.12, se = 0.8, spread", "value = -12.12, spread")
    text = text.replace('treatment = "placebo"', 'treatmnt = "placebo"')
    (tmp_path / "wrong.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_trial("wrong", root=tmp_path)
    assert "treatmnt" in str(caught.value)
    fixed = text.replace("treatmnt", "treatment")
    (tmp_path / "wrong.toml").write_text(fixed, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_trial("wrong", root=tmp_path)
    assert "outside 0 to 100" in str(caught.value)
    assert "needs its standard error" in str(caught.value)
