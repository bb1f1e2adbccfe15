from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from matrescence.cli.main import main

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
ANA = EXAMPLES / "mothers" / "ana.toml"
BREX = ("--drug", "brexanolone", "--women", "50")


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["lactation", *map(str, words)])


def as_json(*words: str | Path) -> dict[str, Any]:
    found = run(*words, "--json")
    assert found.exit_code == 0, found.output
    document: dict[str, Any] = json.loads(found.stdout)
    return document


def again(document: dict[str, Any], who: str) -> str | None:
    return next(row["feed_again_at"] for row in document["lactation"] if row["who"] == who)


def test_sources_stand_side_by_side_with_times_across_the_change_of_the_clocks() -> None:
    document = as_json(ANA, *BREX)
    assert again(document, "Milk study (population model)") == "2026-03-11T09:00:00-04:00"
    assert again(document, "LactMed") == "2026-03-07T08:00:00-05:00"
    assert again(document, "US label") is None
    assert document["course"]["happened"] == "as planned"
    assert {row["key"] for row in document["references"]} >= {"lactmed_brexanolone", "project-decision"}


def test_the_forecast_agrees_with_the_plan_of_the_same_seed() -> None:
    planned = CliRunner().invoke(main, ["plan", str(ANA), *BREX, "--json"])
    below = json.loads(planned.stdout)["forecast"]["milk_below_level_after_end_h"]
    threshold = as_json(ANA, *BREX)["threshold"]
    assert (threshold["half_h"], threshold["most_h"]) == (below["p50"], below["p95"])


def test_a_pause_lowers_the_dose_and_a_stop_moves_the_times() -> None:
    paused = as_json(ANA, *BREX, "--pause", "30-32")
    assert paused["course"]["total_dose_mg"] == pytest.approx(294.0 - 2 * 90 * 70 / 1000)
    stopped = as_json(ANA, *BREX, "--pause", "10-11", "--stopped-at", "31.5")
    assert again(stopped, "Milk study (population model)") == "2026-03-10T04:30:00-04:00"
    changed = {row["who"]: row["changed"] for row in stopped["lactation"]}
    assert changed == {
        "LactMed": False,
        "US label": False,
        "Milk study (population model)": True,
        "Phase 3 trials": True,
        "This program's forecast": False,
    }
    assert stopped["threshold"]["most_h"] != paused["threshold"]["most_h"]


def test_a_log_tells_start_and_pause(tmp_path: Path) -> None:
    log = EXAMPLES / "infusions" / "sedation-stop-and-resume.jsonl"
    document = as_json(ANA, *BREX, "--log", log)
    assert document["course"]["happened"] == "paused"
    assert document["start"].startswith("2026-03-03T08:00")


def test_files_are_written_and_named(tmp_path: Path) -> None:
    found = run(ANA, *BREX, "--out", tmp_path / "out")
    assert found.exit_code == 0, found.output
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"lactation.json", "lactation.html", "lactation.ics"}
    assert "wrote" in found.stdout
    assert "Beside this" in found.stdout
    assert json.loads((tmp_path / "out" / "lactation.json").read_text("utf-8")) == as_json(ANA, *BREX)


@pytest.mark.parametrize("path", sorted((EXAMPLES / "lactation").glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_says_that_it_is_invented_and_runs_as_it_says(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert "invented" in lines[0]
    command = next(line for line in lines if "matrescence lactation" in line).lstrip("# ").split()
    found = CliRunner().invoke(main, [str(ROOT / word) if "/" in word else word for word in command[1:]])
    assert found.exit_code == 0, found.output
    assert "(invented)" in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--pause", "30"), "write two hours from the start, such as 30-32"),
        (("--pause", "a-b"), "write two hours from the start"),
        (("--pause", "70-80"), "within the course, 0 to 60 h"),
        (("--stopped-at", "90"), "its start and end excluded"),
        (("--regimen", "label"), "has no regimen 'label'"),
        (("--log", "nobody.jsonl"), "there is no such file"),
        (("--log", "x.jsonl", "--pause", "1-2"), "leave out --pause"),
        (("--women", "0"), "0 is not in the range"),
    ],
)
def test_bad_input_is_one_message_and_status_2(words: tuple[str, ...], message: str) -> None:
    found = run(ANA, "--drug", "brexanolone", *words)
    assert found.exit_code == 2
    assert found.stdout == ""
    assert message in found.stderr


def test_the_log_of_another_drug_is_refused() -> None:
    found = run(ANA, *BREX, "--log", EXAMPLES / "infusions" / "ketamine-session.jsonl")
    assert found.exit_code == 2
    assert "this is the log of ketamine" in found.stderr


def test_a_log_that_does_not_fit_the_regimen_is_refused() -> None:
    log = EXAMPLES / "infusions" / "ketamine-session.jsonl"
    mother = EXAMPLES / "lactation" / "iris_six_sessions.toml"
    found = run(mother, "--drug", "ketamine", "--regimen", "series-of-six", "--log", log)
    assert found.exit_code == 2
    assert "one session by pump" in found.stderr


def test_the_log_of_a_course_tells_its_newest_infusion(tmp_path: Path) -> None:
    courses = EXAMPLES / "courses"
    document = as_json(courses / "julia" / "mother.toml", "--drug", "ketamine", "--log", courses / "julia.jsonl")
    assert document["course"]["happened"] == "stopped early"
    assert document["start"].startswith("2026-04-21T10:01")
    other = run(ANA, "--drug", "ketamine", "--log", courses / "julia.jsonl")
    assert other.exit_code == 2 and "this course is about 'Julia (invented)'" in other.stderr
    none = run(courses / "julia" / "mother.toml", "--drug", "ketamine", "--log", courses / "urgent.jsonl")
    assert none.exit_code == 2 and "holds no infusion yet" in none.stderr


def test_a_log_in_which_nothing_has_run_is_refused(tmp_path: Path) -> None:
    lines = (EXAMPLES / "infusions" / "sedation-stop-and-resume.jsonl").read_text("utf-8").splitlines(keepends=True)
    log = tmp_path / "opened.jsonl"
    log.write_text(lines[0], "utf-8")
    found = run(ANA, *BREX, "--log", log)
    assert found.exit_code == 2
    assert "no confirmed rate" in found.stderr
