"""``matrescence trials run`` and ``matrescence trials power`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from matrescence.cli.main import main

EXAMPLE = str(Path(__file__).parents[2] / "examples" / "designs" / "ketamine_six_vs_midazolam_ppd.toml")


def trials(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["trials", *arguments])


def test_json_holds_the_distribution_beside_what_was_published() -> None:
    done = trials("run", "caesarean-654", "--replicates", "20", "--workers", "1", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["trial"], told["replicates"], told["seed"]) == ("caesarean-654", 20, 1)
    ratio = next(row for row in told["quantities"] if row["key"] == "risk-ratio/ketamine-control@1008")
    assert ratio["published"]["value"] == pytest.approx(42 / 64)
    assert ratio["p05"] <= ratio["p50"] <= ratio["p95"]


def test_the_same_seed_gives_the_same_text_and_another_does_not() -> None:
    one, two, other = (
        trials("run", "mothers-364", "--replicates", "15", "--workers", "1", "--seed", seed, "--json").stdout
        for seed in ("3", "3", "4")
    )
    assert one == two != other


def test_out_writes_report_page_picture_and_replicates(tmp_path: Path) -> None:
    done = trials("run", "repeated-41", "--replicates", "20", "--workers", "1", "--out", str(tmp_path / "run"))
    assert done.exit_code == 0, done.output
    files = {path.name for path in (tmp_path / "run").iterdir()}
    assert files == {"trial.json", "trial.html", "trial.svg", "replicates.csv"}
    page = (tmp_path / "run" / "trial.html").read_text(encoding="utf-8")
    assert "Not for" in page
    assert "published" in page
    assert len((tmp_path / "run" / "replicates.csv").read_text().splitlines()) == 21


def test_the_terminal_says_what_the_trial_is_not_for() -> None:
    done = trials("run", "repeated-41", "--replicates", "20", "--workers", "1")
    assert done.exit_code == 0, done.output
    assert "Not for" in done.stdout
    assert "power of" in done.stdout


def test_power_answers_with_a_number_and_says_that_the_effect_is_borrowed() -> None:
    done = trials("power", EXAMPLE, "--target", "0.8", "--replicates", "60", "--workers", "1", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["needed"]["people"] == sum(told["needed"]["arms"].values())
    assert told["needed"]["percent"] >= 80.0
    assert any("treatment-resistant depression" in line for line in told["plain"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "202D"), "Did you mean '202"),
        (("run", "skylrk"), "Did you mean 'skylark'"),
        (("run", "caesarean-654", "--replicates", "0"), "--replicates 0"),
        (("run", "caesarean-654", "--workers", "0"), "--workers 0"),
        (("run", "caesarean-654", "--seed", "-1"), "--seed -1"),
        (("run", "nothing.toml"), "there is no such file"),
        (("run", "caesarean-654", "--replicates", "2", "--workers", "1", "--out", ""), "--out"),
        (("power", EXAMPLE, "--target", "1.5"), "--target 1.5"),
        (("power", EXAMPLE, "--target", "0.8", "--replicates", "0"), "--replicates 0"),
    ],
)
def test_a_mistake_is_one_message_and_status_2(arguments: tuple[str, ...], said: str) -> None:
    done = trials(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stdout == ""


def test_a_design_with_a_wrong_field_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(Path(EXAMPLE).read_text(encoding="utf-8").replace("n = 40", "n = -4", 1), encoding="utf-8")
    done = trials("power", str(path))
    assert done.exit_code == 2
    assert "n = -4" in done.stderr
    assert "mine.toml" in done.stderr
