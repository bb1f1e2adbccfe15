"""A scene: one invented mother, and what was written down about her, step by step, counted from her start.

Times are counted from the start of her treatment: ``@-7d`` is a week before, ``@+40min`` is forty minutes after, and
``@day-7d`` is a date.  ``{name}`` and ``{session}`` stand for hers.  ``use`` takes a payload from ``papers/``, and what
the step says itself is laid over it.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

HERE = "matrescence.clinic.demo"
_TIME = re.compile(r"^@(?P<day>day)?(?P<span>[+-]\d+(?:\.\d+)?)(?P<unit>min|h|d)$")
_UNITS = {"min": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Step:
    """One record, or a stretch in which the simulated bedside plays (``play_h``).

    ``happened`` is when it happened, where it was written down later.
    """

    at: timedelta
    by: str
    kind: str
    payload: dict[str, Any]
    play_h: float | None = None
    happened: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """One mother: her file, her drug, when her treatment starts, and the steps.

    ``start`` is said as a span from now; with ``runs`` it is now, and her course is simulated from then on.  With
    ``stands_at`` her course is simulated too, and its clock stands still so long after her start.
    """

    name: str
    about: str
    drug: str
    mother: dict[str, Any]
    start: timedelta
    runs: bool
    stands_at: timedelta | None
    steps: tuple[dict[str, Any], ...]


def scenes() -> tuple[Scene, ...]:
    """Every scene, in the order of the journey."""
    folder = files(HERE).joinpath("scenes")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(_scene(tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8"))) for name in names)


@cache
def people() -> tuple[dict[str, Any], ...]:
    """The people who work in this clinic, with their roles."""
    return tuple(document("people")["people"])


def paper(name: str) -> dict[str, Any]:
    """A payload that several scenes use."""
    return document("papers", name)


def document(*path: str) -> dict[str, Any]:
    """One file of the demonstration as a table."""
    return dict(tomllib.loads(files(HERE).joinpath(*path[:-1], f"{path[-1]}.toml").read_text(encoding="utf-8")))


def steps_of(scene: Scene, start: datetime) -> tuple[Step, ...]:
    """The steps of a scene with every time filled in."""
    words = {"name": scene.name, "session": f"{scene.name.split()[0].lower()}-1"}
    return tuple(_step(row, start, words) for row in scene.steps)


def _scene(table: dict[str, Any]) -> Scene:
    return Scene(
        name=table["mother"]["name"],
        about=table["about"],
        drug=table["drug"],
        mother=table["mother"],
        start=_span(table.get("start", "@+0min")),
        runs=table.get("runs", False),
        stands_at=_span(table["stands_at"]) if "stands_at" in table else None,
        steps=tuple(table.get("steps", ())),
    )


def _step(row: dict[str, Any], start: datetime, words: dict[str, str]) -> Step:
    payload = {**(paper(row["use"]) if "use" in row else {}), **row.get("payload", {})}
    happened = _span(row["happened"]) if "happened" in row else None
    kind, play_h = row.get("kind", ""), row.get("play_h")
    return Step(_span(row["at"]), row["by"], kind, filled(payload, start, words), play_h, happened)


def filled(value: Any, start: datetime, words: dict[str, str]) -> Any:
    """A payload with every time worked out and every name filled in."""
    if isinstance(value, dict):
        return {key: filled(item, start, words) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, start, words) for item in value]
    if not isinstance(value, str):
        return value
    if _TIME.match(value):
        at = start + _span(value)
        return at.date().isoformat() if value.startswith("@day") else at.isoformat()
    for name, said in words.items():
        value = value.replace("{" + name + "}", said)
    return value


def _span(text: str) -> timedelta:
    found = _TIME.match(text)
    if found is None:
        raise ValueError(f"{text!r} is no time of a scene; write it like @-7d, @+40min or @day-3d")
    return timedelta(**{_UNITS[found["unit"]]: float(found["span"])})
