"""Her answers: kept at every step, recorded at once where one is urgent, and sent once.

What is urgent is found by ``care.assessment.urgent`` on the very payload that is recorded.  A second record of the same
visit is a correction of the first, so that a task that is open stays one task.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from matrescence.actions.answer_file import NOT_ANSWERED, answers_from
from matrescence.actions.course import Request
from matrescence.care.assessment.help_lines import LineRole
from matrescence.care.assessment.urgent import UrgentPath
from matrescence.care.journey.tasks import paths_of
from matrescence.care.journey.words import Assessed
from matrescence.clinic.clockwork.clock import course_now
from matrescence.clinic.log.courses import Opened, add, open_course
from matrescence.clinic.own.access import who
from matrescence.clinic.own.asked import ASKED, HER_QUESTIONS, NO, YES, Asked
from matrescence.clinic.own.lines import lines_now
from matrescence.clinic.own.models import Visit
from matrescence.clinic.own.questions import Given, Question, after_of, key_of, left_out
from matrescence.clinic.people.models import MotherLink
from matrescence.instruments.library import load
from matrescence.reading import InputError

LOG = logging.getLogger(__name__)
IN_DANGER = frozenset({LineRole.EMERGENCY, LineRole.CRISIS})
NOT_SENT = " She has not sent the rest yet."
WENT_ON = "She went on answering through the same link."

Paths = tuple[UrgentPath, ...]


def keep(visit: Visit, question: Question, given: Given, *, at: datetime) -> Visit:
    """Keep one answer; what else she has answered stays."""
    with transaction.atomic():
        kept = Visit.objects.select_for_update().get(pk=visit.pk)
        kept.answers = {**kept.answers, question.key: given}
        kept.saved_at = at
        kept.save(update_fields=["answers", "saved_at"])
    return kept


def urgent(link: MotherLink, answers: Mapping[str, Given]) -> Paths:
    """The urgent paths that these answers open, the most pressing first.  Her course is not needed for it."""
    if not answers:
        return ()
    return paths_of(_assessed(payload_of(link, answers, name="her")), lines_now())


def opened_by(link: MotherLink, answers: Mapping[str, Given], key: str) -> Paths:
    """The urgent paths that would not be open without this one answer."""
    others = {name: given for name, given in answers.items() if name != key}
    before = {_said(path) for path in urgent(link, others)}
    return tuple(path for path in urgent(link, answers) if _said(path) not in before)


def in_danger(paths: Iterable[UrgentPath]) -> Paths:
    """The paths for which somebody is to be called now: care names an emergency or a crisis line with them.

    A bipolar screen that waits until a drug is to be started names neither; it is recorded, and she goes on.
    """
    return tuple(path for path in paths if any(line.role in IN_DANGER for line in path.lines))


def is_recorded(link: MotherLink, visit: Visit) -> bool:
    """Whether her course holds every urgent path that her answers open."""
    try:
        there = {_said(path) for path in _recorded(visit, open_course(link.stream))}
    except InputError:
        return False
    return {_said(path) for path in urgent(link, visit.answers)} <= there


def record_what_is_urgent(link: MotherLink, visit: Visit) -> None:
    """Write her answers into her course where they open what its record does not hold yet.

    She is shown whom to call whatever comes of this: a record that cannot be written never keeps that page back, and
    it is tried again with her next answer.
    """
    if not urgent(link, visit.answers) or is_recorded(link, visit):
        return
    try:
        _write(link, visit)
    except InputError as error:
        LOG.error("link %s: an urgent answer could not be recorded (%s)", link.pk, type(error).__name__)
    else:
        visit.refresh_from_db()


def send(link: MotherLink, visit: Visit, *, at: datetime) -> None:
    """Write what she answered into her course, once, and empty the draft.

    Raises:
        InputError: the course cannot take it; the draft stays as it is.
    """
    with transaction.atomic():
        now = MotherLink.objects.select_for_update().get(pk=link.pk)
        if now.finished_at is not None:
            return
        _write(link, visit, sent=True)
        MotherLink.objects.filter(pk=link.pk).update(finished_at=at)
        Visit.objects.filter(pk=visit.pk).update(answers={}, saved_at=at)


def forget_expired(at: datetime) -> None:
    """Empty the drafts that can be sent no more: what was not sent is no record, and is not kept."""
    dead = Visit.objects.filter(link__expires_at__lte=at) | Visit.objects.filter(link__withdrawn=True)
    for visit in dead.exclude(answers={}):
        Visit.objects.filter(pk=visit.pk).update(answers={})


# ---- the record --------------------------------------------------------------------------------------------------


def payload_of(link: MotherLink, answers: Mapping[str, Given], *, name: str) -> dict[str, Any]:
    """Her answers as a file of answers holds them: one she would rather not give is *not answered*, never zero.

    A follow-up is of the course that it stands in and names nobody.
    """
    ours = [asked for asked in ASKED if asked.key in answers and not left_out(asked.after, answers, ours=True)]
    payload: dict[str, Any] = {"about": _about(ours, answers), "scales": list(_forms(link, answers))}
    for asked in ours:
        given = answers[asked.key]
        if given == YES or (given == NO and asked.no_counts):
            payload.setdefault(asked.group, {})[asked.field] = given == YES
    if link.purpose == MotherLink.SCREENING:
        payload["mother"] = {"name": name}
    return payload


def _forms(link: MotherLink, answers: Mapping[str, Given]) -> Iterator[dict[str, Any]]:
    """A form for each scale of which she has answered anything; the words of the scale are not needed for it."""
    for name in link.scales:
        items = () if name == HER_QUESTIONS else load(name).items
        given: dict[str, Given] = {
            item.key: answers[key_of(name, item)]
            for item in items
            if key_of(name, item) in answers and not left_out(after_of(name, item), answers, ours=False)
        }
        if given:
            told = {key: NOT_ANSWERED if score is None else score for key, score in given.items()}
            yield {"scale": name, "answers_as": "score", "answers": told}


def _about(ours: Iterable[Asked], answers: Mapping[str, Given]) -> str:
    """What a reader has to know: who answered, and to what she said no that nobody has looked for in person."""
    denied = [a.field.replace("_", " ") for a in ours if not a.no_counts and answers[a.key] == NO]
    said = "Answered by herself on her own telephone."
    return said if not denied else f"{said} She said no to: {', '.join(denied)}; look and ask in person."


def _assessed(payload: dict[str, Any]) -> Assessed:
    sheet = answers_from({"mother": {"name": "her"}, **payload}, where="her answers")
    return Assessed(sheet.forms, sheet.history, sheet.name)


def _recorded(visit: Visit, opened: Opened) -> Paths:
    entry = opened.known.entries.get(visit.position or 0)
    if entry is None or not isinstance(entry.what, Assessed):
        return ()
    return paths_of(entry.what, opened.ground.lines)


def _said(path: UrgentPath) -> tuple[str, str]:
    return path.reason.rule, path.reason.text


def _write(link: MotherLink, visit: Visit, *, sent: bool = False) -> None:
    """Add the record, or the correction of it, and remember where it stands: both or neither."""
    with transaction.atomic():
        kept = Visit.objects.select_for_update().get(pk=visit.pk)
        opened = open_course(link.stream)
        mother = opened.known.mother
        payload = payload_of(link, kept.answers, name="" if mother is None else mother.name)
        if not sent:
            payload["about"] += NOT_SENT
        if kept.position is not None and opened.reader.told[kept.position][1] == payload:
            return
        written = add(link.stream, _request(link, kept, payload), now=course_now(link.stream))
        kept.saved += 1
        if kept.position is None and written.line is not None:
            kept.position = int(written.line["position"])
        kept.save(update_fields=["saved", "position"])


def _request(link: MotherLink, visit: Visit, payload: dict[str, Any]) -> Request:
    key, by = f"link-{link.pk}-{visit.saved + 1}", who(link)
    if visit.position is None:
        return Request("follow-up" if link.purpose == MotherLink.FOLLOW_UP else "assessment", payload, id=key, by=by)
    return Request("correction", {"of": visit.position, "why": WENT_ON, "payload": payload}, id=key, by=by)
