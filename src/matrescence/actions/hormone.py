"""The mother's own allopregnanolone around birth, and the level under the infusion beside it.

What was read is shown as it was read: a few levels, each with its assay, and words where no number was read.  Points
are never joined, and nothing is derived for a dose.
"""

from __future__ import annotations

import numpy as np

from matrescence.actions.around import Json, fact_json, rounded, said, told
from matrescence.actions.forecasting import band
from matrescence.care.drug import Drug, RegimenPlan
from matrescence.formulary import library
from matrescence.outcomes.hormone import Hormone, HormoneStudy, Point
from matrescence.outcomes.hormone import hormone as known_hormone
from matrescence.pharmacology.cohort import draw
from matrescence.pharmacology.simulate import simulate

DRUG = "brexanolone"
REGIMENS = ("label-90", "60")
WEIGHT_KG = 70.0
AFTER_END_H = 36.0


def hormone(*, women: int = 1000, seed: int = 1) -> Json:
    """Levels, course in words, infusion, studies, and what is unknown; the same seed gives the same data."""
    known = known_hormone()
    drug = library.load(DRUG)
    content: Json = {
        "what": "allopregnanolone of the mother's own, around birth",
        "never_a_dose": known.never_a_dose,
        "conversion": {
            "nmol_per_l_of_1_ng_per_ml": rounded(known.nmol_per_l(1.0)),
            "molar_mass": fact_json(known.molar_mass),
        },
        "points": [_point(known, point) for point in known.points],
        "curve": None,
        "why_no_curve": "Two places in time were read, by different methods: a line through them would be invented.",
        "course": [
            {"stage": shape.stage.value, "assay": shape.assay.value, **said([shape.statement])[0]}
            for shape in known.shapes
        ],
        "infusion": [_infusion(known, drug, drug.regimens[name], women=women, seed=seed) for name in REGIMENS],
        "modulation": {**said([known.modulation])[0], "half_effect_nmol_per_l": fact_json(known.half_effect)},
        "studies": [_study(study) for study in known.studies],
        "counts": _counts(known),
        "unknown": list(known.unknown),
        "women": women,
        "seed": seed,
    }
    return told({**content, "plain": _plain(content)}, also=drug.citations)


def _point(known: Hormone, point: Point) -> Json:
    level, spread = point.level.known, point.spread.value

    def both(value: float | None) -> Json:
        other = None if value is None else rounded(known.ng_per_ml(value))
        return {"nmol_per_l": value, "ng_per_ml": other}

    names = ("key", "label", "from_weeks", "to_weeks", "day", "women")
    return {
        **{name: getattr(point, name) for name in names},
        "stage": point.stage.value,
        "assay": point.assay.value,
        "level": both(level),
        "spread": both(spread),
        "low": both(None if spread is None else max(level - spread, 0.0)),
        "high": both(None if spread is None else level + spread),
        **{key: fact_json(point.level)[key] for key in ("source", "at", "basis", "grade")},
    }


def _study(study: HormoneStudy) -> Json:
    names = ("key", "label", "women", "when")
    row = {name: getattr(study, name) for name in names}
    return {**row, "assay": study.assay.value, "finding": study.found.value, **said([study.statement])[0]}


def _counts(known: Hormone) -> Json:
    """How many studies found what; studies are counted, not weighed."""
    found = [study.found.value for study in known.studies]
    return {finding: found.count(finding) for finding in dict.fromkeys(found)}


def _infusion(known: Hormone, drug: Drug, regimen: RegimenPlan, *, women: int, seed: int) -> Json:
    """The band of the level under one regimen; per kilogram, so the weight drawn for does not matter to it."""
    assert drug.default_model is not None
    model = drug.models[drug.default_model]
    cohort = draw(model, covariates={"weight_kg": WEIGHT_KG}, women=women, seed=seed)
    given = regimen.as_input()
    end_h = max(step.end_h for step in given.steps)
    times = np.arange(0.0, end_h + AFTER_END_H + 0.5, 1.0)
    levels = simulate(model, cohort, given, times, outputs=["plasma"]).values["plasma"]
    shown = band(times, levels)
    peak = int(np.argmax(shown.p50))
    return {
        "regimen": regimen.name,
        "label": regimen.label,
        "end_h": end_h,
        "time_h": [float(time) for time in times],
        **{name: [rounded(float(value)) for value in getattr(shown, name)] for name in ("p05", "p50", "p95")},
        "peak_h": float(times[peak]),
        "peak_ng_per_ml": {name: rounded(float(getattr(shown, name)[peak])) for name in ("p05", "p50", "p95")},
        "peak_nmol_per_l": rounded(known.nmol_per_l(float(shown.p50[peak]))),
        "model": model.name,
        "grade": model.grade,
        "source": regimen.source,
        "sources": sorted({fact.source for fact in model.typical.values()}),
    }


def _plain(content: Json) -> list[str]:
    late = next(row for row in content["points"] if row["key"] == "late-not-depressed")
    first = content["infusion"][0]
    peak = first["peak_ng_per_ml"]
    lower = content["counts"].get("lower in depressed", 0)
    return [
        f"Late in pregnancy one study measured {late['level']['nmol_per_l']:g} nmol/L "
        f"({late['level']['ng_per_ml']:.0f} ng/mL, {late['assay']}); the label's infusion is expected to reach "
        f"{peak['p50']:.0f} ng/mL ({peak['p05']:.0f} to {peak['p95']:.0f} in nine of ten women).",
        "The two are measured by different methods, so their ratio is not known.",
        f"Studies disagree: {lower} of {len(content['studies'])} sources found lower levels with low mood, the others "
        "no difference or a mixed picture.",
        content["never_a_dose"],
    ]
