"""The shipped posterior of the mood model: draws, provenance, and a refusal where the two do not belong together.

Loading needs NumPy only.  The provenance holds the fingerprint of the trials that were fitted; when a trial file has
been changed since, the draws are refused and the command that fits them again is named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matrescence.facts import Grade
from matrescence.outcomes.library import file_hashes, fingerprint, trials_of
from matrescence.pharmacology.response import ACTIVE, CLASSES, TREATMENTS, MoodParameters
from matrescence.pharmacology.sessions import CONTROLS, SessionParameters
from matrescence.reading import InputError, read_json

SHIPPED = Path(__file__).parent / "posterior"
FILES = {"HAM-D17": "hamd17", "MADRS": "madrs"}
PARAMETERS = tuple(MoodParameters.__dataclass_fields__)
SESSION_PARAMETERS = tuple(SessionParameters.__dataclass_fields__)

Floats = NDArray[np.float64]


class StalePosterior(InputError):  # noqa: N818 - it names what is wrong
    """The draws were fitted to other trial files than those that are here."""


@dataclass(frozen=True, slots=True)
class MoodPosterior:
    """Posterior draws of the HAM-D17 model.

    ``draws`` holds every parameter of :class:`~matrescence.pharmacology.response.MoodParameters` with the draws first:
    (draws,), (draws, 5) for ``drug_size``, (draws, 3) for ``onset_h``.  ``trial_size`` and ``trial_time`` are the
    deviations of the fitted trials, (draws, trials), in the order of ``trials``.
    """

    draws: Mapping[str, Floats]
    provenance: Mapping[str, Any]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of what was drawn."""
        return tuple(self.draws)

    @property
    def treatments(self) -> tuple[str, ...]:
        """The treatments that can be forecast."""
        return TREATMENTS

    @property
    def trials(self) -> tuple[str, ...]:
        """The trials that have deviations of their own."""
        return tuple(self.provenance["trial_effects"])

    @property
    def grade(self) -> Grade:
        """The grade of any forecast from it: calibrated here."""
        return "C"

    @property
    def size(self) -> int:
        """How many draws there are."""
        return int(self.draws["residual"].shape[0])

    def parameters(self, rows: NDArray[np.int64] | slice | int = slice(None)) -> MoodParameters:
        """The parameters of some draws, all of them if left out; every array keeps the draws first."""
        return MoodParameters(**{name: self.draws[name][rows] for name in PARAMETERS})

    def mean(self) -> MoodParameters:
        """The posterior mean of each parameter."""
        return MoodParameters(**{name: self.draws[name].mean(axis=0) for name in PARAMETERS})

    def to_arviz(self) -> Any:
        """The draws as ArviZ ``InferenceData`` of one chain, with named treatments, classes and trials.

        Raises:
            ImportError: ArviZ is not installed.
        """
        dims = {
            "drug_size": ["treatment"],
            "onset_h": ["class"],
            "trial_size": ["trial"],
            "trial_time": ["trial"],
        }
        coords = {"treatment": list(ACTIVE), "class": list(CLASSES), "trial": list(self.trials)}
        return _one_chain(self.draws, dims, coords)


@dataclass(frozen=True, slots=True)
class SessionPosterior:
    """Posterior draws of the MADRS model of ketamine sessions, fitted to treatment-resistant depression."""

    draws: Mapping[str, Floats]
    provenance: Mapping[str, Any]

    @property
    def grade(self) -> Grade:
        """The grade of any forecast from it: calibrated here, and to another population."""
        return "C"

    @property
    def size(self) -> int:
        """How many draws there are."""
        return int(self.draws["spread"].shape[0])

    def parameters(self, rows: NDArray[np.int64] | slice | int = slice(None)) -> SessionParameters:
        """The parameters of some draws, all of them if left out; every array keeps the draws first."""
        return SessionParameters(**{name: self.draws[name][rows] for name in SESSION_PARAMETERS})

    def mean(self) -> SessionParameters:
        """The posterior mean of each parameter."""
        return SessionParameters(**{name: self.draws[name].mean(axis=0) for name in SESSION_PARAMETERS})

    def to_arviz(self) -> Any:
        """The draws as ArviZ ``InferenceData`` of one chain, with named controls.

        Raises:
            ImportError: ArviZ is not installed.
        """
        return _one_chain(self.draws, {"placebo_size": ["control"]}, {"control": list(CONTROLS)})


def _one_chain(draws: Mapping[str, Floats], dims: Mapping[str, list[str]], coords: Mapping[str, list[str]]) -> Any:
    import arviz

    return arviz.from_dict(posterior={name: values[None] for name, values in draws.items()}, dims=dims, coords=coords)


def mood_posterior(*, root: Path | None = None, trials_root: Path | None = None) -> MoodPosterior:
    """Load the posterior of HAM-D17, once for the shipped one.

    Raises:
        StalePosterior: the trial files or the draws are not those of the provenance.
        InputError: a file is missing or broken.
    """
    if root is None and trials_root is None:
        return _shipped_mood()
    return MoodPosterior(*_load("HAM-D17", PARAMETERS, root or SHIPPED, trials_root))


def session_posterior(*, root: Path | None = None, trials_root: Path | None = None) -> SessionPosterior:
    """Load the posterior of the ketamine sessions on MADRS, once for the shipped one.

    Raises:
        StalePosterior: the trial files or the draws are not those of the provenance.
        InputError: a file is missing or broken.
    """
    if root is None and trials_root is None:
        return _shipped_sessions()
    return SessionPosterior(*_load("MADRS", SESSION_PARAMETERS, root or SHIPPED, trials_root))


@cache
def _shipped_mood() -> MoodPosterior:
    return MoodPosterior(*_load("HAM-D17", PARAMETERS, SHIPPED, None))


@cache
def _shipped_sessions() -> SessionPosterior:
    return SessionPosterior(*_load("MADRS", SESSION_PARAMETERS, SHIPPED, None))


def _load(
    scale: str, parameters: tuple[str, ...], root: Path, trials_root: Path | None
) -> tuple[dict[str, Floats], Mapping[str, Any]]:
    provenance = read_json(root / f"{FILES[scale]}.json")
    file = root / f"{FILES[scale]}.npz"
    if not file.exists():
        raise InputError(f"{file}: there is no such file; {_AGAIN}.")
    _refuse_stale(provenance, file, scale, trials_root)
    with np.load(file, allow_pickle=False) as stored:
        draws = {name: np.asarray(stored[name], dtype=np.float64) for name in stored.files}
    missing = [name for name in parameters if name not in draws]
    if missing:
        raise StalePosterior(f"{file}: holds no {', '.join(missing)}; {_AGAIN}.")
    return draws, provenance


def _refuse_stale(provenance: Mapping[str, Any], file: Path, scale: str, trials_root: Path | None) -> None:
    # Files that are the same to the last byte need not be parsed; others may still say the same.
    if provenance.get("trial_files") != file_hashes(root=trials_root):
        told, found = provenance.get("trials_sha256", ""), fingerprint(trials_of(scale, root=trials_root))
        if told != found:
            raise StalePosterior(
                f"{file}: was fitted to other trial files than those that are here (fingerprint {told[:12]}..., now "
                f"{found[:12]}...); {_AGAIN}, or put the trial files back."
            )
    if provenance.get("draws_sha256") != hashlib.sha256(file.read_bytes()).hexdigest():
        raise StalePosterior(f"{file}: is not the file its provenance describes; {_AGAIN}.")


_AGAIN = "make it with `matrescence trials fit --write --on DATE`"
