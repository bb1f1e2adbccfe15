"""One invented mother from the first question to recovery, told through the command line: given, when, then."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from matrescence.cli.main import main

HERE = Path(__file__).parents[2] / "examples" / "courses" / "julia"
NURSE = "N. Silva, RN (invented)"


class Clinic:
    """The people around Julia, who only ever use the command line."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "julia.jsonl"

    def run(self, *arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(main, ["course", *arguments], input=stdin)

    def begins(self, at: str) -> Result:
        return self.run("new", str(self.file), "--mother", str(HERE / "mother.toml"), "--drug", "ketamine", "--at", at)

    def records(self, name: str, at: str, kind: str | None = None, **options: str) -> Result:
        source = ["--kind", kind, "--from", str(HERE / name)] if kind else [str(HERE / name)]
        extra = [part for key, value in options.items() for part in (f"--{key}", value)]
        return self.run("add", str(self.file), *source, "--at", at, *extra)

    def says(self, kind: str, payload: dict[str, Any], at: str, by: str = NURSE) -> Result:
        record = json.dumps({"kind": kind, "payload": payload, "by": by, "happened_at": at})
        return self.run("add", str(self.file), "-", "--at", at, stdin=record)

    def sees(self, at: str) -> dict[str, Any]:
        done = self.run("show", str(self.file), "--json", "--at", at)
        assert done.exit_code == 0, done.output
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def stage(self, name: str, at: str) -> str:
        return next(item["status"] for item in self.sees(at)["stages"] if item["stage"] == name)


def ok(done: Result) -> None:
    assert done.exit_code == 0, done.output


def refused(done: Result, *rules: str) -> None:
    assert done.exit_code == 2, done.output
    for rule in rules:
        assert rule in done.stderr


@pytest.fixture
def clinic(tmp_path: Path) -> Clinic:
    return Clinic(tmp_path)


@pytest.mark.rule("infusion.key")
def test_the_same_words_at_the_bedside_a_while_later_are_no_resend(clinic: Clinic) -> None:
    """A second request to stop is not swallowed because the first one was worded alike."""
    lines = (HERE.parent / "julia.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    clinic.file.write_text("".join(lines[:12]), encoding="utf-8")

    def asks(at: str) -> Result:
        record = {"kind": "infusion", "by": NURSE, "payload": {"command": "request-stop", "why": "she is drowsy"}}
        return clinic.run("add", str(clinic.file), "-", "--at", at, stdin=json.dumps(record))

    ok(asks("2026-04-21T10:05-04:00"))
    assert "Already recorded" in asks("2026-04-21T10:05-04:00").stdout
    stopped = {"command": "confirm-stopped"}
    ok(clinic.says("infusion", stopped, "2026-04-21T10:06-04:00"))
    ok(clinic.says("infusion", {"command": "resume", "rate_ug_per_kg_h": 750}, "2026-04-21T10:08-04:00"))
    again = asks("2026-04-21T10:09-04:00")
    assert again.exit_code == 0 and "Recorded as 16" in again.stdout
    assert clinic.sees("2026-04-21T10:09-04:00")["next"]["rule"] == "infusion.stop-not-confirmed"


@pytest.mark.rule("journey.urgent_first", "journey.start_urgent", "journey.gate", "journey.next", "journey.discharge")
def test_julia_from_the_first_question_to_recovery(clinic: Clinic) -> None:
    # Given Julia, seven weeks after the birth, of whom nothing is known but her file.
    ok(clinic.begins("2026-04-14T09:00-04:00"))
    assert [item["status"] for item in clinic.sees("2026-04-14T09:00-04:00")["stages"]] == ["not begun"] * 6

    # When she answers the questionnaires, and one answer on self-harm is above zero,
    ok(clinic.records("first-answers.toml", "2026-04-14T09:20-04:00", "assessment"))
    # then that stands above everything, and is what is next, whatever else is recorded.
    ok(clinic.records("consultation.toml", "2026-04-14T09:30-04:00", "consultation"))
    ok(clinic.records("health.toml", "2026-04-14T09:40-04:00", "eligibility-facts"))
    seen = clinic.sees("2026-04-14T09:40-04:00")
    assert [task["task"] for task in seen["urgent"]] == ["2.1"]
    assert seen["next"]["rule"] == "assessment.self_harm_item"
    assert clinic.stage("assessment", "2026-04-14T09:40-04:00") == "blocked"

    # When a clinician has seen her and writes down what was done, then it leaves.
    ok(clinic.records("disposition.toml", "2026-04-14T09:50-04:00"))
    seen = clinic.sees("2026-04-14T09:50-04:00")
    assert seen["urgent"] == []
    assert [item["status"] for item in seen["stages"][:2]] == ["done", "done"]
    assert seen["next"]["rule"] == "journey.feeding"

    # Given plan, feeding and the clinic's papers, all but the check right before the start,
    ok(clinic.records("plan.toml", "2026-04-14T11:00-04:00"))
    ok(clinic.records("feeding.toml", "2026-04-14T11:10-04:00"))
    ok(clinic.records("enrolment.toml", "2026-04-15T11:00-04:00", "enrolment"))
    ok(clinic.records("open.json", "2026-04-21T09:00-04:00"))
    # when somebody tries to start, then it is refused, and nothing is written.
    before = clinic.file.read_bytes()
    refused(clinic.records("start.json", "2026-04-21T09:10-04:00"), "session.checklist", "enrolment.missing")
    assert clinic.file.read_bytes() == before

    # When the check is filed, then the same key starts.
    ok(clinic.records("right-before.toml", "2026-04-21T09:32-04:00", "enrolment"))
    ok(clinic.records("start.json", "2026-04-21T10:00-04:00"))
    ok(clinic.records("rate.json", "2026-04-21T10:01-04:00"))
    again = clinic.records("rate.json", "2026-04-21T10:02-04:00")
    assert again.exit_code == 0 and "Already recorded as 12" in again.stdout

    # When her saturation falls below the clinic's limit, then a stop is asked for and stands on top until confirmed.
    low = {"reading": "oximetry", "spo2_percent": 86}
    ok(clinic.says("infusion", {"command": "observe", "reading": low}, "2026-04-21T10:20-04:00"))
    seen = clinic.sees("2026-04-21T10:20-04:00")
    assert seen["next"]["rule"] == "infusion.stop-not-confirmed"
    ok(clinic.says("infusion", {"command": "confirm-stopped"}, "2026-04-21T10:21-04:00"))
    # Then it is never resumed,
    refused(
        clinic.says("infusion", {"command": "resume", "rate_ug_per_kg_h": 300}, "2026-04-21T10:40-04:00"),
        "infusion.phase",
    )
    # and she does not leave before she is well and the ordered watch is over.
    leaving = {"left_with": "her sister", "follow_ups": ["2026-04-28T10:00-04:00", "2026-05-19T10:00-04:00"]}
    refused(clinic.says("discharge", leaving, "2026-04-21T10:45-04:00"), "infusion.discharge")
    ok(clinic.says("infusion", {"command": "report-resolved", "finding": "hypoxia"}, "2026-04-21T10:50-04:00"))
    # The course says why she stays; without the checklist she does not leave.
    seen = clinic.sees("2026-04-21T12:20-04:00")
    assert seen["leaving"]["leaving"] == "stays"
    assert seen["next"]["text"].startswith("Leaving: stays.")
    refused(clinic.says("discharge", leaving, "2026-04-21T12:20-04:00"), "journey.against_checklist")
    ok(clinic.records("checklist.toml", "2026-04-21T12:25-04:00"))
    assert clinic.sees("2026-04-21T12:25-04:00")["leaving"]["leaving"] == "may leave"
    ok(clinic.says("discharge", leaving, "2026-04-21T12:30-04:00"))

    # Then the session's record is due at the programme, and the first follow-up is waited for.
    seen = clinic.sees("2026-04-22T09:00-04:00")
    assert [item["status"] for item in seen["stages"]] == ["done", "done", "waiting", "done", "done", "waiting"]
    assert "session.record" in seen["next"]["text"]

    # When a follow-up passes without a score, then it is overdue; when she answers, the trend is shown.
    late = clinic.sees("2026-04-29T10:00-04:00")
    assert "follow-up without a score" in [item["what"] for item in late["overdue"]]
    scale = {"scale": "epds", "answers_as": "score", "answers": {str(n): 1 for n in range(1, 10)} | {"10": 0}}
    ok(clinic.says("follow-up", {"scales": [scale]}, "2026-04-29T11:00-04:00"))
    ok(clinic.says("follow-up", {"scales": [scale]}, "2026-05-19T11:00-04:00"))
    seen = clinic.sees("2026-05-19T12:00-04:00")
    epds = next(item for item in seen["scores"] if item["scale"] == "epds")
    assert [point["total"] for point in epds["points"]] == [21, 9, 9]
    assert epds["change"] == -12
    assert clinic.stage("recovery", "2026-05-19T12:00-04:00") == "done"

    # And the past can be looked at as it was known then.
    assert clinic.sees("2026-04-14T09:25-04:00")["urgent"][0]["task"] == "2.1"
