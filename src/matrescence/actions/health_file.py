"""The file of health facts (TOML) -> :class:`~matrescence.care.eligibility.facts.HealthFacts`.

Every key may be left out; what is left out is *not known*.
"""

from __future__ import annotations

from dataclasses import fields as fields_of
from pathlib import Path
from typing import Any

from matrescence.care.eligibility.facts import HealthFacts
from matrescence.reading import Field, read_table, read_toml

FIELDS: tuple[Field, ...] = (
    Field("pregnant", "boolean", help="true or false, after a test or by her own word."),
    Field("psychosis_now", "boolean", help="Signs of psychosis now."),
    Field("psychosis_before", "boolean", help="Psychosis in the past."),
    Field("bipolar", "boolean", help="Bipolar disorder, or mania or hypomania in the past."),
    Field("aneurysmal_disease", "boolean", help="Aneurysm, arteriovenous malformation, or bleeding in the brain."),
    Field("uncontrolled_hypertension", "boolean", help="High blood pressure that is not controlled."),
    Field("systolic_mmhg", "number", "mmHg", 40, 300, help="The latest systolic blood pressure."),
    Field("raised_intracranial_pressure", "boolean", help="Raised pressure in the head or in the eye."),
    Field("substance_use", "boolean", help="Misuse of alcohol, medicines or drugs, now or before."),
    Field("drinks_alcohol", "boolean", help="Whether she drinks alcohol around the treatment."),
    Field("hypersensitive_to", "texts", help="A list of substances; an empty list when she was asked and has none."),
    Field("accompanied_with_child", "boolean", help="Another adult is with her whenever she is with her children."),
    Field("benzodiazepine_mg_diazepam_per_day", "number", "mg per day", 0, 1000, help="All together, as diazepam."),
)
"""The keys of the file and what each allows."""


def read_health(path: Path | str) -> HealthFacts:
    """Read one file of health facts.

    Raises:
        InputError: the file cannot be read, or something in it cannot be used; every problem is named.
    """
    return health_from(read_toml(path), where=str(path))


def health_from(table: dict[str, Any], *, where: str) -> HealthFacts:
    """Check a parsed table; ``where`` names the file in a complaint.

    Raises:
        InputError: something in the table cannot be used.
    """
    values = read_table(table, FIELDS, where)
    if "hypersensitive_to" in values:
        values["hypersensitive_to"] = tuple(values["hypersensitive_to"])
    return HealthFacts(**values)


def as_json(health: HealthFacts) -> dict[str, Any]:
    """The facts as plain data; what is not known is ``None``."""
    found = {item.name: getattr(health, item.name) for item in fields_of(health)}
    allergies = health.hypersensitive_to
    return found | {"hypersensitive_to": None if allergies is None else list(allergies)}
