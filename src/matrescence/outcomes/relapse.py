"""What is known of relapse after response, one file for each study: medians, shares, hazard ratios, and in whom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from matrescence.facts import Fact
from matrescence.outcomes.tables import HERE, finish, read_file
from matrescence.reading import Field, read_table
from matrescence.sourced import read_fact

SHIPPED = HERE / "relapse"


@dataclass(frozen=True, slots=True)
class RelapseArm:
    """One group that was followed.

    ``median`` in days, ``relapsed`` in percent by ``relapsed_by_days``; ``hazard_ratio`` is against the arm
    ``against``.  ``relapses_at_most`` bounds the number of relapses where it was not read.
    """

    key: str
    label: str
    maintained: bool
    people: int | None
    events: int | None
    relapses_at_most: int | None
    median: Fact | None
    relapsed: Fact | None
    relapsed_by_days: float | None
    hazard_ratio: Fact | None
    against: str | None


@dataclass(frozen=True, slots=True)
class RelapseStudy:
    """One study: in whom, after what, and its arms."""

    name: str
    label: str
    short: str
    population: str
    followed_days: float | None
    source: str
    notes: tuple[str, ...]
    arms: tuple[RelapseArm, ...]

    def arm(self, key: str) -> RelapseArm:
        """One arm by its key."""
        return next(arm for arm in self.arms if arm.key == key)


STUDY = (
    Field("label", "text", required=True),
    Field("short", "text", required=True),
    Field("population", "text", required=True),
    Field("followed_days", "number", "d", low=1),
    Field("source", "text", required=True),
    Field("notes", "texts", required=True),
    Field("arms", "tables", required=True, low=1),
)
ARM = (
    Field("key", "text", required=True),
    Field("label", "text", required=True),
    Field("maintained", "boolean", required=True),
    Field("people", "integer", low=1),
    Field("events", "integer", low=0),
    Field("counts_at", "text"),
    Field("relapses_at_most", "integer", low=1),
    Field("median", "table"),
    Field("relapsed", "table"),
    Field("relapsed_by_days", "number", "d", low=1),
    Field("hazard_ratio", "table"),
    Field("against", "text"),
)
_UNITS = {"median": "d", "relapsed": "%", "hazard_ratio": "1"}


@cache
def relapse_studies(root: Path = SHIPPED) -> tuple[RelapseStudy, ...]:
    """Every study, in the order of its file name.

    Raises:
        InputError: a file cannot be used.
    """
    return tuple(read_relapse_study(path) for path in sorted(root.glob("*.toml")))


def read_relapse_study(path: Path) -> RelapseStudy:
    """Read one study; its name is the file's.

    Raises:
        InputError: every problem of the file in one message.
    """
    values, problems = read_file(path, STUDY)
    tables = values.pop("arms")
    found = [_arm(table, f"arms {n}", problems) for n, table in enumerate(tables, start=1)]
    arms = tuple(arm for arm in found if arm is not None)
    keys = {arm.key for arm in arms}
    problems += [
        f"arms: {arm.key} is compared with {arm.against!r}, which is no other arm of this study"
        for arm in arms
        if arm.against is not None and arm.against not in keys - {arm.key}
    ]
    finish(path, problems)
    followed = values.pop("followed_days", None)
    return RelapseStudy(name=path.stem, notes=tuple(values.pop("notes")), arms=arms, followed_days=followed, **values)


def _arm(table: Any, where: str, problems: list[str]) -> RelapseArm | None:
    before = len(problems)
    values = read_table(table, ARM, where, problems)
    facts: dict[str, Any] = {
        name: read_fact(values[name], f"{where}: {name}", problems, to_unit=unit) if name in values else None
        for name, unit in _UNITS.items()
    }
    if ("relapsed" in values) is not ("relapsed_by_days" in values):
        problems.append(f"{where}: 'relapsed' and 'relapsed_by_days' belong together.")
    if len(problems) > before:
        return None
    plain = ("people", "events", "relapses_at_most", "relapsed_by_days", "against")
    named = {key: values[key] for key in ("key", "label", "maintained")}
    given: dict[str, Any] = {key: values.get(key) for key in plain}
    return RelapseArm(**named, **facts, **given)
