"""One model from ``models/<author>_<year>.toml``: structure, typical values, covariates, spread, error, people studied.

The structure is written out as data.  A rate or a scale is a quotient of parameter names, ``"q / v1"`` or
``"partition / v1"`` (``"1 / v1"`` when nothing stands above the line); nothing else is understood, so no program
hides in a data file.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matrescence.facts import GRADES, Fact
from matrescence.pharmacology.model import (
    CovariateEffect,
    Flow,
    Link,
    Model,
    Output,
    Rate,
    ResidualError,
    Spread,
    Structure,
    Studied,
)
from matrescence.reading import Field, read_table, read_toml, refuse
from matrescence.sourced import read_fact

MODEL_FIELDS = (
    Field("label", "text", required=True),
    Field("grade", "text", required=True, choices=GRADES),
    Field("sources", "texts", required=True, low=1),
    Field("notes", "texts"),
    Field("structure", "table", required=True),
    Field("typical", "table", required=True),
    Field("covariates", "tables"),
    Field("between_women", "table"),
    Field("uncertainty", "table"),
    Field("residual", "table"),
    Field("studied", "table", required=True),
)
STRUCTURE_FIELDS = (
    Field("states", "texts", required=True, low=1),
    Field("flows", "tables", required=True),
    Field("links", "tables"),
    Field("outputs", "tables", required=True, low=1),
)
FLOW_FIELDS = (Field("from", "text", required=True), Field("to", "text"), Field("rate", "text", required=True))
LINK_FIELDS = (
    Field("from", "text", required=True),
    Field("to", "text", required=True),
    Field("rate", "text", required=True),
    Field("gain", "text"),
)
OUTPUT_FIELDS = (
    Field("name", "text", required=True),
    Field("state", "text", required=True),
    Field("scale", "text", required=True),
    Field("unit", "text", required=True),
)
COVARIATE_FIELDS = (
    Field("parameter", "text", required=True),
    Field("covariate", "text", required=True),
    Field("form", "text", required=True),
    Field("coefficients", "table"),
)
SPREAD_FIELDS = (Field("names", "texts", required=True), Field("covariance", "list", required=True))
RESIDUAL_FIELDS = (Field("proportional", "number", low=0, high=5), Field("additive", "number", low=0))
STUDIED_FIELDS = (
    Field("description", "text", required=True),
    Field("count", "integer", low=1),
    Field("sampling", "text", required=True),
    Field("weight_kg", "numbers", low=2, high=2),
    Field("age_years", "numbers", low=2, high=2),
)


def read_model(path: Path, *, drug: str) -> Model:
    """Read one model file of a drug.

    Raises:
        InputError: every problem of the file in one message.
    """
    problems: list[str] = []
    where = str(path)
    values = read_table(read_toml(path), MODEL_FIELDS, where, problems)
    refuse([p for p in problems if "is missing" in p], where)
    model = Model(
        name=path.stem,
        drug=drug,
        label=values.get("label", ""),
        structure=_structure(values.get("structure", {}), f"{where}: structure", problems),
        typical=_typical(values.get("typical", {}), f"{where}: typical", problems),
        covariates=_covariates(values.get("covariates", []), f"{where}: covariates", problems),
        between_women=_spread(values.get("between_women"), f"{where}: between_women", problems),
        uncertainty=_spread(values.get("uncertainty"), f"{where}: uncertainty", problems),
        residual=_residual(values.get("residual", {}), f"{where}: residual", problems),
        studied=_studied(values.get("studied", {}), f"{where}: studied", problems),
        grade=values.get("grade", "U"),
        sources=tuple(values.get("sources", ())),
        notes=tuple(values.get("notes", ())),
    )
    refuse(problems, where)
    return model


def read_rate(text: str, where: str, problems: list[str]) -> Rate:
    """Read a quotient of products of names: ``"cl * fraction / v1"``; a lone ``1`` stands for nothing."""
    parts = text.split("/")
    names = [tuple(name.strip() for name in part.split("*") if name.strip() != "1") for part in parts]
    if len(parts) > 2 or not all(name.isidentifier() for group in names for name in group):
        problems.append(f"{where} = {text!r} cannot be used; allowed: names joined by '*', one '/', such as 'q / v1'.")
        return Rate(())
    return Rate(names[0], names[1] if len(names) == 2 else ())


def _structure(table: Any, where: str, problems: list[str]) -> Structure:
    values = read_table(table, STRUCTURE_FIELDS, where, problems)
    flows = [
        Flow(row["from"], row.get("to"), read_rate(row["rate"], f"{at} rate", problems))
        for row, at in _rows(values.get("flows", []), FLOW_FIELDS, f"{where} flows", problems)
    ]
    links = [
        Link(
            row["from"],
            row["to"],
            read_rate(row["rate"], f"{at} rate", problems),
            read_rate(row.get("gain", "1"), f"{at} gain", problems),
        )
        for row, at in _rows(values.get("links", []), LINK_FIELDS, f"{where} links", problems)
    ]
    outputs = [
        Output(row["name"], row["state"], read_rate(row["scale"], f"{at} scale", problems), row["unit"])
        for row, at in _rows(values.get("outputs", []), OUTPUT_FIELDS, f"{where} outputs", problems)
    ]
    return Structure(tuple(values.get("states", ())), tuple(flows), tuple(links), tuple(outputs))


def _rows(
    tables: list[Any], fields: tuple[Field, ...], where: str, problems: list[str]
) -> list[tuple[dict[str, Any], str]]:
    rows = []
    for number, table in enumerate(tables, start=1):
        before = len(problems)
        values = read_table(table, fields, f"{where} {number}", problems)
        if len(problems) == before:
            rows.append((values, f"{where} {number}"))
    return rows


def _typical(table: Mapping[str, Any], where: str, problems: list[str]) -> dict[str, Fact]:
    return {name: read_fact(fact, f"{where}.{name}", problems) for name, fact in table.items()}


def _covariates(tables: list[Any], where: str, problems: list[str]) -> tuple[CovariateEffect, ...]:
    return tuple(
        CovariateEffect(
            row["parameter"], row["covariate"], row["form"], _numbers(row.get("coefficients", {}), at, problems)
        )
        for row, at in _rows(tables, COVARIATE_FIELDS, where, problems)
    )


def _numbers(table: Mapping[str, Any], where: str, problems: list[str]) -> dict[str, float]:
    fields = [Field(key, "number") for key in table]
    return read_table(table, fields, f"{where} coefficients", problems)


def _spread(table: Any, where: str, problems: list[str]) -> Spread:
    if table is None:
        return Spread()
    values = read_table(table, SPREAD_FIELDS, where, problems)
    rows = values.get("covariance", [])
    size = len(values.get("names", []))
    if len(rows) != size or any(not isinstance(row, list) or len(row) != size for row in rows):
        problems.append(f"{where}: covariance must have one row and one column for each of its {size} names.")
        return Spread()
    return Spread(tuple(values["names"]), tuple(tuple(float(item) for item in row) for row in rows))


def _residual(table: Mapping[str, Any], where: str, problems: list[str]) -> dict[str, ResidualError]:
    rows = {name: read_table(row, RESIDUAL_FIELDS, f"{where}.{name}", problems) for name, row in table.items()}
    return {name: ResidualError(**row) for name, row in rows.items()}


def _studied(table: Any, where: str, problems: list[str]) -> Studied | None:
    before = len(problems)
    values = read_table(table, STUDIED_FIELDS, where, problems)
    if len(problems) > before:
        return None
    ranges = {key: tuple(values[key]) for key in ("weight_kg", "age_years") if key in values}
    return Studied(values["description"], values.get("count"), values["sampling"], **ranges)
