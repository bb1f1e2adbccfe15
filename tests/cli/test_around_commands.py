"""``hormone``, ``prevalence`` and the two trial tables on the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from matrescence.cli.main import main
from matrescence.cli.trials_prevention import command as prevention
from matrescence.cli.trials_relapse import command as relapse


def run(*arguments: str, command: click.Command = main) -> tuple[int, str]:
    result = CliRunner().invoke(command, list(arguments), env={"COLUMNS": "160"})
    return result.exit_code, result.output


def test_prevalence_says_how_many_and_for_which_year() -> None:
    status, output = run("prevalence", "Vermont", "--births", "5000", "--uptake", "5")
    assert status == 0
    assert "435 mothers a year" in output and "2021" in output
    assert "withdrew the US approval" in output


def test_prevalence_in_json_is_the_whole_answer() -> None:
    status, output = run("prevalence", "--births", "10000", "--json")
    told = json.loads(output)
    assert status == 0
    assert {"used", "mothers", "screening", "service", "references", "plain"} <= set(told)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("prevalence", "--births", "0"), "give the live births"),
        (("prevalence", "--births", "10", "--group", "age19"), "Did you mean 'age-19'"),
        (("prevalence", "--births", "10", "--occupancy", "0"), "--occupancy 0"),
        (("hormone", "--out", " "), "name a directory"),
    ],
)
def test_what_cannot_be_used_gives_one_message_and_status_two(arguments: tuple[str, ...], message: str) -> None:
    status, output = run(*arguments)
    assert status == 2
    assert message in output and "Traceback" not in output


def test_hormone_shows_levels_assays_and_what_is_unknown(tmp_path: Path) -> None:
    status, output = run("hormone", "--women", "50", "--out", str(tmp_path / "pages"))
    assert status == 0
    for words in ("RIA", "54.6", "What is unknown", "Nothing here is a rule for a dose"):
        assert words in output
    assert sorted(file.name for file in (tmp_path / "pages").iterdir()) == [
        "hormone.html",
        "hormone.json",
        "hormone.svg",
    ]


def test_the_trial_tables_run_and_write_their_pages(tmp_path: Path) -> None:
    for command, name, words in ((prevention, "prevention", "Hung 2024"), (relapse, "relapse", "SUSTAIN-1")):
        status, output = run("--out", str(tmp_path), command=command)
        assert status == 0 and words in output
        assert (tmp_path / f"{name}.svg").read_text(encoding="utf-8").startswith("<svg")
        told = json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8"))
        assert told == json.loads(run("--json", command=command)[1])


def test_the_pool_can_be_asked_for_in_other_ways() -> None:
    told = json.loads(
        run("--window", "week-1", "--measure", "odds-ratio", "--between", "dl", "--json", command=prevention)[1]
    )
    assert (told["window"], told["measure"], told["between"]) == ("week 1", "odds ratio", "DerSimonian-Laird")


def test_asking_for_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from matrescence.cli.main import main;"
        "assert all(CliRunner().invoke(main, [name, '--help']).exit_code == 0 for name in ('hormone', 'prevalence'));"
        "print([m for m in ('numpy', 'scipy', 'xarray', 'jax', 'rich', 'jinja2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
