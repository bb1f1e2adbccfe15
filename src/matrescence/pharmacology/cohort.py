"""Draw virtual mothers, reproducibly.

Every random number belongs to (seed, woman, draw): cutting a cohort into chunks, or drawing some women only, gives the
same women.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matrescence.pharmacology.model import Model, Spread
from matrescence.pharmacology.philox import Stream, standard_normals
from matrescence.pharmacology.population import log_normal_factors, typical_parameters


@dataclass(frozen=True, slots=True)
class Cohort:
    """Virtual women: ``parameters`` and ``covariates`` hold one array (women,) per name.

    ``first_woman`` is the index of the first of them in the seed's endless list of women.
    """

    women: int
    seed: int
    weight_kg: NDArray[np.float64]
    parameters: dict[str, NDArray[np.float64]]
    covariates: dict[str, NDArray[np.float64]]
    first_woman: int = 0


def draw(
    model: Model,
    *,
    covariates: Mapping[str, ArrayLike],
    women: int,
    seed: int,
    uncertainty: bool = True,
    between_women: bool = True,
    first_woman: int = 0,
) -> Cohort:
    """Draw women ``first_woman`` to ``first_woman + women - 1`` of a seed.

    A covariate is one number for all, or an array (women,).  Both kinds of spread can be switched off; with both off
    every woman is the typical one.  Parameter uncertainty is drawn anew for each woman, so the band over the cohort
    holds both what differs between women and what is not known about them.

    Raises:
        ValueError: ``weight_kg`` is missing, a covariate is not finite or has the wrong length, ``women`` is below 1,
            or the model lacks something (see :mod:`population`).
    """
    if women < 1:
        raise ValueError(f"a cohort needs at least one woman, not {women}")
    known = {name: _one_per_woman(name, value, women) for name, value in covariates.items()}
    if "weight_kg" not in known or not (known["weight_kg"] > 0.0).all():
        raise ValueError("a cohort needs the covariate 'weight_kg', above zero")
    parameters = typical_parameters(model, known)
    indices = np.arange(first_woman, first_woman + women, dtype=np.int64)
    wanted = (
        (between_women, model.between_women, Stream.BETWEEN_WOMEN),
        (uncertainty, model.uncertainty, Stream.UNCERTAINTY),
    )
    for switched_on, spread, stream in wanted:
        if switched_on and spread.names:
            _vary(
                parameters, spread, standard_normals(seed=seed, women=indices, draws=len(spread.names), stream=stream)
            )
    return Cohort(women, seed, known["weight_kg"], parameters, known, first_woman)


def typical(model: Model, *, covariates: Mapping[str, ArrayLike]) -> Cohort:
    """One woman with the typical value of every parameter (errors as in :func:`draw`)."""
    return draw(model, covariates=covariates, women=1, seed=0, uncertainty=False, between_women=False)


def _vary(parameters: dict[str, NDArray[np.float64]], spread: Spread, normals: NDArray[np.float64]) -> None:
    for name, change in log_normal_factors(spread, normals).items():
        if name not in parameters:
            raise ValueError(f"a spread is given for {name!r}, which is not a parameter: {', '.join(parameters)}")
        parameters[name] = parameters[name] * change


def _one_per_woman(name: str, value: ArrayLike, women: int) -> NDArray[np.float64]:
    array = np.asarray(value, dtype=float)
    if array.ndim > 1 or (array.ndim == 1 and array.size not in {1, women}) or not np.isfinite(array).all():
        raise ValueError(f"covariate {name!r} must be one finite number, or one for each of {women} women")
    return np.broadcast_to(array, (women,)).copy()
