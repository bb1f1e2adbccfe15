"""How weight, kidney or age change a parameter: a closed list of named forms.

A form is a function of one covariate and a few named coefficients; it returns the factor by which the typical value is
multiplied.  Model files name a form and its coefficients and can hold no formula of their own.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Values: TypeAlias = NDArray[np.float64]


def identity(value: Values) -> Values:
    """``factor = 1``: the covariate was looked at and has no effect."""
    return np.ones_like(value)


def per_kg(value: Values) -> Values:
    """``factor = weight_kg``: the typical value is given per kilogram, as labels do (Zulresso label 2022, s. 12.3)."""
    return value


def linear_per_70kg(value: Values) -> Values:
    """``factor = weight_kg / 70``: proportional to weight, typical value for 70 kg (form used with Kamp 2020)."""
    return value / 70.0


def allometric(value: Values, *, exponent: float, reference: float = 70.0) -> Values:
    """``factor = (weight_kg / reference) ** exponent``.

    Theory gives 0.75 for clearances and 1 for volumes (Anderson BJ, Holford NHG, Annu Rev Pharmacol Toxicol
    2008;48:303-332).
    """
    return (value / reference) ** exponent


def power(value: Values, *, exponent: float, reference: float) -> Values:
    """``factor = (covariate / reference) ** exponent`` for any positive covariate (Jonsson EN, Karlsson MO, Pharm Res
    1998;15:1463-1468)."""
    return (value / reference) ** exponent


def linear(value: Values, *, slope: float, reference: float) -> Values:
    """``factor = 1 + slope * (covariate - reference)`` (Jonsson EN, Karlsson MO, Pharm Res 1998;15:1463-1468)."""
    return 1.0 + slope * (value - reference)


def exponential(value: Values, *, slope: float, reference: float) -> Values:
    """``factor = exp(slope * (covariate - reference))``: stays positive (Jonsson EN, Karlsson MO, Pharm Res
    1998;15:1463-1468)."""
    return np.exp(slope * (value - reference))


def fraction_of_normal(value: Values, *, fraction: float, normal: float) -> Values:
    """``factor = (1 - fraction) + fraction * min(covariate / normal, 1)``: the part ``fraction`` of a clearance fades
    with an organ (Dettli L, Clin Pharmacokinet 1976;1:126-134, kidney)."""
    return (1.0 - fraction) + fraction * np.minimum(value / normal, 1.0)


def if_present(value: Values, *, factor: float) -> Values:
    """``factor`` where the covariate is 1, and 1 where it is 0: a yes-or-no covariate."""
    return np.where(value > 0.5, factor, 1.0)


def per_year_over_60(value: Values, *, change: float) -> Values:
    """``factor = 1 + change * max(age_years - 60, 0)``, the shape of hepatic flow in Perez-Ruixo 2021 (-2.19 of
    151 L/h for each year above 60, so ``change = -2.19 / 151``)."""
    return 1.0 + change * np.maximum(value - 60.0, 0.0)


FORMS: dict[str, Callable[..., Values]] = {
    form.__name__: form
    for form in (
        identity,
        per_kg,
        linear_per_70kg,
        allometric,
        power,
        linear,
        exponential,
        fraction_of_normal,
        if_present,
        per_year_over_60,
    )
}
"""Every form a model file may name."""


def factor(form: str, covariate: ArrayLike, coefficients: Mapping[str, float]) -> Values:
    """The factor of one named form.

    Raises:
        ValueError: no form has that name, a coefficient is missing or superfluous, a covariate is not a positive
            finite number where the form needs one, or the factor is not a positive finite number.
    """
    try:
        function = FORMS[form]
    except KeyError:
        raise ValueError(f"no covariate form is called {form!r}; allowed: {', '.join(FORMS)}") from None
    try:
        inspect.signature(function).bind(np.ones(1), **coefficients)
    except TypeError as problem:
        wanted = [name for name in inspect.signature(function).parameters if name != "value"]
        raise ValueError(f"form {form!r} takes the coefficients {wanted}: {problem}") from None
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        result = function(np.asarray(covariate, dtype=float), **coefficients)
    if not (np.isfinite(result).all() and (result > 0.0).all()):
        raise ValueError(f"form {form!r} gives a factor that is not positive and finite for {covariate!r}")
    return result
