import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matrescence.actions.around import sources
from matrescence.actions.forecasting import band, forecast, quantiles, tail_h, times_shown
from matrescence.actions.mother_file import read_mother
from matrescence.actions.plan_json import keys_used, text_of
from matrescence.actions.planning import Plan, plan, side_effects
from matrescence.care.mother import Mother
from matrescence.formulary.library import bibliography, load, names
from matrescence.reading import InputError

EXAMPLES = Path(__file__).parents[3] / "examples" / "mothers"
REQUIRED = [
    "drug",
    "regimen",
    "availability",
    "mother",
    "start",
    "time_zone",
    "pump_steps",
    "total_dose_mg",
    "total_volume_ml",
    "bags",
    "vials",
    "checks",
    "forecast",
    "lactation",
    "side_effects",
    "warnings",
    "references",
    "made_with",
]
EVERY = [(drug, regimen) for drug in names() for regimen in load(drug).regimens]


def mother(name: str = "ana") -> Mother:
    return read_mother(EXAMPLES / f"{name}.toml")


def made(drug: str = "brexanolone", regimen: str | None = None, *, who: str = "ana", women: int = 200) -> Plan:
    return plan(mother(who), load(drug), regimen_name=regimen, women=women)


@pytest.mark.parametrize(("drug", "regimen"), EVERY)
def test_every_regimen_gives_a_whole_plan_whose_references_are_exactly_what_it_cites(drug: str, regimen: str) -> None:
    told = made(drug, regimen, women=20).as_json()
    assert set(REQUIRED) <= set(told)
    keys = [reference["key"] for reference in told["references"]]
    assert keys == sorted(set(keys_used({key: value for key, value in told.items() if key != "references"})))
    assert all(reference["text"] != reference["key"] for reference in told["references"])
    assert set(keys) <= set(bibliography(drug)) | set(sources())
    assert json.loads(text_of(told)) == told


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_follows_its_own_comment(path: Path) -> None:
    words = next(line for line in path.read_text().splitlines() if "matrescence plan" in line).split()
    drug = words[words.index("--drug") + 1]
    regimen = words[words.index("--regimen") + 1] if "--regimen" in words else None
    assert plan(read_mother(path), load(drug), regimen_name=regimen, women=20).as_json()["warnings"]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_ones() -> None:
    def text(seed: int) -> str:
        return text_of(plan(mother(), load("brexanolone"), women=50, seed=seed).as_json())

    assert text(1) == text(1)
    assert text(1) != text(2)


def test_the_clock_times_of_a_plan_carry_the_offset_of_that_hour() -> None:
    told = made(women=1).as_json()
    assert told["start"] == "2026-03-07T08:00:00-05:00"
    assert [step["starts_at"] for step in told["pump_steps"]][:3] == [
        "2026-03-07T08:00:00-05:00",
        "2026-03-07T12:00:00-05:00",
        "2026-03-08T09:00:00-04:00",
    ]
    assert told["end"] == "2026-03-09T21:00:00-04:00"
    assert (told["end_h"], told["time_zone"]) == (60.0, "America/New_York")


def test_the_forecast_agrees_with_what_was_published_for_brexanolone() -> None:
    """Milk study: AUC 3736.5 (3309-4219) ng.h/mL and terminal half-life 11.3 (9.8-13.1) h (Hoffmann 2019, 95 % CI of
    the mean), milk below 10 ng/mL by 36 h in 95 % of women (LactMed), relative infant dose at most 1-2 % (label)."""
    found = made(women=2000).forecast
    assert found.auc_ng_h_per_ml is not None and found.half_life_h is not None and found.milk is not None
    assert 3309 < found.auc_ng_h_per_ml.p50 < 4219
    assert 9.8 < found.half_life_h.p50 < 13.1
    assert found.milk.below_level_after_end_h is not None
    assert 30 < found.milk.below_level_after_end_h.p95 < 40
    assert found.milk.relative_infant_dose_percent.p95 < 2
    assert found.milk.peak_day_relative_infant_dose_percent.p95 < 2


def test_the_area_is_dose_over_clearance_and_the_infant_dose_is_milk_times_intake() -> None:
    drug = load("brexanolone")
    exact = replace(drug.models["calibrated_2026"], between_women=type(drug.models["calibrated_2026"].between_women)())
    exact = replace(exact, uncertainty=exact.between_women)
    told = plan(mother(), replace(drug, models={"calibrated_2026": exact}), women=1).forecast
    clearance, ratio = exact.typical["cl"].known, exact.typical["milk_ratio"].known
    assert told.auc_ng_h_per_ml is not None and told.milk is not None
    assert told.auc_ng_h_per_ml.p50 == pytest.approx(4200 / clearance)
    per_kg = ratio * 4200 / clearance * 0.150 / 24
    assert told.milk.infant_dose_ug_per_kg.p50 == pytest.approx(per_kg)
    assert told.milk.relative_infant_dose_percent.p50 == pytest.approx(100 * per_kg / 4200)
    assert told.milk.relative_infant_dose_upper_percent is not None
    assert told.milk.relative_infant_dose_upper_percent.p50 == pytest.approx(100 * per_kg / 4200 * 200 / 150)


def test_the_grade_is_the_lowest_of_the_numbers_used() -> None:
    assert made(women=1).forecast.grade == "C"


def test_a_drug_without_a_usable_model_has_an_unknown_forecast_and_still_a_plan() -> None:
    told = made("zuranolone", women=1).as_json()
    forecast_told = told["forecast"]
    assert (forecast_told["grade"], forecast_told["model"], forecast_told["plasma"]) == ("U", None, None)
    assert "no source gives a model" in forecast_told["unknown"][0]
    assert [dose["amount_mg"] for dose in told["doses"]] == [50] * 14
    assert (told["pump_steps"], told["bags"], told["vials"], told["total_volume_ml"]) == ([], [], None, None)


def test_a_drug_without_a_published_milk_level_says_so() -> None:
    told = made("ketamine", women=20).as_json()["forecast"]
    assert (told["milk_level_ng_per_ml"], told["milk_below_10_ng_per_ml_after_end_h"]) == (None, None)
    assert any("no source names such a level" in line for line in told["unknown"])
    assert told["milk"] is not None and told["others"]["norketamine"] is not None


@pytest.mark.parametrize(("women", "told"), [(1, True), (99, True), (100, False)])
def test_a_band_of_a_few_women_says_that_its_edges_are_not_known(women: int, told: bool) -> None:
    unknown = " ".join(made(women=women).as_json()["forecast"]["unknown"])
    assert (f"{women} virtual women are too few" in unknown) is told
    assert "gives no spread" not in unknown


def test_what_the_infant_gets_of_a_metabolite_is_said_to_be_unknown() -> None:
    unknown = made("ketamine", women=100).as_json()["forecast"]["unknown"]
    assert "How much norketamine the infant gets: the infant's dose counts ketamine alone." in unknown
    assert not any("gets" in line for line in made(women=100).as_json()["forecast"]["unknown"])


def test_percentiles_are_those_of_numpy() -> None:
    values = np.random.default_rng(1).lognormal(size=(357, 3))
    found = band(np.arange(3.0), values)
    for name, share in (("p05", 0.05), ("p50", 0.5), ("p95", 0.95)):
        np.testing.assert_allclose(getattr(found, name), np.quantile(values, share, axis=0), rtol=1e-14)
    assert quantiles(np.array([3.0])).p05 == 3.0
    assert math.isinf(quantiles(np.array([1.0, math.inf, math.inf])).p95)


def test_the_times_shown_hold_every_change_of_rate_and_no_moment_twice() -> None:
    for drug, regimen in EVERY:
        treatment = made(drug, regimen, women=1).treatment
        times = times_shown(treatment, tail_h=48.0)
        assert (np.diff(times) > 1e-6).all()
        assert times[0] == 0 and times[-1] <= treatment.end_h + 48.0
        for step in treatment.steps:
            assert np.abs(times - step.start_h).min() < 1e-9
            assert np.abs(times - step.end_h).min() < 1e-9


@pytest.mark.parametrize(("half_life_h", "expected"), [(0.5, 24), (11.3, 72), (33, 204), (1000, 240), (math.inf, 240)])
def test_the_fall_is_shown_for_six_half_lives(half_life_h: float, expected: float) -> None:
    assert tail_h(half_life_h) == expected


def test_the_highest_level_is_the_exact_peak_under_an_infusion_and_near_it_by_mouth() -> None:
    from matrescence.care.infusion.plan import regimen_of
    from matrescence.pharmacology import exposure
    from matrescence.pharmacology.cohort import draw

    for drug, regimen, who, rel in (
        ("brexanolone", "label-90", "carla_120kg", 1e-9),
        ("ketamine", "series-of-six", "ana", 1e-9),
        ("sertraline", "daily", "ana", 1e-3),
    ):
        data, her = load(drug), mother(who)
        course = plan(her, data, regimen_name=regimen, women=100).treatment
        model = data.models[data.default_model]
        cohort = draw(model, covariates={"weight_kg": her.weight_kg}, women=100, seed=1)
        exact = quantiles(exposure.cmax(model, cohort, regimen_of(course)))
        found = forecast(her, data, course, women=100, seed=1).cmax_ng_per_ml
        assert found is not None
        assert (found.p05, found.p50, found.p95) == pytest.approx((exact.p05, exact.p50, exact.p95), rel=rel)


def test_side_effects_are_those_of_the_regimen_that_was_studied() -> None:
    drug = load("brexanolone")
    rows = {row["name"]: row for row in side_effects(drug, drug.regimens["label-90"])}
    sedation = rows["Sedation or somnolence"]
    # Label Table 2: 13 of 102 against 6 of 107; intervals of Jeffreys, as R's binom::binom.bayes gives them.
    assert (sedation["events"], sedation["people"]) == (13, 102)
    assert sedation["per_100"] == pytest.approx(12.7451, abs=1e-4)
    assert (sedation["low"], sedation["high"]) == pytest.approx((7.35, 20.2), abs=0.15)
    assert sedation["control_per_100"] == pytest.approx(100 * 6 / 107, abs=1e-3)
    sixty = {row["name"]: row for row in side_effects(drug, drug.regimens["60"])}
    assert (sixty["Sedation or somnolence"]["events"], sixty["Sedation or somnolence"]["people"]) == (8, 38)
    assert "Loss of consciousness, reported after approval" in sixty


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"regimen_name": "label90"}, "no regimen 'label90'. Did you mean 'label-90'? Known: label-90, 60"),
        ({"women": 0}, "women = 0 cannot be used; allowed: a whole number from 1 to"),
        ({"women": 2.5}, "women = 2.5"),
        ({"women": True}, "women = True"),
        ({"seed": -1}, "seed = -1 cannot be used; allowed: a whole number from 0 to"),
        ({"seed": 2**63}, "seed ="),
    ],
)
def test_what_cannot_be_planned_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(InputError) as caught:
        plan(mother(), load("brexanolone"), **changes)  # type: ignore[arg-type]
    assert words in str(caught.value)


def test_a_model_that_needs_a_fact_she_lacks_is_refused_with_its_name() -> None:
    drug = load("brexanolone")
    model = drug.models["calibrated_2026"]
    effect = replace(model.covariates[0], covariate="egfr_ml_per_min_1_73m2")
    needs = replace(drug, models={"calibrated_2026": replace(model, covariates=(*model.covariates, effect))})
    with pytest.raises(InputError, match="egfr_ml_per_min_1_73m2"):
        plan(mother("elif_benzodiazepine"), needs, women=1)
