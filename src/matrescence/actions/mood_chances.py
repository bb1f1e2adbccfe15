"""How many of 100 women who start at one score respond, and how far they fall, by the posterior of all trials.

For one posterior row, and one deviation of her place from the trials', the latent score at a visit is normal over
women, so chances are normal distribution functions and mean scores Gauss-Hermite sums.  What is left between rows is
what is not known; its 5th and 95th percentile are the ends that are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matrescence.outcomes.posterior import MoodPosterior, mood_posterior
from matrescence.pharmacology.mood_fit import Given, chance_at_most, mood_women, place_of
from matrescence.pharmacology.response import REMISSION_AT_MOST, given_as, severe_from_baseline, to_score
from matrescence.reading import InputError

Floats = NDArray[np.float64]

ROWS = 2000
_SEED = 20_260_101
_POINTS, _RAW = np.polynomial.hermite_e.hermegauss(12)
_WEIGHTS = _RAW / _RAW.sum()


@dataclass(frozen=True, slots=True)
class Share:
    """A middle value with the 5th and 95th percentile over what is not known."""

    value: float
    low: float
    high: float

    def as_dict(self) -> dict[str, float]:
        """The three numbers by name."""
        return {"value": self.value, "low": self.low, "high": self.high}


@dataclass(frozen=True, slots=True)
class Chance:
    """At one hour: mean fall in points, and percent of women who respond or remit, with the drug and with placebo."""

    at_h: float
    fall: Share
    fall_placebo: Share
    response: Share
    response_placebo: Share
    remission: Share
    remission_placebo: Share


def posterior_or_reason() -> tuple[MoodPosterior | None, str]:
    """The shipped posterior, or in words why there is none."""
    try:
        return mood_posterior(), ""
    except InputError as error:
        return None, f"Unknown: the posterior of the trials cannot be used ({error})"


def chances(
    posterior: MoodPosterior, *, treatment: str, baseline: float, times_h: Sequence[float]
) -> tuple[Chance, ...]:
    """What is expected of women who start at ``baseline``, at each hour, beside placebo given in the same setting."""
    setting = given_as(treatment).setting
    severe = float(severe_from_baseline(baseline))
    times = np.asarray(times_h, dtype=float)
    both = [
        _of(posterior, Given(baseline, name, severe, setting), times)
        for name in (treatment, "untreated" if setting == "untreated" else "placebo")
    ]
    rows = zip(times.tolist(), *(_shares(found) for found in both), strict=True)
    return tuple(
        Chance(at_h, drug[0], placebo[0], drug[1], placebo[1], drug[2], placebo[2]) for at_h, drug, placebo in rows
    )


def _of(posterior: MoodPosterior, given: Given, times: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean fall, percent response, percent remission: (rows, times) each."""
    women = mood_women(posterior.parameters(), given, women=ROWS, seed=_SEED)
    middle, spread = place_of(women, times, seed=_SEED)
    scores = to_score(middle[..., None] + spread[..., None] * _POINTS)
    response = chance_at_most(middle, spread, given.baseline / 2.0)
    remission = chance_at_most(middle, spread, REMISSION_AT_MOST)
    return given.baseline - scores @ _WEIGHTS, 100.0 * response, 100.0 * remission


def _shares(found: tuple[Floats, Floats, Floats]) -> list[tuple[Share, Share, Share]]:
    ends = [np.percentile(values, (5.0, 95.0), axis=0) for values in found]
    return [
        tuple(  # type: ignore[misc]
            Share(float(values[:, at].mean()), float(end[0, at]), float(end[1, at]))
            for values, end in zip(found, ends, strict=True)
        )
        for at in range(found[0].shape[1])
    ]
