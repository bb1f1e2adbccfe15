"""The plasma levels of a course that its drug's model can use; every other one is kept in the record and named.

A level is left out, never guessed: where it lay below what the laboratory could see, where nothing had been given when
the blood was drawn, where the drug has no model that says how far a level may be off, and where it was drawn from an
artery while the model is of veins (or the other way round).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from matrescence.actions.update_measured import LEVEL, Measurement
from matrescence.care.drug import Drug
from matrescence.care.infusion.readings import Drawn, PlasmaLevel, shown
from matrescence.care.infusion.state import Observation
from matrescence.pharmacology.model import Model
from matrescence.pharmacology.regimen import RateStep

PLASMA = "plasma"
SAMPLING = {Drawn.ARTERY: "arterial", Drawn.VEIN: "venous"}
"""The word that a model uses for where the blood of its people was drawn."""


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels that are used, by time; and a sentence for each that is not, or whose place is not known."""

    used: tuple[Measurement, ...]
    notes: tuple[str, ...]


def levels_in(seen: Iterable[Observation], drug: Drug, steps: Iterable[RateStep], start: datetime) -> Levels:
    """What the levels of a course are to the model of its drug; a corrected level counts as it stands now.

    ``steps`` is what was given by the record.
    """
    model = None if drug.default_model is None else drug.models[drug.default_model]
    begins_h = min((step.start_h for step in steps), default=None)
    used: list[Measurement] = []
    notes: list[str] = []
    for one in sorted(seen, key=lambda one: one.at):
        if not isinstance(one.reading, PlasmaLevel):
            continue
        at_h = (one.at - start) / timedelta(hours=1)
        against = next(_against(one.reading, at_h, model, begins_h), None)
        if against is None:
            used.append(Measurement(at_h, LEVEL, PLASMA, one.reading.level_ng_per_ml))
            notes += _place_unknown(one.reading, at_h, model)
        else:
            notes.append(f"What the {_named(one.reading, at_h)} means for the forecast: {against}. It is kept.")
    return Levels(tuple(used), tuple(notes))


def _against(level: PlasmaLevel, at_h: float, model: Model | None, begins_h: float | None) -> Iterator[str]:
    """Why the model cannot use this level."""
    if model is None:
        yield "no source gives a model of its levels"
    elif PLASMA not in model.residual:
        yield "the model states no error of a level"
    elif level.below_ng_per_ml is not None:
        yield "a level that could not be told from none is no number"
    elif begins_h is None or at_h <= begins_h:
        yield "nothing had been given when it was drawn"
    elif sampled_elsewhere(level, model):
        yield f"the model is of {_sampling(model)} blood"


def sampled_elsewhere(level: PlasmaLevel, model: Model | None) -> bool:
    """Whether the blood was drawn from an artery while the model is of veins, or the other way round."""
    sampled = None if model is None else _sampling(model)
    return sampled is not None and level.drawn is not None and SAMPLING[level.drawn] != sampled


def _place_unknown(level: PlasmaLevel, at_h: float, model: Model | None) -> list[str]:
    sampled = None if model is None else _sampling(model)
    if sampled is None or level.drawn is not None:
        return []
    return [
        f"From where the {_named(level, at_h)} was drawn: nobody said; it is used as {sampled}, as the model's are."
    ]


def _sampling(model: Model) -> str | None:
    """Where the blood of the model's people was drawn, where that is one of the two."""
    found = None if model.studied is None else model.studied.sampling
    return found if found in SAMPLING.values() else None


def _named(level: PlasmaLevel, at_h: float) -> str:
    return f"{shown(level)}, at hour {at_h:.4g},"
