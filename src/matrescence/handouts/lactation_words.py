"""What the feeding handout says, in plain words: read by the page, the terminal and nobody else.

Amounts are rounded up, because too much milk is better than too little; times are those of the plan.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from matrescence.handouts.clock import Clock, day_and_time, time_of_day
from matrescence.handouts.digits import hours, plain, significant
from matrescence.handouts.heading import availability, drug_name, is_invented, name_of, regimen_name

Told = Mapping[str, Any]
_STEP_ML = 10  # amounts are rounded up to this

GOES_ON = "No break: feeding goes on."
NO_TIME = "No time is named."
NO_WEIGHT = "Not known: your baby's weight is missing."
_OWN_WORDS = {
    "lactation.pumping_unknown": "How often to pump in a break. Ask a lactation nurse.",
    "lactation.threshold_unknown": "A safe level in milk. No paper we read names one.",
    "lactation.infant_weight_unknown": "Your baby's weight. So the milk to store is not known.",
    "lactation.feeding_unknown": "How your baby is fed. Tell your nurse.",
    "lactation.watch_infant": "Signs to watch for. No paper we read names any.",
}
"""A rule's word as it is said to a mother; a rule without own words speaks for itself."""


def lactation_words(told: Told) -> dict[str, Any]:
    """The values of the template, by name."""
    clock = Clock.of(told)
    reasons = list(told["reasons"])
    return {
        "drug": drug_name(told),
        "regimen": regimen_name(told),
        "invented": is_invented(told),
        "availability": availability(told),
        "name": name_of(told),
        "facts": list(_facts(told, clock)),
        "happened": told["course"]["happened"],
        "changes": list(_changes(told["course"], clock)),
        "rows": [_row(source, clock) for source in told["lactation"]],
        "differ": any(row["rule"] == "lactation.side_by_side" for row in reasons),
        "intake": [plain(fact["value"], decimals=0) for fact in told["intake"]],
        "known_weight": told["mother"].get("infant_weight_kg") is not None,
        "formula": told["mother"].get("feeding") == "formula",
        "mixed": told["mother"].get("feeding") == "mixed",
        "expected": _expected(told),
        "watch": told["watch_infant_for"],
        "lines": [line["sentence"] for line in told["lines"]],
        "unknown": [_OWN_WORDS.get(row["rule"], row["text"]) for row in reasons if row["finding"] == "unknown"],
        "references": told["references"],
        "number": {reference["key"]: index for index, reference in enumerate(told["references"], start=1)},
        "made": told["made_with"],
        "zone": told["time_zone"],
        "note": told["note"],
    }


def _facts(told: Told, clock: Clock) -> Iterator[tuple[str, str]]:
    sessions = told["course"]["sessions"]
    yield "Start", day_and_time(clock.local(sessions[0]["starts_at"]))
    last = "Last end" if len(sessions) > 1 else "End"
    yield last, day_and_time(clock.local(sessions[-1]["ends_at"]))
    if len(sessions) > 1:
        yield "Sessions", str(len(sessions))
    yield "Course", told["course"]["happened"]
    weight = told["mother"].get("infant_weight_kg")
    yield "Your baby", "weight not known" if weight is None else f"{plain(weight, decimals=1)} kg"


def _changes(course: Mapping[str, Any], clock: Clock) -> Iterator[str]:
    stays = "" if course["stopped_at"] is not None else " The end and the times stay, unless your clinic moves them."
    for pause in course["pauses"]:
        times = _span(clock.local(pause["starts_at"]), clock.local(pause["ends_at"]))
        yield f"No drug was given from {times}.{stays}"
    if course["stopped_at"] is not None:
        yield f"The drug was stopped at {day_and_time(clock.local(course['stopped_at']))}. Each wait starts then."


def _span(begins: datetime, ends: datetime) -> str:
    same_day = begins.date() == ends.date()
    return f"{day_and_time(begins)} to {time_of_day(ends) if same_day else day_and_time(ends)}"


def _row(source: Mapping[str, Any], clock: Clock) -> dict[str, Any]:
    pauses = source["pauses"]
    return {
        "who": source["who"],
        "advice": source["advice"],
        "source": source["source"],
        "grade": source["grade"],
        "changed": source["changed"],
        "breaks": [_break(pause, clock) for pause in pauses] or [_no_break(source)],
        "milk": _milk(pauses) if pauses else _no_milk(source),
        "store": _store(source, clock),
    }


def _no_break(source: Mapping[str, Any]) -> str:
    return GOES_ON if source["wait_h"] == 0 else NO_TIME


def _no_milk(source: Mapping[str, Any]) -> str:
    return "None." if source["wait_h"] == 0 else "Not known: no time is named."


def _break(pause: Mapping[str, Any], clock: Clock) -> str:
    begins, ends = clock.local(pause["from"]), clock.local(pause["until"])
    if pause["at_least"]:
        return f"{day_and_time(begins)} to at least {day_and_time(ends)}"
    return f"{_span(begins, ends)} ({hours(round(pause['hours'], 1))})"


def _store(source: Mapping[str, Any], clock: Clock) -> str:
    at = source["store_milk_from"]
    return "" if at is None else f"Start to pump for the store: {day_and_time(clock.local(at))}."


def _milk(pauses: list[Mapping[str, Any]]) -> str:
    usual = [pause["milk_ml_usual"] for pause in pauses]
    upper = [pause["milk_ml_upper"] for pause in pauses]
    if None in usual or None in upper:
        return NO_WEIGHT
    least = "At least " if any(pause["at_least"] for pause in pauses) else ""
    if len(pauses) == 1:
        return f"{least}{_ml(usual[0])} to {_ml(upper[0])} mL."
    each = f"{_ml(max(usual))} to {_ml(max(upper))} mL for each break"
    return f"{least}{each}; {_ml(sum(usual))} to {_ml(sum(upper))} mL in all."


def _ml(amount_ml: float) -> str:
    return str(math.ceil(amount_ml / _STEP_ML - 1e-9) * _STEP_ML)


def _expected(told: Told) -> str:
    relative = told["infant"]["relative_infant_dose_percent"]
    if relative is None:
        return "How much of the drug your baby would get is not known. No paper we read gives what we would need."
    middle, most = significant(relative["p50"]), significant(relative["p95"])
    return (
        f"If you fed all the time, your baby would get about {middle} % of your dose for each kg. "
        f"In 95 of 100 women it is less than {most} %. This comes from a model. Nobody has measured you."
    )
