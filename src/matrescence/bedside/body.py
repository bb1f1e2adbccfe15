"""The drug in one virtual woman, given what the pump really gave: the drug's own model, solved exactly.

``dx/dt = K x + rate``, with a constant rate over each stretch; one exact propagator for each length of stretch.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from matrescence.pharmacology.cohort import draw
from matrescence.pharmacology.compartments import quotient, rate_matrix, transition
from matrescence.pharmacology.model import Model
from matrescence.pharmacology.simulate import output_named

Floats = NDArray[np.float64]
_KEPT = 32  # propagators kept; a room uses a handful of step lengths


class Body:
    """What is in her.  Stretches of infusion are taken in as they come and worked through when a level is asked for."""

    def __init__(self, model: Model, *, weight_kg: float, seed: int, since: datetime, into: str = "central") -> None:
        cohort = draw(model, covariates={"weight_kg": weight_kg}, women=1, seed=seed)
        self._matrix = rate_matrix(model.structure, cohort.parameters)
        self._entry = model.structure.states.index(into)
        self._rows: dict[str, tuple[int, float]] = {}
        for output in model.structure.outputs:
            scale = float(np.ravel(quotient(output.scale, cohort.parameters))[0])
            self._rows[output.name] = (model.structure.states.index(output_named(model, output.name).state), scale)
        self._amounts = np.zeros(len(model.structure.states))
        self._steps: dict[timedelta, tuple[Floats, Floats]] = {}
        self._at = since
        self._until, self._rate_ug_per_h = since, 0.0
        self.given_ug = 0.0

    def infuse(self, until: datetime, rate_ug_per_h: float) -> None:
        """From the end of the last stretch up to ``until`` the pump gave this rate."""
        self.given_ug += rate_ug_per_h * ((until - self._until) / timedelta(hours=1))
        if rate_ug_per_h != self._rate_ug_per_h:
            self._work_through()
            self._rate_ug_per_h = rate_ug_per_h
        self._until = until

    def levels(self) -> dict[str, float]:
        """Every level of the model at the end of the last stretch, by its name, in ng/mL."""
        self._work_through()
        return {name: float(self._amounts[row]) * scale for name, (row, scale) in self._rows.items()}

    def _work_through(self) -> None:
        span = self._until - self._at
        if span > timedelta(0):
            through, entering = self._propagator(span)
            self._amounts = through @ self._amounts + entering * self._rate_ug_per_h
        self._at = self._until

    def _propagator(self, span: timedelta) -> tuple[Floats, Floats]:
        found = self._steps.get(span)
        if found is None:
            step = transition(self._matrix, span / timedelta(hours=1), inputs=[self._entry])
            found = (step.state[:, :, 0], step.inputs[:, 0, 0])
            if len(self._steps) >= _KEPT:
                self._steps.clear()
            self._steps[span] = found
        return found
