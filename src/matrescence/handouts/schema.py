"""The published shape of ``plan.json``: a JSON Schema (2020-12) that ships with the program."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any

SCHEMA_FILE = "plan.schema.json"


@lru_cache(maxsize=1)
def plan_schema_text() -> str:
    """The schema as text."""
    return files("matrescence.handouts").joinpath(SCHEMA_FILE).read_text(encoding="utf-8")


def plan_schema() -> dict[str, Any]:
    """The schema as data; a new copy each time."""
    import json

    schema: dict[str, Any] = json.loads(plan_schema_text())
    return schema
