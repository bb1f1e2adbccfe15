"""A trial's file: what may be written in it, and reading it; every problem of a file is reported at once.

A design that repeats a published trial names it (``evidence``): its arms, numbers of people, baselines and published
results are then taken from the trial's own file, so that each number is written once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from matrescence.facts import BASES, GRADES
from matrescence.outcomes.library import load_trial
from matrescence.outcomes.prevention import SHIPPED as PREVENTION
from matrescence.outcomes.prevention import PreventionTrial, Window, prevention_trials
from matrescence.outcomes.trial import Arm, Trial
from matrescence.pharmacology.response import SETTINGS
from matrescence.reading import Field, InputError, nearest, read_table, read_toml, refuse
from matrescence.trials.design import (
    BaselineRange,
    Change,
    Design,
    DesignArm,
    Kind,
    Method,
    Plan,
    Pool,
    Published,
    Ratio,
    Share,
    Sourced,
    quantity,
)
from matrescence.trials.fitting_together import problems_of

DESIGNS = Path(__file__).parent / "designs"

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


class UnknownDesign(InputError):  # noqa: N818 - it names what was asked for
    """No virtual trial of this name is known; the message offers the nearest."""


def design_names(*, root: Path | None = None) -> tuple[str, ...]:
    """The shipped designs in alphabetical order."""
    return tuple(sorted(path.stem for path in (root or DESIGNS).glob("*.toml")))


def load_design(name: str, *, root: Path | None = None) -> Design:
    """A shipped design by its name (capitals do not matter), or one of your own by the path of its TOML file.

    Raises:
        UnknownDesign: there is no such design.
        InputError: its file cannot be used.
    """
    if name.endswith(".toml"):
        return read_design(Path(name))
    known = design_names(root=root)
    found = next((other for other in known if other.lower() == name.lower()), None)
    if found is None:
        raise UnknownDesign(
            f"there is no trial {name!r}.{nearest(name, known)} Known: {', '.join(known)}; or give a path that ends "
            "with .toml."
        )
    return read_design((root or DESIGNS) / f"{found}.toml")


def read_design(path: Path) -> Design:
    """Read one design; its name is the file's.

    Raises:
        InputError: every problem of the file in one message.
    """
    where, problems = str(path), []
    values = read_table(read_toml(path), DESIGN_FIELDS, where)
    kind = Kind(values["kind"])
    analysis = read_table(values["analysis"], ANALYSIS_FIELDS, f"{where}: analysis", problems)
    refuse(problems, where)
    arms, published, told = _evidence(values, kind, float(analysis["at_h"]), where)
    written = [_arm(table, f"{where}: arms {n}", problems) for n, table in enumerate(values.get("arms", ()), start=1)]
    arms += [arm for arm in written if arm is not None]
    leavers = [_share(t, f"{where}: completion {n}", problems) for n, t in enumerate(values.get("completion", ()), 1)]
    printed = [_published(t, f"{where}: published {n}", problems) for n, t in enumerate(values.get("published", ()), 1)]
    pool = _pool(values.get("pool"), where, problems)
    refuse(problems, where)
    arms = [_with_completion(arm, [share for share in leavers if share is not None]) for arm in arms]
    visits = tuple(sorted(values.get("visits_h", (analysis["at_h"],))))
    design = Design(
        name=path.stem,
        label=values["label"],
        kind=kind,
        population=values.get("population", told.get("population", "")),
        arms=tuple(arms),
        visits_h=visits,
        plan=_plan(analysis),
        fed_by=values["fed_by"],
        independent=values.get("independent", False),
        not_for=tuple(values["not_for"]),
        notes=(*values.get("notes", ()), *told.get("notes", ())),
        published=tuple({row.key: row for row in (*published, *printed) if row is not None}.values()),
        setting=values.get("setting", told.get("setting", "infusion")),
        pool=pool,
        **{key: values[key] for key in _AS_WRITTEN if key in values},
    )
    refuse(problems_of(design), where)
    return design


_AS_WRITTEN = ("scale", "highest", "response_share", "within_woman", "crossover", "followed_days", "borrowed")


def _evidence(
    values: dict[str, Any], kind: Kind, at_h: float, where: str
) -> tuple[list[DesignArm], list[Published], dict[str, Any]]:
    """The arms and published rows of the trial that is repeated, and what else its file says."""
    name = values.get("evidence")
    if name is None:
        return [], [], {}
    if kind is Kind.MOOD:
        trial = load_trial(name)
        rows = [row for arm in trial.arms for row in _rows(arm)]
        arms = [_mood_arm(trial, arm) for arm in trial.arms]
        return arms, rows, {"population": trial.population, "setting": trial.setting, "notes": trial.notes}
    if kind is Kind.EVENTS:
        found = _prevention(name, where)
        arms, rows = _prevention_arms(found, values["analysis"]["primary"], values["analysis"]["control"], at_h)
        return arms, rows, {"population": found.population, "notes": found.notes}
    raise InputError(f"{where}: evidence = {name!r} cannot be used with kind {kind.value!r}; write the arms here.")


def _rows(arm: Arm) -> list[Published]:
    return [
        Published(
            key=quantity(row.outcome, arm=arm.name, at_h=row.at_h),
            value=row.value,
            low=row.low,
            high=row.high,
            se=row.se,
            sourced=Sourced(row.source, row.at, row.basis, row.grade),
        )
        for row in arm.results
        if row.outcome in ("change", "response", "remission")
    ]


def _mood_arm(trial: Trial, arm: Arm) -> DesignArm:
    if arm.baseline is None:
        raise InputError(f"{trial.name}: the baseline of the arm {arm.name!r} is not known; write the arms here.")
    low, high = trial.entry
    entry = BaselineRange(arm.baseline.mean, arm.baseline.sd, 8 if low is None else int(low), int(high or 52))
    return DesignArm(arm.name, arm.treatment, arm.n, baseline=entry)


def _prevention(name: str, where: str) -> PreventionTrial:
    trials = {trial.name: trial for trial in prevention_trials(PREVENTION)}
    if name not in trials:
        raise InputError(f"{where}: evidence = {name!r}: there is no such trial.{nearest(name, trials)}")
    return trials[name]


def _prevention_arms(
    trial: PreventionTrial, treated: str, control: str, at_h: float
) -> tuple[list[DesignArm], list[Published]]:
    outcome = next((o for o in trial.outcomes if o.at_days is not None and abs(24.0 * o.at_days - at_h) < 1e-6), None)
    if outcome is None or outcome.arms is None:
        raise InputError(f"{trial.name} has no counts at hour {at_h:g}; write the hour of one of its outcomes.")
    counts, told = outcome.arms, outcome.statement
    sourced = Sourced(told.source, told.at, told.basis, told.grade)
    risk = Share(at_h, counts.control_events, counts.control_people, sourced)
    arms = [
        DesignArm(treated, trial.drug, counts.people),
        DesignArm(control, "placebo", counts.control_people, risk=risk),
    ]
    shares = {treated: 100.0 * counts.events / counts.people, control: 100.0 * risk.value}
    rows = [Published(quantity("risk", arm=a, at_h=at_h), v, None, None, None, sourced) for a, v in shares.items()]
    ratio = shares[treated] / shares[control]
    key = quantity("risk-ratio", arm=treated, against=control, at_h=at_h)
    return arms, [*rows, Published(key, ratio, None, None, None, sourced)]


def _plan(values: dict[str, Any]) -> Plan:
    at_h = float(values["at_h"])
    return Plan(
        method=Method(values["method"]),
        control=values["control"],
        primary=values["primary"],
        at_h=at_h,
        report_h=tuple(sorted({at_h, *values.get("report_h", ())})),
        alpha=values.get("alpha", 0.05),
    )


def _sourced(values: dict[str, Any]) -> Sourced:
    return Sourced(values.pop("source"), values.pop("at"), values.pop("basis"), values.pop("grade"))


def _arm(table: Any, where: str, problems: list[str]) -> DesignArm | None:
    before = len(problems)
    values = read_table(table, ARM_FIELDS, where, problems)
    given = {
        "baseline": _baseline(values.pop("baseline", None), f"{where} baseline", problems),
        "risk": _share(values.pop("risk", None), f"{where} risk", problems),
        "ratio": _ratio(values.pop("ratio", None), f"{where} ratio", problems),
    }
    tables = values.pop("changes", ())
    found = [_change(row, f"{where} changes {n}", problems) for n, row in enumerate(tables, start=1)]
    if len(problems) > before:
        return None
    risk = given["risk"][1] if given["risk"] is not None else None
    changes = tuple(sorted((row for row in found if row is not None), key=lambda row: row.at_h))
    return DesignArm(**values, changes=changes, baseline=given["baseline"], ratio=given["ratio"], risk=risk)


def _baseline(table: Any, where: str, problems: list[str]) -> BaselineRange | None:
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


def _change(table: Any, where: str, problems: list[str]) -> Change | None:
    before = len(problems)
    values = read_table(table, CHANGE_FIELDS, where, problems)
    if len(problems) == before and ("mean" in values) is ("beyond_control" in values):
        problems.append(f"{where}: give either mean (its own change) or beyond_control (more than the control arm's).")
    if len(problems) > before:
        return None
    beyond = "beyond_control" in values
    value = values["beyond_control"] if beyond else values["mean"]
    return Change(values["at_h"], value, values["se"], values["sd"], beyond, _sourced(values))


def _share(table: Any, where: str, problems: list[str]) -> tuple[str | None, Share] | None:
    if table is None:
        return None
    before = len(problems)
    values = read_table(table, SHARE_FIELDS, where, problems)
    if len(problems) == before and values["people"] > values["of"]:
        problems.append(f"{where}: people = {values['people']} is more than of = {values['of']}.")
    if len(problems) > before:
        return None
    arm = values.pop("arm", None)
    return arm, Share(values["at_h"], values["people"], values["of"], _sourced(values))


def _ratio(table: Any, where: str, problems: list[str]) -> Ratio | None:
    if table is None:
        return None
    before = len(problems)
    values = read_table(table, RATIO_FIELDS, where, problems)
    if len(problems) == before and not values["low"] <= values["value"] <= values["high"]:
        problems.append(f"{where}: value = {values['value']:g} must lie between low and high.")
    if len(problems) > before:
        return None
    between = values.pop("between", 0.0)
    return Ratio(values["value"], values["low"], values["high"], between, _sourced(values))


def _pool(table: Any, where: str, problems: list[str]) -> Pool | None:
    if table is None:
        return None
    before = len(problems)
    values = read_table(table, POOL_FIELDS, f"{where}: pool", problems)
    if len(problems) > before:
        return None
    return Pool(values["window"], tuple(values["drugs"]), values["left_out"])


def _published(table: Any, where: str, problems: list[str]) -> Published | None:
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
    return Published(key, values["value"], *spread, _sourced(values))


def _with_completion(arm: DesignArm, shares: Sequence[tuple[str | None, Share]]) -> DesignArm:
    own = tuple(sorted((share for name, share in shares if name in (None, arm.name)), key=lambda share: share.at_h))
    return replace(arm, completion=own)
