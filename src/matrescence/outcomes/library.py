"""Which trials there are, and one of them: a file in ``trials/`` is a trial.

The content of the trials has a fingerprint: a hash of what they say, not of how the files are laid out, so that a
comment may be added and a number may not be changed unnoticed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path

from matrescence.outcomes.read_trial import read_trial
from matrescence.outcomes.trial import Trial
from matrescence.reading import InputError, nearest

SHIPPED = Path(__file__).parent / "trials"
REFERENCES = Path(__file__).parent / "references.bib"


class UnknownTrial(InputError):  # noqa: N818 - it names what was asked for
    """No trial of this name is known; the message offers the nearest."""


def trial_names(*, root: Path | None = None) -> tuple[str, ...]:
    """The trials in alphabetical order."""
    return tuple(sorted(path.stem for path in (root or SHIPPED).glob("*.toml")))


def load_trial(name: str, *, root: Path | None = None) -> Trial:
    """One trial by name, read once for the shipped ones.

    Raises:
        UnknownTrial: there is no such trial.
        InputError: its file cannot be used.
    """
    known = trial_names(root=root)
    if name not in known:
        raise UnknownTrial(f"there is no trial {name!r}.{nearest(name, known)} Known: {', '.join(known)}.")
    return _load_shipped(name) if root is None else read_trial(root / f"{name}.toml")


def trials_of(scale: str, *, root: Path | None = None) -> tuple[Trial, ...]:
    """Every trial whose scale is ``scale`` (``HAM-D17`` or ``MADRS``)."""
    every = (load_trial(name, root=root) for name in trial_names(root=root))
    return tuple(trial for trial in every if trial.scale == scale)


def fingerprint(trials: Sequence[Trial]) -> str:
    """SHA-256 over the canonical content of trials: keys sorted, numbers as JSON writes them, trials by name."""
    content = [asdict(trial) for trial in sorted(trials, key=lambda trial: trial.name)]
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def file_hashes(*, root: Path | None = None) -> dict[str, str]:
    """SHA-256 of every trial file as it lies there: a quick way to see that nothing at all has changed."""
    folder = root or SHIPPED
    return {name: hashlib.sha256((folder / f"{name}.toml").read_bytes()).hexdigest() for name in trial_names(root=root)}


@cache
def _load_shipped(name: str) -> Trial:
    return read_trial(SHIPPED / f"{name}.toml")
