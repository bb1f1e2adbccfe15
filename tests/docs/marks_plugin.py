"""A pytest plugin that writes, instead of running anything, which test proves which rule and guards which hazard."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest


def pytest_collection_finish(session: pytest.Session) -> None:
    """Write ``{test id without its parameters: {"rule": [...], "hazard": [...]}}`` to the file named by MARKS_FILE."""
    found: dict[str, dict[str, list[str]]] = {}
    for item in session.items:
        marks = found.setdefault(item.nodeid.partition("[")[0], {"rule": [], "hazard": []})
        for name, values in marks.items():
            values += [str(argument) for mark in item.iter_markers(name) for argument in mark.args]
    Path(os.environ["MARKS_FILE"]).write_text(json.dumps(found), encoding="utf-8")
