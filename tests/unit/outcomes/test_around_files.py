"""The tables of prevention, relapse, prevalence and hormone: every source known, every mistake named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from scipy.stats import chi2_contingency

from matrescence.facts import Fact
from matrescence.formulary.bibliography import read_bibliography
from matrescence.outcomes import hormone as hormone_table
from matrescence.outcomes import prevalence as prevalence_table
from matrescence.outcomes.prevention import (
    REVIEWS,
    Window,
    prevention_reviews,
    prevention_trials,
    read_prevention_trial,
)
from matrescence.outcomes.prevention import SHIPPED as PREVENTION
from matrescence.outcomes.relapse import SHIPPED as RELAPSE
from matrescence.outcomes.relapse import read_relapse_study, relapse_studies
from matrescence.outcomes.tables import REFERENCES
from matrescence.reading import InputError
from matrescence.sourced import read_fact

FILES = (
    *PREVENTION.glob("*.toml"), *RELAPSE.glob("*.toml"), REVIEWS, hormone_table.SHIPPED, prevalence_table.SHIPPED
)  # fmt: skip
KEYS = re.compile(r'source = "([^"]+)"')


def test_every_source_is_among_the_references_and_every_reference_is_used() -> None:
    used = {key for file in FILES for key in KEYS.findall(file.read_text(encoding="utf-8"))}
    known = set(read_bibliography(REFERENCES))
    assert used <= known, used - known
    assert known - used <= {"levis_2020", "ren_2024", "luo_2025", "federal_register_2025"} | {
        trial.source for trial in prevention_trials()
    }


def test_counts_round_to_the_percentages_that_were_printed() -> None:
    printed = re.compile(r"([\d.]+) %(?: \(\d+(?:/\d+)?\))? against ([\d.]+) %")
    checked = 0
    for trial in prevention_trials():
        for outcome in trial.outcomes:
            found = printed.search(outcome.statement.at)
            if outcome.arms is None or found is None:
                continue
            arms, checked = outcome.arms, checked + 1
            treated, control = (float(text) for text in found.groups())
            assert 100 * arms.events / arms.people == pytest.approx(treated, abs=0.0501)
            assert 100 * arms.control_events / arms.control_people == pytest.approx(control, abs=0.0501)
    assert checked == 6


def test_derived_counts_give_back_the_printed_p_values() -> None:
    yao = next(trial for trial in prevention_trials() if trial.name == "yao-2020")
    for window, p in ((Window.WEEK_1, 0.029), (Window.WEEKS_4_TO_6, 0.319)):
        outcome = yao.in_window(window)
        assert outcome is not None and outcome.arms is not None
        a = outcome.arms
        table = [[a.events, a.people - a.events], [a.control_events, a.control_people - a.control_events]]
        assert chi2_contingency(table, correction=False).pvalue == pytest.approx(p, abs=5e-4)


def test_no_other_numbers_of_women_fit_the_percentages() -> None:
    def sizes(*percent: float) -> list[int]:
        def fits(women: int) -> bool:
            return all(abs(100 * round(p * women / 100) / women - p) < 0.05 + 1e-9 for p in percent)

        return [women for women in range(100, 166) if fits(women)]

    assert sizes(13.1, 11.8, 10.5) == [153]
    assert sizes(22.6, 16.8, 14.2) == [155]


def test_published_ratios_agree_with_the_counts() -> None:
    for name, ratio in (("wang-2024", 0.26), ("ren-2024", 0.53)):
        arms = next(trial for trial in prevention_trials() if trial.name == name).outcomes[0].arms
        assert arms is not None
        found = arms.events / arms.people / (arms.control_events / arms.control_people)
        assert found == pytest.approx(ratio, abs=0.005)


def test_nothing_about_another_population_is_graded_a() -> None:
    facts = [
        fact
        for study in relapse_studies()
        for arm in study.arms
        for fact in (arm.median, arm.relapsed, arm.hazard_ratio)
        if isinstance(fact, Fact)
    ]
    assert facts and all(fact.grade in "BU" for fact in facts)


def test_a_nanogram_is_three_nanomoles() -> None:
    table = hormone_table.hormone()
    assert table.nmol_per_l(1.0) == pytest.approx(3.14, abs=0.005)
    assert table.ng_per_ml(2.3) == pytest.approx(0.73, abs=0.005)
    assert table.ng_per_ml(1.1) == pytest.approx(0.35, abs=0.005)


def test_the_national_figure_of_2022_is_unknown_and_not_guessed() -> None:
    table = prevalence_table.prevalence()
    assert [survey.overall.value for survey in table.surveys] == [None, 12.7, 13.6, 13.2, 11.5]
    assert table.newest.year == 2021
    assert table.of_place("mississippi")[0][1].percent.value == 20.8
    assert table.of_place("Texas") == ()


def test_every_review_with_an_interval_holds_its_value() -> None:
    for review in prevention_reviews():
        if review.value is not None and review.low is not None and review.high is not None:
            assert review.low < review.value < review.high


BROKEN = (
    ("treated_events = 12", "treated_events = 181", "not a count of affected people"),
    ("treated_events = 12\n", "", "treated_events missing"),
    ('drug = "esketamine"', 'drug = "esketamin"', "Did you mean 'esketamine'"),
    ('window = "weeks 4 to 6"', 'window = "week 9"', "window"),
    ("at_days = 42", 'at_days = 42\nsays = "Nothing."', "either the four counts"),
)


@pytest.mark.parametrize(("old", "new", "message"), BROKEN)
def test_a_mistake_in_a_trial_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    file = tmp_path / "wang-2024.toml"
    text = (PREVENTION / "wang-2024.toml").read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_prevention_trial(file)


def test_a_ratio_against_an_arm_that_is_not_there_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "study.toml"
    text = (RELAPSE / "sustain-1.toml").read_text(encoding="utf-8")
    file.write_text(text.replace('against = "stopped"', 'against = "nobody"'), encoding="utf-8")
    with pytest.raises(InputError, match="no other arm"):
        read_relapse_study(file)


def test_a_point_after_birth_needs_its_day(tmp_path: Path) -> None:
    file = tmp_path / "hormone.toml"
    text = hormone_table.SHIPPED.read_text(encoding="utf-8")
    file.write_text(text.replace("day = 3\n", "", 1), encoding="utf-8")
    with pytest.raises(InputError, match="day after birth"):
        hormone_table.hormone(file)


def test_an_unknown_number_must_be_graded_unknown() -> None:
    problems: list[str] = []
    table = {"unit": "d", "source": "a", "at": "b", "basis": "read", "grade": "A"}
    assert read_fact(table, "here", problems, to_unit="d").value is None
    assert problems and "grade 'U'" in problems[0]
    assert read_fact({**table, "value": 48, "unit": "h"}, "here", [], to_unit="d").value == pytest.approx(2.0)
    wrong: list[str] = []
    read_fact({**table, "value": 1, "unit": "kg"}, "here", wrong, to_unit="d")
    assert "body weight" in wrong[0]
