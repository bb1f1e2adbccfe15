"""``matrescence infusion``: replaying logs, torn and broken ones, and the pages asked of ``decide``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from matrescence.actions.infusion import read_log
from matrescence.actions.infusion_examples import EXAMPLES, example_text
from matrescence.actions.infusion_pages import rules_page, states_page
from matrescence.cli.main import main
from matrescence.reading import InputError

ROOT = Path(__file__).parents[2]
LOGS = ROOT / "examples" / "infusions"


def run(*args: object) -> Result:
    return CliRunner().invoke(main, ["infusion", *map(str, args)])


def replay_json(*args: object) -> dict:  # type: ignore[type-arg]
    result = run("replay", *args, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)  # type: ignore[no-any-return]


def test_the_committed_example_logs_are_what_decide_writes_today() -> None:
    assert {path.stem for path in LOGS.glob("*.jsonl")} == set(EXAMPLES)
    for name in EXAMPLES:
        assert (LOGS / f"{name}.jsonl").read_text(encoding="utf-8") == example_text(name)


def test_the_committed_reference_pages_are_what_is_generated_today() -> None:
    states, rules = run("states"), run("rules")
    assert states.output == states_page() == (ROOT / "docs/reference/infusion-states.md").read_text(encoding="utf-8")
    assert rules.output == rules_page() == (ROOT / "docs/reference/rules/infusion.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_replays_for_people_and_for_programs(name: str) -> None:
    shown = run("replay", LOGS / f"{name}.jsonl")
    assert shown.exit_code == 0
    assert "Timeline" in shown.stdout
    report = replay_json(LOGS / f"{name}.jsonl")
    assert {"state", "alarms", "due", "coming", "missed", "timeline", "torn", "events"} <= set(report)


def test_a_course_can_be_looked_at_as_it_was_known_at_an_earlier_moment() -> None:
    report = replay_json(LOGS / "hypoxia.jsonl", "--at", "2026-03-10T17:06:30")
    assert report["state"]["phase"] == "stop requested"
    assert report["alarms"][0]["rule"] == "infusion.stop-not-confirmed"
    assert report["alarms"][0]["acknowledged"] is True
    assert report["timeline"][-1]["happened_at"] == "2026-03-10T17:06:00-05:00"
    text = run("replay", LOGS / "hypoxia.jsonl", "--at", "2026-03-10T17:06:30-05:00").stdout
    assert "Stop not confirmed (hypoxia)" in text
    assert "Never resumed: hypoxia" in text


def test_a_late_entry_is_not_known_before_it_was_recorded() -> None:
    log = LOGS / "clocks-change.jsonl"
    before, after = (replay_json(log, "--at", f"2026-10-24T20:{minute}:00+02:00") for minute in (49, 51))
    assert len(after["timeline"]) == len(before["timeline"]) + 1
    assert [item["what"] for item in before["due"]] == ["excessive sedation check"]
    assert after["due"] == []


def test_what_may_have_run_unconfirmed_is_shown() -> None:
    text = run("replay", LOGS / "torn-last-line.jsonl", "--at", "2026-04-14T14:00:00+01:00").stdout
    assert "up to 180" in text
    assert "Overdue: set and confirm 60 ug/kg/h" in text


def test_a_torn_last_line_is_reported_and_the_complete_events_are_kept(tmp_path: Path) -> None:
    log, saved = LOGS / "torn-last-line.jsonl", tmp_path / "torn.txt"
    result = run("replay", log, "--json", "--save-torn", saved)
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert report["torn"]["line"] == len(report["events"]) + 1 == 8
    assert "line 8: torn" in result.stderr
    assert "7 complete events" in result.stderr
    assert saved.read_bytes() == log.read_bytes().split(b"\n")[-1]


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize("cut", [1, 2, 7, 90, 150])
def test_wherever_the_last_line_is_torn_nothing_else_is_lost(tmp_path: Path, cut: int) -> None:
    whole = example_text("hypoxia")
    events = whole.count("\n")
    report = replay_json(write(tmp_path / "log.jsonl", whole[:-cut]))
    complete = cut == 1  # only the line break is missing: the event itself is whole
    assert len(report["events"]) == events - (not complete)
    assert (report["torn"] is None) == complete


def test_a_line_torn_inside_a_letter_of_two_bytes_is_torn_too(tmp_path: Path) -> None:
    whole = example_text("hypoxia")
    report = replay_json(write(tmp_path / "log.jsonl", whole.encode() + b'{"kind": "NoteWritten", "by": "\xc3'))
    assert report["torn"]["line"] == whole.count("\n") + 1


#   the log                                                                   what the message says
BROKEN = (
    (lambda lines: [*lines[:3], lines[3][:50], *lines[4:]], "line 4: not one JSON object"),
    (lambda lines: [*lines[:3], "", *lines[3:]], "line 4: not one JSON object"),
    (lambda lines: [*lines[:-1], lines[-1][:50]], "not one JSON object"),
    (lambda lines: [lines[0], lines[1].replace("StartAuthorised", "Exploded")], "line 2: kind 'Exploded' is not known"),
    (lambda lines: [lines[0].replace('"shape": 2', '"shape": 9')], "line 1: shape 9 is not known"),
    (lambda lines: lines[1:], "its first line must be the opening"),
    (lambda lines: [], "its first line must be the opening"),
)


@pytest.mark.parametrize(("damage", "says"), BROKEN)
def test_a_log_changed_by_other_hands_is_an_error_that_names_the_line(tmp_path: Path, damage, says: str) -> None:  # type: ignore[no-untyped-def]
    lines = damage(example_text("hypoxia").splitlines())
    result = run("replay", write(tmp_path / "log.jsonl", "".join(f"{line}\n" for line in lines)))
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stdout == ""


def test_bytes_that_are_not_text_in_the_middle_are_an_error(tmp_path: Path) -> None:
    lines = example_text("hypoxia").encode().split(b"\n")
    lines[2] = b"\xff\xfe"
    result = run("replay", write(tmp_path / "log.jsonl", b"\n".join(lines)))
    assert (result.exit_code, "line 3: not UTF-8 text" in result.stderr) == (2, True)


def test_other_mistakes_are_one_clear_message_and_status_two(tmp_path: Path) -> None:
    log = LOGS / "hypoxia.jsonl"
    for args, says in (
        (("replay", tmp_path / "none.jsonl"), "there is no such file"),
        (("replay", tmp_path), "this is a directory"),
        (("replay", log, "--at", "noon"), "not an instant"),
        (("replay", log, "--at", "2020-01-01"), "before the course was opened"),
        (("replay", log, "--at", "2020-01-01T00:00:00Z"), "before the course was opened"),
        (("replay", log, "--save-torn", tmp_path / "x"), "there is nothing to save"),
    ):
        result = run(*args)
        assert (result.exit_code, says in result.stderr) == (2, True), result.stderr
    assert not (tmp_path / "x").exists()


def test_an_impossible_file_name_is_an_input_error() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_log("a\0b")


def test_a_course_in_a_zone_this_computer_does_not_know_is_shown_in_utc(tmp_path: Path) -> None:
    text = example_text("hypoxia").replace("America/Chicago", "Moon/Tranquility")
    assert replay_json(write(tmp_path / "log.jsonl", text))["timeline"][0]["happened_at"].endswith("+00:00")


def test_the_examples_can_be_written_anew(tmp_path: Path) -> None:
    result = run("examples", tmp_path / "logs")
    assert result.exit_code == 0
    assert {path.name for path in (tmp_path / "logs").iterdir()} == {f"{name}.jsonl" for name in EXAMPLES}


def test_an_invented_course_must_be_a_possible_one() -> None:
    from matrescence.care.infusion import commands as cmd

    course = EXAMPLES["hypoxia"]()
    with pytest.raises(ValueError, match="the course is discharged"):
        course.do(cmd.Resume, 800, 30.0)
