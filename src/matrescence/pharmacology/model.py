"""One description of a model: compartments, flows between them, what is read out, and how women differ.

A model is a linear system ``dx/dt = K x + input``.  Two kinds of arrow build ``K``:

- a :class:`Flow` carries drug: ``rate = numerator / denominator`` leaves ``source`` and enters ``target``
  (``target=None`` leaves the body), so mass is kept;
- a :class:`Link` only reads: ``d target/dt = rate * (gain * source - target)``, the shape of an effect site or of
  milk that follows plasma; nothing is taken from the source.

Rates are given as names of parameters, so the same description serves one mother, ten thousand women, and a gradient.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from matrescence.facts import Fact, Grade


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate constant in 1/h as a quotient of parameters: ``product(numerator) / product(denominator)``."""

    numerator: tuple[str, ...]
    denominator: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    """Drug that moves: ``d source/dt -= rate*source`` and ``d target/dt += rate*source``."""

    source: str
    target: str | None
    rate: Rate


@dataclass(frozen=True, slots=True)
class Link:
    """A state that follows another: ``d target/dt = rate * (gain * source - target)``."""

    source: str
    target: str
    rate: Rate
    gain: Rate = Rate(())


@dataclass(frozen=True, slots=True)
class Output:
    """What is read from the states: ``value = scale * state`` with ``scale`` a quotient of parameters.

    ``scale`` turns an amount in ug into ng/mL (= ug/L) when its denominator is a volume in L.
    """

    name: str
    state: str
    scale: Rate
    unit: str


@dataclass(frozen=True, slots=True)
class Structure:
    """Names of the states (in order), the arrows between them, and the outputs."""

    states: tuple[str, ...]
    flows: tuple[Flow, ...]
    links: tuple[Link, ...] = ()
    outputs: tuple[Output, ...] = ()


@dataclass(frozen=True, slots=True)
class CovariateEffect:
    """How one covariate changes one parameter, by the name of a form in the closed list of ``covariates.py``."""

    parameter: str
    covariate: str
    form: str
    coefficients: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Spread:
    """How women differ: ``parameter_i = typical * exp(eta_i)``, ``eta ~ N(0, covariance)``.

    ``names`` orders the rows of ``covariance`` (variances of the log on the diagonal).
    """

    names: tuple[str, ...] = ()
    covariance: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class ResidualError:
    """What an assay adds: ``observed = predicted * (1 + proportional*e1) + additive*e2``, ``e ~ N(0, 1)``."""

    proportional: float = 0.0
    additive: float = 0.0


@dataclass(frozen=True, slots=True)
class Studied:
    """The people the model was built on; outside these ranges a forecast carries a warning."""

    description: str
    count: int | None
    sampling: str
    weight_kg: tuple[float, float] | None = None
    age_years: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """A complete published (or calibrated) model of one drug.

    ``typical`` holds every parameter as a :class:`Fact`; a parameter fixed by definition is a Fact too.
    ``uncertainty`` is the covariance of the log typical values (parameter uncertainty), in the order of its names.
    """

    name: str
    drug: str
    label: str
    structure: Structure
    typical: Mapping[str, Fact]
    covariates: tuple[CovariateEffect, ...] = ()
    between_women: Spread = field(default_factory=Spread)
    uncertainty: Spread = field(default_factory=Spread)
    residual: Mapping[str, ResidualError] = field(default_factory=dict)
    studied: Studied | None = None
    grade: Grade = "C"
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
