"""A trial's design as values: who takes part, what they are given, when they are seen, how the trial is analysed.

A design says nothing about what will come out; that is the business of :mod:`matrescence.trials.truth`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from matrescence.facts import Basis, Grade


class Kind(Enum):
    """What is measured, and with it where the expected result comes from."""

    MOOD = "mood"
    """HAM-D17 courses from the posterior of the mood model."""
    SCORE = "score"
    """A bounded score whose mean change and spread are written in the design, each with its source."""
    SESSIONS = "sessions"
    """MADRS courses under ketamine sessions, from the posterior of the session model."""
    EVENTS = "events"
    """Affected or not: the control arm's risk, and the odds ratio that other trials pool to."""
    RELAPSE = "relapse"
    """Time to relapse: the control arm's curve, and a hazard ratio."""


class Method(Enum):
    """How the trial is analysed."""

    MMRM = "mmrm"
    ANCOVA = "ancova"
    SESSIONS = "sessions"
    LOG_ODDS = "log-odds"
    COX = "cox"


METHODS: dict[Kind, tuple[Method, ...]] = {
    Kind.MOOD: (Method.MMRM, Method.ANCOVA),
    Kind.SCORE: (Method.MMRM, Method.ANCOVA, Method.SESSIONS),
    Kind.SESSIONS: (Method.MMRM, Method.ANCOVA, Method.SESSIONS),
    Kind.EVENTS: (Method.LOG_ODDS,),
    Kind.RELAPSE: (Method.COX,),
}


@dataclass(frozen=True, slots=True)
class Sourced:
    """Where a number comes from."""

    source: str
    at: str
    basis: Basis
    grade: Grade


@dataclass(frozen=True, slots=True)
class BaselineRange:
    """Mean and standard deviation of the score at entry among those let in, ``low`` to ``high`` inclusive."""

    mean: float
    sd: float
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Change:
    """The expected change of a score at one visit, in points: of itself, or beyond the control arm's.

    ``se`` is how well the mean is known, ``sd`` how much people differ.
    """

    at_h: float
    value: float
    se: float
    sd: float
    beyond_control: bool
    sourced: Sourced


@dataclass(frozen=True, slots=True)
class Share:
    """A share of people by a time, from counts: still in the trial, or affected."""

    at_h: float
    people: int
    of: int
    sourced: Sourced

    @property
    def value(self) -> float:
        """The share, 0 to 1."""
        return self.people / self.of


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio against the control arm with its interval of 95 %: of odds, or of hazards.

    ``between`` is the standard deviation of its logarithm between trials.
    """

    value: float
    low: float
    high: float
    between: float
    sourced: Sourced


@dataclass(frozen=True, slots=True)
class Doubt:
    """How far an effect that is borrowed may differ here: a standard deviation of the logarithm of its size."""

    sd: float
    sourced: Sourced


@dataclass(frozen=True, slots=True)
class DesignArm:
    """One arm.  Which of the later fields are filled depends on the design's kind."""

    name: str
    treatment: str
    n: int
    baseline: BaselineRange | None = None
    completion: tuple[Share, ...] = ()
    changes: tuple[Change, ...] = ()
    risk: Share | None = None
    ratio: Ratio | None = None
    median_days: float | None = None
    sessions_at_h: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The analysis: the arm compared with, the arm and the hour that decide, and the two-sided error."""

    method: Method
    control: str
    primary: str
    at_h: float
    report_h: tuple[float, ...]
    alpha: float = 0.05


@dataclass(frozen=True, slots=True)
class Published:
    """What the trial itself printed, under the key of the quantity that a replicate gives (see ``quantity``)."""

    key: str
    value: float
    low: float | None
    high: float | None
    se: float | None
    sourced: Sourced


@dataclass(frozen=True, slots=True)
class Pool:
    """Which prevention trials an odds ratio is pooled from: all in a window but the one that is repeated."""

    window: str
    drugs: tuple[str, ...]
    left_out: str


@dataclass(frozen=True, slots=True)
class Design:
    """One trial.

    ``visits_h`` are hours after the start; ``evidence`` is the published trial that is repeated, if any; ``highest``
    is the top of the scale.  ``fed_by`` says in words what the expected result rests on, ``independent`` whether the
    trial's own results are kept out of it, and ``borrowed`` the population that an effect is borrowed from, where it
    is not the one of the trial; ``doubt`` is what the borrowing adds to what is not known.
    """

    name: str
    label: str
    kind: Kind
    population: str
    arms: tuple[DesignArm, ...]
    visits_h: tuple[float, ...]
    plan: Plan
    fed_by: str
    independent: bool
    not_for: tuple[str, ...]
    notes: tuple[str, ...] = ()
    published: tuple[Published, ...] = ()
    scale: str = "HAM-D17"
    highest: float = 52.0
    evidence: str = ""
    setting: str = "infusion"
    within_woman: float = 0.5
    crossover: bool = False
    response_share: float = 0.5
    borrowed: str = ""
    followed_days: float = 0.0
    pool: Pool | None = None
    doubt: Doubt | None = None

    def arm(self, name: str) -> DesignArm:
        """One arm by its name.

        Raises:
            KeyError: there is no such arm.
        """
        for arm in self.arms:
            if arm.name == name:
                return arm
        raise KeyError(f"{self.name} has no arm {name!r}")

    @property
    def control(self) -> DesignArm:
        """The arm that the others are compared with."""
        return self.arm(self.plan.control)

    @property
    def primary_key(self) -> str:
        """The key of the quantity that decides the trial."""
        measure = {Method.LOG_ODDS: "log-odds-ratio", Method.COX: "log-hazard-ratio"}.get(
            self.plan.method, "difference"
        )
        at_h = None if measure == "log-hazard-ratio" else self.plan.at_h
        return quantity(measure, arm=self.plan.primary, against=self.plan.control, at_h=at_h)

    def with_people(self, people: int) -> Design:
        """The same design with ``people`` in the control arm, and in the other arms in proportion (at least 2)."""
        share = people / self.control.n
        arms = tuple(replace(arm, n=max(2, round(arm.n * share))) for arm in self.arms)
        return replace(self, arms=arms)


def quantity(measure: str, *, arm: str = "", against: str = "", at_h: float | None = None) -> str:
    """The key of one number that a replicate gives, such as ``difference/90-placebo@60``."""
    who = f"/{arm}-{against}" if against else f"/{arm}" if arm else ""
    return f"{measure}{who}" + (f"@{at_h:g}" if at_h is not None else "")
