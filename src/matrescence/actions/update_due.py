"""When the next session is due for a stated risk of relapse: by each study of responders, and by her own course."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from matrescence.actions.mood_sessions import FOLLOWED_DAYS
from matrescence.actions.plan_json import exact, iso, predicted
from matrescence.actions.relapse import NOT_PPD, readings
from matrescence.actions.update_measured import Measured
from matrescence.actions.update_mood import HAMD17, MADRS, Women
from matrescence.outcomes.options import Option
from matrescence.outcomes.relapse import relapse_studies
from matrescence.pharmacology.response import to_score
from matrescence.pharmacology.session_fit import SessionWomen

Json = dict[str, Any]

NO_RISK = "When the next session is due: say first which risk of relapse is accepted, in percent."
NOT_FOLLOWED = "When a next session is due: no study followed people who had responded to this treatment until relapse."


def next_session(
    measured: Measured, option: Option | None, risk: float | None, hers: Women | None, unknown: list[str]
) -> Json | None:
    """The days after her last session; ``hers`` are her own weighted women, where her scores made some."""
    names = () if option is None else option.relapse
    if not names:
        unknown.append(NOT_FOLLOWED)
        return None
    if risk is None:
        unknown.append(NO_RISK)
        return None
    last_h = max(measured.sessions_at_h)
    rows = [
        {**row, "due": iso(measured.start, last_h + 24.0 * row["days"])} for row in _due_by_study(names, risk / 100.0)
    ]
    return {
        "risk_percent": risk,
        "last_session_at_h": exact(last_h),
        "last_session": iso(measured.start, last_h),
        "responded": _responded(measured),
        "by_study": rows,
        "by_her_course": _by_her_course(measured, hers, last_h, risk / 100.0),
        "in_whom": NOT_PPD,
        "grade": "C",
    }


def _by_her_course(measured: Measured, hers: Women | None, last_h: float, risk: float) -> Json | None:
    """The first day on which the risk is passed that her course is above half of where she began, by the model.

    Counted from a day after the last session, or from her last score if that is later; ``null`` days are later than the
    last day that is told of.
    """
    later = [item.at_h for item in measured.of(MADRS) if item.at_h > 0.0]
    if not isinstance(hers, SessionWomen) or not later:
        return None
    first_day = max(1.0, float(np.ceil((max(later) - last_h) / 12.0) / 2.0))
    days = np.arange(first_day, FOLLOWED_DAYS + 0.5, 0.5)
    scores = to_score(hers.latent(last_h + 24.0 * days), highest=hers.highest)
    shares = hers.weights @ (scores > hers.baseline / 2.0)
    passed = np.flatnonzero(shares >= risk)
    day = None if not passed.size else float(days[passed[0]])
    return {
        "days": day,
        "due": None if day is None else iso(measured.start, last_h + 24.0 * day),
        "from_day": first_day,
        "by_days": FOLLOWED_DAYS,
        "grade": "C",
    }


def _due_by_study(names: Sequence[str], risk: float) -> list[Json]:
    found: list[Json] = []
    for study in (study for study in relapse_studies() if study.name in names):
        for arm in (arm for arm in study.arms if not arm.maintained):
            found += [
                {
                    "study": study.short,
                    "population": study.population,
                    "after": study.label,
                    "arm": arm.label,
                    "how": reading.how,
                    "days": predicted(reading.curve.day_of(risk)),
                    "low_days": None if reading.worst is None else predicted(reading.worst.day_of(risk)),
                    "high_days": None if reading.best is None else predicted(reading.best.day_of(risk)),
                    "source": study.source,
                    "grade": "C",
                }
                for reading in readings(study, arm)
                if reading.fits
            ]
    return found


def _responded(measured: Measured) -> bool | None:
    """Whether her last score of any one scale has fallen by half since before the start; ``None``: not known."""
    scales = dict.fromkeys(item.what for item in measured.measurements if item.what in (HAMD17, MADRS))
    for scale in scales:
        rows = measured.of(scale)
        first = [item.value for item in rows if item.at_h <= 0.0]
        later = [item.value for item in rows if item.at_h > 0.0]
        if first and later and first[-1] > 0:
            return later[-1] <= first[-1] / 2.0
    return None
