"""Model + cohort + regimen -> concentrations over time, exactly.

Between two moments of the schedule the input is constant, so each step is one exact propagator (:mod:`compartments`);
:mod:`walk` takes the steps.  At the moment of a bolus the value just after it is reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matrescence.pharmacology.cohort import Cohort
from matrescence.pharmacology.compartments import quotient
from matrescence.pharmacology.model import Model, Output
from matrescence.pharmacology.philox import Stream, standard_normals
from matrescence.pharmacology.regimen import Regimen
from matrescence.pharmacology.schedule import lay_out
from matrescence.pharmacology.walk import Walk

if TYPE_CHECKING:
    import xarray


@dataclass(frozen=True, slots=True)
class Course:
    """What was predicted: ``values[output]`` is (women, times), in ``units[output]``."""

    times_h: NDArray[np.float64]
    values: dict[str, NDArray[np.float64]]
    units: dict[str, str]
    model: str = ""
    seed: int = 0
    first_woman: int = 0

    def to_xarray(self) -> xarray.Dataset:
        """A dataset with the named dimensions ``woman`` and ``time`` and the unit of everything in its attributes."""
        import xarray

        women = max((value.shape[0] for value in self.values.values()), default=0)
        variables = {
            name: (("woman", "time"), value, {"units": self.units[name]}) for name, value in self.values.items()
        }
        coordinates: dict[str, Any] = {
            "time": ("time", self.times_h, {"units": "h", "long_name": "time since start"}),
            "woman": ("woman", self.first_woman + np.arange(women)),
        }
        return xarray.Dataset(variables, coords=coordinates, attrs={"model": self.model, "seed": self.seed})


def simulate(
    model: Model, cohort: Cohort, regimen: Regimen, times_h: ArrayLike, *, outputs: Sequence[str] | None = None
) -> Course:
    """Predict ``outputs`` (all of the model's when ``None``) at ``times_h`` (T,), in the order given.

    The body is empty before the first event.  Values are exact up to rounding; times need not be sorted or even.

    Raises:
        ValueError: an output, state or parameter does not exist, or a time or amount is impossible.
    """
    wanted = [output_named(model, name) for name in outputs] if outputs is not None else list(model.structure.outputs)
    times = np.atleast_1d(np.asarray(times_h, dtype=float))
    schedule = lay_out(regimen, times, states=model.structure.states)
    walk = Walk(model=model, cohort=cohort, regimen=regimen, schedule=schedule, outputs=wanted)
    amounts = walk.stations([walk.states[output.state] for output in wanted])
    # Fresh memory costs more than the arithmetic: scale in place, and gather only where stations were added.
    if schedule.output_at.size != schedule.times_h.size or (np.diff(schedule.output_at) != 1).any():
        amounts = amounts[:, schedule.output_at]
    for output, amount in zip(wanted, amounts, strict=True):
        np.multiply(amount, quotient(output.scale, cohort.parameters), out=amount)
    values = {output.name: amount.T for output, amount in zip(wanted, amounts, strict=True)}
    units = {output.name: output.unit for output in wanted}
    return Course(times, values, units, model.name, cohort.seed, cohort.first_woman)


def observe(model: Model, course: Course) -> Course:
    """The course as an assay would report it: ``predicted * (1 + proportional*e1) + additive*e2``.

    The noise belongs to (seed, woman, output, moment), so it does not depend on chunks.  An output for which the model
    states no residual error comes back unchanged; a reading below zero is reported as zero.
    """
    values = dict(course.values)
    names = [output.name for output in model.structure.outputs]
    for name, error in model.residual.items():
        if name in values:
            women = course.first_woman + np.arange(values[name].shape[0])
            normals = standard_normals(
                seed=course.seed,
                women=women,
                draws=2 * course.times_h.size,
                stream=Stream.RESIDUAL,
                part=names.index(name),
            )
            noisy = values[name] * (1.0 + error.proportional * normals[0::2].T) + error.additive * normals[1::2].T
            values[name] = np.maximum(noisy, 0.0)
    return Course(course.times_h, values, course.units, course.model, course.seed, course.first_woman)


def output_named(model: Model, name: str) -> Output:
    """One output of a model by its name.

    Raises:
        ValueError: the model has no output of that name.
    """
    for output in model.structure.outputs:
        if output.name == name:
            return output
    have = ", ".join(output.name for output in model.structure.outputs)
    raise ValueError(f"{model.name} has no output {name!r}; it has: {have}")
