"""The course of Julia, with a plan that asks for two people: from the command line to the start."""

from __future__ import annotations

import json
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from matrescence.cli.main import main

JULIA = Path(__file__).parents[2] / "examples" / "courses" / "julia"
NURSE, DOCTOR = "N. Silva, RN (invented)", "Dr A. Moreau (invented)"
BEFORE, START = "2026-04-21T09:40-04:00", "2026-04-21T10:00-04:00"


def run(*args: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["course", *map(str, args)], input=stdin)


def told(file: Path, at: str = BEFORE) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("show", file, "--at", at, "--json").stdout)
    return found


def confirm(file: Path, what: str, by: str) -> Result:
    digest = next(item["digest"] for item in told(file)["confirmations"] if item["what"] == what)
    record = {"kind": "confirmation", "payload": {"what": what, "digest": digest}, "by": by, "id": f"{what} {by}"}
    return run("add", file, "-", "--at", BEFORE, stdin=json.dumps(record))


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Her course up to the last paper before the start; the plan asks for two people."""
    monkeypatch.chdir(JULIA)
    file = tmp_path / "julia.jsonl"
    plan = tomllib.loads((JULIA / "plan.toml").read_text(encoding="utf-8"))
    plan["payload"]["two_person"] = True
    (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    for line in (JULIA / "steps.txt").read_text(encoding="utf-8").splitlines():
        if "start.json" in line:
            break
        if not line.startswith("#"):
            with_two = line.replace("plan.toml", str(tmp_path / "plan.json"))
            done = run(*[str(file) if word == "FILE" else word for word in shlex.split(with_two)])
            assert done.exit_code == 0, done.output
    return file


@pytest.mark.rule("journey.two_person_plan", "journey.two_person_pump")
def test_a_start_is_refused_until_two_people_have_confirmed_both(opened: Path) -> None:
    refused = run("add", opened, "start.json", "--at", START)
    assert refused.exit_code == 2
    assert "journey.two_person_plan" in refused.stderr and "journey.two_person_pump" in refused.stderr
    for what in ("dose-plan", "pump-programme"):
        for by in (NURSE, DOCTOR):
            assert confirm(opened, what, by).exit_code == 0
    assert [item["missing"] for item in told(opened)["confirmations"]] == [0, 0]
    assert run("add", opened, "start.json", "--at", START).exit_code == 0


def test_the_page_says_who_has_confirmed_and_by_which_digest(opened: Path) -> None:
    confirm(opened, "dose-plan", NURSE)
    page = run("show", opened, "--at", BEFORE).stdout
    assert "Next   A second person confirms the dose plan" in page
    assert f"dose-plan: {NURSE}; 1 missing" in page and "pump-programme: nobody yet; 2 missing" in page
    assert all(f"digest {item['digest']}" in page for item in told(opened)["confirmations"])


def test_what_is_confirmed_after_the_plan_has_changed_is_refused(opened: Path) -> None:
    digest = told(opened)["confirmations"][0]["digest"]
    heavier = {"kind": "mother-changed", "payload": {"weight_kg": 67}}
    assert run("add", opened, "-", "--at", BEFORE, stdin=json.dumps(heavier)).exit_code == 0
    late = {"kind": "confirmation", "payload": {"what": "dose-plan", "digest": digest}, "by": NURSE}
    refused = run("add", opened, "-", "--at", BEFORE, stdin=json.dumps(late))
    assert refused.exit_code == 2
    assert "was changed since it was shown" in refused.stderr
