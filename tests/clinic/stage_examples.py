"""Julia's course as her example writes it (``examples/courses/julia``), up to any of its steps.  She is invented."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import datetime

from clinic_examples import EXAMPLES, read_step

from matrescence.actions.course import Request

FOLDER = EXAMPLES / "courses" / "julia"
PLANNED, ENDED, CHECKED, LEFT, FOLLOWED = (
    "plan.toml",
    "resolved.json",
    "checklist.toml",
    "discharge.toml",
    "one-week-later.toml",
)
"""How far the course goes: planned; the infusion has ended; the checklist is filled; she left; she came back."""


def steps() -> Iterator[tuple[str, str, str, datetime]]:
    """File, kind (empty: the file says it), who, and when, of each line after the first."""
    for line in (FOLDER / "steps.txt").read_text().splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] != ["add"]:
            continue
        options = {name: words[words.index(name) + 1] for name in ("--kind", "--from", "--by", "--at") if name in words}
        file = options.get("--from", words[2])
        yield file, options.get("--kind", ""), options.get("--by", ""), datetime.fromisoformat(options["--at"])


def play(until: str, *, drug: str = "ketamine", key: str = "begin", without: tuple[str, ...] = ()) -> str:
    """Write the course up to this step, itself included; its name.  ``without`` leaves steps out."""
    from matrescence.clinic.log import courses

    _, mother = read_step("mother.toml")
    nurse = "N. Silva, RN (invented)"
    begun = datetime.fromisoformat("2026-04-14T09:00:00-04:00")
    course = courses.begin(Request("mother-recorded", {"drug": drug, "mother": mother}, id=key, by=nurse), now=begun)
    for number, (file, kind, by, at) in enumerate(steps()):
        if file not in without:
            said, payload = read_step(file)
            request = Request(kind or said, payload, id=f"step-{number}", by=by or _by(file))
            courses.add(course.course.id, request, now=at)
        if file == until:
            break
    return course.course.id


def _by(file: str) -> str:
    found = re.search(r'"?by"?\s*[=:]\s*"([^"]+)"', (FOLDER / file).read_text())
    assert found, f"{file} does not say who"
    return found[1]
