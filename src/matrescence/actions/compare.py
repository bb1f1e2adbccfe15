"""The treatments side by side for one mother, in a fixed order and never ranked: what is known of each, and what not.

Levels and milk are forecast with her own weight; mood with the posterior of all trials, for women who start at her
score: on HAM-D17 after birth, and for sessions of ketamine on MADRS, in other people.  The two scales are kept apart.
Whatever no trial has shown is said in plain lines with its source.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from matrescence import __version__
from matrescence.actions import mood, mood_sessions
from matrescence.actions.around import sources
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
from matrescence.formulary.costs import library as costs
from matrescence.formulary.programmes import library as programmes
from matrescence.outcomes.library import load_trial
from matrescence.outcomes.options import Option, options, unshown
from matrescence.reading import InputError

Json = dict[str, Any]

OURS = "project-decision"
LOCAL = "local-protocol"
SEDATING = ("sedat", "somnol", "drowsi", "conscious", "dissoc")
ALLOWED = {"hamd17": (8.0, 52.0), "madrs": (12.0, 60.0)}
"""The scores before treatment that are taken, as in a mother's file."""
NOT_RANKED = "The order is fixed and is no ranking. Which treatment is right for her is for her and her clinician."
NO_FORECAST = "Unknown after birth: no randomised trial of it in diagnosed depression after birth."


def compare(
    mother: Mother, *, hamd17: float | None = None, madrs: float | None = None, women: int = 500, seed: int = 1
) -> Json:
    """Lay every option side by side; the same input gives the same data.

    Args:
        mother: her facts; what is ``None`` is not known and is said to be.
        hamd17: her score before treatment (8 to 52), in place of the one in her file; where neither is known, the mean
            of the trial in severe depression is taken and said to be.
        madrs: the same for the sessions on MADRS (12 to 60); where it is not known, where those trials started.
        women: how many virtual women each forecast of levels is made of.
        seed: of the random numbers.

    Raises:
        InputError: a score, ``women`` or ``seed`` is out of range.
    """
    her = Scores.of(mother, hamd17=hamd17, madrs=madrs)
    content: Json = {
        "mother": mother_json(mother),
        "baseline": {
            "scale": "HAM-D17",
            "score": predicted(her.known_hamd17),
            "assumed": her.hamd17 is None,
            "source": _baseline_source() if her.hamd17 is None else "mother",
        },
        "shown": [{"at_h": at_h, "label": label} for at_h, label in mood.SHOWN],
        "options": [_row(option, mother, her, women=women, seed=seed) for option in options()],
        "unshown": [{"key": key, **statement_json(said)} for key, said in unshown().items()],
        "plain": _plain(her),
    }
    return _with_references(content, seed)


@dataclass(frozen=True, slots=True)
class Scores:
    """Her scores before treatment; ``None`` where it is not known.  The two scales are never converted."""

    hamd17: float | None
    madrs: float | None

    @classmethod
    def of(cls, mother: Mother, *, hamd17: float | None, madrs: float | None) -> Scores:
        """What was asked for, else what her file says.

        Raises:
            InputError: a score is out of range.
        """
        for name, value in (("hamd17", hamd17), ("madrs", madrs)):
            low, high = ALLOWED[name]
            if value is not None and not low <= value <= high:
                raise InputError(f"--{name} {value:g} cannot be used; allowed: {low:g} to {high:g}.")
        return cls(mother.hamd17 if hamd17 is None else hamd17, mother.madrs if madrs is None else madrs)

    @property
    def known_hamd17(self) -> float:
        """Her HAM-D17, or the mean of the trial in severe depression."""
        return mood.assumed_baseline() if self.hamd17 is None else self.hamd17


def _baseline_source() -> str:
    return next(arm.baseline.source for arm in load_trial(mood.ASSUMED_FROM).arms if arm.baseline is not None)


# ---- one option -----------------------------------------------------------------------------------------------


def _row(option: Option, mother: Mother, her: Scores, *, women: int, seed: int) -> Json:
    drug = library.load(option.drug)
    made = plan(mother, drug, regimen_name=option.regimen, women=women, seed=seed)
    told = drug.availability
    size = _size(option, made.treatment, her)
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


def _size(option: Option, treatment: Treatment, her: Scores) -> Json:
    """What the trials lead to expect, on the scale of the option; ``elsewhere`` quotes one of them for other people."""
    elsewhere = None if option.size is None else statement_json(option.size)
    found = _sessions(option, treatment, her) if option.sessions is not None else _hamd17(option, her)
    if found["forecast"] is None:
        found["grade"] = "U" if option.size is None else option.size.grade
    return {**found, "elsewhere": elsewhere}


def _hamd17(option: Option, her: Scores) -> Json:
    posterior, why = mood.posterior_or_reason()
    if option.forecast is None or posterior is None:
        return _no_forecast("HAM-D17", NO_FORECAST if option.forecast is None else why)
    rows = mood.at_times(posterior, treatment=option.forecast, baseline=her.known_hamd17)
    return {
        "scale": "HAM-D17",
        "against": "placebo",
        "in_whom": None,
        "baseline": {"score": predicted(her.known_hamd17), "assumed": her.hamd17 is None},
        "sessions": None,
        "forecast": rows,
        "relapse": None,
        "unknown": None,
        "grade": posterior.grade,
    }


def _sessions(option: Option, treatment: Treatment, her: Scores) -> Json:
    """On MADRS, with the number of sessions and how long they last: borrowed from other people, and said to be."""
    posterior, why = mood_sessions.sessions_or_reason()
    if option.sessions is None or posterior is None:
        return _no_forecast("MADRS", why)
    baseline = mood_sessions.assumed_madrs(posterior) if her.madrs is None else her.madrs
    starts = tuple(session.start_h for session in treatment.sessions)
    return {
        "scale": "MADRS",
        "against": mood_sessions.CONTROL,
        "in_whom": mood_sessions.POPULATION,
        "baseline": {"score": predicted(baseline), "assumed": her.madrs is None},
        "sessions": len(starts),
        "forecast": mood_sessions.at_times(
            posterior, treatment=option.sessions, baseline=baseline, sessions_at_h=starts
        ),
        "relapse": mood_sessions.relapse(option, posterior, baseline=baseline, sessions_at_h=starts),
        "unknown": NO_FORECAST,
        "grade": posterior.grade,
        "fitted_to": list(posterior.provenance["trials"]),
        "sources": list(posterior.provenance["sources"]),
    }


def _no_forecast(scale: str, why: str) -> Json:
    known = dict.fromkeys(("against", "in_whom", "baseline", "sessions", "forecast", "relapse"))
    return {"scale": scale, **known, "unknown": why}


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
        "pause": sum(item.pause in (Pause.UNTIL, Pause.WHOLE_TREATMENT) for item in made.advice),
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


def _plain(her: Scores) -> list[str]:
    start = (
        f"Her score is not known; {her.known_hamd17:g} on the HAM-D17 is assumed, the mean of the trial in severe "
        "depression."
        if her.hamd17 is None
        else f"She starts at {her.known_hamd17:g} on the HAM-D17."
    )
    return [
        NOT_RANKED,
        start,
        "Each number rests on trials of other women, with other placebo groups; rows cannot be subtracted.",
        "Ketamine is told on another scale (MADRS), from people with treatment-resistant depression: its numbers are "
        "not to be laid beside those on the HAM-D17.",
        *(said.text for said in unshown().values()),
    ]


def _programme_sources() -> dict[str, str]:
    return {key: entry.line for key, entry in programmes.bibliography().items()}


def _with_references(content: Json, seed: int) -> Json:
    keys = sorted(set(keys_used(content)) - {OURS, "mother", "site-policy"})
    lines = {
        **costs.references(),
        **_programme_sources(),
        **{key: entry.line for key, entry in sources().items()},
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
