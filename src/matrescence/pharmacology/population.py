"""How a parameter of one woman comes about: typical value, covariates, spread between women, parameter uncertainty.

    ``parameter_i = typical * covariate factors * exp(eta_i) * exp(u_i)``,

``eta_i ~ N(0, between_women)`` for who she is and ``u_i ~ N(0, uncertainty)`` for how well the typical value is known.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from matrescence.pharmacology.covariates import factor
from matrescence.pharmacology.model import Model, Spread

_ROUNDING = 1e-12


def typical_parameters(model: Model, covariates: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    """Typical values of all parameters for these covariates, each (women,).

    Raises:
        ValueError: a typical value is unknown, a covariate the model needs is missing, or it names a parameter the
            model does not have.
    """
    women = np.broadcast_shapes(*(value.shape for value in covariates.values()))
    values = {name: np.full(women, _known(model, name)) for name in model.typical}
    for effect in model.covariates:
        if effect.parameter not in values:
            raise ValueError(f"{model.name}: a covariate changes {effect.parameter!r}, which is not a parameter")
        if effect.covariate not in covariates:
            raise ValueError(
                f"{model.name} needs the covariate {effect.covariate!r}; given: {', '.join(covariates) or 'none'}"
            )
        change = factor(effect.form, covariates[effect.covariate], effect.coefficients)
        values[effect.parameter] = values[effect.parameter] * change
    return values


def log_normal_factors(spread: Spread, normals: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """``exp(L z)`` with ``L L' = covariance``: one factor (women,) for each name of the spread.

    ``normals`` is (names, women), standard normal.
    """
    logs = lower_triangle(spread) @ normals
    return dict(zip(spread.names, np.exp(logs), strict=True))


def lower_triangle(spread: Spread) -> NDArray[np.float64]:
    """Cholesky factor of the covariance; a variance of zero is allowed (that parameter does not vary).

    Raises:
        ValueError: the matrix has the wrong shape, is not symmetric, or is no covariance (a negative pivot).
    """
    size = len(spread.names)
    rows_fit = len(spread.covariance) == size and all(len(row) == size for row in spread.covariance)
    covariance = np.array(spread.covariance if rows_fit else [], dtype=float)
    scale = float(np.abs(covariance).max(initial=0.0))
    if not (rows_fit and np.allclose(covariance, covariance.T, rtol=0.0, atol=_ROUNDING * scale)):
        raise ValueError(f"the covariance of {spread.names} must be a symmetric {size} x {size} matrix")
    lower = np.zeros((size, size))
    for column in range(size):
        rest = covariance[column:, column] - lower[column:, :column] @ lower[column, :column]
        if rest[0] > _ROUNDING * scale:
            lower[column:, column] = rest / np.sqrt(rest[0])
        elif np.abs(rest).max() > np.sqrt(_ROUNDING) * scale:
            raise ValueError(f"not a covariance: {spread.names[column]!r} varies less than its correlations demand")
    return lower


def _known(model: Model, name: str) -> float:
    value = model.typical[name].value
    if value is None:
        raise ValueError(f"{model.name}: the typical value of {name!r} is unknown; this model cannot be simulated")
    return value
