"""Where the clinic's tests take their records from: the course of Julia, who is invented."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from matrescence.actions.course import read_request
from matrescence.actions.course_read import plain

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NOW = datetime(2026, 4, 14, 13, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


def read_step(name: str) -> tuple[str, dict[str, Any]]:
    """A record of the course of Julia (``examples/courses/julia``): kind and payload."""
    file = EXAMPLES / "courses" / "julia" / name
    document = json.loads(file.read_text()) if file.suffix == ".json" else tomllib.loads(file.read_text())
    if "kind" in document and "payload" in document:
        request = read_request(document, where=name)
        return request.kind, dict(request.payload)
    return "", plain(document, where=name)
