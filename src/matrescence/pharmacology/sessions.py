"""Mood under ketamine sessions, on MADRS: a fast step that starts within hours, and a slow one that keeps it.

MADRS runs from 0 to 60 and is treated in its own units; nothing is converted to another scale.  On the logit scale

    ``z(t) = logit(baseline / 60) - placebo(t) - size * activity(t) + spread * eta``
    ``activity(t) = 1 - product over sessions of (1 - gain * kept(t - session))``
    ``kept(u) = (1 - exp(-u / onset)) * (share * exp(-u / slow) + (1 - share) * exp(-u / fast))``

As described in mice, circuits recover within hours and new spines keep the recovery for days (Moda-Sava et al., Science
2019;364:eaat8078; Phoumthipphavong et al. 2016, PMC4819286: spines raised for up to two weeks): most of one session's
gain fades fast, a share of it slowly.  Sessions accumulate without ever passing ``size``, and stopping lets it fade.
This is a description fitted to trials in treatment-resistant depression, not a measured mechanism.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from matrescence.pharmacology.response import to_latent, to_score

Array = Any

HIGHEST_MADRS: Final = 60.0
MADRS_REMISSION_AT_MOST: Final = 10.0
"""The project's choice among the cut-offs in use; the trials' own were not read."""
CONTROLS: Final[Mapping[str, int]] = MappingProxyType({"midazolam": 0, "saline": 1})


@dataclass(frozen=True, slots=True)
class SessionParameters:
    """The parameters of the equations, each a number or an array with one row per woman or draw.

    ``placebo_size`` is (..., 2) in logits, after midazolam and after saline; times in hours; ``gain`` and
    ``slow_share`` are shares; ``scatter`` is the residual of one visit.
    """

    size: Array
    gain: Array
    slow_share: Array
    onset_h: Array
    fast_h: Array
    slow_h: Array
    placebo_size: Array
    placebo_h: Array
    spread: Array
    scatter: Array
    baseline: Array


def activity(parameters: SessionParameters, *, sessions_at_h: Sequence[float], times_h: Array, xp: Any = np) -> Array:
    """How much of the greatest effect is there at ``times_h``, 0 to 1; parameters broadcast against the times."""
    times = xp.asarray(times_h)
    missing = xp.ones_like(times)
    for session_h in sessions_at_h:
        since = xp.maximum(times - session_h, 0.0)
        kept = -xp.expm1(-since / parameters.onset_h) * (
            parameters.slow_share * xp.exp(-since / parameters.slow_h)
            + (1.0 - parameters.slow_share) * xp.exp(-since / parameters.fast_h)
        )
        missing = missing * (1.0 - parameters.gain * kept)
    return 1.0 - missing


def madrs_latent(
    parameters: SessionParameters,
    *,
    baseline: Array,
    treatment: str,
    sessions_at_h: Sequence[float],
    times_h: Array,
    xp: Any = np,
) -> Array:
    """The latent course of the middle woman: ``treatment`` is ketamine, or midazolam or saline given as placebo.

    The ketamine arms of trials carry the placebo part of saline: what is left of midazolam's own effect is its own.

    Raises:
        ValueError: the treatment is none of the three.
    """
    if treatment != "ketamine" and treatment not in CONTROLS:
        raise ValueError(f"treatment {treatment!r} is not known; allowed: ketamine, {', '.join(CONTROLS)}")
    times = xp.asarray(times_h)
    size = parameters.placebo_size[..., CONTROLS.get(treatment, CONTROLS["saline"])]
    fall = size * -xp.expm1(-xp.maximum(times, 0.0) / parameters.placebo_h)
    if treatment == "ketamine":
        fall = fall + parameters.size * activity(parameters, sessions_at_h=sessions_at_h, times_h=times, xp=xp)
    return to_latent(baseline, xp=xp, highest=HIGHEST_MADRS) - fall


def madrs_course(
    parameters: SessionParameters,
    *,
    baseline: Array,
    treatment: str,
    sessions_at_h: Sequence[float],
    times_h: Array,
    eta: Array,
    residual: Array = 0.0,
    xp: Any = np,
) -> Array:
    """MADRS of each woman at ``times_h`` (T,), shape (women, T), always inside 0 to 60.

    ``baseline``, ``eta`` and the parameters are numbers or (women,); ``residual`` a number or (women, T) of standard
    normal numbers.  A woman's own ``eta`` sets in with the drug, so that at the start the score is her baseline.
    """
    rows = session_rows(parameters, xp=xp)
    times = xp.asarray(times_h)[None, :]
    latent = madrs_latent(
        rows,
        baseline=_column(baseline, "", xp),
        treatment=treatment,
        sessions_at_h=sessions_at_h,
        times_h=times,
        xp=xp,
    )
    own = rows.spread * _column(eta, "", xp) + rows.scatter * residual
    after = -xp.expm1(-xp.maximum(times, 0.0) / rows.onset_h)
    return to_score(latent + own * after, xp=xp, highest=HIGHEST_MADRS)


def madrs_place(
    parameters: SessionParameters, *, baseline: float, treatment: str, sessions_at_h: Sequence[float], times_h: Array
) -> tuple[Array, Array]:
    """Middle and standard deviation over women of the latent score that is written down, each (draws, times).

    Given one row of ``parameters`` the latent score at a visit is normal: her own place and the scatter of the visit.
    """
    rows, times = session_rows(parameters), np.asarray(times_h)[None, :]
    middle = madrs_latent(rows, baseline=baseline, treatment=treatment, sessions_at_h=sessions_at_h, times_h=times)
    after = -np.expm1(-np.maximum(times, 0.0) / rows.onset_h)
    return middle, np.sqrt(rows.spread**2 + rows.scatter**2) * after


def session_rows(parameters: SessionParameters, *, xp: Any = np) -> SessionParameters:
    """Every parameter as a column beside the times; the last axis of ``placebo_size`` stays last."""
    names = SessionParameters.__dataclass_fields__
    return SessionParameters(**{name: _column(getattr(parameters, name), name, xp) for name in names})


def _column(value: Array, name: str, xp: Any) -> Array:
    array = xp.asarray(value)
    own = 1 if name == "placebo_size" else 0
    if array.ndim == own:
        return array
    return array[..., None, :] if own else array[..., None]
