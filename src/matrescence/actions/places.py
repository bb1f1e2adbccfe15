"""Infusion beds and chairs for a number of mothers: load, occupancy, and places at which few are turned away.

Hours of a course come from the formulary; what a clinic must know of itself (uptake, hours in the chair, opening
hours, how full it may be) is given, or a scenario of the project's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from matrescence.actions.around import OURS, Json, rounded, said
from matrescence.actions.capacity import HOURS_A_YEAR, WEEKS_A_YEAR, load, places_at_occupancy, places_for, turned_away
from matrescence.care.drug import Drug, RegimenPlan
from matrescence.formulary import library
from matrescence.pharmacology.quantiles import poisson_quantile
from matrescence.reading import InputError

UPTAKES_PERCENT = (1.0, 5.0, 10.0)
OCCUPANCIES_PERCENT = (70.0, 85.0)
TURNED_AWAY_PERCENT = (5.0, 1.0)
CHAIR_STAYS_H = (2.0, 3.0)
OPEN_HOURS_PER_WEEK = (40.0,)
BED_REGIMEN = ("brexanolone", "label-90")
CHAIR_REGIMEN = ("ketamine", "series-of-six")


@dataclass(frozen=True, slots=True)
class Service:
    """What a clinic says of itself; an empty tuple is not given.

    ``uptakes_percent`` of the expected mothers have a course; a chair is taken for ``chair_stays_h`` a session, a bed
    for the infusion and ``bed_turnover_h``.
    """

    uptakes_percent: tuple[float, ...] = ()
    occupancies_percent: tuple[float, ...] = ()
    turned_away_percent: tuple[float, ...] = ()
    chair_stays_h: tuple[float, ...] = ()
    open_hours_per_week: tuple[float, ...] = ()
    bed_turnover_h: float = 0.0


def needs(mothers: float, service: Service) -> Json:
    """Beds for 60-hour infusions and chairs for ketamine sessions, for each uptake.

    Raises:
        InputError: a number of the service is out of range.
    """
    _refuse_wrong(service)
    given = {
        "uptake_percent": (service.uptakes_percent, UPTAKES_PERCENT),
        "occupancy_percent": (service.occupancies_percent, OCCUPANCIES_PERCENT),
        "turned_away_percent": (service.turned_away_percent, TURNED_AWAY_PERCENT),
        "chair_stay_h": (service.chair_stays_h, CHAIR_STAYS_H),
        "open_hours_per_week": (service.open_hours_per_week, OPEN_HOURS_PER_WEEK),
    }
    chosen = {name: mine or scenario for name, (mine, scenario) in given.items()}
    assumed = [
        {"name": name, "values": list(scenario), "basis": OURS, "grade": "C"}
        for name, (mine, scenario) in given.items()
        if not mine
    ]
    return {
        "assumed": assumed,
        "bed_turnover_h": service.bed_turnover_h,
        "beds": [_beds(mothers, uptake, service, chosen) for uptake in chosen["uptake_percent"]],
        "chairs": [
            _chairs(mothers, uptake, stay_h=stay, open_per_week=weekly, chosen=chosen)
            for uptake in chosen["uptake_percent"]
            for stay in chosen["chair_stay_h"]
            for weekly in chosen["open_hours_per_week"]
        ],
        "method": (
            "Mean places in use = courses a year x hours each / open hours a year. Queue-free: the places at which no "
            "more than the stated share of mothers who come at random find all taken (Erlang's loss formula). At once: "
            "the number in use at the same moment that is passed only that share of the time, were there no limit "
            "(Poisson). Booked courses need only the places for the occupancy."
        ),
        "availability": said([library.load(BED_REGIMEN[0]).availability.statement])[0],
    }


def _beds(mothers: float, uptake: float, service: Service, chosen: dict[str, tuple[float, ...]]) -> Json:
    """Beds day and night: a course of brexanolone runs through."""
    drug, regimen = _regimen(*BED_REGIMEN)
    infusion_h = max(step.end_h for step in regimen.staircase)
    courses = mothers * uptake / 100.0
    hours = infusion_h + service.bed_turnover_h
    mean = load(courses_a_year=courses, hours_each=hours, open_hours_a_year=HOURS_A_YEAR)
    return {
        "drug": drug.name,
        "regimen": regimen.name,
        "uptake_percent": uptake,
        "courses": rounded(courses),
        "hours_each": hours,
        "source": regimen.source,
        **_places(mean, chosen),
    }


def _chairs(
    mothers: float, uptake: float, *, stay_h: float, open_per_week: float, chosen: dict[str, tuple[float, ...]]
) -> Json:
    """Chairs in opening hours: a series of ketamine is so many sessions."""
    drug, regimen = _regimen(*CHAIR_REGIMEN)
    courses, sessions = mothers * uptake / 100.0, len(regimen.session_days)
    assert regimen.duration_min is not None
    if stay_h * 60.0 < regimen.duration_min:
        raise InputError(
            f"--chair-h {stay_h:g} cannot be used; the infusion alone takes {regimen.duration_min:g} minutes."
        )
    mean = load(courses_a_year=courses * sessions, hours_each=stay_h, open_hours_a_year=open_per_week * WEEKS_A_YEAR)
    return {
        "drug": drug.name,
        "regimen": regimen.name,
        "uptake_percent": uptake,
        "courses": rounded(courses),
        "sessions_each": sessions,
        "chair_stay_h": stay_h,
        "open_hours_per_week": open_per_week,
        "source": regimen.source,
        **_places(mean, chosen),
    }


def _places(mean: float, chosen: dict[str, tuple[float, ...]]) -> Json:
    return {
        "mean_in_use": rounded(mean),
        "at_occupancy": [
            {"occupancy_percent": percent, "places": places_at_occupancy(mean, occupancy=percent / 100.0)}
            for percent in chosen["occupancy_percent"]
        ],
        "queue_free": [_queue_free(mean, percent) for percent in chosen["turned_away_percent"]],
    }


def _queue_free(mean: float, percent: float) -> Json:
    places = places_for(mean, turned_away_share=percent / 100.0)
    return {
        "turned_away_percent": percent,
        "places": places,
        "then_turned_away_percent": rounded(100.0 * turned_away(mean, places=places)),
        "at_once": poisson_quantile(1.0 - percent / 100.0, mean=mean),
    }


@cache
def _regimen(drug_name: str, regimen_name: str) -> tuple[Drug, RegimenPlan]:
    drug = library.load(drug_name)
    return drug, drug.regimens[regimen_name]


def citations() -> dict[str, str]:
    """The papers behind the two regimens, by key."""
    return {**library.load(CHAIR_REGIMEN[0]).citations, **library.load(BED_REGIMEN[0]).citations}


def _refuse_wrong(service: Service) -> None:
    bounds = (
        ("--uptake", service.uptakes_percent, 0.0, 100.0, "percent of the expected mothers"),
        ("--occupancy", service.occupancies_percent, 1.0, 100.0, "percent of the time"),
        ("--turned-away", service.turned_away_percent, 0.01, 99.0, "percent of arrivals"),
        ("--chair-h", service.chair_stays_h, 0.1, 24.0, "hours"),
        ("--open-h", service.open_hours_per_week, 1.0, 168.0, "hours a week"),
        ("--bed-turnover-h", (service.bed_turnover_h,), 0.0, 168.0, "hours"),
    )
    wrong = [
        f"{name} {value:g} cannot be used; give {low:g} to {high:g} {unit}."
        for name, values, low, high, unit in bounds
        for value in values
        if not low <= value <= high
    ]
    if wrong:
        raise InputError("\n".join(wrong))
