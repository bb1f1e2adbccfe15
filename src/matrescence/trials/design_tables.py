"""The tables of a design's file: which fields each may hold, and reading one of them."""

from __future__ import annotations

from typing import Any

from matrescence.facts import BASES, GRADES
from matrescence.outcomes.prevention import Window
from matrescence.pharmacology.response import SETTINGS
from matrescence.reading import Field, read_table
from matrescence.trials.design import (
    BaselineRange,
    Change,
    DesignArm,
    Doubt,
    Kind,
    Method,
    Pool,
    Published,
    Ratio,
    Share,
    Sourced,
    quantity,
)

_PROVENANCE = (
    Field("source", "text", required=True, help="Write the key of a reference, or 'this design' for your own choice."),
    Field("at", "text", required=True, help="Write where it stands, or why you chose it."),
    Field("basis", "text", required=True, choices=BASES),
    Field("grade", "text", required=True, choices=GRADES),
)
DESIGN_FIELDS = (
    Field("label", "text", required=True),
    Field("kind", "text", required=True, choices=tuple(kind.value for kind in Kind)),
    Field("evidence", "text", help="Name a trial of outcomes/trials or outcomes/prevention, or leave the line out."),
    Field("population", "text"),
    Field("setting", "text", choices=SETTINGS),
    Field("scale", "text"),
    Field("highest", "number", low=1, high=200),
    Field("response_share", "number", low=0.1, high=0.9),
    Field("within_woman", "number", low=0, high=1),
    Field("crossover", "boolean"),
    Field("followed_days", "number", "d", low=1),
    Field("visits_h", "numbers", "h", low=1),
    Field("fed_by", "text", required=True, help="Say what the expected result rests on."),
    Field("independent", "boolean", help="true where the trial's own results are kept out of what feeds it."),
    Field("borrowed", "text"),
    Field("not_for", "texts", required=True, low=1, help="Say at least one thing the design cannot answer."),
    Field("notes", "texts"),
    Field("analysis", "table", required=True),
    Field("pool", "table"),
    Field("doubt", "table"),
    Field("arms", "tables"),
    Field("completion", "tables"),
    Field("published", "tables"),
)
ANALYSIS_FIELDS = (
    Field("method", "text", required=True, choices=tuple(method.value for method in Method)),
    Field("control", "text", required=True),
    Field("primary", "text", required=True),
    Field("at_h", "number", "h", low=0, required=True),
    Field("report_h", "numbers", "h", low=1),
    Field("alpha", "number", low=0.001, high=0.2),
)
ARM_FIELDS = (
    Field("name", "text", required=True),
    Field("treatment", "text", required=True),
    Field("n", "integer", low=2, high=100_000, required=True),
    Field("baseline", "table"),
    Field("changes", "tables"),
    Field("risk", "table"),
    Field("ratio", "table"),
    Field("median_days", "number", "d", low=0.1),
    Field("sessions_at_h", "numbers", "h", low=1, help="Write the hour of each session, such as [0, 72, 168]."),
)
BASELINE_FIELDS = (
    Field("mean", "number", low=0, high=200, required=True),
    Field("sd", "number", low=0.1, high=50, required=True),
    Field("low", "integer", low=0, high=200, required=True),
    Field("high", "integer", low=0, high=200, required=True),
)
CHANGE_FIELDS = (
    Field("at_h", "number", "h", low=0, required=True),
    Field("mean", "number"),
    Field("beyond_control", "number"),
    Field("se", "number", low=0, required=True),
    Field("sd", "number", low=0.1, required=True),
    *_PROVENANCE,
)
SHARE_FIELDS = (
    Field("arm", "text"),
    Field("at_h", "number", "h", low=0, required=True),
    Field("people", "integer", low=0, required=True),
    Field("of", "integer", low=1, required=True),
    *_PROVENANCE,
)
RATIO_FIELDS = (
    *(Field(name, "number", low=0.001, high=1000, required=True) for name in ("value", "low", "high")),
    Field("between", "number", low=0, high=5),
    *_PROVENANCE,
)
POOL_FIELDS = (
    Field("window", "text", required=True, choices=tuple(window.value for window in Window)),
    Field("drugs", "texts", required=True, low=1, choices=("ketamine", "esketamine")),
    Field("left_out", "text", required=True),
)
DOUBT_FIELDS = (Field("sd", "number", low=0, high=2, required=True), *_PROVENANCE)
PUBLISHED_FIELDS = (
    Field("measure", "text", required=True),
    Field("arm", "text"),
    Field("against", "text"),
    Field("at_h", "number", "h", low=0),
    Field("value", "number", required=True),
    *(Field(name, "number") for name in ("low", "high")),
    Field("se", "number", low=0.001),
    *_PROVENANCE,
)


def _sourced_of(values: dict[str, Any]) -> Sourced:
    return Sourced(values.pop("source"), values.pop("at"), values.pop("basis"), values.pop("grade"))


def arm_of(table: Any, where: str, problems: list[str]) -> DesignArm | None:
    """One arm, or ``None`` with its problems noted."""
    before = len(problems)
    values = read_table(table, ARM_FIELDS, where, problems)
    baseline = _baseline_of(values.pop("baseline", None), f"{where} baseline", problems)
    risk = share_of(values.pop("risk", None), f"{where} risk", problems)
    ratio = _ratio_of(values.pop("ratio", None), f"{where} ratio", problems)
    tables = values.pop("changes", ())
    found = [_change_of(row, f"{where} changes {n}", problems) for n, row in enumerate(tables, start=1)]
    if len(problems) > before:
        return None
    sessions = tuple(sorted(values.pop("sessions_at_h", ())))
    changes = tuple(sorted((row for row in found if row is not None), key=lambda row: row.at_h))
    shares = None if risk is None else risk[1]
    return DesignArm(**values, changes=changes, baseline=baseline, ratio=ratio, risk=shares, sessions_at_h=sessions)


def _baseline_of(table: Any, where: str, problems: list[str]) -> BaselineRange | None:
    if table is None:
        return None
    before = len(problems)
    values = read_table(table, BASELINE_FIELDS, where, problems)
    if len(problems) > before:
        return None
    if not values["low"] < values["mean"] < values["high"]:
        problems.append(f"{where}: mean = {values['mean']:g} must lie between low and high.")
        return None
    return BaselineRange(**values)


def _change_of(table: Any, where: str, problems: list[str]) -> Change | None:
    before = len(problems)
    values = read_table(table, CHANGE_FIELDS, where, problems)
    if len(problems) == before and ("mean" in values) is ("beyond_control" in values):
        problems.append(f"{where}: give either mean (its own change) or beyond_control (more than the control arm's).")
    if len(problems) > before:
        return None
    beyond = "beyond_control" in values
    value = values["beyond_control"] if beyond else values["mean"]
    return Change(values["at_h"], value, values["se"], values["sd"], beyond, _sourced_of(values))


def share_of(table: Any, where: str, problems: list[str]) -> tuple[str | None, Share] | None:
    """A share with the arm it belongs to, ``None`` for all."""
    if table is None:
        return None
    before = len(problems)
    values = read_table(table, SHARE_FIELDS, where, problems)
    if len(problems) == before and values["people"] > values["of"]:
        problems.append(f"{where}: people = {values['people']} is more than of = {values['of']}.")
    if len(problems) > before:
        return None
    arm = values.pop("arm", None)
    return arm, Share(values["at_h"], values["people"], values["of"], _sourced_of(values))


def _ratio_of(table: Any, where: str, problems: list[str]) -> Ratio | None:
    if table is None:
        return None
    before = len(problems)
    values = read_table(table, RATIO_FIELDS, where, problems)
    if len(problems) == before and not values["low"] <= values["value"] <= values["high"]:
        problems.append(f"{where}: value = {values['value']:g} must lie between low and high.")
    if len(problems) > before:
        return None
    between = values.pop("between", 0.0)
    return Ratio(values["value"], values["low"], values["high"], between, _sourced_of(values))


def pool_of(table: Any, where: str, problems: list[str]) -> Pool | None:
    """The pool an odds ratio comes from."""
    if table is None:
        return None
    before = len(problems)
    values = read_table(table, POOL_FIELDS, f"{where}: pool", problems)
    if len(problems) > before:
        return None
    return Pool(values["window"], tuple(values["drugs"]), values["left_out"])


def doubt_of(table: Any, where: str, problems: list[str]) -> Doubt | None:
    """What borrowing an effect adds to what is not known."""
    if table is None:
        return None
    before = len(problems)
    values = read_table(table, DOUBT_FIELDS, f"{where}: doubt", problems)
    return None if len(problems) > before else Doubt(values.pop("sd"), _sourced_of(values))


def published_of(table: Any, where: str, problems: list[str]) -> Published | None:
    """One published number under its key."""
    before = len(problems)
    values = read_table(table, PUBLISHED_FIELDS, where, problems)
    if len(problems) > before:
        return None
    key = quantity(
        values["measure"],
        arm=values.get("arm", ""),
        against=values.get("against", ""),
        at_h=values.get("at_h"),
    )
    spread = (values.get("low"), values.get("high"), values.get("se"))
    return Published(key, values["value"], *spread, _sourced_of(values))
