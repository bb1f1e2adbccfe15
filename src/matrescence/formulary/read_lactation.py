"""Milk: how much drug goes into it, and what each source says about feeding."""

from __future__ import annotations

from typing import Any

from matrescence.care.drug import Lactation, LactationAdvice
from matrescence.reading import Field, read_table
from matrescence.sourced import STATEMENT_FIELDS, UNKNOWN, read_fact, read_statement, read_statements

LACTATION_FIELDS = (
    Field("milk_to_plasma", "table"),
    Field("published_level", "table"),
    Field("oral_bioavailability", "table"),
    Field("intake", "table", required=True),
    Field("intake_upper", "table", required=True),
    Field("advice", "tables", required=True),
    Field("watch_infant_for", "tables"),
)
ADVICE_FIELDS = (
    Field("who", "text", required=True),
    Field("advice", "text", required=True),
    Field("wait_h", "number", "h", low=0, high=1000),
    Field("whole_treatment", "boolean"),
    Field("store_before_h", "number", "h", low=0, high=1000),
    *STATEMENT_FIELDS,
)


def read_lactation(table: Any, where: str, problems: list[str]) -> Lactation:
    """Read the ``[lactation]`` table of a drug folder."""
    values = read_table(table, LACTATION_FIELDS, where, problems)

    def fact(key: str, to_unit: str) -> Any:
        return read_fact(values[key], f"{where} {key}", problems, to_unit=to_unit) if key in values else None

    advice = [read_advice(item, f"{where} advice {n}", problems) for n, item in enumerate(values.get("advice", []), 1)]
    return Lactation(
        milk_to_plasma=fact("milk_to_plasma", "1"),
        published_level_ng_per_ml=fact("published_level", "ng/mL"),
        oral_bioavailability_percent=fact("oral_bioavailability", "%"),
        intake_ml_per_kg_day=fact("intake", "mL/kg/d") or UNKNOWN,
        intake_upper_ml_per_kg_day=fact("intake_upper", "mL/kg/d") or UNKNOWN,
        advice=tuple(item for item in advice if item is not None),
        watch_infant_for=read_statements(values.get("watch_infant_for", []), f"{where} watch_infant_for", problems),
    )


def read_advice(table: Any, where: str, problems: list[str]) -> LactationAdvice | None:
    """Read one source's advice; ``wait_h`` is left out when the source names no time."""
    before = len(problems)
    values = read_table(table, ADVICE_FIELDS, where, problems)
    if len(problems) > before:
        return None
    keys = [field.name for field in STATEMENT_FIELDS]
    return LactationAdvice(
        who=values["who"],
        advice=values["advice"],
        statement=read_statement({key: values[key] for key in keys}, where, problems),
        wait_h=values.get("wait_h"),
        whole_treatment=values.get("whole_treatment", False),
        store_before_h=values.get("store_before_h"),
    )
