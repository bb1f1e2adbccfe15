"""A trial's file: what may be written in it, and reading it; every problem of a file is reported at once.

A design that repeats a published trial names it (``evidence``): its arms, numbers of people, baselines and published
results are then taken from the trial's own file, so that each number is written once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from matrescence.outcomes.library import load_trial
from matrescence.outcomes.prevention import SHIPPED as PREVENTION
from matrescence.outcomes.prevention import PreventionTrial, prevention_trials
from matrescence.outcomes.trial import Arm, Trial
from matrescence.reading import InputError, nearest, read_table, read_toml, refuse
from matrescence.trials.design import (
    BaselineRange,
    Design,
    DesignArm,
    Kind,
    Method,
    Plan,
    Published,
    Share,
    Sourced,
    quantity,
)
from matrescence.trials.design_tables import (
    ANALYSIS_FIELDS,
    DESIGN_FIELDS,
    arm_of,
    doubt_of,
    pool_of,
    published_of,
    share_of,
)
from matrescence.trials.fitting_together import problems_of

DESIGNS = Path(__file__).parent / "designs"


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
    where = str(path)
    problems: list[str] = []
    values = read_table(read_toml(path), DESIGN_FIELDS, where)
    kind = Kind(values["kind"])
    analysis = read_table(values["analysis"], ANALYSIS_FIELDS, f"{where}: analysis", problems)
    refuse(problems, where)
    arms, published, told = _evidence(values, kind, float(analysis["at_h"]), where)
    written = [arm_of(table, f"{where}: arms {n}", problems) for n, table in enumerate(values.get("arms", ()), start=1)]
    arms += [arm for arm in written if arm is not None]
    leavers = [share_of(t, f"{where}: completion {n}", problems) for n, t in enumerate(values.get("completion", ()), 1)]
    printed = [
        published_of(t, f"{where}: published {n}", problems) for n, t in enumerate(values.get("published", ()), 1)
    ]
    pool = pool_of(values.get("pool"), where, problems)
    doubt = doubt_of(values.get("doubt"), where, problems)
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
        evidence=values.get("evidence", ""),
        fed_by=values["fed_by"],
        independent=values.get("independent", False),
        not_for=tuple(values["not_for"]),
        notes=(*values.get("notes", ()), *told.get("notes", ())),
        published=tuple({row.key: row for row in (*published, *printed) if row is not None}.values()),
        setting=values.get("setting", told.get("setting", "infusion")),
        pool=pool,
        doubt=doubt,
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


def _with_completion(arm: DesignArm, shares: Sequence[tuple[str | None, Share]]) -> DesignArm:
    own = tuple(sorted((share for name, share in shares if name in (None, arm.name)), key=lambda share: share.at_h))
    return replace(arm, completion=own)
