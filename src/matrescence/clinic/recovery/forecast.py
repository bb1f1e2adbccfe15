"""Her own forecast from her scores: before and after, whether she is off the expected course, and the next session.

What is kept is kept without her name, in this process alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from matrescence.actions.update import update
from matrescence.actions.update_file import measured_in
from matrescence.actions.update_measured import Measured
from matrescence.clinic.log.courses import Opened
from matrescence.formulary import library
from matrescence.handouts.figures.before_after import NARROW, WIDE, before_after
from matrescence.reading import InputError

KEPT = 48
RISK = (1.0, 95.0)
"""The lowest and the highest risk of relapse that may be named, in percent."""


def own_forecast(opened: Opened, risk_percent: float | None) -> tuple[Mapping[str, Any] | None, str]:
    """Her forecast as plain data and an empty text; or ``None`` and why there is none."""
    try:
        measured = measured_in(opened.known, opened.ground.drug, where="this course")
        nobody = replace(measured.mother, name="")
        return _told(nobody, measured.drug.name, _parts(measured), risk_percent), ""
    except InputError as error:
        return None, str(error)


def figures(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The trend of the scale that is forecast, against its band before and after, in two widths."""
    mood = told["mood"]
    if mood is None:
        return []
    points = [(0.0, mood["baseline"]), *((row["at_h"], row["total"]) for row in mood["scores"])]
    drawn = {
        name: Markup(
            before_after(
                mood,
                points,
                unit=mood["scale"],
                title="Her score against the forecast",
                key=f"own-mood-{name}",
                width=width,
                highest=mood["baseline"],
            )
        )
        for name, width in (("wide", WIDE), ("narrow", NARROW))
    }
    return [drawn]


def _parts(measured: Measured) -> tuple[Any, ...]:
    """Everything of the measured course but who she is and what the formulary holds: it can be compared and kept."""
    return (
        measured.regimen.name,
        measured.start,
        measured.given,
        measured.as_recorded,
        measured.sessions_at_h,
        measured.measurements,
    )


@lru_cache(maxsize=KEPT)
def _told(mother: Any, drug_name: str, parts: tuple[Any, ...], risk_percent: float | None) -> Mapping[str, Any]:
    drug = library.load(drug_name)
    regimen, start, given, as_recorded, sessions_at_h, measurements = parts
    measured = Measured(mother, drug, drug.regimens[regimen], start, given, as_recorded, sessions_at_h, measurements)
    return update(measured, relapse_risk_percent=risk_percent)
