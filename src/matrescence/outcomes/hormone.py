"""The mother's own allopregnanolone: levels that were read, what is known of their course, and who found what.

``1 ng/mL = 1000 / molar mass nmol/L``: 3.14 nmol/L for 318.5 g/mol.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from matrescence.facts import Fact, Statement
from matrescence.outcomes.tables import HERE, finish, read_file
from matrescence.reading import Field, read_table
from matrescence.sourced import PROVENANCE, read_fact, statement_of

SHIPPED = HERE / "hormone.toml"


class Assay(Enum):
    """How a level was measured.  Levels of different assays are not joined."""

    RIA = "RIA"
    ELISA = "ELISA"
    GC_MS = "GC-MS"
    LC_MS = "LC-MS"
    SEVERAL = "several"
    NOT_READ = "not read"


class Found(Enum):
    """Whether a study found the level to differ with depression."""

    LOWER = "lower in depressed"
    NO_DIFFERENCE = "no difference"
    MIXED = "mixed"


class Stage(Enum):
    """Before or after birth."""

    PREGNANCY = "pregnancy"
    AFTER_BIRTH = "after birth"


@dataclass(frozen=True, slots=True)
class Point:
    """One published mean level (nmol/L) with its spread: in weeks of pregnancy, or on a day after birth."""

    key: str
    label: str
    assay: Assay
    stage: Stage
    from_weeks: float | None
    to_weeks: float | None
    day: float | None
    women: int
    level: Fact
    spread: Fact


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of the course without a number."""

    stage: Stage
    assay: Assay
    statement: Statement


@dataclass(frozen=True, slots=True)
class HormoneStudy:
    """One study of whether the level differs with depression around birth."""

    key: str
    label: str
    assay: Assay
    women: int | None
    when: str
    found: Found
    statement: Statement


@dataclass(frozen=True, slots=True)
class Hormone:
    """All of it."""

    molar_mass: Fact
    never_a_dose: str
    points: tuple[Point, ...]
    shapes: tuple[Shape, ...]
    studies: tuple[HormoneStudy, ...]
    unknown: tuple[str, ...]
    modulation: Statement
    half_effect: Fact

    def ng_per_ml(self, nmol_per_l: float) -> float:
        """From nmol/L to ng/mL."""
        return nmol_per_l * self.molar_mass.known / 1000.0

    def nmol_per_l(self, ng_per_ml: float) -> float:
        """From ng/mL to nmol/L."""
        return ng_per_ml * 1000.0 / self.molar_mass.known


_STAGE = Field("stage", "text", required=True, choices=tuple(stage.value for stage in Stage))
_ASSAY = Field("assay", "text", required=True, choices=tuple(assay.value for assay in Assay))
_TEXT = Field("text", "text", required=True)
FILE = (
    Field("molar_mass", "table", required=True),
    Field("never_a_dose", "text", required=True),
    Field("points", "tables", required=True, low=1),
    Field("shapes", "tables", required=True, low=1),
    Field("unknown", "tables", required=True),
    Field("modulation", "table", required=True),
    Field("studies", "tables", required=True, low=1),
)
POINT = (
    Field("key", "text", required=True),
    Field("label", "text", required=True),
    _ASSAY,
    _STAGE,
    Field("from_weeks", "number", low=0, high=42),
    Field("to_weeks", "number", low=0, high=42),
    Field("day", "number", low=0, high=366),
    Field("women", "integer", low=1, required=True),
    Field("level", "table", required=True),
    Field("spread", "table", required=True),
)
SHAPE = (_STAGE, _ASSAY, _TEXT, *PROVENANCE)
MODULATION = (_TEXT, *PROVENANCE, Field("half_effect", "table", required=True))
STUDY = (
    Field("key", "text", required=True),
    Field("label", "text", required=True),
    _ASSAY,
    Field("women", "integer", low=1),
    Field("when", "text", required=True),
    Field("finding", "text", required=True, choices=tuple(found.value for found in Found)),
    _TEXT,
    *PROVENANCE,
)


@cache
def hormone(path: Path = SHIPPED) -> Hormone:
    """Everything that was read.

    Raises:
        InputError: the file cannot be used.
    """
    values, problems = read_file(path, FILE)
    mass = read_fact(values["molar_mass"], "molar_mass", problems, to_unit="g/mol")
    points = [_point(table, f"points {n}", problems) for n, table in enumerate(values["points"], start=1)]
    shapes = [_shape(table, f"shapes {n}", problems) for n, table in enumerate(values["shapes"], start=1)]
    studies = [_study(table, f"studies {n}", problems) for n, table in enumerate(values["studies"], start=1)]
    unknown = [read_table(t, (_TEXT,), f"unknown {n}", problems) for n, t in enumerate(values["unknown"], start=1)]
    modulation = read_table(values["modulation"], MODULATION, "modulation", problems)
    half = read_fact(modulation.get("half_effect"), "modulation: half_effect", problems, to_unit="nmol/L")
    finish(path, problems)
    return Hormone(
        molar_mass=mass,
        never_a_dose=values["never_a_dose"],
        points=tuple(point for point in points if point is not None),
        shapes=tuple(shape for shape in shapes if shape is not None),
        studies=tuple(study for study in studies if study is not None),
        unknown=tuple(row["text"] for row in unknown),
        modulation=statement_of(modulation),
        half_effect=half,
    )


def _point(table: Any, where: str, problems: list[str]) -> Point | None:
    before = len(problems)
    values = read_table(table, POINT, where, problems)
    weeks = [values.get("from_weeks"), values.get("to_weeks")]
    pregnant = values.get("stage") == Stage.PREGNANCY.value
    if pregnant is (None in weeks) or pregnant is ("day" in values):
        problems.append(f"{where}: give from_weeks and to_weeks in pregnancy, and day after birth.")
    if len(problems) > before:
        return None
    level = read_fact(values.pop("level"), f"{where}: level", problems, to_unit="nmol/L")
    spread = read_fact(values.pop("spread"), f"{where}: spread", problems, to_unit="nmol/L")
    named = {key: values[key] for key in ("key", "label", "women")}
    stage, assay = Stage(values["stage"]), Assay(values["assay"])
    return Point(
        **named,
        assay=assay,
        stage=stage,
        from_weeks=weeks[0],
        to_weeks=weeks[1],
        day=values.get("day"),
        level=level,
        spread=spread,
    )


def _shape(table: Any, where: str, problems: list[str]) -> Shape | None:
    before = len(problems)
    values = read_table(table, SHAPE, where, problems)
    if len(problems) > before:
        return None
    return Shape(Stage(values["stage"]), Assay(values["assay"]), statement_of(values))


def _study(table: Any, where: str, problems: list[str]) -> HormoneStudy | None:
    before = len(problems)
    values = read_table(table, STUDY, where, problems)
    if len(problems) > before:
        return None
    named = {key: values[key] for key in ("key", "label", "when")}
    found, assay = Found(values["finding"]), Assay(values["assay"])
    return HormoneStudy(**named, assay=assay, women=values.get("women"), found=found, statement=statement_of(values))
