"""Fit the mood model to the trial files by NUTS, and publish the draws with their provenance.

NUTS: Hoffman MD, Gelman A, J Mach Learn Res 2014;15:1593-1623.  NumPyro: Phan D, Pradhan N, Jankowiak M,
arXiv:1912.11554.  Chains run side by side on one processor; the same seed and versions give the same draws.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matrescence import __version__
from matrescence.outcomes.library import file_hashes, fingerprint
from matrescence.outcomes.posterior import FILES, PARAMETERS, SESSION_PARAMETERS
from matrescence.outcomes.trial import Trial
from matrescence.trials.diagnostics import Diagnostics, diagnose, refuse_bad_fit

Floats = NDArray[np.float64]

KEPT = {
    "HAM-D17": (*PARAMETERS, "trial_size", "trial_time", "trial_shape", "unknown_baseline"),
    "MADRS": SESSION_PARAMETERS,
}
SHIPPED_DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Settings:
    """How the chains are run."""

    seed: int = 4
    chains: int = 4
    warmup: int = 800
    draws: int = 1000
    target_accept: float = 0.96


@dataclass(frozen=True, slots=True)
class Fit:
    """Draws by name, each (chains, draws, ...), with the trials they belong to and the chains' diagnostics."""

    draws: Mapping[str, Floats]
    scale: str
    trial_effects: tuple[str, ...]
    diagnostics: Diagnostics
    settings: Settings

    def thinned(self, count: int = SHIPPED_DRAWS) -> dict[str, Floats]:
        """About ``count`` draws, evenly from all chains."""
        step = max(1, self.settings.chains * self.settings.draws // count)
        return {name: values[:, ::step].reshape(-1, *values.shape[2:]) for name, values in self.draws.items()}


def fit(trials: Sequence[Trial], settings: Settings, *, scale: str = "HAM-D17", progress: bool = False) -> Fit:
    """Fit the model of one scale to the trials' rows whose use is ``fit``; ``progress`` shows a bar.

    Raises:
        ImportError: NumPyro is not installed (the extra ``mood``).
    """
    import jax
    from numpyro.infer import MCMC, NUTS

    model, data, effects = _problem(trials, scale)
    with jax.enable_x64(True):
        chains = MCMC(
            NUTS(model, target_accept_prob=settings.target_accept),
            num_warmup=settings.warmup,
            num_samples=settings.draws,
            num_chains=settings.chains,
            chain_method="vectorized",
            progress_bar=progress,
        )
        chains.run(jax.random.PRNGKey(settings.seed), data, extra_fields=("diverging",))
        found = chains.get_samples(group_by_chain=True)
        draws = {name: np.asarray(found[name], dtype=np.float64) for name in KEPT[scale]}
        diverged = int(np.asarray(chains.get_extra_fields()["diverging"]).sum())
    return Fit(draws, scale, effects, diagnose(draws, divergences=diverged), settings)


def _problem(trials: Sequence[Trial], scale: str) -> tuple[Any, Any, tuple[str, ...]]:
    if scale == "MADRS":
        from matrescence.trials.session_model import session_model

        return session_model, tuple(trials), ()
    from matrescence.trials.mood_likelihood import data_of
    from matrescence.trials.mood_model import mood_model

    data = data_of(trials)
    return mood_model, data, data.trial_effects


def published(found: Fit, trials: Sequence[Trial], *, fitted_on: date) -> dict[str, bytes]:
    """The two files of a posterior: thinned draws in single precision, and where they come from.

    Raises:
        BadFit: the chains cannot be trusted.
    """
    refuse_bad_fit(found.diagnostics)
    buffer = io.BytesIO()
    thinned = found.thinned()
    np.savez_compressed(buffer, **{name: values.astype(np.float32) for name, values in thinned.items()})
    draws = buffer.getvalue()
    told = provenance(found, trials, fitted_on=fitted_on)
    told["draws"], told["draws_sha256"] = len(next(iter(thinned.values()))), hashlib.sha256(draws).hexdigest()
    text = json.dumps(told, indent=2, ensure_ascii=False) + "\n"
    name = FILES[found.scale]
    return {f"{name}.npz": draws, f"{name}.json": text.encode()}


def provenance(found: Fit, trials: Sequence[Trial], *, fitted_on: date) -> dict[str, Any]:
    """Trials and their fingerprint, settings, diagnostics, versions, date, and the posterior means at full size."""
    import jax
    import numpyro

    means = {name: np.asarray(values.mean(axis=(0, 1))).tolist() for name, values in found.draws.items()}
    errors = {name: _monte_carlo_error(values) for name, values in found.draws.items()}
    return {
        "scale": found.scale,
        "grade": "C",
        "fitted_on": fitted_on.isoformat(),
        "trials": [trial.name for trial in trials],
        "sources": _sources(trials),
        "trial_effects": list(found.trial_effects),
        "trials_sha256": fingerprint(trials),
        "trial_files": file_hashes(),
        "settings": asdict(found.settings),
        "diagnostics": found.diagnostics.as_dict(),
        "versions": {
            "matrescence": __version__,
            "numpyro": numpyro.__version__,
            "jax": jax.__version__,
            "numpy": np.__version__,
        },
        "mean": means,
        "monte_carlo_error": errors,
    }


def apart(found: Fit, shipped: Mapping[str, Any]) -> dict[str, Floats]:
    """How far each posterior mean lies from a shipped one, in Monte Carlo errors of both together.

    ``shipped`` is the provenance of a posterior; two fits of the same model differ by chance, so 3 and more is rare.
    """
    told = {}
    for name, values in found.draws.items():
        error = np.hypot(_monte_carlo_error(values), shipped["monte_carlo_error"][name])
        told[name] = np.abs(values.mean(axis=(0, 1)) - np.asarray(shipped["mean"][name])) / error
    return told


def _sources(trials: Sequence[Trial]) -> list[str]:
    """The keys of every paper whose numbers were fitted."""
    rows = (row for trial in trials for arm in trial.arms for row in arm.results if row.use == "fit")
    return sorted({row.source for row in rows})


def _monte_carlo_error(values: Floats) -> Any:
    """Posterior standard deviation over the root of the effective sample size."""
    from numpyro.diagnostics import effective_sample_size

    return (values.std(axis=(0, 1)) / np.sqrt(np.asarray(effective_sample_size(values)))).tolist()


def write(files: Mapping[str, bytes], root: Path) -> tuple[Path, ...]:
    """Write the files of a posterior together.

    Raises:
        InputError: the directory cannot be written; nothing is then changed.
    """
    from matrescence.writing import write_files

    return write_files(root, files)
