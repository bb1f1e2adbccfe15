"""A drug and a fit as plain values, for ``--json``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from matrescence.care.drug import Drug
from matrescence.formulary.calibrate import Fit


def plain(value: Any) -> Any:
    """Dataclasses, enums, dates and tuples as what JSON knows."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def drug_document(drug: Drug) -> dict[str, Any]:
    """Everything the formulary knows of one drug."""
    document: dict[str, Any] = plain(drug)
    return document


def drug_summary(drug: Drug) -> dict[str, Any]:
    """One line of the list."""
    return {
        "name": drug.name,
        "label": drug.label,
        "route": drug.route,
        "status": drug.availability.status,
        "as_of": drug.availability.as_of.isoformat(),
        "regimens": list(drug.regimens),
        "default_regimen": drug.default_regimen,
        "models": list(drug.models),
        "default_model": drug.default_model,
    }


def fit_document(found: Fit) -> dict[str, Any]:
    """The fitted values and the targets beside what they give."""
    document: dict[str, Any] = plain(found)
    return document
