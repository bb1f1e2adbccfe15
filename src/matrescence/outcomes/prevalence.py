"""How many mothers report depressive symptoms: by survey year, by place, by group; only what was read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from matrescence.facts import Fact, Statement
from matrescence.outcomes.tables import HERE, finish, read_file
from matrescence.reading import Field, read_table
from matrescence.sourced import PROVENANCE, read_fact, read_statements

SHIPPED = HERE / "prevalence.toml"


@dataclass(frozen=True, slots=True)
class Place:
    """One place in one survey, in percent; ``extreme`` says whether it was the lowest or the highest there."""

    name: str
    percent: Fact
    extreme: str | None


@dataclass(frozen=True, slots=True)
class Survey:
    """One survey year: the overall figure (unknown when it was not read) and the places that were read."""

    year: int
    label: str
    overall: Fact
    places: tuple[Place, ...]

    @property
    def range_percent(self) -> tuple[float, float]:
        """The lowest and the highest place of this survey, in percent."""
        known = [place.percent.known for place in self.places if place.extreme is not None]
        return min(known), max(known)


@dataclass(frozen=True, slots=True)
class Group:
    """One group of mothers, in percent with its interval."""

    key: str
    name: str
    percent: Fact


@dataclass(frozen=True, slots=True)
class Prevalence:
    """All of it, surveys with the newest first."""

    surveys: tuple[Survey, ...]
    groups_year: int
    groups_label: str
    groups_overall: Fact
    groups: tuple[Group, ...]
    statements: tuple[Statement, ...]
    observed_positive: Fact
    observed_women: Fact
    observed_at_least: int
    self_harm_among_positive: Fact
    diagnosed: Fact
    treated: Fact

    @property
    def newest(self) -> Survey:
        """The newest survey whose overall figure is known."""
        return next(survey for survey in self.surveys if survey.overall.value is not None)

    def of_place(self, name: str) -> tuple[tuple[Survey, Place], ...]:
        """Every figure of a place, the newest first; its name in any case."""
        wanted = name.casefold()
        return tuple((s, place) for s in self.surveys for place in s.places if place.name.casefold() == wanted)

    @property
    def place_names(self) -> tuple[str, ...]:
        """The places of which a figure was read, in alphabetical order."""
        return tuple(sorted({place.name for survey in self.surveys for place in survey.places}))


FILE = (
    Field("surveys", "tables", required=True, low=1),
    Field("groups", "table", required=True),
    Field("statements", "tables", required=True),
    Field("screening", "table", required=True),
    Field("care", "table", required=True),
)
SURVEY = (
    Field("year", "integer", low=2000, high=2100, required=True),
    Field("label", "text", required=True),
    Field("overall", "table", required=True),
    Field("places", "tables", required=True, low=2),
    *PROVENANCE,
)
PLACE = (
    Field("name", "text", required=True),
    Field("value", "number", low=0, high=100, required=True),
    Field("extreme", "text", choices=("lowest", "highest")),
)
GROUPS = (
    Field("year", "integer", required=True),
    Field("label", "text", required=True),
    Field("overall", "table", required=True),
    Field("rows", "tables", required=True, low=1),
    *PROVENANCE,
)
GROUP = (
    Field("key", "text", required=True),
    Field("name", "text", required=True),
    *(Field(name, "number", low=0, high=100, required=True) for name in ("value", "low", "high")),
)
SCREENING = {"observed_positive": "%", "observed_women": "{count}", "self_harm_among_positive": "%"}
CARE = {"diagnosed": "%", "treated": "%"}


@cache
def prevalence(path: Path = SHIPPED) -> Prevalence:
    """Everything that was read.

    Raises:
        InputError: the file cannot be used.
    """
    values, problems = read_file(path, FILE)
    tables = enumerate(values["surveys"], start=1)
    surveys = [_survey(table, f"surveys {number}", problems) for number, table in tables]
    groups = _groups(values["groups"], problems)
    extra = {"observed_at_least": (Field("observed_at_least", "integer", required=True),)}
    screening = _facts(values["screening"], SCREENING, "screening", problems, plain=extra["observed_at_least"])
    care = _facts(values["care"], CARE, "care", problems)
    statements = read_statements(values["statements"], "statements", problems)
    finish(path, problems)
    known = sorted((survey for survey in surveys if survey is not None), key=lambda survey: -survey.year)
    return Prevalence(surveys=tuple(known), statements=statements, **groups, **screening, **care)


def _survey(table: Any, where: str, problems: list[str]) -> Survey | None:
    before = len(problems)
    values = read_table(table, SURVEY, where, problems)
    if len(problems) > before:
        return None
    overall = read_fact(values["overall"], f"{where}: overall", problems, to_unit="%")
    places = []
    for number, row in enumerate(values["places"], start=1):
        place = read_table(row, PLACE, f"{where}: places {number}", problems)
        if {"name", "value"} <= set(place):
            places.append(Place(place["name"], _percent(place, values), place.get("extreme")))
    return Survey(values["year"], values["label"], overall, tuple(places))


def _groups(table: Any, problems: list[str]) -> dict[str, Any]:
    before = len(problems)
    values = read_table(table, GROUPS, "groups", problems)
    if len(problems) > before:
        return {}
    rows = [read_table(row, GROUP, f"groups: rows {n}", problems) for n, row in enumerate(values["rows"], start=1)]
    overall = read_fact(values["overall"], "groups: overall", problems, to_unit="%")
    if len(problems) > before:
        return {}
    groups = tuple(Group(row["key"], row["name"], _percent(row, values)) for row in rows)
    named = {f"groups_{key}": values[key] for key in ("year", "label")}
    return {**named, "groups_overall": overall, "groups": groups}


def _percent(row: dict[str, Any], table: dict[str, Any]) -> Fact:
    source = {key: table[key] for key in ("source", "at", "basis", "grade")}
    return Fact(row["value"], "%", low=row.get("low"), high=row.get("high"), **source)


def _facts(
    table: Any, units: dict[str, str], where: str, problems: list[str], *, plain: tuple[Field, ...] = ()
) -> dict[str, Any]:
    fields = (*(Field(name, "table", required=True) for name in units), *plain)
    values = read_table(table, fields, where, problems)
    for name, unit in units.items():
        if name in values:
            values[name] = read_fact(values[name], f"{where}: {name}", problems, to_unit=unit)
    return values
