"""An invented two-compartment drug with milk, shared by the unit tests of this folder."""

from __future__ import annotations

import pytest

from matrescence.facts import Fact
from matrescence.pharmacology.model import (
    CovariateEffect,
    Flow,
    Link,
    Model,
    Output,
    Rate,
    ResidualError,
    Spread,
    Structure,
)
from matrescence.pharmacology.regimen import RateStep, Regimen


def _fact(value: float | None, unit: str) -> Fact:
    return Fact(value, unit, "invented", "test", "project-decision", "C" if value is not None else "U")


@pytest.fixture
def model() -> Model:
    """CL 1 L/h/kg, V1 1 L/kg, Q 0.2 L/h/kg, V2 2 L/kg, milk = 1.36 x plasma in the end, spread on CL and V1."""
    structure = Structure(
        ("central", "peripheral", "milk"),
        (
            Flow("central", None, Rate(("cl",), ("v1",))),
            Flow("central", "peripheral", Rate(("q",), ("v1",))),
            Flow("peripheral", "central", Rate(("q",), ("v2",))),
        ),
        (Link("central", "milk", Rate(("kmilk",)), Rate(("ratio",), ("v1",))),),
        (
            Output("plasma", "central", Rate((), ("v1",)), "ng/mL"),
            Output("milk", "milk", Rate(()), "ng/mL"),
        ),
    )
    typical = {
        "cl": _fact(1.0, "L/h/kg"),
        "v1": _fact(1.0, "L/kg"),
        "q": _fact(0.2, "L/h/kg"),
        "v2": _fact(2.0, "L/kg"),
        "kmilk": _fact(0.5, "/h"),
        "ratio": _fact(1.36, "1"),
    }
    return Model(
        name="invented two compartments",
        drug="invented",
        label="invented",
        structure=structure,
        typical=typical,
        covariates=tuple(CovariateEffect(name, "weight_kg", "per_kg", {}) for name in ("cl", "v1", "q", "v2")),
        between_women=Spread(("cl", "v1"), ((0.09, 0.045), (0.045, 0.0625))),
        uncertainty=Spread(("cl",), ((0.01,),)),
        residual={"plasma": ResidualError(proportional=0.15, additive=0.5)},
    )


@pytest.fixture
def staircase() -> Regimen:
    """The 60-hour staircase 30/60/90/60/30 ug/kg/h."""
    steps = ((0, 4, 30), (4, 24, 60), (24, 52, 90), (52, 56, 60), (56, 60, 30))
    return Regimen(tuple(RateStep(a, b, r) for a, b, r in steps), per_kg=True)
