"""Published numbers that a simulation has to reproduce: the rows of ``published.toml``, read and checked.

One row is one number of one study with the conditions of that study.  ``accept`` is the range a prediction must lie in
and ``why`` says where that range comes from; ``expect`` says what happens when it does not: ``must`` fails the check,
``should`` is counted, ``note`` is only shown.  ``calibrated`` marks a number that the model was fitted to, so that
agreement shows the fit to be faithful and no more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matrescence.facts import GRADES
from matrescence.formulary.library import folder_of
from matrescence.pharmacology.regimen import Bolus, RateStep, Regimen
from matrescence.reading import Field, read_table, read_toml, refuse

QUANTITIES = (
    "course_total_ug_per_kg",
    "course_total_mg",
    "pump_rate_ml_per_h",
    "bags",
    "longest_hang_h",
    "clearance_l_per_h",
    "clearance_l_per_h_per_kg",
    "volume_l",
    "volume_l_per_kg",
    "auc_inf_ng_h_per_ml",
    "half_life_h",
    "cmax_ng_per_ml",
    "cmax_sampled_ng_per_ml",
    "tmax_h",
    "level_at_ng_per_ml",
    "average_ng_per_ml",
    "share_below_percent",
    "share_to_come_percent",
    "milk_to_plasma",
    "relative_infant_dose_percent",
    "peak_day_relative_infant_dose_percent",
    "infant_dose_mg_per_kg_day",
    "time_to_half_min",
    "auc_ratio",
    "cmax_ratio",
    "side_effect_per_100",
    "side_effect_ratio",
)
"""The closed list of what a row may compare; each has one function in ``actions/evidence_quantities.py``."""

STATISTICS = ("typical", "median", "mean", "geometric-mean", "p05", "p95")
EXPECTATIONS = ("must", "should", "note")

ROW_FIELDS = (
    Field("id", "text", required=True),
    Field("what", "text", required=True),
    Field("quantity", "text", required=True, choices=QUANTITIES),
    Field("value", "number", required=True),
    Field("low", "number"),
    Field("high", "number"),
    Field("accept", "numbers", low=2, high=2, required=True),
    Field("why", "text", required=True),
    Field("expect", "text", required=True, choices=EXPECTATIONS),
    Field("calibrated", "boolean"),
    Field("source", "text", required=True),
    Field("at", "text", required=True),
    Field("grade", "text", required=True, choices=GRADES),
    # the conditions of the study
    Field("model", "text"),
    Field("regimen", "text"),
    Field("given", "tables", low=1),
    Field("weight_kg", "number", "kg", low=25, high=350),
    Field("women", "integer", low=1, high=100_000),
    Field("statistic", "text", choices=STATISTICS),
    Field("egfr", "number", low=1, high=200),
    Field("reference_egfr", "number", low=1, high=200),
    Field("output", "text"),
    Field("at_h", "number", "h", low=0),
    Field("from_h", "number", "h", low=0),
    Field("after_end_h", "number", "h", low=0),
    Field("below", "number", low=0),
    Field("sampling_h", "numbers", low=1),
    Field("intake_ml_per_kg_day", "number", "mL/kg/d", low=1, high=400),
    Field("fraction_absorbed", "number", low=0, high=1),
    Field("effect", "text"),
    Field("arm", "text", choices=("drug", "control")),
    Field("other_regimen", "text"),
)
GIVEN_FIELDS = (
    Field("start_h", "number", "h", low=0, required=True),
    Field("end_h", "number", "h", low=0),
    Field("amount_mg", "number", "mg", low=0),
    Field("amount_mg_per_kg", "number", "mg/kg", low=0),
    Field("into", "text"),
)


@dataclass(frozen=True, slots=True)
class Study:
    """The conditions under which the number was found, as far as they are known."""

    model: str | None = None
    regimen: str | None = None
    given: Regimen | None = None
    weight_kg: float = 70.0
    women: int = 1000
    statistic: str = "typical"
    egfr: float | None = None
    reference_egfr: float | None = None
    output: str = "plasma"
    at_h: float | None = None
    from_h: float | None = None
    after_end_h: float | None = None
    below: float | None = None
    sampling_h: tuple[float, ...] = ()
    intake_ml_per_kg_day: float = 150.0
    fraction_absorbed: float = 1.0
    effect: str | None = None
    arm: str = "drug"
    other_regimen: str | None = None


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """One published number, what is accepted beside it, and the study it comes from."""

    id: str
    what: str
    quantity: str
    value: float
    accept: tuple[float, float]
    why: str
    expect: str
    source: str
    at: str
    grade: str
    low: float | None = None
    high: float | None = None
    calibrated: bool = False
    study: Study = field(default_factory=Study)


def published(name: str, *, root: Path | None = None) -> tuple[PublishedRow, ...]:
    """The rows of one drug, in the order of its file; none when it has no ``published.toml``.

    Raises:
        UnknownDrug: there is no such drug.
        InputError: every problem of the file in one message.
    """
    path = folder_of(name, root=root) / "published.toml"
    return read_published(path) if path.exists() else ()


def read_published(path: Path) -> tuple[PublishedRow, ...]:
    """Read one ``published.toml``.

    Raises:
        InputError: every problem of the file in one message.
    """
    problems: list[str] = []
    where = str(path)
    document = read_table(read_toml(path), [Field("rows", "tables", required=True)], where)
    tables = document["rows"]
    rows = [_row(table, f"{where}: rows {_named(table, n)}", problems) for n, table in enumerate(tables, start=1)]
    found = [row for row in rows if row is not None]
    ids = [row.id for row in found]
    problems += [f"{where}: the id {i!r} is given twice; keep one of the two." for i in set(ids) if ids.count(i) > 1]
    refuse(problems, where)
    return tuple(found)


def _named(table: dict[str, Any], number: int) -> str:
    return f"{number} ({table['id']})" if isinstance(table.get("id"), str) else str(number)


def _row(table: Any, where: str, problems: list[str]) -> PublishedRow | None:
    before = len(problems)
    values = read_table(table, ROW_FIELDS, where, problems)
    if len(problems) > before:
        return None
    weight_kg = values.get("weight_kg", 70.0)
    given = _given(values.pop("given"), weight_kg, where, problems) if "given" in values else None
    accept = tuple(values.pop("accept"))
    low, high = values.get("low", values["value"]), values.get("high", values["value"])
    if accept[0] > accept[1]:
        problems.append(f"{where}: accept = {list(accept)} is the wrong way round; write the lower number first.")
    if not low <= values["value"] <= high:
        problems.append(f"{where}: value = {values['value']} lies outside its own range {low} to {high}.")
    if given is not None and "regimen" in values:
        problems.append(f"{where}: give either regimen or given, not both.")
    if len(problems) > before:
        return None
    study_keys = [name for name in Study.__dataclass_fields__ if name in values]
    study = {name: values.pop(name) for name in study_keys}
    study["sampling_h"] = tuple(study.get("sampling_h", ()))
    return PublishedRow(**values, accept=accept, study=Study(**study, given=given))


def _given(tables: list[Any], weight_kg: float, where: str, problems: list[str]) -> Regimen:
    """Amounts in mg or mg/kg, at once or evenly between ``start_h`` and ``end_h``, as absolute micrograms."""
    steps: list[RateStep] = []
    boluses: list[Bolus] = []
    for number, table in enumerate(tables, start=1):
        before = len(problems)
        values = read_table(table, GIVEN_FIELDS, f"{where} given {number}", problems)
        if ("amount_mg" in values) == ("amount_mg_per_kg" in values):
            problems.append(f"{where} given {number}: write either amount_mg or amount_mg_per_kg.")
        if len(problems) > before:
            continue
        amount_ug = 1000.0 * (values.get("amount_mg", 0.0) + values.get("amount_mg_per_kg", 0.0) * weight_kg)
        start_h, into = values["start_h"], values.get("into", "central")
        end_h = values.get("end_h", start_h)
        if end_h > start_h:
            steps.append(RateStep(start_h, end_h, amount_ug / (end_h - start_h), into))
        else:
            boluses.append(Bolus(start_h, amount_ug, into))
    return Regimen(steps=tuple(steps), boluses=tuple(boluses))
