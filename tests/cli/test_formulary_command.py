"""``matrescence formulary``: list, show, check, calibrate."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from matrescence.cli.main import main
from matrescence.formulary import library


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["formulary", *arguments])
    return result.exit_code, result.output


def test_list_names_every_drug_with_its_status() -> None:
    status, output = run("list")
    assert status == 0
    for name in library.names():
        assert name in output
    assert "withdrawn" in output
    assert "2025-04-14" in output


def test_list_as_json_gives_the_regimens() -> None:
    status, output = run("list", "--json")
    drugs = {drug["name"]: drug for drug in json.loads(output)}
    assert status == 0
    assert drugs["ketamine"]["regimens"] == ["single", "series-of-six", "caesarean-prevention"]
    assert drugs["zuranolone"]["default_model"] is None


@pytest.mark.parametrize("name", library.names())
def test_show_cites_everything_and_lists_the_references(name: str) -> None:
    status, output = run("show", name)
    assert status == 0
    assert "References" in output
    assert library.load(name).availability.status.upper() in output


def test_show_as_json_holds_the_staircase() -> None:
    status, output = run("show", "brexanolone", "--json")
    stairs = json.loads(output)["regimens"]["label-90"]["staircase"]
    assert status == 0
    assert [stair["rate_ug_per_kg_h"] for stair in stairs] == [30, 60, 90, 60, 30]


def test_an_unknown_drug_gives_one_message_and_status_two() -> None:
    status, output = run("show", "brexanolon")
    assert status == 2
    assert "Did you mean 'brexanolone'" in output
    assert "Traceback" not in output


def test_check_is_silent_about_the_shipped_folders() -> None:
    status, output = run("check")
    assert status == 0
    assert "nothing to put right" in output


def test_check_tells_what_is_wrong_and_ends_with_status_one(tmp_path: Path) -> None:
    shutil.copytree(library.SHIPPED / "zuranolone", tmp_path / "zuranolone")
    file = tmp_path / "zuranolone" / "drug.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('unit = "L"', 'unit = "litre"'), encoding="utf-8")
    status, output = run("check", "--root", str(tmp_path))
    assert status == 1
    assert "volume_over_bioavailability" in output
    assert "litre" in output
    status, output = run("check", "--root", str(tmp_path), "--json")
    assert status == 1
    assert json.loads(output)["findings"][0]["file"] == str(file)


def test_calibrate_prints_targets_beside_fitted_values() -> None:
    status, output = run("calibrate", "brexanolone")
    assert status == 0
    assert "3736" in output
    assert "The same as models/calibrated_2026.toml." in output


def test_calibrate_writes_the_same_bytes_again(tmp_path: Path) -> None:
    shutil.copytree(library.SHIPPED / "brexanolone", tmp_path / "brexanolone")
    file = tmp_path / "brexanolone" / "models" / "calibrated_2026.toml"
    shipped = file.read_bytes()
    file.write_text(file.read_text(encoding="utf-8").replace("value = 1.085", "value = 1.2"), encoding="utf-8")
    status, output = run("calibrate", "brexanolone", "--write", "--root", str(tmp_path))
    assert (status, "Written" in output) == (0, True)
    assert file.read_bytes() == shipped


def test_calibrating_a_drug_without_targets_is_refused() -> None:
    status, output = run("calibrate", "sertraline")
    assert status == 2
    assert "nothing to calibrate" in output


@pytest.mark.parametrize("command", ["list", "check"])
def test_a_folder_without_any_drug_is_refused_and_not_found_sound(tmp_path: Path, command: str) -> None:
    for root in (tmp_path, tmp_path / "missing"):
        status, output = run(command, "--root", str(root))
        assert status == 2
        assert f"{root}: no drug is in here" in output
