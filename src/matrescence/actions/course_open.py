"""A course log opened: what it stands on, and everything its records tell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matrescence.actions.course_log import CourseLog, Line, read_course
from matrescence.actions.course_read import Reader
from matrescence.actions.enrolment_file import read_instant
from matrescence.care.infusion.ordering import NO_PROGRAMME
from matrescence.care.journey.words import Entry, Ground
from matrescence.formulary import library
from matrescence.formulary.outcomes.library import load_definitions
from matrescence.formulary.programmes import library as programmes
from matrescence.formulary.read_recovery import load_guidance
from matrescence.instruments.consultation import load_questions
from matrescence.instruments.help_lines import load_lines
from matrescence.instruments.library import load as load_scale
from matrescence.reading import InputError, refuse


@dataclass(frozen=True, slots=True)
class Course:
    """A log as read, with what it tells."""

    log: CourseLog
    ground: Ground
    entries: tuple[Entry, ...]
    reader: Reader


def ground_of(drug_name: str) -> Ground:
    """What a course with this drug stands on.

    Raises:
        InputError: there is no such drug.
    """
    drug = library.load(drug_name)
    guidance = load_guidance(drug.name)
    return Ground(
        drug,
        programmes.load(drug.programme or NO_PROGRAMME),
        load_questions(),
        load_lines(),
        guidance,
        {item.scale: load_scale(item.scale) for item in guidance.discharge if item.scale is not None},
        load_definitions(),
    )


def open_course(path: Path) -> Course:
    """Read a log and everything its records tell.

    Raises:
        InputError: the log cannot be used, or a record in it is not one that this program understands.
    """
    log = read_course(path)
    if not log.lines:
        raise InputError(f"{path}: it holds no complete record. Begin it with: matrescence course new {path}")
    first = log.lines[0]
    if first["kind"] != "mother-recorded":
        raise InputError(f"{path}, line 1: a course begins with mother-recorded, not with {first['kind']!r}.")
    return course_of(log, ground_of(str(first["payload"].get("drug"))))


def course_of(log: CourseLog, ground: Ground) -> Course:
    """Everything a log tells.

    Raises:
        InputError: a record in it is not one that this program understands.
    """
    reader = Reader(ground)
    entries = tuple(entry_of(line, reader, f"{log.path}, line {line['position']}") for line in log.lines)
    return Course(log, ground, entries, reader)


def entry_of(line: Line, reader: Reader, where: str) -> Entry:
    """One record as what it tells; the reader remembers it.

    Raises:
        InputError: it is not a record that this program understands.
    """
    problems: list[str] = []
    happened = read_instant(line["happened_at"], "happened_at", problems)
    recorded = read_instant(line["recorded_at"], "recorded_at", problems)
    clock = read_instant(line["clock_at"], "clock_at", problems) if "clock_at" in line else None
    refuse(problems, where)
    assert happened is not None and recorded is not None  # otherwise a problem was raised
    what = reader.read(line["position"], line["kind"], line["payload"], where=where)
    reader.keep(line["position"], line["kind"], line["payload"])
    return Entry(line["position"], line["id"], happened, recorded, line["by"], what, clock)
