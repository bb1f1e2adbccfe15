"""How a mother's mood may go under a planned treatment, beside placebo: the part of a plan that answers "how soon?".

Brexanolone, zuranolone and sertraline are forecast on HAM-D17 with the posterior of all trials; ketamine on MADRS with
the trials in treatment-resistant depression, and says so.  Bands are percentiles over virtual women: what is not known
of the parameters, of her place and of her are in them; the scatter of a single rating is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matrescence.actions.mood_chances import Chance, Share, chances, posterior_or_reason
from matrescence.actions.mood_sessions import session_mood
from matrescence.actions.plan_json import exact, predicted
from matrescence.care.infusion.plan import Treatment
from matrescence.care.mother import Mother
from matrescence.outcomes.posterior import MoodPosterior
from matrescence.pharmacology.mood_fit import Given, mood_women
from matrescence.pharmacology.response import given_as, severe_from_baseline, to_score

Json = dict[str, Any]

WOMEN = 2000
"""Virtual women of the band; two for each posterior draw."""
ASSUMED_HAMD17 = 28.7
"""The mean before treatment over the arms of 202B (28.6, 29.0, 28.4), where her own score is not known."""
SHOWN = ((24.0, "hour 24"), (60.0, "hour 60"), (168.0, "day 7"), (360.0, "day 15"), (720.0, "day 30"))
TIMES_H = (
    *(0.0, 2.0, 4.0, 8.0, 12.0, 18.0, 24.0, 36.0, 48.0, 60.0, 72.0, 96.0, 120.0, 144.0, 168.0),
    *(24.0 * day for day in (9, 11, 13, 15, 18, 21, 24, 27, 30)),
)
TREATMENTS: Mapping[tuple[str, str], str] = {
    ("brexanolone", "label-90"): "brexanolone-90",
    ("brexanolone", "60"): "brexanolone-60",
    ("zuranolone", "50mg-14d"): "zuranolone-50",
    ("sertraline", "daily"): "ssri",
}
"""The regimens of the formulary whose effect on mood was measured in PPD, and their name in the model."""
KETAMINE_TREATS = ("single", "series-of-six")
LAST_SEEN_DAY: Mapping[str, int] = {"brexanolone": 30, "zuranolone": 45, "ssri": 60}


def mood(mother: Mother, treatment: Treatment, *, drug: str, regimen: str, seed: int) -> tuple[Json | None, str | None]:
    """The ``mood`` of a plan and ``None``; or ``None`` and why no trial allows one."""
    if drug == "ketamine" and regimen in KETAMINE_TREATS:
        starts = tuple(session.start_h for session in treatment.sessions)
        return session_mood(mother.madrs, starts, seed=seed)
    name = TREATMENTS.get((drug, regimen))
    if name is None:
        return None, f"No trial that was read measured the course of mood after this use of {drug}."
    posterior, why = posterior_or_reason()
    if posterior is None:
        return None, why
    baseline = ASSUMED_HAMD17 if mother.hamd17 is None else mother.hamd17
    assumed = mother.hamd17 is None
    return _forecast(posterior, name, baseline, assumed, seed), None


def _forecast(posterior: MoodPosterior, name: str, baseline: float, assumed: bool, seed: int) -> Json:
    at = chances(posterior, treatment=name, baseline=baseline, times_h=[at_h for at_h, _ in SHOWN])
    return {
        "scale": "HAM-D17",
        "highest": 52,
        "baseline": exact(baseline),
        "assumed_baseline": assumed,
        "treatment": name,
        "time_h": list(TIMES_H),
        "drug": _band(posterior, name, name, baseline, seed),
        "placebo": _band(posterior, "placebo", name, baseline, seed),
        "at": [_at(label, chance) for (_, label), chance in zip(SHOWN, at, strict=True)],
        "plain": _plain(name, baseline, assumed),
        "relapse": None,
        "grade": posterior.grade,
        "fitted_to": list(posterior.provenance["trials"]),
        "sources": list(posterior.provenance["sources"]),
    }


def _band(posterior: MoodPosterior, given: str, treatment: str, baseline: float, seed: int) -> Json:
    """Percentiles of her course under ``given``, in the setting of ``treatment``."""
    her = Given(baseline, given, float(severe_from_baseline(baseline)), given_as(treatment).setting)
    women = mood_women(posterior.parameters(), her, women=WOMEN, seed=seed)
    return band(to_score(women.latent(np.asarray(TIMES_H))))


def band(scores: NDArray[np.float64]) -> Json:
    """The 5th, 50th and 95th percentile of scores (women, times) at each time."""
    rows = np.percentile(scores, (5.0, 50.0, 95.0), axis=0)
    return {
        name: [predicted(float(value)) for value in row] for name, row in zip(("p05", "p50", "p95"), rows, strict=True)
    }


def _at(label: str, chance: Chance) -> Json:
    return {
        "at_h": chance.at_h,
        "label": label,
        "change": share(chance.fall, sign=-1.0),
        "placebo_change": share(chance.fall_placebo, sign=-1.0),
        "response": share(chance.response),
        "placebo_response": share(chance.response_placebo),
        "remission": share(chance.remission),
        "placebo_remission": share(chance.remission_placebo),
    }


def share(found: Share, *, sign: float = 1.0) -> Json:
    """A middle value with its ends, the lower one first; a fall becomes a change with ``sign=-1``."""
    low, high = sorted((sign * found.low, sign * found.high))
    return {"p50": predicted(sign * found.value), "low": predicted(low), "high": predicted(high)}


def _plain(name: str, baseline: float, assumed: bool) -> list[str]:
    kind = name.split("-", maxsplit=1)[0]
    lines = [
        f"Her score is not known: {baseline:g} is assumed, the mean of the trial in severe depression."
        if assumed
        else f"She starts at {baseline:g} on the HAM-D17.",
        "Most women improve on placebo too: the drug's own part is the distance between the two curves.",
        f"Women were followed to day {LAST_SEEN_DAY[kind]}; nothing is known after it.",
        "Trials of different drugs were never run against each other: forecasts of two drugs are no contest.",
    ]
    if kind == "brexanolone" and not severe_from_baseline(baseline):
        lines.append("In moderate depression the difference from placebo was gone by day 30.")
    if kind == "zuranolone" and not severe_from_baseline(baseline):
        lines.append("Zuranolone was not studied in moderate depression after birth: its fading is borrowed.")
    return lines
