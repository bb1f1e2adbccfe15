"""The shipped posteriors: light to load, refused when they do not belong to the trial files, readable by ArviZ."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from matrescence.outcomes import library, posterior
from matrescence.outcomes.posterior import StalePosterior, mood_posterior, session_posterior
from matrescence.pharmacology.response import ACTIVE, TREATMENTS
from matrescence.reading import InputError


@pytest.fixture
def copied(tmp_path: Path) -> tuple[Path, Path]:
    shutil.copytree(posterior.SHIPPED, tmp_path / "posterior")
    shutil.copytree(library.SHIPPED, tmp_path / "trials")
    return tmp_path / "posterior", tmp_path / "trials"


def test_the_shipped_posterior_has_about_a_thousand_finite_draws_of_everything() -> None:
    found = mood_posterior()
    assert 900 <= found.size <= 1100
    assert found.treatments == TREATMENTS
    assert set(posterior.PARAMETERS) <= set(found.names)
    assert all(np.isfinite(values).all() for values in found.draws.values())
    assert found.parameters(3).drug_size.shape == (len(ACTIVE),)
    assert found.parameters().onset_h.shape == (found.size, 3)
    assert found.grade == "C"


@pytest.mark.parametrize("load", [mood_posterior, session_posterior])
def test_the_chains_behind_it_passed(load: object) -> None:
    told = load().provenance["diagnostics"]  # type: ignore[operator]
    assert told["r_hat"] < 1.01
    assert told["effective"] > 400
    assert told["divergences"] == 0


def test_it_is_refused_when_a_trial_file_says_something_else(copied: tuple[Path, Path]) -> None:
    root, trials = copied
    file = trials / "brexanolone-202b.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("-19.54", "-21.54"), encoding="utf-8")
    with pytest.raises(StalePosterior, match=r"was fitted to other trial files.*matrescence trials fit --write"):
        mood_posterior(root=root, trials_root=trials)


def test_it_is_accepted_when_a_trial_file_only_looks_different(copied: tuple[Path, Path]) -> None:
    root, trials = copied
    file = trials / "brexanolone-202b.toml"
    file.write_text("# read again\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert mood_posterior(root=root, trials_root=trials).size == mood_posterior().size


def test_it_is_refused_when_the_draws_are_not_those_of_the_provenance(copied: tuple[Path, Path]) -> None:
    root, trials = copied
    with np.load(root / "hamd17.npz") as stored:
        draws = {name: stored[name] * 1.01 for name in stored.files}
    np.savez(root / "hamd17.npz", **draws)
    with pytest.raises(StalePosterior, match="is not the file its provenance describes"):
        mood_posterior(root=root, trials_root=trials)


def test_missing_draws_are_named_with_the_command_that_makes_them(copied: tuple[Path, Path]) -> None:
    root, trials = copied
    (root / "madrs.npz").unlink()
    with pytest.raises(InputError, match="there is no such file; make it with"):
        session_posterior(root=root, trials_root=trials)


def test_loading_needs_neither_jax_nor_numpyro_nor_scipy() -> None:
    script = (
        "import sys\n"
        "from matrescence.outcomes.posterior import mood_posterior, session_posterior\n"
        "mood_posterior(), session_posterior()\n"
        "print(sorted({'jax', 'numpyro', 'scipy', 'arviz'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_the_provenance_names_trials_seed_versions_and_date() -> None:
    told = json.loads((posterior.SHIPPED / "hamd17.json").read_text(encoding="utf-8"))
    assert told["trials_sha256"] == library.fingerprint(library.trials_of("HAM-D17"))
    assert told["settings"]["seed"] >= 0
    assert set(told["versions"]) == {"matrescence", "numpyro", "jax", "numpy"}
    assert len(told["fitted_on"]) == len("2026-03-07")


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_arviz_reads_the_draws_with_named_treatments() -> None:
    pytest.importorskip("arviz")
    data = mood_posterior().to_arviz()
    assert data.posterior["drug_size"].sel(treatment="brexanolone-60").shape == (1, mood_posterior().size)
    assert "brexanolone-202b" in data.posterior["trial"].values


def test_arviz_reads_the_draws_of_the_sessions_too() -> None:
    pytest.importorskip("arviz")
    data = session_posterior().to_arviz()
    assert list(data.posterior["control"].values) == ["midazolam", "saline"]
    assert data.posterior["gain"].shape[0] == 1
