"""One trial as data: who was treated with what, and what was found when, each number with its source."""

from __future__ import annotations

from dataclasses import dataclass

from matrescence.facts import Basis, Grade

SCALES = ("HAM-D17", "MADRS")
SEVERITIES = ("severe", "moderate", "mixed", "treatment-resistant")
SETTINGS = ("infusion", "tablets", "untreated")
USES = ("fit", "predict", "show")
"""``fit``: the model is fitted to it.  ``predict``: kept out and predicted.  ``show``: laid beside, no more."""

OUTCOMES = (
    "change",
    "difference",
    "standardised-difference",
    "response",
    "remission",
    "sustained-response",
    "sustained-remission",
    "share-of-six-week-effect",
    "sessions-to-response",
    "median-days-to-relapse",
    "relapse",
)
"""Changes and differences are in points of the trial's scale, rates and shares in percent."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """Mean and standard deviation of the score at entry; ``sd_basis`` is set where the two differ in origin."""

    mean: float
    sd: float
    source: str
    at: str
    basis: Basis
    grade: Grade
    sd_basis: Basis | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One published number of one arm.

    ``se`` is the standard error of ``value`` and ``sd`` the spread between people; ``spread`` says how the standard
    error came here.  ``inflate`` widens it in the fit, where the number's place in time is itself inferred.
    """

    outcome: str
    at_h: float
    value: float
    use: str
    source: str
    at: str
    basis: Basis
    grade: Grade
    se: float | None = None
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    spread: Basis | None = None
    inflate: float = 1.0


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm: its treatment, its people, their baseline where it is known, and its results in order of time."""

    name: str
    treatment: str
    n: int
    baseline: Baseline | None
    results: tuple[Result, ...]
    sessions_at_h: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial.  ``entry`` is the range of the score that was let in, as far as it is known."""

    name: str
    label: str
    scale: str
    population: str
    severity: str
    setting: str
    use: str
    arms: tuple[Arm, ...]
    notes: tuple[str, ...]
    not_for: tuple[str, ...]
    registry: str = ""
    entry: tuple[float | None, float | None] = (None, None)
    pooled_from: tuple[str, ...] = ()

    def arm(self, name: str) -> Arm:
        """One arm by its name.

        Raises:
            KeyError: the trial has no such arm.
        """
        for arm in self.arms:
            if arm.name == name:
                return arm
        raise KeyError(f"{self.name} has no arm {name!r}: {', '.join(arm.name for arm in self.arms)}")
