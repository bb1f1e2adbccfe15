"""``matrescence eligible`` as people use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from matrescence.cli.main import main

EXAMPLES = Path(__file__).parents[2] / "examples"
ANA, FACTS = EXAMPLES / "mothers" / "ana.toml", EXAMPLES / "health" / "ana.toml"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["eligible", *map(str, arguments)])


def test_without_health_facts_a_clinician_decides_and_every_open_question_is_shown() -> None:
    result = run(ANA, "--drug", "brexanolone")
    assert result.exit_code == 0
    assert "CLINICIAN DECIDES" in result.output and "Not known" in result.output
    assert "withdrawn" in result.output


def test_with_health_facts_she_is_eligible_and_the_warnings_stay() -> None:
    result = run(ANA, "--drug", "brexanolone", "--facts", FACTS)
    assert ": ELIGIBLE" in result.output and "Warnings" in result.output


def test_the_kidney_forbids() -> None:
    result = run(EXAMPLES / "mothers" / "dora_kidney.toml", "--drug", "brexanolone", "--facts", FACTS)
    assert "NOT ELIGIBLE" in result.output and "eligibility.kidney" in result.output


def test_the_json_holds_every_reason_with_rule_source_and_grade() -> None:
    facts = EXAMPLES / "health" / "fatima_half_asked.toml"
    result = run(EXAMPLES / "mothers" / "fatima_ketamine.toml", "--drug", "ketamine", "--facts", facts, "--json")
    found = json.loads(result.output)
    assert found["verdict"] == "clinician decides"
    assert found["health"]["hypersensitive_to"] == ["penicillin"]
    assert "psychosis" in found["unknown"]
    for reason in [found["standing"], *found["reasons"]]:
        assert reason["rule"].startswith("eligibility.")
        assert reason["text"] and reason["source"] and reason["grade"] in "ABCU"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((ANA, "--drug", "brexanalone"), "Did you mean 'brexanolone'"),
        ((EXAMPLES / "mothers" / "anna.toml", "--drug", "ketamine"), "there is no such file"),
        ((ANA, "--drug", "ketamine", "--facts", ANA), "is not a field here"),
    ],
)
def test_what_cannot_be_used_is_said_with_status_2(arguments: tuple[str | Path, ...], complaint: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert complaint in result.stderr and result.stdout == ""


def test_a_wrong_health_fact_names_field_value_and_what_is_allowed(tmp_path: Path) -> None:
    file = tmp_path / "health.toml"
    file.write_text('pregnant = "no"\nsystolic_mmhg = 12\nhypersensitve_to = []\n')
    result = run(ANA, "--drug", "ketamine", "--facts", file)
    assert result.exit_code == 2
    for part in ('pregnant = "no"', "from 40 to 300 mmHg", "Did you mean 'hypersensitive_to'"):
        assert part in result.stderr
