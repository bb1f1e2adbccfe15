"""Her own forecast from scores and levels: before and after, whether she is off the expected course, what is next.

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
from matrescence.actions.update_measured import LEVEL, Measured
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
    title = "Her score against the forecast"
    return [_drawn(mood, points, unit=mood["scale"], title=title, key="own-mood", highest=mood["baseline"])]


def level_figures(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Of each output of the model its band before and after her levels, in two widths, named; empty without levels."""
    if told["levels"] is None:
        return []
    found = []
    for name, pair in told["levels"]["outputs"].items():
        rows = [row for row in told["measurements"] if row["what"] == LEVEL and row["of"] == name]
        points = [(row["at_h"], row["value"]) for row in rows]
        title = f"Her level in {name}"
        drawn = _drawn(pair, points, unit=f"{name}, ng/mL", title=title, key=f"own-level-{name}")
        found.append({"name": name, **drawn})
    return found


def _drawn(pair: Mapping[str, Any], points: list[tuple[float, float]], *, key: str, **said: Any) -> dict[str, Any]:
    return {
        name: Markup(before_after(pair, points, key=f"{key}-{name}", width=width, **said))
        for name, width in (("wide", WIDE), ("narrow", NARROW))
    }


def _parts(measured: Measured) -> tuple[Any, ...]:
    """Everything of the measured course but who she is and what the formulary holds: it can be compared and kept."""
    return (
        measured.regimen.name,
        measured.start,
        measured.given,
        measured.as_recorded,
        measured.sessions_at_h,
        measured.measurements,
        measured.notes,
    )


@lru_cache(maxsize=KEPT)
def _told(mother: Any, drug_name: str, parts: tuple[Any, ...], risk_percent: float | None) -> Mapping[str, Any]:
    drug = library.load(drug_name)
    measured = Measured(mother, drug, drug.regimens[parts[0]], *parts[1:])
    return update(measured, relapse_risk_percent=risk_percent)
