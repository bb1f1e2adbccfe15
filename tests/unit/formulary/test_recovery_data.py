from pathlib import Path

import pytest

from matrescence.care.recovery.guidance import Criterion, Guidance
from matrescence.formulary.library import names
from matrescence.formulary.outcomes.library import load_definitions
from matrescence.formulary.read_recovery import load_guidance, read_guidance
from matrescence.reading import InputError

SAID = 'text = "t"\nsource = "s"\nat = "a"\nbasis = "read"\ngrade = "A"\n'


@pytest.mark.parametrize("drug", names())
def test_every_sentence_of_a_drug_stands_in_its_references(drug: str) -> None:
    guidance = load_guidance(drug)
    told = [*guidance.discharge, *guidance.visits, guidance.driving, guidance.maintenance, guidance.non_response]
    assert all(item.statement.source in guidance.citations for item in told if item is not None)


def test_what_the_label_says_of_driving_after_zuranolone() -> None:
    driving = load_guidance("zuranolone").driving
    assert driving is not None and driving.after_end_h is not None
    assert driving.after_end_h.value == 12.0


def test_maintenance_of_ketamine_is_the_protocol_of_phillips_2019() -> None:
    rule = load_guidance("ketamine").maintenance
    assert rule is not None
    assert (rule.every_days, rule.times, rule.responders_only, rule.statement.grade) == (7, 4, True, "B")
    assert "without a control group" in rule.statement.text


def test_a_time_to_watch_that_no_source_gives_is_unknown() -> None:
    observed = next(c for c in load_guidance("brexanolone").discharge if c.kind is Criterion.OBSERVED)
    assert observed.threshold is not None and observed.threshold.value is None


def test_a_folder_without_the_file_tells_nothing(tmp_path: Path) -> None:
    assert read_guidance(tmp_path) == Guidance()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[discharge]]\n" + SAID, "kind is missing"),
        ('[[discharge]]\nkind = "seen"\n' + SAID, "one of observed"),
        ('[[discharge]]\nkind = "sedation"\nthreshold = {}\n' + SAID, "a threshold belongs to"),
        ("[driving]\nnext_day = 1\n" + SAID, "true or false"),
        ("[[visits]]\nafter_end_days = -1\n" + SAID, "from 0 to 730 days"),
        ("[maintenance]\ntimes = 0\n" + SAID, "from 1 to 100 sessions"),
        ("[non_response]\n" + SAID, "after_sessions is missing"),
        ("[leaving]\n", "'leaving' is not a field here"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "recovery.toml").write_text(text, "utf-8")
    (tmp_path / "references.bib").write_text("", "utf-8")
    with pytest.raises(InputError, match=message):
        read_guidance(tmp_path)


def test_a_definition_without_a_number_is_refused(tmp_path: Path) -> None:
    unknown = 'unit = "{}", source = "s", at = "a", basis = "read", grade = "U"'
    path = tmp_path / "definitions.toml"
    path.write_text(
        f"response_fall_percent = {{ {unknown.format('%')} }}\nrelapse_in_a_row = {{ {unknown.format('{count}')} }}\n",
        "utf-8",
    )
    with pytest.raises(InputError, match="relapse_in_a_row is unknown"):
        load_definitions(path)
