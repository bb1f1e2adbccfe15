"""``matrescence course``: every mistake is told and changes nothing; the page is calm, and urgent comes first."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from matrescence.cli.main import main

EXAMPLES = Path(__file__).parents[2] / "examples" / "courses"
JULIA = EXAMPLES / "julia"
BEGAN, LATER = "2026-04-14T09:00-04:00", "2026-04-14T10:00-04:00"


def run(*args: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["course", *map(str, args)], input=stdin)


def added(log: Path, kind: str, payload: object, *more: str, at: str = LATER, **head: object) -> Result:
    return run("add", log, "-", "--at", at, *more, stdin=json.dumps({"kind": kind, "payload": payload, **head}))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    file = tmp_path / "julia.jsonl"
    done = run("new", file, "--mother", JULIA / "mother.toml", "--drug", "ketamine", "--at", BEGAN)
    assert done.exit_code == 0, done.output
    return file


def answered(log: Path) -> Path:
    done = run(
        "add", log, "--kind", "assessment", "--from", JULIA / "first-answers.toml", "--at", "2026-04-14T09:20-04:00"
    )
    assert done.exit_code == 0, done.output
    return log


def refused(done: Result, *words: str) -> None:
    assert done.exit_code == 2, done.output
    assert "Traceback" not in done.output
    for word in words:
        assert word in done.stderr


# ---- examples ------------------------------------------------------------------------------------------------


def test_the_committed_course_is_what_its_steps_write_today(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(JULIA)
    file = tmp_path / "julia.jsonl"
    for line in (JULIA / "steps.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            done = run(*[str(file) if word == "FILE" else word for word in shlex.split(line)])
            assert done.exit_code == 0, f"{line}\n{done.output}"
    assert file.read_bytes() == (EXAMPLES / "julia.jsonl").read_bytes()
    content = file.read_bytes()
    assert (EXAMPLES / "urgent.jsonl").read_bytes() == b"".join(content.splitlines(keepends=True)[:2])
    assert content.startswith((EXAMPLES / "torn-last-line.jsonl").read_bytes())


def test_the_page_shows_urgent_first_then_next_then_one_line_a_stage() -> None:
    page = run("SHOW", EXAMPLES / "urgent.jsonl", "--at", LATER).stdout
    lines = page.splitlines()
    assert lines[0] == "URGENT 2.1  this visit: before she leaves"
    assert page.index("988") < page.index("Next   ") < page.index("  Assessment  ✕ blocked")
    assert page.index("It is not a crisis line") < page.index("Julia (invented)")
    stages = [
        line
        for line in lines
        if line[:2] == "  "
        and line[2:14].strip() in {"Assessment", "Eligibility", "Enrolment", "Infusion", "Lactation", "Recovery"}
    ]
    assert len(stages) == 6
    assert max(map(len, lines[:-1])) <= 100


def test_the_page_of_a_running_infusion_shows_alarms_what_is_overdue_and_the_next_check() -> None:
    page = run("show", EXAMPLES / "julia.jsonl", "--at", "2026-04-21T10:19:30-04:00").stdout
    assert "Next   Stop not confirmed (hypoxia): stop the pump and confirm it." in page
    assert page.index("high    Stop not confirmed") < page.index("Next check:") < page.index("Overdue")
    assert "Never resumed: hypoxia" in page
    assert "medium  Overdue" not in page


def test_the_page_at_the_end_shows_the_trend() -> None:
    page = run("show", EXAMPLES / "julia.jsonl", "--at", "2026-04-28T11:00-04:00").stdout
    assert "EPDS       21 (14 Apr) → 12 (28 Apr); down 9 (no response, reliably better)" in page
    overdue = run("show", EXAMPLES / "julia.jsonl", "--at", "2026-05-20T11:00-04:00").stdout
    assert "follow-up without a score [journey.follow_up]" in overdue


def test_when_every_stage_is_done_nothing_waits(tmp_path: Path) -> None:
    file = tmp_path / "julia.jsonl"
    file.write_bytes((EXAMPLES / "julia.jsonl").read_bytes())
    late = "2026-05-19T10:20-04:00"
    done = run(
        "add", file, "--kind", "follow-up", "--from", JULIA / "one-week-later.toml", "--happened", late, "--at", late
    )
    assert done.exit_code == 0, done.output
    page = run("show", file, "--at", "2026-05-19T11:00-04:00").stdout
    assert "Next   Nothing waits." in page and page.count("✓ done") == 6


def test_a_log_of_many_open_points_is_cut_on_the_page_and_whole_in_json(log: Path) -> None:
    page = run("show", log, "--at", LATER).stdout
    assert "· not begun" in page
    added(log, "eligibility-facts", {})
    page = run("show", log, "--at", LATER).stdout
    assert "more (--json shows all)" in page
    told = json.loads(run("show", log, "--at", LATER, "--json").stdout)
    assert len(told["stages"][1]["reasons"]) > 6


def test_a_forged_start_is_shown_above_everything(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who can write files can forge a whole chain; the view asks the gate again and says so."""
    from matrescence.actions.course_log import append, read_course

    real = [json.loads(line) for line in (EXAMPLES / "julia.jsonl").read_text(encoding="utf-8").splitlines()]
    for record in real[1:12]:
        if record["payload"].get("records", [{}])[0].get("id") != "r07":
            kept = {key: value for key, value in record.items() if key not in {"position", "previous", "hash"}}
            append(read_course(log), kept)
    page = run("show", log, "--at", "2026-04-21T10:05-04:00").stdout
    assert page.startswith("WRONG  a start that the rules would have refused")


def test_a_torn_last_line_is_told_and_kept_aside(tmp_path: Path) -> None:
    file = tmp_path / "torn.jsonl"
    file.write_bytes((EXAMPLES / "torn-last-line.jsonl").read_bytes())
    torn = file.read_bytes().splitlines()[-1]
    shown = run("show", file, "--at", "2026-04-21T10:30-04:00")
    assert shown.exit_code == 0 and "line 14: torn" in shown.stderr
    assert json.loads(run("show", file, "--at", LATER, "--json").stdout)["log"]["torn"]["line"] == 14
    done = run("add", file, JULIA / "low-saturation.json", "--at", "2026-04-21T10:19-04:00")
    assert done.exit_code == 0 and "torn.jsonl.torn-1" in done.stderr
    assert file.with_name("torn.jsonl.torn-1").read_bytes() == torn
    assert "torn" not in run("show", file, "--at", "2026-04-21T10:30-04:00").stderr


# ---- the record ----------------------------------------------------------------------------------------------


def test_a_kind_or_a_requirement_that_is_no_text_is_refused(log: Path) -> None:
    refused(added(log, {}, {}), "kind = {}")  # type: ignore[arg-type]
    session = {"mother": "Julia (invented)", "setting": "here", "session": "1"}
    row = {"id": "r", "requirement": ["a"], "at": LATER, "by": "x", "about": {}}
    refused(added(log, "enrolment", {"session": session, "records": [row]}), "requirement")


def test_the_same_record_sent_again_is_already_recorded_and_writes_nothing(log: Path) -> None:
    answered(log)
    before = log.read_bytes()
    again = run("add", log, "--kind", "assessment", "--from", JULIA / "first-answers.toml", "--at", LATER)
    assert again.exit_code == 0 and "Already recorded as 2 (assessment)" in again.stdout
    begun = run("new", log, "--mother", JULIA / "mother.toml", "--drug", "ketamine", "--at", LATER)
    assert begun.exit_code == 0 and "Already recorded as 1" in begun.stdout
    assert json.loads(run("add", log, JULIA / "plan.toml", "--at", LATER, "--json").stdout)["already_recorded"] is False
    assert log.read_bytes().startswith(before)


def test_an_answer_given_again_another_day_is_another_record(log: Path) -> None:
    answered(log)
    done = run(
        "add", log, "--kind", "assessment", "--from", JULIA / "first-answers.toml", "--happened", LATER, "--at", LATER
    )
    assert "Recorded as 3" in done.stdout


def test_an_id_never_names_two_records(log: Path) -> None:
    first = added(log, "feeding-choice", {"follows": "none"}, id="f")
    assert first.exit_code == 0
    refused(added(log, "feeding-choice", {"follows": "LactMed"}, id="f"), "already names record 2")
    moved = added(log, "feeding-choice", {"follows": "none"}, id="f", happened_at="2026-04-14T08:00-04:00")
    refused(moved, "already names record 2")
    assert "Already recorded" in added(log, "feeding-choice", {"follows": "none"}, id="f", happened_at=LATER).stdout


def test_a_file_that_holds_another_course_is_not_begun_again(log: Path) -> None:
    refused(run("new", log, "--mother", JULIA / "mother.toml", "--drug", "brexanolone"), "already holds a course")


def test_who_she_is_and_her_facts_are_told_bit_by_bit_and_corrected(log: Path) -> None:
    assert added(log, "mother-changed", {"weight_kg": 70}).exit_code == 0
    assert added(log, "mother-changed", {"feeding": "formula"}).exit_code == 0
    told = json.loads(run("show", log, "--at", LATER, "--json").stdout)
    assert next(s for s in told["stages"] if s["stage"] == "lactation")["status"] == "done"
    wrong = {"of": 3, "why": "misheard", "payload": {"feeding": "breast"}}
    assert added(log, "correction", wrong).exit_code == 0
    told = json.loads(run("show", log, "--at", LATER, "--json").stdout)
    assert next(s for s in told["stages"] if s["stage"] == "lactation")["status"] == "not begun"
    refused(added(log, "correction", {**wrong, "of": 4}), "no record there can be corrected")
    refused(added(log, "correction", {**wrong, "of": 40}), "no record there can be corrected")
    refused(added(log, "mother-recorded", {"mother": {}}), "mother-changed")


def test_a_correction_of_an_assessment_does_not_close_what_is_urgent(log: Path) -> None:
    import tomllib

    right = tomllib.loads((JULIA / "first-answers.toml").read_text(encoding="utf-8"))
    right["scales"][0]["answers"]["10"] = 0
    done = added(answered(log), "correction", {"of": 2, "why": "ticked the wrong box", "payload": right})
    assert done.exit_code == 0, done.output
    told = json.loads(run("show", log, "--at", LATER, "--json").stdout)
    assert [task["task"] for task in told["urgent"]] == ["2.1"]
    assert told["scores"][0]["points"][0]["total"] == 20


def test_an_attempt_that_did_not_reach_her_is_counted_and_stays_open(log: Path) -> None:
    tried = {"tasks": ["2.1"], "outcome": "not-reached", "done": "rang twice"}
    assert added(answered(log), "urgent-disposition", tried, by="nurse").exit_code == 0
    page = run("show", log, "--at", LATER).stdout
    assert page.startswith("URGENT 2.1") and "Tried 1 time without reaching her." in page


def test_papers_are_taken_back_by_a_revocation(log: Path) -> None:
    done = run("add", log, "--kind", "enrolment", "--from", JULIA / "enrolment.toml", "--at", "2026-04-15T11:00-04:00")
    assert done.exit_code == 0, done.output
    back = {"id": "v1", "revokes": "r01", "at": "2026-04-16T09:00-04:00", "by": "Dr A. Moreau", "reason": "old version"}
    done = added(log, "enrolment", {"revocations": [back]}, at="2026-04-16T10:00-04:00")
    assert done.exit_code == 0, done.output
    told = json.loads(run("show", log, "--at", "2026-04-16T11:00-04:00", "--json").stdout)
    enrolment = next(s for s in told["stages"] if s["stage"] == "enrolment")
    assert enrolment["status"] == "blocked" and "enrolment.revoked" in {r["rule"] for r in enrolment["reasons"]}
    unknown = {**back, "id": "v2", "revokes": "r99"}
    refused(added(log, "enrolment", {"revocations": [unknown]}, at="2026-04-16T12:00-04:00"), "no record 'r99'")


def test_dates_of_a_form_come_back_as_dates(tmp_path: Path) -> None:
    """The forms of the historical programme ask for dates; JSON has none."""
    root, file = EXAMPLES.parent, tmp_path / "ana.jsonl"
    run(
        "new",
        file,
        "--mother",
        root / "mothers" / "ana.toml",
        "--drug",
        "brexanolone",
        "--at",
        "2026-03-07T07:00-05:00",
    )
    done = run(
        "add", file, "--kind", "enrolment", "--from", root / "enrolment" / "zulresso_research.toml",
        "--at", "2026-03-07T07:45-05:00",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    told = json.loads(run("show", file, "--at", "2026-03-07T08:00-05:00", "--json").stdout)
    assert next(s for s in told["stages"] if s["stage"] == "enrolment")["status"] == "done"


def test_a_date_that_is_none_leaves_the_form_incomplete(tmp_path: Path) -> None:
    root, file = EXAMPLES.parent, tmp_path / "ana.jsonl"
    ana, at = root / "mothers" / "ana.toml", "2026-03-07T07:45-05:00"
    run("new", file, "--mother", ana, "--drug", "brexanolone", "--at", at)
    papers = (root / "enrolment" / "zulresso_research.toml").read_text(encoding="utf-8")
    papers = papers.replace("1997-04-02", "'in spring'").replace('about = "A', 'payload.about = "A')
    papers = papers.replace("[session]", "[payload.session]").replace("[[records]]", "[[payload.records]]")
    done = run("add", file, "-", "--at", at, stdin=f"kind = 'enrolment'\n{papers}")
    assert done.exit_code == 0, done.output
    told = json.loads(run("show", file, "--at", "2026-03-07T08:00-05:00", "--json").stdout)
    enrolment = next(s for s in told["stages"] if s["stage"] == "enrolment")
    assert enrolment["status"] == "blocked"
    assert "date_of_birth" in " ".join(reason["text"] for reason in enrolment["reasons"])


# ---- the infusion --------------------------------------------------------------------------------------------


def test_events_of_an_infusion_are_never_written_directly(log: Path) -> None:
    started = json.loads((EXAMPLES / "julia.jsonl").read_text(encoding="utf-8").splitlines()[10])["payload"]["events"][
        0
    ]
    before = log.read_bytes()
    refused(run("add", log, "-", stdin=json.dumps(started)), "journey.events")
    refused(added(log, "infusion", {"command": "tick", "events": [started]}, by="x"), "journey.events")
    refused(added(log, "infusion", started, by="x"), "journey.events")
    refused(added(log, "discharge", {"left_with": "a", "events": [started]}, by="x"), "journey.events")
    refused(added(log, "StartAuthorised", {}), "journey.events")
    assert log.read_bytes() == before


@pytest.mark.parametrize(
    ("payload", "complaint"),
    [
        ({"command": "begin"}, "command = 'begin' is not known"),
        ({"command": "strat"}, "Did you mean 'start'?"),
        ({}, "command = None is not known"),
        ({"command": "confirm-rate"}, "rate_ug_per_kg_h"),
        ({"command": "confirm-rate", "rate_ug_per_kg_h": "fast"}, "wrong type"),
        ({"command": "start", "gate": "open"}, "nothing else"),
        ({"command": "observe", "reading": {"reading": "smell"}}, "reading"),
        ({"command": "observe", "reading": {"reading": "oximetry"}}, "spo2_percent"),
        ({"command": "observe", "reading": 97}, "reading"),
        ({"command": "discharge"}, "is not known"),
    ],
)
def test_a_command_that_cannot_be_read_says_what_is_allowed(log: Path, payload: dict[str, Any], complaint: str) -> None:
    refused(added(log, "infusion", payload, by="nurse"), complaint)


def test_a_step_at_the_bedside_names_who_takes_it(log: Path) -> None:
    refused(added(log, "infusion", {"command": "open"}), "journey.named")
    refused(added(log, "infusion", {"command": "open"}, "--by", " "), 'by = " " cannot be used')


def test_a_step_that_changes_nothing_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "j.jsonl"
    file.write_bytes(b"".join((EXAMPLES / "julia.jsonl").read_bytes().splitlines(keepends=True)[:12]))
    before = file.read_bytes()
    done = added(file, "infusion", {"command": "tick"}, at="2026-04-21T10:02-04:00", by="clock")
    assert "Nothing to record" in done.stdout and file.read_bytes() == before


# ---- mistakes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "payload", "complaint"),
    [
        ("assesment", {}, "Did you mean 'assessment'?"),
        ("assessment", {}, "mother"),
        ("follow-up", {}, "scales is missing"),
        ("urgent-disposition", {"tasks": []}, "tasks"),
        ("eligibility-decision", {"go_on": "yes", "why": "x"}, "true or false"),
        ("plan-chosen", {"regimen": "single", "limits": [{"measure": "smell", "finding": "x"}]}, "measure"),
        ("plan-chosen", {"regimen": "thrice"}, "no regimen 'thrice'"),
        ("feeding-choice", {"follows": "a neighbour"}, "Nobody called 'a neighbour'"),
        ("discharge", {"left_with": "x", "follow_ups": ["soon"]}, "UTC offset"),
        ("consultation", {"consent": "perhaps"}, "consent"),
        ("eligibility-facts", {"systolic_mmhg": 5000}, "systolic_mmhg"),
        ("enrolment", {"records": [{"id": "r1"}]}, "requirement is missing"),
        ("enrolment", {"records": [1]}, "records"),
        ("enrolment", {"session": {}, "records": []}, "mother is missing"),
        ("mother-changed", {"weight_kg": 5}, "weight_kg"),
        ("correction", {"of": 1}, "payload is missing"),
    ],
)
def test_a_record_that_cannot_be_used_says_why_and_writes_nothing(
    log: Path, kind: str, payload: dict[str, Any], complaint: str
) -> None:
    before = log.read_bytes()
    refused(added(log, kind, payload, by="nurse"), complaint)
    assert log.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "kind is missing"),
        ("{", "broken JSON"),
        ("= 1", "neither a JSON object nor TOML"),
        ('{"kind": "consultation", "payload": [], "colour": 1}', "'colour' is not a field here"),
        ('{"kind": "consultation", "payload": {}, "happened_at": "yesterday"}', "happened_at"),
        ('kind = "consultation"\npayload = { consent = 2026-01-01, hopes = 07:30:00 }', "cannot be recorded"),
        ('kind = "consultation"\npayload = { consent = nan }', "not a number"),
    ],
)
def test_a_text_that_is_no_record_is_told(log: Path, text: str, complaint: str) -> None:
    refused(run("add", log, "-", stdin=text), complaint)


def test_time_never_runs_backwards_in_the_log(log: Path) -> None:
    refused(added(log, "consultation", {"consent": True}, at="2026-04-14T08:00-04:00"), "journey.time")
    refused(added(log, "consultation", {"consent": True}, happened_at="2026-04-14T11:00-04:00"), "journey.time")
    refused(run("show", log, "--at", "2026-04-13T09:00-04:00"), "before the course began")
    refused(run("show", log, "--at", "noon"), "UTC offset")


def test_where_things_are_missing_is_told(tmp_path: Path, log: Path) -> None:
    refused(run("show", tmp_path / "none.jsonl"), "no such file")
    refused(added(tmp_path / "none.jsonl", "consultation", {}), "no such file")
    assert not (tmp_path / "none.jsonl.lock").exists()
    refused(run("add", log, tmp_path / "none.toml"), "no such file")
    refused(run("add", log), "give a RECORD")
    refused(run("add", log, "-", "--kind", "consultation", stdin="{}"), "give a RECORD")
    refused(run("new", tmp_path / "a" / "b.jsonl", "--mother", JULIA / "mother.toml", "--drug", "ketamine"), "lock")
    refused(run("new", tmp_path / "b.jsonl", "--mother", JULIA / "mother.toml", "--drug", "ketamin"), "ketamine")
    refused(run("shwo", log), "Did you mean 'show'?")
    assert run("--help").exit_code == 0


def test_a_file_that_is_no_course_is_told(tmp_path: Path) -> None:
    from matrescence.actions.course_log import as_line

    empty = tmp_path / "empty.jsonl"
    empty.write_bytes(b"")
    refused(run("show", empty), "no complete record")
    head = {"shape": 1, "id": "a", "happened_at": BEGAN, "recorded_at": BEGAN, "by": "x", "payload": {}}
    empty.write_text(as_line({"kind": "discharge", **head}, position=1, previous="0" * 64) + "\n", encoding="utf-8")
    refused(run("show", empty), "line 1: a course begins with mother-recorded")
    refused(run("show", EXAMPLES.parent / "infusions" / "hypoxia.jsonl"), "line 1: not a record")


def test_a_recorded_event_that_cannot_be_read_is_an_error_that_names_its_line(log: Path) -> None:
    from matrescence.actions.course_log import append, read_course

    head = {"kind": "infusion", "shape": 1, "id": "a", "happened_at": BEGAN, "recorded_at": BEGAN, "by": "x"}
    append(read_course(log), {**head, "payload": {"command": "open", "events": [{"kind": "Exploded"}]}})
    refused(run("show", log), "line 2: events:")


def test_now_is_the_time_where_none_is_given(tmp_path: Path) -> None:
    file = tmp_path / "c.jsonl"
    assert run("new", file, "--mother", JULIA / "mother.toml", "--drug", "zuranolone").exit_code == 0
    page = run("show", file).stdout
    assert "taken by mouth: there is no infusion" in page
