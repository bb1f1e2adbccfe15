from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from matrescence.cli.main import main

EXAMPLES = Path(__file__).parents[2] / "examples" / "assessments"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["assess", *map(str, words)])


def as_json(*words: str | Path) -> dict[str, object]:
    found = run(*words, "--json")
    assert found.exit_code == 0, found.output
    document: dict[str, object] = json.loads(found.stdout)
    return document


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_can_be_assessed_and_says_that_it_is_invented(path: Path) -> None:
    assert run(path).exit_code == 0
    assert "(invented)" in str(as_json(path)["mother"])
    assert "invented" in path.read_text("utf-8").splitlines()[0]


@pytest.mark.hazard("self-harm-answer-unseen")
def test_the_crisis_answer_is_the_first_thing_printed_although_the_total_is_low() -> None:
    lines = run(EXAMPLES / "crisis_item.toml").stdout.splitlines()
    assert lines[0] == "URGENT  now: do not leave her alone"
    assert lines[1].startswith("  C-SSRS screener: highest tier")
    text = "\n".join(lines)
    assert text.index("EPDS item 10 (self-harm) scores 1") < text.index("Hanna")
    assert text.index("988") < text.index("Hanna")
    assert "It is not a crisis line." in text


def test_the_crisis_answer_is_the_first_thing_in_the_json() -> None:
    found = as_json(EXAMPLES / "crisis_item.toml")
    assert next(iter(found)) == "urgent"
    assert [path["rule"] for path in found["urgent"]] == [  # type: ignore[attr-defined]
        "assessment.cssrs_high",
        "assessment.self_harm_item",
    ]


@pytest.mark.parametrize(
    ("example", "picture"),
    [
        ("blues_day_6", "baby blues"),
        ("depression_week_7", "looks like depression of childbirth"),
        ("bipolar_flag", "looks like depression of childbirth"),
        ("missing_answers", "not enough is known"),
    ],
)
def test_the_examples_look_like_what_their_names_say(example: str, picture: str) -> None:
    assert as_json(EXAMPLES / f"{example}.toml")["picture"] == picture


def test_printed_places_are_turned_into_scores() -> None:
    scores = as_json(EXAMPLES / "depression_week_7.toml")["scores"]
    assert [found["total"] for found in scores if found["scale"] == "epds"] == [21]  # type: ignore[attr-defined]


def test_missing_answers_give_no_total_and_are_asked_for_at_the_top() -> None:
    shown = run(EXAMPLES / "missing_answers.toml").stdout
    assert shown.startswith("NOT YET ASKED")
    assert "EPDS: no total, answers are missing; it lies in 17 to 23" in shown
    assert "PHQ-9: about 12.4 of 27" in shown


def test_the_consultation_says_what_is_open_and_what_needs_a_step() -> None:
    shown = run(EXAMPLES / "depression_week_7.toml").stdout
    assert "Consultation: 10 answered, 6 open" in shown
    assert "Step: No infusion without her written consent." in shown


def test_a_level_is_shown_with_its_words(tmp_path: Path) -> None:
    path = tmp_path / "her.toml"
    path.write_text(
        '[mother]\nname = "Mia (invented)"\n[[scales]]\nscale = "rass"\nanswers_as = "score"\n'
        'answers = { level = -1 }\n[[scales]]\nscale = "poss"\nanswers_as = "score"\nanswers = { level = 3 }\n',
        "utf-8",
    )
    shown = run(path).stdout
    assert "RASS: -1, drowsy: eye contact to voice for more than 10 seconds" in shown
    assert "POSS: 3\n" in shown


def test_json_is_read_as_well_as_toml(tmp_path: Path) -> None:
    path = tmp_path / "her.json"
    form = {"scale": "cssrs", "answers_as": "score", "answers": {"1": False, "2": False, "6": False}}
    path.write_text(json.dumps({"mother": {"name": "Nora (invented)"}, "scales": [form]}), "utf-8")
    assert "C-SSRS screener: no tier opened" in run(path).stdout


def test_a_clinics_own_numbers_and_wording_are_shown(tmp_path: Path) -> None:
    lines = tmp_path / "lines.toml"
    lines.write_text(
        '[[lines]]\nrole = "crisis"\nname = "Invented line"\nnumber = "116 123"\nhow = "call"\ntext = "Invented."\n'
        'source = "project-decision"\nat = "invented"\nbasis = "site-policy"\ngrade = "C"\n',
        "utf-8",
    )
    wording = tmp_path / "wording.toml"
    items = "\n".join(f'{n} = {{ text = "invented {n}", options = ["a", "b", "c", "d"] }}' for n in range(1, 11))
    wording.write_text(f'permission = "invented"\n[epds.items]\n{items}\n', "utf-8")
    found = as_json(EXAMPLES / "crisis_item.toml", "--lines", lines, "--wording", wording)
    numbers = {line["number"] for path in found["urgent"] for line in path["lines"]}  # type: ignore[attr-defined]
    assert "116 123" in numbers
    assert "988" not in numbers
    last = found["scores"][0]["items"][9]  # type: ignore[index]
    assert (last["wording"], last["answer"]) == ("invented 10", "c")


HEAD = '[mother]\nname = "Olga (invented)"\n'
FORM = '[[scales]]\nscale = "epds"\nanswers_as = "score"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "mother is missing"),
        ("[mother]\nname = 3", "name = 3 cannot be used"),
        (HEAD + "days_since_birth = -1", "from 0 to 3650 days"),
        (HEAD + '[[scales]]\nscale = "epds"\nanswers = { 1 = 1 }', "Say whether the numbers are scores, or places"),
        (HEAD + FORM.replace("epds", "epsd") + "answers = { 1 = 1 }", "Did you mean 'epds'"),
        (HEAD + FORM + "answers = { 11 = 1 }", "epds has no item '11'"),
        (HEAD + FORM + "answers = { q = 1 }", "epds has no item 'q'. Allowed: 1, 2"),
        (HEAD + FORM + "answers = { 1 = 4 }", "4 is not a score; allowed: 0 to 3"),
        (HEAD + FORM + "answers = { 1 = 1.5 }", "a whole number or 'not-answered'"),
        (HEAD + FORM + "answers = { 1 = true }", "a whole number or 'not-answered'"),
        (HEAD + FORM.replace("epds", "mdq") + 'answers = { 1 = "yes" }', "a whole number, true or false or"),
        (HEAD + FORM.replace("score", "printed-option") + "answers = { 1 = 0 }", "counted from 1; allowed: 1 to 4"),
        (HEAD + (FORM + "answers = { 1 = 1 }\n") * 2, "the scale 'epds' is given twice"),
        (HEAD + '[symptoms]\nbegan = "after-birth"\nbegan_on_day = -3', "a day that fits began = 'after-birth'"),
        (HEAD + '[symptoms]\nbegan = "pregnancy"\nbegan_on_day = 3', "a day that fits began = 'pregnancy'"),
        (HEAD + "days_since_birth = 5\n[symptoms]\nbegan_on_day = 6", "at most days_since_birth, 5"),
        (HEAD + "days_since_birth = 50\n[symptoms]\nbegan_on_day = 10\nlasted_days = 9", "40, as the other days say"),
        (HEAD + 'days_since_birth = 5\n[symptoms]\nbegan = "after-birth"\nlasted_days = 9', "at most 5 when it began"),
        (HEAD + "[signs]\nvoices = true", "'voices' is not a field here"),
        (HEAD + "[consultation]\ndriver = 1", "true or false"),
    ],
)
def test_bad_input_is_one_message_and_status_2(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "her.toml"
    path.write_text(text, "utf-8")
    found = run(path)
    assert found.exit_code == 2
    assert found.stdout == ""
    assert message in found.stderr
    assert "her.toml" in found.stderr


def test_a_mother_without_forms_is_asked_everything(tmp_path: Path) -> None:
    path = tmp_path / "her.toml"
    path.write_text(HEAD, "utf-8")
    shown = run(path).stdout
    assert shown.startswith("NOT YET ASKED")
    assert "Scores" not in shown


def test_a_file_that_is_not_there_is_status_2(tmp_path: Path) -> None:
    assert run(tmp_path / "nobody.toml").exit_code == 2
