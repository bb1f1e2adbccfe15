"""Trials of ketamine and esketamine around birth to prevent depression, one file each; published reviews beside them.

A trial whose rates were not read is kept, with what it says in words: it is listed, never left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from matrescence.facts import Statement
from matrescence.outcomes.tables import HERE, finish, read_file
from matrescence.pharmacology.pooling import TwoArms
from matrescence.reading import Field, read_table
from matrescence.sourced import PROVENANCE, statement_of

SHIPPED = HERE / "prevention"
REVIEWS = HERE / "prevention_reviews.toml"


class Window(Enum):
    """When depression is judged."""

    WEEK_1 = "week 1"
    WEEKS_4_TO_6 = "weeks 4 to 6"


class Direction(Enum):
    """What a trial without rates says."""

    FEWER = "fewer"
    LOWER_SCORES = "lower scores"
    NO_DIFFERENCE = "no difference"
    NOT_READ = "not read"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome of a trial: counts, or (``arms`` is ``None``) only what it says."""

    window: Window
    at_days: float | None
    measure: str
    arms: TwoArms | None
    direction: Direction | None
    statement: Statement


@dataclass(frozen=True, slots=True)
class PreventionTrial:
    """One trial: who, what, how, and its outcomes."""

    name: str
    label: str
    drug: str
    year: int
    place: str
    randomised: int
    population: str
    design: str
    dose: str
    source: str
    notes: tuple[str, ...]
    outcomes: tuple[Outcome, ...]

    def in_window(self, window: Window) -> Outcome | None:
        """Its outcome in a window, if it has one there."""
        return next((outcome for outcome in self.outcomes if outcome.window is window), None)


@dataclass(frozen=True, slots=True)
class Review:
    """One published meta-analysis; ``value`` is ``None`` when its ratio was not read."""

    label: str
    drug: str
    window: Window
    measure: str
    value: float | None
    low: float | None
    high: float | None
    trials: str
    statement: Statement


_DRUGS = ("ketamine", "esketamine")
_WINDOWS = tuple(window.value for window in Window)
_COUNTS = ("treated_events", "treated_people", "control_events", "control_people")
TRIAL = (
    Field("label", "text", required=True),
    Field("drug", "text", required=True, choices=_DRUGS),
    Field("year", "integer", low=1990, high=2100, required=True),
    Field("place", "text", required=True),
    Field("randomised", "integer", low=1, required=True),
    Field("population", "text", required=True),
    Field("design", "text", required=True),
    Field("dose", "text", required=True),
    Field("source", "text", required=True),
    Field("notes", "texts", required=True),
    Field("outcomes", "tables", required=True, low=1),
)
OUTCOME = (
    Field("window", "text", required=True, choices=_WINDOWS),
    Field("at_days", "number", "d", low=0),
    Field("measure", "text", required=True),
    *(Field(name, "integer", low=0) for name in _COUNTS),
    Field("says", "text"),
    Field("finding", "text", choices=tuple(direction.value for direction in Direction)),
    *PROVENANCE,
)
REVIEW = (
    Field("label", "text", required=True),
    Field("drug", "text", required=True, choices=(*_DRUGS, "both")),
    Field("window", "text", required=True, choices=_WINDOWS),
    Field("measure", "text", required=True, choices=("risk ratio", "odds ratio", "score")),
    Field("value", "number", low=0),
    Field("low", "number", low=0),
    Field("high", "number", low=0),
    Field("trials", "text", required=True),
    Field("note", "text", required=True),
    *PROVENANCE,
)


@cache
def prevention_trials(root: Path = SHIPPED) -> tuple[PreventionTrial, ...]:
    """Every trial, the oldest first.

    Raises:
        InputError: a file cannot be used.
    """
    trials = (read_prevention_trial(path) for path in sorted(root.glob("*.toml")))
    return tuple(sorted(trials, key=lambda trial: (trial.year, trial.name)))


@cache
def prevention_reviews(path: Path = REVIEWS) -> tuple[Review, ...]:
    """Every published meta-analysis, in the order of the file.

    Raises:
        InputError: the file cannot be used.
    """
    values, problems = read_file(path, (Field("reviews", "tables", required=True),))
    found = [_review(table, f"reviews {n}", problems) for n, table in enumerate(values["reviews"], start=1)]
    finish(path, problems)
    return tuple(review for review in found if review is not None)


def read_prevention_trial(path: Path) -> PreventionTrial:
    """Read one trial; its name is the file's.

    Raises:
        InputError: every problem of the file in one message.
    """
    values, problems = read_file(path, TRIAL)
    tables = values.pop("outcomes")
    found = [_outcome(table, f"outcomes {n}", problems) for n, table in enumerate(tables, start=1)]
    outcomes = tuple(outcome for outcome in found if outcome is not None)
    windows = [outcome.window for outcome in outcomes]
    problems += [f"the window {window.value!r} is given twice" for window in Window if windows.count(window) > 1]
    finish(path, problems)
    return PreventionTrial(name=path.stem, notes=tuple(values.pop("notes")), outcomes=outcomes, **values)


def _outcome(table: Any, where: str, problems: list[str]) -> Outcome | None:
    before = len(problems)
    values = read_table(table, OUTCOME, where, problems)
    given = [name for name in _COUNTS if name in values]
    if given and len(given) < len(_COUNTS):
        problems.append(f"{where}: {', '.join(set(_COUNTS) - set(given))} missing; give all four counts or none.")
    if bool(given) is ("says" in values) or ("says" in values) is not ("finding" in values):
        problems.append(f"{where}: give either the four counts, or 'says' with 'finding'.")
    if len(problems) > before:
        return None
    try:
        arms = TwoArms(*(values[name] for name in _COUNTS)) if given else None
    except ValueError as error:
        problems.append(f"{where}: {error}.")
        return None
    words = values.get("says", values["at"])
    return Outcome(
        window=Window(values["window"]),
        at_days=values.get("at_days"),
        measure=values["measure"],
        arms=arms,
        direction=Direction(values["finding"]) if "finding" in values else None,
        statement=statement_of({**values, "text": words}),
    )


def _review(table: Any, where: str, problems: list[str]) -> Review | None:
    before = len(problems)
    values = read_table(table, REVIEW, where, problems)
    if len(problems) > before:
        return None
    numbers: dict[str, Any] = {key: values.get(key) for key in ("value", "low", "high")}
    named = {key: values[key] for key in ("label", "drug", "measure", "trials")}
    return Review(window=Window(values["window"]), statement=statement_of(values, text="note"), **named, **numbers)
