"""Models: every parameter used is given and every one given is used; forms, states and outputs are known ones."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

from matrescence.formulary.finding import CheckFinding
from matrescence.pharmacology.covariates import FORMS
from matrescence.pharmacology.model import Model, Spread, Structure
from matrescence.reading import nearest
from matrescence.units import UNITS

COVARIATES = (
    "weight_kg",
    "age_years",
    "height_cm",
    "egfr_ml_per_min_1_73m2",
    "days_since_birth",
)
"""What may change a parameter: numbers of the mother's file."""

KINDS = {
    "volume of distribution",
    "volume per body weight",
    "clearance",
    "clearance per body weight",
    "rate constant",
    "time",
    "ratio",
}
"""What a parameter may measure."""


def check_model(model: Model, file: Path) -> Iterator[CheckFinding]:
    """Everything wrong with one model."""
    yield from _parameters(model, file)
    yield from _states(model.structure, file)
    yield from _covariates(model, file)
    for name, spread in (("between_women", model.between_women), ("uncertainty", model.uncertainty)):
        yield from _spread(name, spread, model, file)
    outputs = {output.name for output in model.structure.outputs}
    for name in model.residual:
        if name not in outputs:
            yield CheckFinding(
                str(file), f"residual.{name}", "not an output", f"name one of: {', '.join(sorted(outputs))}"
            )
    if "plasma" not in outputs:
        yield CheckFinding(str(file), "structure.outputs", ", ".join(sorted(outputs)), "a model has an output 'plasma'")
    yield from _studied(model, file)


def used_parameters(structure: Structure) -> set[str]:
    """The names that rates, gains and scales of a structure ask for."""
    rates = [flow.rate for flow in structure.flows] + [output.scale for output in structure.outputs]
    rates += [rate for link in structure.links for rate in (link.rate, link.gain)]
    return {name for rate in rates for name in (*rate.numerator, *rate.denominator)}


def _parameters(model: Model, file: Path) -> Iterator[CheckFinding]:
    used, given = used_parameters(model.structure), set(model.typical)
    for name in sorted(used - given):
        fix = f"the structure uses it: give it under [typical].{nearest(name, given - used)}"
        yield CheckFinding(str(file), f"typical.{name}", "missing", fix)
    for name in sorted(given - used):
        yield CheckFinding(str(file), f"typical.{name}", "unused", "the structure does not use it: take it out")
    for name, fact in model.typical.items():
        kind = UNITS[fact.unit].kind
        if kind not in KINDS:
            fix = f"a parameter is a {', a '.join(sorted(KINDS))}"
            yield CheckFinding(str(file), f"typical.{name}.unit", f"{fact.unit} (a {kind})", fix)
        if fact.value is not None and fact.value <= 0:
            yield CheckFinding(str(file), f"typical.{name}.value", f"{fact.value:g}", "a parameter is above zero")


def _states(structure: Structure, file: Path) -> Iterator[CheckFinding]:
    known = set(structure.states)
    named = [("flows", name) for flow in structure.flows for name in (flow.source, flow.target) if name is not None]
    named += [("links", name) for link in structure.links for name in (link.source, link.target)]
    named += [("outputs", output.state) for output in structure.outputs]
    for part, name in dict.fromkeys(named):
        if name not in known:
            yield CheckFinding(
                str(file),
                f"structure.{part}",
                f"{name!r} is not a state",
                f"name one of: {', '.join(structure.states)}",
            )
    for name in sorted(known - {name for _, name in named}):
        yield CheckFinding(
            str(file), "structure.states", f"{name!r} is not used", "nothing flows into or out of it: take it out"
        )


def _covariates(model: Model, file: Path) -> Iterator[CheckFinding]:
    for number, effect in enumerate(model.covariates, start=1):
        where = f"covariates {number}"
        if effect.parameter not in model.typical:
            fix = f"name a parameter.{nearest(effect.parameter, model.typical)}"
            yield CheckFinding(str(file), f"{where}.parameter", f"{effect.parameter!r} is not known", fix)
        if effect.covariate not in COVARIATES:
            fix = f"allowed: {', '.join(COVARIATES)}.{nearest(effect.covariate, COVARIATES)}"
            yield CheckFinding(str(file), f"{where}.covariate", f"{effect.covariate!r} is not known", fix)
        if effect.form not in FORMS:
            fix = f"allowed: {', '.join(FORMS)}.{nearest(effect.form, FORMS)}"
            yield CheckFinding(str(file), f"{where}.form", f"{effect.form!r} is not known", fix)
            continue
        wanted = [name for name in inspect.signature(FORMS[effect.form]).parameters.values() if name.name != "value"]
        needed = {name.name for name in wanted if name.default is inspect.Parameter.empty}
        given = set(effect.coefficients)
        if not needed <= given or not given <= {name.name for name in wanted}:
            fix = f"form {effect.form!r} takes: {', '.join(name.name for name in wanted) or 'nothing'}"
            yield CheckFinding(str(file), f"{where}.coefficients", f"given: {', '.join(sorted(given)) or 'none'}", fix)


def _spread(name: str, spread: Spread, model: Model, file: Path) -> Iterator[CheckFinding]:
    import numpy as np

    for parameter in spread.names:
        if parameter not in model.typical:
            fix = f"name a parameter.{nearest(parameter, model.typical)}"
            yield CheckFinding(str(file), f"{name}.names", f"{parameter!r} is not known", fix)
    if not spread.names:
        return
    matrix = np.array(spread.covariance)
    if not np.allclose(matrix, matrix.T):
        yield CheckFinding(str(file), f"{name}.covariance", "not symmetric", "write the same number on both sides")
    elif np.linalg.eigvalsh(matrix).min() < -1e-12:
        yield CheckFinding(str(file), f"{name}.covariance", "not a covariance", "no correlation lies beyond 1")


def _studied(model: Model, file: Path) -> Iterator[CheckFinding]:
    if model.studied is None:
        return
    for key in ("weight_kg", "age_years"):
        found = getattr(model.studied, key)
        if found is not None and found[0] >= found[1]:
            yield CheckFinding(
                str(file), f"studied.{key}", f"{list(found)} is the wrong way round", "write the lower number first"
            )
