"""``matrescence enrol`` as people use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from matrescence.cli.main import main

EXAMPLES = Path(__file__).parents[2] / "examples" / "enrolment"
AT = "2026-03-07T08:00:00-05:00"
FILES = {
    "zulresso_research": ("zulresso", True),
    "zulresso_without_acknowledgement": ("zulresso", False),
    "local_ketamine": ("local-protocol", True),
    "spravato_form_overdue": ("spravato", False),
}


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["enrol", *map(str, arguments)])


@pytest.mark.parametrize("name", FILES)
def test_each_example_says_what_its_title_promises(name: str) -> None:
    programme, is_open = FILES[name]
    file = EXAMPLES / f"{name}.toml"
    assert ("GATE OPEN" in run(programme, file, "--at", AT).output) == is_open
    found = json.loads(run(programme, file, "--at", AT, "--json").output)
    assert found["gate"]["open"] == is_open
    assert {item["state"] for item in found["requirements"]} >= {"met", "shown"}
    assert "invented" in file.read_text()


def test_every_example_is_tested() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.toml")} == set(FILES)


def test_missing_fields_and_signatures_are_named_one_by_one() -> None:
    output = run("zulresso", EXAMPLES / "zulresso_without_acknowledgement.toml", "--at", AT).output
    for part in ("date_of_birth: not answered", "signature of the patient: missing", "prescriber.withdrawal"):
        assert part in output
    assert "14 April 2025" in output


def test_the_deadline_of_a_form_is_shown_in_time_and_overdue() -> None:
    output = run("spravato", EXAMPLES / "spravato_form_overdue.toml", "--at", AT).output
    assert "enrolment.overdue" in output
    earlier = json.loads(
        run("spravato", EXAMPLES / "spravato_form_overdue.toml", "--at", "2026-03-01T08:00:00-05:00", "--json").output
    )
    form = next(item for item in earlier["requirements"] if item["id"] == "session.monitoring-form")
    assert (form["state"], form["due"]) == ("pending", "2026-03-05T13:00:00+00:00")


def test_without_an_instant_the_question_is_about_now_and_says_so() -> None:
    output = run("zulresso", EXAMPLES / "zulresso_research.toml").output
    assert "asked at 20" in output and "GATE CLOSED" in output


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("zulreso", EXAMPLES / "zulresso_research.toml"), "Did you mean 'zulresso'"),
        (("zulresso", EXAMPLES / "lost.toml"), "there is no such file"),
        (("zulresso", EXAMPLES / "zulresso_research.toml", "--at", "2026-03-07T08:00"), "with its UTC offset"),
        (("zulresso", EXAMPLES / "zulresso_research.toml", "--at", "tomorrow"), "with its UTC offset"),
        (("spravato", EXAMPLES / "zulresso_research.toml", "--at", AT), "spravato has no requirement"),
    ],
)
def test_what_cannot_be_used_is_said_with_status_2(arguments: tuple[str | Path, ...], complaint: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert complaint in result.stderr and result.stdout == ""


SESSION = '[session]\nmother = "Ana"\nsetting = "a clinic"\nsession = "1"\n'
RECORD = '[[records]]\nid = "r1"\nrequirement = "setting.pump"\nat = 2026-01-01T08:00:00Z\nby = "x"\n'
ABOUT = 'about = { setting = "a clinic" }\n'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "session is missing"),
        ('[session]\nmother = "Ana"\n', "setting is missing"),
        (SESSION + RECORD, "about is missing"),
        (SESSION + RECORD + "about = {}\n", "setting is missing"),
        (SESSION + RECORD + 'about = { setting = "a clinic", mother = "Ana" }\n', "is not a field here"),
        (SESSION + RECORD.replace("08:00:00Z", "08:00:00") + ABOUT, "with its UTC offset"),
        (SESSION + RECORD.replace("2026", "1026") + ABOUT, "from 2000 to 2099"),
        (SESSION + RECORD + ABOUT + RECORD + ABOUT, "given twice"),
        (SESSION + RECORD + ABOUT + "answers = { a = [1] }\n", "a text, a number, a date"),
        (SESSION + RECORD + ABOUT + 'expires = "soon"\n', "with its UTC offset"),
        (SESSION + RECORD + ABOUT + 'signatures = [{ role = "x", at = 2026-01-01T08:00:00Z }]\n', "name is missing"),
        (SESSION + RECORD.replace("setting.pump", "setting.pumps") + ABOUT, "Did you mean 'setting.pump'"),
        (SESSION + RECORD + ABOUT + '[[revocations]]\nid = "v"\n', "revokes is missing"),
        (
            SESSION + RECORD + ABOUT + '[[revocations]]\nid = "v"\nrevokes = "r2"\nat = 2026-02-01T08:00:00Z\n'
            'by = "x"\nreason = "y"\n',
            "there is no record 'r2'",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_its_reason(text: str, complaint: str, tmp_path: Path) -> None:
    file = tmp_path / "enrolment.toml"
    file.write_text(text)
    result = run("local-protocol", file, "--at", AT)
    assert result.exit_code == 2, result.output
    assert complaint in result.stderr and "Traceback" not in result.stderr


def test_a_revocation_is_read_and_closes_the_gate(tmp_path: Path) -> None:
    file = tmp_path / "enrolment.toml"
    revocation = '[[revocations]]\nid = "v"\nrevokes = "r04"\nat = 2026-03-01T08:00:00Z\nby = "x"\nreason = "sold"\n'
    file.write_text((EXAMPLES / "local_ketamine.toml").read_text() + revocation)
    output = run("local-protocol", file, "--at", AT).output
    assert "GATE CLOSED" in output and "enrolment.revoked" in output
