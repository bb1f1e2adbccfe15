"""``matrescence evidence``: a table, JSON, and a status that a build can read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from matrescence.cli.main import main
from matrescence.formulary import library
from matrescence.formulary.published import published


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["evidence", *arguments], env={"COLUMNS": "160"})
    return result.exit_code, result.output


def test_all_drugs_are_run_and_every_must_row_is_in() -> None:
    status, output = run()
    assert status == 0
    for name in library.names():
        assert name in output
    must = [row for name in library.names() for row in published(name) if row.expect == "must"]
    assert f"must: {len(must)} of {len(must)} in." in output


def test_json_holds_published_predicted_and_verdict() -> None:
    status, output = run("zuranolone", "--json")
    rows = json.loads(output)
    assert status == 0
    assert {"published", "predicted", "verdict", "accept_low", "accept_high", "source", "grade"} <= set(rows[0])
    assert rows[0]["published"] == rows[0]["predicted"] == 700


def test_what_was_fitted_is_marked() -> None:
    _, output = run("brexanolone")
    assert "†" in output
    assert "no more" in output


def test_two_runs_print_the_same() -> None:
    assert run("sertraline", "--json") == run("sertraline", "--json")


def test_an_unknown_drug_gives_status_two() -> None:
    status, output = run("sertralin")
    assert status == 2
    assert "Did you mean 'sertraline'" in output


def test_a_must_row_that_is_out_gives_status_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(library.SHIPPED / "zuranolone", tmp_path / "zuranolone")
    file = tmp_path / "zuranolone" / "published.toml"
    text = file.read_text(encoding="utf-8").replace("accept = [700, 700]", "accept = [600, 650]")
    file.write_text(text.replace("value = 700", "value = 620"), encoding="utf-8")
    monkeypatch.setattr(library, "SHIPPED", tmp_path)
    library._load_shipped.cache_clear()
    try:
        status, output = run("zuranolone")
    finally:
        library._load_shipped.cache_clear()
    assert status == 1
    assert "out: zuranolone course-total" in output


def test_asking_for_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from matrescence.cli.main import main;"
        "assert CliRunner().invoke(main, ['evidence', '--help']).exit_code == 0;"
        "print([m for m in ('numpy', 'scipy', 'xarray', 'jax', 'numba', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("seed", ["-1", str(2**63)])
def test_a_seed_out_of_range_is_refused(seed: str) -> None:
    status, output = run("zuranolone", "--seed", seed)
    assert status == 2
    assert f"seed = {seed} cannot be used; allowed: a whole number from 0 to" in output
