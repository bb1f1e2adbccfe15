"""A prediction outside its range is out; a ``must`` row that is out fails; a note never does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matrescence.actions.evidence import Verdict, check_evidence, check_row, count_rows
from matrescence.actions.evidence_quantities import PREDICT
from matrescence.formulary import library
from matrescence.formulary.published import QUANTITIES, PublishedRow, published
from matrescence.reading import InputError


def row(id_: str, drug: str = "brexanolone") -> PublishedRow:
    return next(item for item in published(drug) if item.id == id_)


def test_every_quantity_has_its_function_and_no_other() -> None:
    assert set(PREDICT) == set(QUANTITIES)


@pytest.mark.parametrize(
    ("expect", "accept", "verdict", "fails"),
    [
        ("must", (0.0, 10.0), Verdict.OUT, True),
        ("should", (0.0, 10.0), Verdict.OUT, False),
        ("note", (0.0, 10.0), Verdict.NOTE, False),
        ("must", (0.0, 100.0), Verdict.IN, False),
    ],
)
def test_the_verdict_follows_the_range_and_the_expectation(
    expect: str, accept: tuple[float, float], verdict: Verdict, fails: bool
) -> None:
    checked = check_row(replace(row("tmax"), expect=expect, accept=accept), library.load("brexanolone"))
    assert (checked.verdict, checked.fails) == (verdict, fails)


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others() -> None:
    drug = library.load("brexanolone")
    one, again, other = (check_row(row("auc-inf"), drug, seed=seed).predicted for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_counts_that_do_not_round_to_the_printed_percentage_are_out() -> None:
    drug = library.load("brexanolone")
    changed = tuple(replace(effect, events=effect.events + 2) for effect in drug.side_effects)
    assert check_row(row("sedation-90"), replace(drug, side_effects=changed)).fails


def test_a_wrong_clearance_is_noticed() -> None:
    drug = library.load("brexanolone")
    model = drug.models["calibrated_2026"]
    slow = replace(model, typical={**model.typical, "cl": replace(model.typical["cl"], value=0.8)})
    wrong = replace(drug, models={**drug.models, "calibrated_2026": slow})
    failing = {item.id for item in published("brexanolone") if check_row(item, wrong).fails}
    assert {"auc-inf", "clearance", "clearance-120kg"} <= failing


def test_a_row_without_a_condition_it_needs_is_refused() -> None:
    asked = row("pump-60")
    with pytest.raises(InputError, match="at_h is missing"):
        check_row(replace(asked, study=replace(asked.study, at_h=None)), library.load("brexanolone"))


def test_progress_is_told_for_every_row() -> None:
    told: list[str] = []
    check_evidence(["zuranolone"], done=told.append)
    assert len(told) == count_rows(["zuranolone"])


def test_side_effects_come_with_the_interval_a_plan_would_print() -> None:
    checked = check_row(row("loc-after-approval"), library.load("brexanolone"))
    # Jeffreys' upper end for 0 of 499 (Brown, Cai, DasGupta 2001): 0.502 of 100
    assert checked.predicted_high == pytest.approx(0.502, abs=0.005)
