"""How many mothers a year, how many positive screens, how many places: for a clinic or a health department.

Prevalence is what mothers report in a survey (PRAMS), not a diagnosis.  No uptake is assumed: it is given, or shown
for scenarios that are marked as the project's own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from matrescence.actions.around import OURS, Json, fact_json, rounded, said, told
from matrescence.actions.places import Service, citations, needs
from matrescence.facts import Fact
from matrescence.instruments import library as instruments
from matrescence.outcomes.prevalence import Prevalence
from matrescence.outcomes.prevalence import prevalence as known_prevalence
from matrescence.pharmacology.quantiles import normal_quantile
from matrescence.pharmacology.screening import (
    Share,
    positive_share,
    predictive_value,
    prevalence_behind,
    share_of,
)
from matrescence.pharmacology.tolerability import rate_per_100
from matrescence.reading import InputError, nearest

US = "United States"
US_NAMES = frozenset({"united states", "united states of america", "usa", "us", "u.s.", "america"})
EPDS_CUTOFFS = (10, 11, 13)
MOST_BIRTHS = 200_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: ``place`` is ``None`` for the country, ``group`` the key of a group of mothers."""

    births: int
    place: str | None = None
    group: str | None = None
    service: Service = field(default_factory=Service)


def prevalence(asked: Asked) -> Json:
    """Everything for one place and its births a year.

    Raises:
        InputError: the births, the group, or a number of the service cannot be used.
    """
    if not 1 <= asked.births <= MOST_BIRTHS:
        raise InputError(f"--births {asked.births} cannot be used; give the live births of one year, 1 or more.")
    table = known_prevalence()
    used, note = _used(table, asked)
    share = _share(used)
    mothers = expected_mothers(asked.births, share)
    content: Json = {
        "place": asked.place or US,
        "births": asked.births,
        "used": {**fact_json(used[0]), "what": used[1], "year": used[2], "note": note},
        "figures": _figures(table, asked.place),
        "us": _us(table),
        "groups": _groups(table),
        "mothers": mothers,
        "mothers_across_places": _across_places(table, asked.births),
        "screening": screening(table, births=asked.births, share=share),
        "care": _care(table, mothers["expected"]),
        "service": needs(mothers["expected"], asked.service),
        "notes": said(table.statements),
        "grade": used[0].grade,
    }
    return told({**content, "plain": _plain(content)}, also=citations())


# ---- which figure ----------------------------------------------------------------------------------------------

Used = tuple[Fact, str, int]


def _used(table: Prevalence, asked: Asked) -> tuple[Used, str]:
    """The figure used, what it is, its year, and what must be said about the choice."""
    if asked.group is not None:
        return _group(table, asked.group), _group_note(asked.place)
    newest = table.newest
    country = (newest.overall, f"{US}, {newest.label}", newest.year)
    if asked.place is None or asked.place.casefold() in US_NAMES:
        return country, "The newest national figure that was read; it has no sampling interval in what was read."
    found = table.of_place(asked.place)
    if found:
        survey, place = found[0]
        note = "One figure of one year without its sampling interval; single states move by several points a year."
        return (place.percent, f"{place.name}, {survey.label}", survey.year), note
    low, high = newest.range_percent
    near = nearest(asked.place, table.place_names)
    return country, (
        f"No figure for {asked.place!r} was read.{near} The national one stands in; "
        f"in {newest.year} places ranged from {low:g} to {high:g} %."
    )


def _group(table: Prevalence, key: str) -> Used:
    rows = {group.key: group for group in table.groups}
    if key not in rows:
        raise InputError(f"--group {key!r} is not a group.{nearest(key, rows)} Allowed: {', '.join(rows)}.")
    return rows[key].percent, f"{rows[key].name}, {table.groups_label}", table.groups_year


def _group_note(place: str | None) -> str:
    also = "" if place is None else f" No figure of this group in {place} was read."
    return f"A group figure of 2012 from 13 states; later years were higher overall.{also}"


def _share(used: Used) -> Share:
    fact = used[0]
    scaled = [None if bound is None else bound / 100.0 for bound in (fact.low, fact.high)]
    return share_of(fact.known / 100.0, low=scaled[0], high=scaled[1])


def _figures(table: Prevalence, name: str | None) -> list[Json]:
    """Every dated figure of the place; of the country when none is named."""
    if name is None or name.casefold() in US_NAMES:
        return [{"year": s.year, "label": s.label, **fact_json(s.overall)} for s in table.surveys]
    found = table.of_place(name)
    return [{"year": s.year, "label": s.label, **fact_json(p.percent), "extreme": p.extreme} for s, p in found]


def _us(table: Prevalence) -> list[Json]:
    """Each survey year: the country, and the lowest and the highest place."""
    rows = []
    for survey in table.surveys:
        ends: list[Json] = [
            {"name": place.name, "percent": place.percent.known} for place in survey.places if place.extreme
        ]
        low, high = sorted(ends, key=lambda end: float(end["percent"]))
        rows.append(
            {"year": survey.year, "label": survey.label, **fact_json(survey.overall), "lowest": low, "highest": high}
        )
    return rows


def _groups(table: Prevalence) -> list[Json]:
    rows = [{"key": "", "name": "all in these states", **fact_json(table.groups_overall)}]
    rows += [{"key": group.key, "name": group.name, **fact_json(group.percent)} for group in table.groups]
    return [{"year": table.groups_year, **row} for row in rows]


# ---- how many --------------------------------------------------------------------------------------------------


def expected_mothers(births: int, share: Share, *, level: float = 0.95) -> Json:
    """Mothers a year: ``n p`` with variance ``n p (1-p) + n^2 var(p)``, within 0 and ``n``.

    Without an interval of the survey figure the second part is missing, and the interval is that of chance alone.
    """
    middle = births * share.value
    variance = births * share.value * (1.0 - share.value) + (births * share.error) ** 2
    half = normal_quantile(0.5 + 0.5 * level) * math.sqrt(variance)
    return {
        "expected": rounded(middle),
        "low": rounded(max(0.0, middle - half)),
        "high": rounded(min(float(births), middle + half)),
        "interval": "chance and survey" if share.error else "chance alone",
    }


def _across_places(table: Prevalence, births: int) -> Json:
    """What the same births would mean in the lowest and in the highest place of the newest survey with a total."""
    survey = table.newest
    low, high = survey.range_percent
    scaled = {"low": rounded(births * low / 100.0), "high": rounded(births * high / 100.0)}
    return {"year": survey.year, "low_percent": low, "high_percent": high, **scaled}


def screening(table: Prevalence, *, births: int, share: Share) -> Json:
    """Positive EPDS screens among all mothers at each cut-off, the share seen in practice, and where they disagree."""
    cutoffs = {c.threshold: c for c in instruments.load("epds").cutoffs if c.on == "total"}
    rows = [
        _screen(births, share, at_least, cutoffs[at_least].sensitivity, cutoffs[at_least].specificity)
        for at_least in EPDS_CUTOFFS
    ]
    seen = table.observed_positive
    women = table.observed_women.known
    rate = rate_per_100(events=round(seen.known * women / 100.0), people=round(women))
    same = next(row for row in rows if row["at_least"] == table.observed_at_least)
    used = cutoffs[table.observed_at_least]
    return {
        "cutoffs": rows,
        "observed": {
            **fact_json(seen),
            "at_least": table.observed_at_least,
            "low": rounded(rate.low),
            "high": rounded(rate.high),
            "women": women,
            "mothers": rounded(births * seen.known / 100.0),
            "self_harm": fact_json(table.self_harm_among_positive),
        },
        "conflict": _conflict(same, seen, sensitivity=used.sensitivity.known, specificity=used.specificity),
        "stands_in": "The survey figure stands in for depression: PRAMS asks about symptoms, Levis about a diagnosis.",
    }


def _screen(births: int, share: Share, at_least: int, sensitivity: Fact, specificity: Fact) -> Json:
    sens, spec = _of_fact(sensitivity), _of_fact(specificity)
    positive = positive_share(sensitivity=sens, specificity=spec, prevalence=share)
    low, high = positive.interval()
    value = predictive_value(sensitivity=sens.value, specificity=spec.value, prevalence=share.value)
    true = births * share.value * sens.value
    return {
        "at_least": at_least,
        "sensitivity": fact_json(sensitivity),
        "specificity": fact_json(specificity),
        "positive_percent": rounded(100.0 * positive.value),
        "positive_percent_low": rounded(100.0 * low),
        "positive_percent_high": rounded(100.0 * high),
        "positive": rounded(births * positive.value),
        "positive_low": rounded(births * low),
        "positive_high": rounded(births * high),
        "found": rounded(true),
        "missed": rounded(births * share.value - true),
        "false_alarms": rounded(births * positive.value - true),
        "without_disease_percent": rounded(100.0 * (1.0 - spec.value)),
        "predictive_value_percent": None if value is None else rounded(100.0 * value),
    }


def _of_fact(fact: Fact) -> Share:
    scaled = [None if bound is None else bound / 100.0 for bound in (fact.low, fact.high)]
    return share_of(fact.known / 100.0, low=scaled[0], high=scaled[1])


def _conflict(row: Json, seen: Fact, *, sensitivity: float, specificity: Fact) -> Json:
    """The two sources side by side; neither is bent to fit the other.  Percentages throughout."""

    def behind(spec: float) -> float | None:
        found = prevalence_behind(seen.known / 100.0, sensitivity=sensitivity / 100.0, specificity=spec / 100.0)
        return None if found is None else 100.0 * found

    needed, best = behind(specificity.known), behind(specificity.high or specificity.known)
    floor = row["without_disease_percent"]
    text = (
        f"With the published specificity {floor:.0f} % would screen positive at {row['at_least']} or more even if "
        f"nobody were depressed; among 10,000 mothers {seen.known:g} % did. {_explains(needed)} "
        f"At the upper end of the specificity ({specificity.high:g} %): {_explains(best)} The accuracy studies were "
        "not population samples: use their figures for women seen in a clinic, and the observed share to plan for "
        "everybody. Nothing here is adjusted to make them agree."
    )
    return {
        "predicted_percent": row["positive_percent"],
        "without_disease_percent": floor,
        "observed_percent": seen.known,
        "prevalence_needed_percent": rounded(needed),
        "prevalence_needed_at_best_percent": rounded(best),
        "text": text,
    }


def _explains(needed: float | None) -> str:
    if needed is None:
        return "No prevalence explains that."
    return f"A prevalence of {needed:.1f} % would explain it."


def _care(table: Prevalence, expected: float) -> Json:
    """What a published model of the United States assumes of those who are found and treated, by whatever means."""
    diagnosed = expected * table.diagnosed.known / 100.0
    return {
        "diagnosed": {**fact_json(table.diagnosed), "mothers": rounded(diagnosed)},
        "treated": {**fact_json(table.treated), "mothers": rounded(diagnosed * table.treated.known / 100.0)},
    }


def _plain(content: Json) -> list[str]:
    used, mothers = content["used"], content["mothers"]
    ten = content["screening"]["cutoffs"][0]
    seen = content["screening"]["observed"]
    lines: Sequence[str] = (
        f"{content['births']:,} births a year, {used['value']:g} % ({used['what']}): about {mothers['expected']:,.0f} "
        f"mothers a year with depressive symptoms ({mothers['low']:,.0f} to {mothers['high']:,.0f}, "
        f"{mothers['interval']}).",
        used["note"],
        f"Positive EPDS screens at 10 or more: {ten['positive']:,.0f} ({ten['positive_low']:,.0f} to "
        f"{ten['positive_high']:,.0f}) by the published accuracy, {seen['mothers']:,.0f} by the share seen among "
        "10,000 mothers.",
        "How many of them want, and can have, an infusion is not known from any survey: it is given or a scenario "
        f"({OURS}).",
    )
    return list(lines)
