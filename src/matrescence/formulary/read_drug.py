"""One drug from its folder: ``drug.toml`` and ``models/*.toml`` and ``references.bib`` -> :class:`Drug`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from matrescence.care.drug import Availability, Drug, Preparation, RegimenPlan
from matrescence.facts import Fact
from matrescence.formulary.bibliography import read_bibliography
from matrescence.formulary.read_lactation import read_lactation
from matrescence.formulary.read_model import read_model
from matrescence.formulary.read_regimen import read_regimen
from matrescence.formulary.read_safety import (
    read_criterion,
    read_interruption,
    read_observation,
    read_side_effect,
)
from matrescence.pharmacology.model import Model
from matrescence.reading import Field, nearest, read_table, read_toml, refuse
from matrescence.sourced import STATEMENT_FIELDS, UNKNOWN, read_fact, read_statement, read_statements

DRUG_FIELDS = (
    Field("label", "text", required=True),
    Field("route", "text", required=True, choices=("intravenous", "oral")),
    Field("mechanism", "table", required=True),
    Field("default_regimen", "text", required=True),
    Field("default_model", "text"),
    Field("programme", "text"),
    Field("availability", "table", required=True),
    Field("regimens", "table", required=True, low=1),
    Field("preparation", "table"),
    Field("observations", "tables"),
    Field("interruptions", "tables"),
    Field("criteria", "tables"),
    Field("side_effects", "tables"),
    Field("lactation", "table", required=True),
    Field("limits", "table"),
    Field("notes", "tables"),
)
AVAILABILITY_FIELDS = (
    Field("status", "text", required=True, choices=("withdrawn", "approved", "off-label")),
    Field("as_of", "date", required=True),
    Field("checked_on", "date", required=True),
    *STATEMENT_FIELDS,
)
PREPARATION_UNITS = {
    "vial": ("vial_mg", "mg"),
    "vial_volume": ("vial_ml", "mL"),
    "concentration": ("concentration_mg_per_ml", "mg/mL"),
    "bag": ("bag_ml", "mL"),
    "hang": ("hang_h", "h"),
    "refrigerated": ("refrigerated_h", "h"),
    "extra_bag_from": ("extra_bag_from_kg", "kg"),
}
"""Key of ``[preparation]`` -> field of :class:`Preparation` and the unit that field is kept in."""


def read_drug(folder: Path) -> Drug:
    """Read one drug folder.

    Raises:
        InputError: every problem of ``drug.toml`` in one message, or the first model or bibliography that fails.
    """
    file = folder / "drug.toml"
    where = str(file)
    problems: list[str] = []
    values = read_table(read_toml(file), DRUG_FIELDS, where, problems)
    refuse([p for p in problems if "is missing" in p], where)
    refuse(problems, where)
    models = read_models(folder)
    drug = Drug(
        name=folder.name,
        label=values["label"],
        route=values["route"],
        mechanism=read_statement(values["mechanism"], f"{where}: mechanism", problems),
        availability=_availability(values["availability"], f"{where}: availability", problems),
        regimens=_regimens(values["regimens"], f"{where}: regimens", problems),
        default_regimen=_one_of(values["default_regimen"], values["regimens"], f"{where}: default_regimen", problems),
        models=models,
        default_model=_default_model(values.get("default_model"), models, f"{where}: default_model", problems),
        lactation=read_lactation(values["lactation"], f"{where}: lactation", problems),
        preparation=_preparation(values.get("preparation"), f"{where}: preparation", problems),
        observations=_each(read_observation, values, "observations", where, problems),
        interruptions=_each(read_interruption, values, "interruptions", where, problems),
        criteria=_each(read_criterion, values, "criteria", where, problems),
        side_effects=_each(read_side_effect, values, "side_effects", where, problems),
        programme=values.get("programme"),
        limits=_limits(values.get("limits", {}), f"{where}: limits", problems),
        notes=read_statements(values.get("notes", []), f"{where}: notes", problems),
        citations={key: entry.line for key, entry in read_bibliography(folder / "references.bib").items()},
    )
    refuse(problems, where)
    return drug


def read_models(folder: Path) -> dict[str, Model]:
    """Every model of a drug folder by the stem of its file name, in alphabetical order."""
    return {path.stem: read_model(path, drug=folder.name) for path in sorted((folder / "models").glob("*.toml"))}


def _each(
    read: Callable[[Any, str, list[str]], Any], values: dict[str, Any], key: str, where: str, problems: list[str]
) -> tuple[Any, ...]:
    items = (read(table, f"{where}: {key} {n}", problems) for n, table in enumerate(values.get(key, []), start=1))
    return tuple(item for item in items if item is not None)


def _availability(table: Any, where: str, problems: list[str]) -> Availability:
    values = read_table(table, AVAILABILITY_FIELDS, where, problems)
    refuse([p for p in problems if p.startswith(where)], where)
    statement = read_statement({field.name: values[field.name] for field in STATEMENT_FIELDS}, where, problems)
    return Availability(values["status"], values["as_of"], statement, values["checked_on"])


def _regimens(table: dict[str, Any], where: str, problems: list[str]) -> dict[str, RegimenPlan]:
    read = {name: read_regimen(name, row, f"{where}.{name}", problems) for name, row in table.items()}
    return {name: plan for name, plan in read.items() if plan is not None}


def _one_of(name: str, allowed: Any, where: str, problems: list[str]) -> str:
    if name not in allowed:
        problems.append(f"{where} = {name!r} is not there.{nearest(name, allowed)} Allowed: {', '.join(allowed)}.")
    return name


def _default_model(name: str | None, models: dict[str, Model], where: str, problems: list[str]) -> str | None:
    """A drug without a usable model names none: its forecast is unknown, and said to be."""
    return None if name is None else _one_of(name, models, where, problems)


def _preparation(table: Any, where: str, problems: list[str]) -> Preparation | None:
    if table is None:
        return None
    fields = [Field(key, "table", required=key != "extra_bag_from") for key in PREPARATION_UNITS]
    values = read_table(table, [*fields, Field("recipe", "tables")], where, problems)
    facts = {
        name: read_fact(values[key], f"{where} {key}", problems, to_unit=code) if key in values else None
        for key, (name, code) in PREPARATION_UNITS.items()
    }
    required = {name: facts[name] or UNKNOWN for name in facts if name != "extra_bag_from_kg"}
    recipe = read_statements(values.get("recipe", []), f"{where} recipe", problems)
    return Preparation(**required, extra_bag_from_kg=facts["extra_bag_from_kg"], recipe=recipe)


def _limits(table: dict[str, Any], where: str, problems: list[str]) -> dict[str, Fact]:
    return {name: read_fact(fact, f"{where}.{name}", problems) for name, fact in table.items()}
