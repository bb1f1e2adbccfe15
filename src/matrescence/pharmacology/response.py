"""Mood over time, the placebo part and the drug part kept apart, on a scale that no forecast can leave.

HAM-D17 runs from 0 to 52.  A woman's score lives on the latent logit scale, where it may take any value:

    ``score(t) = 52 / (1 + exp(-z(t)))``
    ``z(t) = logit(baseline / 52) - placebo(t) - drug(t) + spread * grown(t) * eta``

``placebo(t) = size * grown(t)`` with ``grown(t) = 1 - exp(-(t / time)^shape)``, a Weibull course (the family of Gomeni
and Merlo-Pich, Br J Clin Pharmacol 2007;63:595-613); it is fast in an infusion suite and slow with tablets at home.
``drug(t) = size * (1 - exp(-t / onset)) * exp(-fading * (t - end)+)``: it adds to the placebo part, sets in with one
time constant for each class of drug, and fades after the last dose at a rate that depends on how severe the depression
was.  ``eta`` is the woman's own standard normal number.
Every function takes ``xp`` (NumPy or JAX's NumPy), so the model that is fitted is the model that forecasts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np

Array = Any
"""A number or an array of whatever array library ``xp`` is."""

HIGHEST_HAMD17: Final = 52.0
REMISSION_AT_MOST: Final = 7.0
SEVERE_FROM: Final = 26.0
"""The entry of the trials in severe PPD; below it, 20 to 25 was the moderate trial."""

ACTIVE: Final = ("brexanolone-60", "brexanolone-90", "zuranolone-50", "zuranolone-30", "ssri")
TREATMENTS: Final = ("placebo", *ACTIVE, "untreated")
SETTINGS: Final = ("infusion", "tablets", "untreated")
CLASSES: Final = ("brexanolone", "zuranolone", "ssri")


@dataclass(frozen=True, slots=True)
class Given:
    """What a treatment is to the equations: its place in ``drug_size``, its class, its setting, its last dose."""

    size_index: int | None
    class_index: int | None
    setting: str
    ends_at_h: float


GIVEN: Final[Mapping[str, Given]] = MappingProxyType(
    {
        "placebo": Given(None, None, "infusion", np.inf),
        "brexanolone-60": Given(0, 0, "infusion", 60.0),
        "brexanolone-90": Given(1, 0, "infusion", 60.0),
        "zuranolone-50": Given(2, 1, "tablets", 336.0),
        "zuranolone-30": Given(3, 1, "tablets", 336.0),
        "ssri": Given(4, 2, "tablets", np.inf),
        "untreated": Given(None, None, "untreated", np.inf),
    }
)


@dataclass(frozen=True, slots=True)
class MoodParameters:
    """The parameters of the equations: each a number, or an array with one row per woman or posterior draw.

    Sizes and spreads are in logits, times in hours, fading per hour.  ``drug_size`` is (..., 5) in the order of
    :data:`ACTIVE`, ``onset_h`` (..., 3) in the order of :data:`CLASSES`.
    """

    placebo_size: Array
    placebo_more_if_moderate: Array
    placebo_shape: Array
    placebo_infusion_h: Array
    placebo_tablets_h: Array
    untreated_size: Array
    untreated_h: Array
    drug_size: Array
    onset_h: Array
    fading_severe_per_h: Array
    fading_moderate_per_h: Array
    spread_infusion: Array
    spread_tablets: Array
    residual: Array
    trial_size_sd: Array
    trial_time_sd: Array
    trial_shape_sd: Array


def severe_from_baseline(baseline: Array) -> Array:
    """1 where a HAM-D17 is in the range of the trials in severe PPD (26 and more), else 0."""
    return (np.asarray(baseline) >= SEVERE_FROM).astype(np.float64)


def to_latent(score: Array, *, xp: Any = np, highest: float = HIGHEST_HAMD17) -> Array:
    """``logit(score / highest)``, with the ends of the scale moved in by half a point."""
    share = xp.clip(score, 0.5, highest - 0.5) / highest
    return xp.log(share) - xp.log1p(-share)


def to_score(latent: Array, *, xp: Any = np, highest: float = HIGHEST_HAMD17) -> Array:
    """``highest / (1 + exp(-latent))``: inside the scale for every latent value."""
    return highest * (0.5 + 0.5 * xp.tanh(0.5 * latent))


@dataclass(frozen=True, slots=True)
class TrialEffect:
    """How one trial differs from the typical one: its placebo size (logits), and the logarithms of time and shape."""

    size: Array = 0.0
    time: Array = 0.0
    shape: Array = 0.0


TYPICAL: Final = TrialEffect()


def grown(
    parameters: MoodParameters, *, setting: str, times_h: Array, trial: TrialEffect = TYPICAL, xp: Any = np
) -> Array:
    """The share of the placebo course that has passed at ``times_h``, 0 at the start and 1 in the end.

    Raises:
        ValueError: the setting is not one of :data:`SETTINGS`.
    """
    times = xp.maximum(xp.asarray(times_h), 0.0)
    if setting == "untreated":
        return -xp.expm1(-times / parameters.untreated_h)
    if setting not in SETTINGS:
        raise ValueError(f"setting {setting!r} is not known; allowed: {', '.join(SETTINGS)}")
    scale = parameters.placebo_infusion_h if setting == "infusion" else parameters.placebo_tablets_h
    ratio = times / (scale * xp.exp(trial.time))
    # A power of zero has no finite derivative in its exponent; the start is put in by hand.
    safe = xp.where(ratio > 0.0, ratio, 1.0)
    return xp.where(ratio > 0.0, -xp.expm1(-(safe ** (parameters.placebo_shape * xp.exp(trial.shape)))), 0.0)


def spread_of(parameters: MoodParameters, setting: str) -> Array:
    """The lasting differences between women, in logits: those within an infusion, or those at home over weeks."""
    return parameters.spread_infusion if setting == "infusion" else parameters.spread_tablets


def placebo_size(parameters: MoodParameters, *, setting: str, severe: Array, trial: TrialEffect = TYPICAL) -> Array:
    """How far the placebo (or untreated) course goes in the end, in logits."""
    if setting == "untreated":
        return parameters.untreated_size
    return parameters.placebo_size + (1.0 - severe) * parameters.placebo_more_if_moderate + trial.size


def drug_part(parameters: MoodParameters, *, treatment: str, severe: Array, times_h: Array, xp: Any = np) -> Array:
    """What the drug adds to the placebo course at ``times_h``, in logits; zero for placebo and no treatment.

    Raises:
        ValueError: the treatment is not one of :data:`TREATMENTS`.
    """
    given = given_as(treatment)
    times = xp.maximum(xp.asarray(times_h), 0.0)
    if given.size_index is None or given.class_index is None:
        return xp.zeros_like(times)
    fading = severe * parameters.fading_severe_per_h + (1.0 - severe) * parameters.fading_moderate_per_h
    size = parameters.drug_size[..., given.size_index]
    onset_h = parameters.onset_h[..., given.class_index]
    kept = 1.0
    if np.isfinite(given.ends_at_h):
        kept = xp.exp(-fading * xp.maximum(times - given.ends_at_h, 0.0))
    return size * -xp.expm1(-times / onset_h) * kept


def given_as(treatment: str) -> Given:
    """How a treatment enters the equations.

    Raises:
        ValueError: the treatment is not one of :data:`TREATMENTS`.
    """
    try:
        return GIVEN[treatment]
    except KeyError:
        raise ValueError(f"treatment {treatment!r} is not known; allowed: {', '.join(TREATMENTS)}") from None


def hamd17_latent(
    parameters: MoodParameters,
    *,
    baseline: Array,
    treatment: str,
    severe: Array,
    times_h: Array,
    eta: Array = 0.0,
    setting: str | None = None,
    trial: TrialEffect = TYPICAL,
    xp: Any = np,
) -> Array:
    """The latent course ``z(t)``; every argument broadcasts against ``times_h`` as it is.

    ``eta`` is the woman's standard normal number, positive for a woman who improves less; ``setting`` is that of the
    treatment when ``None``, so that placebo is placebo of an infusion unless said otherwise.
    """
    where = given_as(treatment).setting if setting is None else setting
    passed = grown(parameters, setting=where, times_h=times_h, trial=trial, xp=xp)
    size = placebo_size(parameters, setting=where, severe=severe, trial=trial)
    drug = drug_part(parameters, treatment=treatment, severe=severe, times_h=times_h, xp=xp)
    return to_latent(baseline, xp=xp) - size * passed - drug + spread_of(parameters, where) * passed * eta


def hamd17_course(
    parameters: MoodParameters,
    *,
    baseline: Array,
    treatment: str,
    severe: Array,
    times_h: Array,
    eta: Array,
    setting: str | None = None,
    trial: TrialEffect = TYPICAL,
    residual: Array = 0.0,
    xp: Any = np,
) -> Array:
    """HAM-D17 of each woman at ``times_h`` (T,), shape (women, T), always inside 0 to 52.

    ``baseline``, ``severe``, ``eta`` and the parts of ``trial`` are numbers or (women,), and so is every parameter;
    ``residual`` is a number or (women, T) of standard normal numbers: the scatter of one visit around her
    own course (zero draws the course without it).  At the start the course is the baseline itself.
    """
    rows = MoodParameters(**{name: _column(getattr(parameters, name), name, xp) for name in _FIELDS})
    latent = hamd17_latent(
        rows,
        baseline=_column(baseline, "", xp),
        treatment=treatment,
        severe=_column(severe, "", xp),
        times_h=xp.asarray(times_h)[None, :],
        eta=_column(eta, "", xp),
        setting=setting,
        trial=TrialEffect(*(_column(part, "", xp) for part in (trial.size, trial.time, trial.shape))),
        xp=xp,
    )
    after = xp.where(xp.asarray(times_h)[None, :] > 0.0, 1.0, 0.0)
    return to_score(latent + rows.residual * after * residual, xp=xp)


def is_response(score: Array, baseline: Array, *, xp: Any = np) -> Array:
    """A fall by at least half, of the whole-number score that a rater writes down."""
    return xp.round(score) <= xp.asarray(baseline) / 2.0


def is_remission(score: Array, *, xp: Any = np) -> Array:
    """A whole-number HAM-D17 of at most 7."""
    return xp.round(score) <= REMISSION_AT_MOST


_FIELDS: Final = tuple(MoodParameters.__dataclass_fields__)


def _column(value: Array, name: str, xp: Any) -> Array:
    """A value per woman as a column beside the times; the last axis of ``drug_size`` and ``onset_h`` stays last."""
    array = xp.asarray(value)
    own = 1 if name in ("drug_size", "onset_h") else 0
    if array.ndim == own:
        return array
    return array[..., None, :] if own else array[..., None]
