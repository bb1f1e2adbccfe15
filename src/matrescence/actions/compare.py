"""The treatments side by side for one mother, in a fixed order and never ranked: what is known of each, and what not.

Levels and milk are forecast with her own weight; mood with the posterior of all trials, for women who start at her
score.  Whatever no trial has shown is said in plain lines with its source.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from matrescence import __version__
from matrescence.actions.mood_chances import Chance, chances, posterior_or_reason
from matrescence.actions.plan_json import advice_json, keys_used, mother_json, predicted, quantiles_json, statement_json
from matrescence.actions.planning import Plan, plan, side_effects
from matrescence.actions.recovery import in_words
from matrescence.care.infusion.plan import Treatment
from matrescence.care.lactation.feeding import Pause
from matrescence.care.mother import Mother
from matrescence.care.recovery.bill import Quantities, bill
from matrescence.care.recovery.money import Amount
from matrescence.facts import lowest_grade
from matrescence.formulary import library
from matrescence.formulary.bibliography import read_bibliography
from matrescence.formulary.costs import library as costs
from matrescence.formulary.programmes import library as programmes
from matrescence.outcomes.library import load_trial
from matrescence.outcomes.options import REFERENCES, Option, options, unshown
from matrescence.outcomes.posterior import MoodPosterior
from matrescence.reading import InputError

Json = dict[str, Any]

OURS = "project-decision"
LOCAL = "local-protocol"
SHOWN = ((24.0, "hour 24"), (60.0, "hour 60"), (168.0, "day 7"), (360.0, "day 15"), (720.0, "day 30"))
SEDATING = ("sedat", "somnol", "drowsi", "conscious", "dissoc")
ASSUMED_FROM = "brexanolone-202b"
LOWEST_BASELINE, HIGHEST_BASELINE = 8.0, 52.0
NOT_RANKED = "The order is fixed and is no ranking. Which treatment is right for her is for her and her clinician."
NO_FORECAST = "Unknown after birth: no randomised trial of it in diagnosed depression after birth."


def compare(mother: Mother, *, hamd17: float | None = None, women: int = 500, seed: int = 1) -> Json:
    """Lay every option side by side; the same input gives the same data.

    Args:
        mother: her facts; what is ``None`` is not known and is said to be.
        hamd17: her score before treatment (8 to 52); ``None`` takes the mean of the trial in severe depression and
            says so.
        women: how many virtual women each forecast of levels and of mood is made of.
        seed: of the random numbers.

    Raises:
        InputError: ``hamd17``, ``women`` or ``seed`` is out of range.
    """
    if hamd17 is not None and not LOWEST_BASELINE <= hamd17 <= HIGHEST_BASELINE:
        raise InputError(f"--hamd17 {hamd17:g} cannot be used; allowed: {LOWEST_BASELINE:g} to {HIGHEST_BASELINE:g}.")
    baseline = assumed_baseline() if hamd17 is None else hamd17
    posterior, why = posterior_or_reason()
    rows = [_row(option, mother, posterior, why, baseline=baseline, women=women, seed=seed) for option in options()]
    content: Json = {
        "mother": mother_json(mother),
        "baseline": {
            "scale": "HAM-D17",
            "score": predicted(baseline),
            "assumed": hamd17 is None,
            "source": _baseline_source() if hamd17 is None else "mother",
        },
        "shown": [{"at_h": at_h, "label": label} for at_h, label in SHOWN],
        "options": rows,
        "unshown": [{"key": key, **statement_json(said)} for key, said in unshown().items()],
        "plain": _plain(baseline, hamd17),
    }
    return _with_references(content, seed)


def assumed_baseline() -> float:
    """The mean HAM-D17 before treatment in the trial of severe depression, over its arms."""
    known = [(arm.baseline.mean, arm.n) for arm in load_trial(ASSUMED_FROM).arms if arm.baseline is not None]
    return round(sum(mean * n for mean, n in known) / sum(n for _, n in known), 1)


def _baseline_source() -> str:
    return next(arm.baseline.source for arm in load_trial(ASSUMED_FROM).arms if arm.baseline is not None)


# ---- one option -----------------------------------------------------------------------------------------------


def _row(
    option: Option,
    mother: Mother,
    posterior: MoodPosterior | None,
    why: str,
    *,
    baseline: float,
    women: int,
    seed: int,
) -> Json:
    drug = library.load(option.drug)
    made = plan(mother, drug, regimen_name=option.regimen, women=women, seed=seed)
    told = drug.availability
    size = _size(option, posterior, why, baseline=baseline)
    return {
        "key": option.key,
        "label": option.label,
        "drug": drug.name,
        "regimen": option.regimen,
        "regimen_label": made.regimen.label,
        "availability": {"status": told.status, "as_of": told.as_of.isoformat(), **statement_json(told.statement)},
        "speed": statement_json(option.speed),
        "size": size,
        "durability": statement_json(option.durability),
        "sedation": _sedation(made),
        "milk": _milk(made),
        "place": statement_json(option.place),
        "programme": _programme(made),
        "cost": _cost(made),
        "grade": lowest_grade([option.speed.grade, option.durability.grade, size["grade"]]),
    }


def _size(option: Option, posterior: MoodPosterior | None, why: str, *, baseline: float) -> Json:
    elsewhere = None if option.size is None else statement_json(option.size)
    if option.forecast is None or posterior is None:
        unknown = NO_FORECAST if option.forecast is None else why
        grade = "U" if option.size is None else option.size.grade
        return {"forecast": None, "unknown": unknown, "elsewhere": elsewhere, "grade": grade}
    found = chances(posterior, treatment=option.forecast, baseline=baseline, times_h=[at_h for at_h, _ in SHOWN])
    rows = [_chance(label, chance) for (_, label), chance in zip(SHOWN, found, strict=True)]
    return {"forecast": rows, "unknown": None, "elsewhere": elsewhere, "grade": posterior.grade}


def _chance(label: str, chance: Chance) -> Json:
    names = ("at_h", "fall", "fall_placebo", "response", "response_placebo", "remission", "remission_placebo")
    found: Json = {"label": label}
    for name in names:
        value = getattr(chance, name)
        found[name] = value if name == "at_h" else {k: predicted(v) for k, v in value.as_dict().items()}
    return found


def _sedation(made: Plan) -> Json:
    rows = side_effects(made.drug, made.regimen)
    found = [row for row in rows if any(word in row["name"].lower() for word in SEDATING)]
    return {"counted": found, "unknown": None if found else "No count of sedation was found in a source."}


def _milk(made: Plan) -> Json:
    infant = made.forecast.milk
    relative = None if infant is None else infant.relative_infant_dose_percent
    advice = [advice_json(item, made.mother.start) for item in made.advice]
    return {
        "relative_infant_dose_percent": quantiles_json(relative),
        "unknown": None if relative is not None else "No source supports a level in milk for a forecast.",
        "advice": advice,
        "go_on": sum(item.pause is Pause.NONE for item in made.advice),
        "grade": made.forecast.grade if relative is not None else "U",
    }


def _programme(made: Plan) -> Json:
    name = made.drug.programme or (LOCAL if made.drug.preparation is not None else None)
    if name is None:
        return {"name": None, "text": "No risk programme.", "source": OURS, "grade": "C"}
    found = programmes.load(name)
    return {"name": name, "label": found.label, **statement_json(found.standing)}


def _cost(made: Plan) -> Json:
    items = costs.load_items(made.drug.name)
    found = bill(items, _quantities(made.treatment))
    lines = [
        {
            "what": line.item.what,
            "charge": _dollars(line.charge),
            "dated": line.item.price.dated,
            **statement_json(line.item.price.statement),
        }
        for line in found.lines
    ]
    if not any(line.known for line in found.lines):
        return {"total": None, "words": "unknown", "lines": lines, "currency": "USD"}
    return {"total": _dollars(found.total), "words": in_words(found.total), "lines": lines, "currency": "USD"}


def _dollars(amount: Amount) -> Json | None:
    if amount.most is None and not amount.least:
        return None
    return {"least": float(amount.least), "most": None if amount.most is None else float(amount.most)}


def _quantities(treatment: Treatment) -> Quantities:
    vials = None if treatment.vials is None else treatment.vials.total
    return Quantities(sessions=len(treatment.sessions), vials=vials, hours=None)


# ---- words ----------------------------------------------------------------------------------------------------


def _plain(baseline: float, given: float | None) -> list[str]:
    start = (
        f"Her score is not known; {baseline:g} on the HAM-D17 is assumed, the mean of the trial in severe depression."
        if given is None
        else f"She starts at {baseline:g} on the HAM-D17."
    )
    return [
        NOT_RANKED,
        start,
        "Each number rests on trials of other women, with other placebo groups; rows cannot be subtracted.",
        *(said.text for said in unshown().values()),
    ]


def _programme_sources() -> dict[str, str]:
    return {key: entry.line for key, entry in programmes.bibliography().items()}


@cache
def _own_sources() -> dict[str, str]:
    return {key: entry.line for key, entry in read_bibliography(REFERENCES).items()}


def _with_references(content: Json, seed: int) -> Json:
    keys = sorted(set(keys_used(content)) - {OURS, "mother", "site-policy"})
    lines = {
        **costs.references(),
        **_programme_sources(),
        **_own_sources(),
        **_drug_lines(option.drug for option in options()),
    }
    return {
        **content,
        "references": [{"key": key, "text": lines.get(key, key)} for key in keys],
        "made_with": {"program": "matrescence", "version": __version__, "seed": seed},
    }


def _drug_lines(names: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in dict.fromkeys(names):
        found |= library.load(name).citations
    return found
