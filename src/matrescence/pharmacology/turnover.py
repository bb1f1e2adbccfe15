"""Nonlinear effect blocks that read the linear part: turnover, a score that follows it, logistic readouts.

    drive     ``u = +-capacity * c**h / (c50**h + c**h)``          of the driving level ``c`` (Hill 1910)
    response  ``dR/dt = kout * (baseline * (1 + u) - R)``          the drive acts on production, or
              ``dR/dt = kout * (baseline - (1 + u) * R)``          on loss (Dayneka 1993, models I-IV)
    feedback  production times ``(baseline / M)**g``, ``dM/dt = rate * (R - M)``     (Gabrielsson and Peletier 2008)
    score     ``dS/dt = rate * (gain * R - S)``
    readout   ``floor + (ceiling - floor) / (1 + exp(-slope * (level - midpoint)))``

Everything starts in its drug-free steady state ``R = M = baseline``, ``S = gain * baseline``.  A block whose drive acts
on production, without feedback, is itself a linear system driven by a known function of time; otherwise it is not
(:attr:`EffectBlock.is_linear`).  Rates are named parameters of the cohort, as in :mod:`model`.

Sources: Hill AV, J Physiol 1910;40:iv-vii; Dayneka NL, Garg V, Jusko WJ, J Pharmacokinet Biopharm 1993;21:457-478;
Gabrielsson J, Peletier LA, AAPS J 2008;10:70-83.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from matrescence.pharmacology.model import Structure

Array = Any
"""A NumPy or a JAX array; ``xp`` says which."""

_SMALLEST_LEVEL = 1e-300


class Direction(Enum):
    """Whether a drive adds to what it acts on or takes from it."""

    STIMULATES = 1.0
    INHIBITS = -1.0


class Site(Enum):
    """What a drive acts on."""

    PRODUCTION = "production"
    LOSS = "loss"


@dataclass(frozen=True, slots=True)
class Drive:
    """A Hill function of an output: names of that output and of its parameters (``potency`` in the output's unit)."""

    output: str
    direction: Direction
    capacity: str
    potency: str
    hill: str | None = None
    site: Site = Site.PRODUCTION


@dataclass(frozen=True, slots=True)
class Feedback:
    """A moderator that follows the response at ``rate`` and holds production back with the power ``exponent``."""

    rate: str
    exponent: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """A further first-order state that follows ``gain * response``."""

    name: str
    rate: str
    gain: str
    unit: str = "{score}"


@dataclass(frozen=True, slots=True)
class Readout:
    """A probability or other bounded value: a logistic curve of an output."""

    name: str
    output: str
    slope: str
    midpoint: str
    floor: float = 0.0
    ceiling: float = 1.0
    unit: str = "1"


@dataclass(frozen=True, slots=True)
class EffectBlock:
    """One drive, the response it turns over, and what is read from them."""

    drive: Drive
    loss: str
    baseline: str
    response: str = "response"
    unit: str = "1"
    score: Score | None = None
    feedback: Feedback | None = None
    readouts: tuple[Readout, ...] = ()

    @property
    def is_linear(self) -> bool:
        """Whether the response is a linear system once the drive is known as a function of time."""
        return self.feedback is None and self.drive.site is Site.PRODUCTION

    @property
    def units(self) -> dict[str, str]:
        """Name and unit of everything the block adds to the outputs, response first."""
        named = {self.response: self.unit}
        if self.score is not None:
            named[self.score.name] = self.score.unit
        return named | {readout.name: readout.unit for readout in self.readouts}

    def reads(self, structure: Structure) -> tuple[str, ...]:
        """The outputs of the linear part the block needs, the driving one first.

        Raises:
            ValueError: one of them is not an output of the structure.
        """
        wanted = tuple(dict.fromkeys([self.drive.output, *(readout.output for readout in self.readouts)]))
        known = [output.name for output in structure.outputs]
        for name in wanted:
            if name not in known:
                raise ValueError(f"the effect block reads {name!r}; the model's outputs are: {', '.join(known)}")
        return wanted


@dataclass(frozen=True, slots=True)
class Numbers:
    """The parameters of a block, one array (women,) each; what the block does not have is neutral."""

    capacity: Array
    log_potency: Array
    hill: Array
    loss: Array
    baseline: Array
    score_rate: Array
    score_gain: Array
    feedback_rate: Array
    feedback_exponent: Array


def numbers(block: EffectBlock, parameters: Mapping[str, Array], xp: Any = np) -> Numbers:
    """Look the block's parameters up; ``capacity`` carries the sign of the direction.

    Raises:
        ValueError: a name is not among the parameters.
    """

    def of(name: str | None, otherwise: float) -> Array:
        if name is None:
            return xp.asarray(otherwise)
        if name not in parameters:
            raise ValueError(f"the effect block uses parameter {name!r}; there are: {', '.join(parameters)}")
        return xp.asarray(parameters[name])

    drive, score, feedback = block.drive, block.score, block.feedback
    return Numbers(
        capacity=drive.direction.value * of(drive.capacity, 0.0),
        log_potency=xp.log(of(drive.potency, 1.0)),
        hill=of(drive.hill, 1.0),
        loss=of(block.loss, 0.0),
        baseline=of(block.baseline, 1.0),
        score_rate=of(score.rate if score else None, 0.0),
        score_gain=of(score.gain if score else None, 0.0),
        feedback_rate=of(feedback.rate if feedback else None, 0.0),
        feedback_exponent=of(feedback.exponent, 1.0) if feedback else xp.asarray(0.0),
    )


def drive(level: Array, own: Numbers, xp: Any = np) -> Array:
    """``capacity / (1 + exp(h (log c50 - log c)))``, the Hill function in a form that neither over- nor underflows."""
    exponent = own.hill * (own.log_potency - xp.log(xp.maximum(level, _SMALLEST_LEVEL)))
    return own.capacity / (1.0 + xp.exp(xp.minimum(exponent, 700.0)))


def chain(own: Numbers, xp: Any = np) -> Array:
    """``P`` in 1/h of the linear block ``d(R, S)/dt = P (R, S) + (kout * baseline, 0) * (1 + u)``, (2, 2, ...)."""
    shape = np.broadcast_shapes(*(xp.shape(value) for value in (own.loss, own.score_rate, own.score_gain)))
    rows = [[-own.loss, xp.asarray(0.0)], [own.score_rate * own.score_gain, -own.score_rate]]
    return xp.stack([xp.stack([xp.broadcast_to(entry, shape) for entry in row]) for row in rows])


def start(own: Numbers, women: int, xp: Any = np) -> Array:
    """The drug-free steady state (R, S, M), shape (3, women)."""
    rows = (own.baseline, own.score_gain * own.baseline, own.baseline)
    return xp.stack([xp.broadcast_to(row, (women,)) for row in rows])


def slope(state: Array, u: Array, own: Numbers, site: Site, xp: Any = np) -> Array:
    """``d(R, S, M)/dt`` of any block, given the drive ``u``; shape as ``state``."""
    response, score, moderator = state[0], state[1], state[2]
    held = (own.baseline / moderator) ** own.feedback_exponent
    if site is Site.PRODUCTION:
        change = own.loss * (own.baseline * (1.0 + u) * held - response)
    else:
        change = own.loss * (own.baseline * held - (1.0 + u) * response)
    return xp.stack(
        [change, own.score_rate * (own.score_gain * response - score), own.feedback_rate * (response - moderator)]
    )


def read_out(readout: Readout, level: Array, parameters: Mapping[str, Array], xp: Any = np) -> Array:
    """The logistic readout of a level; parameters (women,) stand on the last axis of ``level``."""
    exponent = parameters[readout.slope] * (parameters[readout.midpoint] - level)
    return readout.floor + (readout.ceiling - readout.floor) / (1.0 + xp.exp(xp.clip(exponent, -700.0, 700.0)))
