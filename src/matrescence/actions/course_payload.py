"""The payload of each kind of record -> what it tells; every problem is named, and nothing is guessed.

The payloads are those of the files that the other commands read: a mother's file, a file of answers, of health
facts, of an enrolment.  Who she is and her health facts may be told bit by bit: what a record leaves out stays as it
was told before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from matrescence.actions.answer_file import answers_from
from matrescence.actions.enrolment_file import enrolment_from, read_instant
from matrescence.actions.health_file import health_from
from matrescence.actions.mother_file import mother_from
from matrescence.actions.recovery_file import DISCHARGE, SITE, observed_from
from matrescence.care.enrolment.forms import FieldKind
from matrescence.care.enrolment.programme import Programme
from matrescence.care.infusion.events import Event
from matrescence.care.infusion.log import LogError, from_dict
from matrescence.care.infusion.order import Limit
from matrescence.care.infusion.readings import Measure
from matrescence.care.journey import words
from matrescence.care.recovery.discharge import SiteLimits
from matrescence.instruments.consultation import load_questions, read_answers
from matrescence.reading import Field, InputError, read_table, refuse

Table = dict[str, Any]

MOTHER = (Field("drug", "text"), Field("mother", "table", required=True))
DISPOSITION = (
    Field("tasks", "texts", low=1, required=True, help='The open tasks by their numbers, such as ["2.1"].'),
    Field("outcome", "text", required=True, choices=tuple(item.value for item in words.Outcome)),
    Field("done", "text", required=True, help="What was done, and what was agreed."),
)
DECISION = (
    Field("go_on", "boolean", required=True),
    Field("why", "text", required=True, help="Why, knowing every open reason."),
)
PLAN = (
    Field("regimen", "text", required=True),
    Field("session_number", "integer", low=1, high=1000),
    Field("limits", "tables"),
    Field("overdue_after_min", "number", "min", low=0, high=240),
    Field("unrecorded_after_min", "number", "min", low=1, high=240, help="For what is watched without a break."),
    Field("leaving", "table", help="The site's own limits for the checklist before she leaves."),
    Field("two_person", "boolean", help="Whether two people confirm dose plan and pump before a start."),
)
CONFIRMATION = (
    Field("what", "text", required=True, choices=tuple(item.value for item in words.Confirmable)),
    Field("digest", "text", required=True, help="The fingerprint shown beside what is confirmed."),
)
LIMIT = (
    Field("measure", "text", required=True, choices=tuple(item.value for item in Measure)),
    Field("finding", "text", required=True),
    Field("below", "number"),
    Field("at_or_below", "number"),
    Field("at_or_above", "number"),
    Field("scale", "text"),
    Field("source", "text"),
)
FEEDING = (Field("follows", "text", required=True, help="Whose plan she follows; none when she does not breastfeed."),)
LEAVING = tuple(field for field in SITE if field.name != "prices")
DECIDED = (
    Field("by", "text", required=True, help="The clinician who decides it."),
    Field("why", "text", required=True),
)
LEFT = (
    Field("left_with", "text", required=True, help="The adult who takes her home."),
    Field("decided", "table", help="by and why: only where the checklist is not met, or leaves it open."),
    Field("follow_ups", "texts", high=50, help="The agreed follow-ups: date and time with UTC offset."),
)
NOT_BREASTFEEDING = "none"


@dataclass(frozen=True, slots=True)
class Telling:
    """One payload to read, and everything told up to it, itself included, in order: kind and payload."""

    ground: words.Ground
    own: Table
    so_far: Iterable[tuple[str, Table]]
    where: str

    def of(self, kind: str) -> list[Table]:
        """Every payload of one kind, oldest first."""
        return [payload for name, payload in self.so_far if name == kind]


def _mother(telling: Telling) -> words.MotherKnown:
    told: Table = {}
    for kind, payload in telling.so_far:
        if kind == "mother-recorded":
            told |= read_table(payload, MOTHER, telling.where)["mother"]
        elif kind == "mother-changed":
            told |= payload
    return words.MotherKnown(mother_from(told, where=telling.where))


def _health(telling: Telling) -> words.HealthKnown:
    told = {key: value for table in telling.of("eligibility-facts") for key, value in table.items()}
    return words.HealthKnown(health_from(told, where=telling.where))


def _assessed(telling: Telling) -> words.Assessed:
    sheet = answers_from(telling.own, where=telling.where)
    return words.Assessed(sheet.forms, sheet.history, sheet.name, consultation=sheet.consultation or {})


def _followed(telling: Telling) -> words.Assessed:
    sheet = answers_from({"mother": {"name": "her"}, **telling.own}, where=telling.where)
    if not sheet.forms:
        raise InputError(f"{telling.where}: scales is missing; a follow-up holds at least one answered scale.")
    return words.Assessed(sheet.forms, sheet.history, follow_up=True)


def _consulted(telling: Telling) -> words.Consulted:
    return words.Consulted(read_answers(telling.own, load_questions(), telling.where))


def _disposed(telling: Telling) -> words.Disposed:
    values = read_table(telling.own, DISPOSITION, telling.where)
    return words.Disposed(tuple(values["tasks"]), words.Outcome(values["outcome"]), values["done"])


def _decided(telling: Telling) -> words.ClinicianDecided:
    return words.ClinicianDecided(**read_table(telling.own, DECISION, telling.where))


def _filed(telling: Telling) -> words.Filed:
    """New records, read together with all before them, so that a revocation finds what it takes back."""
    own, programme = telling.own, telling.ground.programme
    merged: Table = {"records": [], "revocations": []}
    for table in telling.of("enrolment"):
        merged |= {"session": table["session"]} if "session" in table else {}
        merged |= {name: [*merged[name], *_rows(table, name, telling.where)] for name in ("records", "revocations")}
    file = enrolment_from(with_dates({**own, **merged}, programme), programme, where=telling.where)
    ids = {row.get("id") for name in ("records", "revocations") for row in own.get(name, [])}
    return words.Filed(file.session, tuple(item for item in file.records if item.id in ids))


def _rows(table: Table, name: str, where: str) -> list[Table]:
    return list(read_table({name: table.get(name, [])}, (Field(name, "tables"),), where)[name])


def with_dates(table: Table, programme: Programme) -> Table:
    """Dates come back from JSON as texts: read again as dates where the form asks for one."""

    def dated(record: Any) -> Any:
        requirement = programme.requirements.get(str(record.get("requirement"))) if isinstance(record, dict) else None
        if requirement is None or requirement.form is None or not isinstance(record.get("answers"), dict):
            return record
        fields = programme.forms[requirement.form].fields
        asked = {name for name, item in fields.items() if item.kind is FieldKind.DATE}
        return {**record, "answers": {k: _date(v) if k in asked else v for k, v in record["answers"].items()}}

    return {**table, "records": [dated(record) for record in table["records"]]}


def _date(value: Any) -> Any:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _planned(telling: Telling) -> words.PlanChosen:
    problems: list[str] = []
    values = read_table(telling.own, PLAN, telling.where, problems)
    rows = [
        read_table(row, LIMIT, f"{telling.where}: limits {number}", problems)
        for number, row in enumerate(values.get("limits", []), start=1)
    ]
    leaving = read_table(values.get("leaving", {}), LEAVING, f"{telling.where}: leaving", problems)
    refuse(problems, telling.where)
    values["leaving"] = SiteLimits(**leaving)
    values["limits"] = tuple(Limit(**{**row, "measure": Measure(row["measure"])}) for row in rows)
    return words.PlanChosen(**values)


def _confirmed(telling: Telling) -> words.Confirmed:
    values = read_table(telling.own, CONFIRMATION, telling.where)
    return words.Confirmed(words.Confirmable(values["what"]), values["digest"])


def _feeding(telling: Telling) -> words.FeedingChosen:
    follows = read_table(telling.own, FEEDING, telling.where)["follows"]
    return words.FeedingChosen(None if follows == NOT_BREASTFEEDING else follows)


def _leaving_checked(telling: Telling) -> words.LeavingChecked:
    return words.LeavingChecked(observed_from(read_table(telling.own, DISCHARGE, telling.where)))


def _left(telling: Telling) -> words.Left:
    said = {key: value for key, value in telling.own.items() if key != "events"}
    problems: list[str] = []
    values = read_table(said, LEFT, telling.where, problems)
    found = [read_instant(text, "follow_ups", problems) for text in values.get("follow_ups", [])]
    by_whom = (
        read_table(values["decided"], DECIDED, f"{telling.where}: decided", problems) if "decided" in values else {}
    )
    refuse(problems, telling.where)
    decided = words.Decided(**by_whom) if by_whom else None
    return words.Left(values["left_with"], tuple(at for at in found if at is not None), _events(telling), decided)


def _infused(telling: Telling) -> words.Infused:
    return words.Infused(_events(telling))


def _events(telling: Telling) -> tuple[Event, ...]:
    try:
        return tuple(from_dict(table) for table in telling.own.get("events", []))
    except (LogError, TypeError) as error:
        raise InputError(f"{telling.where}: events: {error}.") from None


READERS: Mapping[str, Callable[[Telling], words.Told]] = {
    "mother-recorded": _mother,
    "mother-changed": _mother,
    "assessment": _assessed,
    "urgent-disposition": _disposed,
    "consultation": _consulted,
    "eligibility-facts": _health,
    "eligibility-decision": _decided,
    "enrolment": _filed,
    "plan-chosen": _planned,
    "confirmation": _confirmed,
    "infusion": _infused,
    "feeding-choice": _feeding,
    "follow-up": _followed,
    "leaving-checklist": _leaving_checked,
    "discharge": _left,
}
KINDS = (*READERS, "correction")
"""The closed list of kinds, in the order of the journey."""
