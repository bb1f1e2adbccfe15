"""Adding a drug is adding one folder: a copy under a new name loads, checks, is listed, simulates and is planned."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from matrescence.actions.evidence import check_evidence
from matrescence.cli.formulary import command
from matrescence.formulary import library
from matrescence.formulary.checks import check
from matrescence.pharmacology import cohort
from matrescence.pharmacology.regimen import RateStep, Regimen
from matrescence.pharmacology.simulate import simulate


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(library.SHIPPED / "brexanolone", tmp_path / "ganaxolone")
    return tmp_path


def test_it_loads_under_its_new_name(root: Path) -> None:
    drug = library.load("ganaxolone", root=root)
    assert drug.name == "ganaxolone"
    assert {model.drug for model in drug.models.values()} == {"ganaxolone"}


def test_it_checks_clean(root: Path) -> None:
    assert check(root) == ()


def test_it_is_listed_and_shown(root: Path) -> None:
    listed = CliRunner().invoke(command, ["list", "--root", str(root)])
    shown = CliRunner().invoke(command, ["show", "ganaxolone", "--root", str(root)])
    assert (listed.exit_code, shown.exit_code) == (0, 0)
    assert "ganaxolone" in listed.output
    assert "Excessive sedation" in shown.output


def test_it_simulates(root: Path) -> None:
    drug = library.load("ganaxolone", root=root)
    model = drug.models[drug.default_model or ""]
    woman = cohort.typical(model, covariates={"weight_kg": 70.0})
    steady = simulate(model, woman, Regimen(steps=(RateStep(0, 500, 60.0),), per_kg=True), [500.0]).values["plasma"]
    # rate over clearance: the closed form of a steady state
    assert np.isclose(steady[0, 0], 60.0 / model.typical["cl"].known, rtol=1e-6)


def test_its_published_rows_are_run(root: Path) -> None:
    rows = check_evidence(["ganaxolone"], root=root)
    assert len(rows) > 30
    assert not any(row.fails for row in rows)
