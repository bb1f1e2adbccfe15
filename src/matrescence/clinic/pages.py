"""Pages about one course: the same frame around each, and one way to write a record from a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from matrescence.actions.course import RefusedError, Request
from matrescence.care.verdict import Reason
from matrescence.clinic.clockwork.clock import course_now, now, simulated_clock
from matrescence.clinic.inputs import form_key, form_position
from matrescence.clinic.log.courses import HERE, Added, ConflictError, NoCourseError, Opened, add, open_course
from matrescence.clinic.said import English
from matrescence.reading import InputError


def opened_or_404(course_id: str) -> Opened:
    """The course.

    Raises:
        Http404: there is none of this name.
    """
    try:
        return open_course(course_id)
    except NoCourseError as error:
        raise Http404(str(error)) from None


def zone_of(opened: Opened) -> tzinfo | None:
    """The time zone in which she lives: every clock time on her pages is shown in it."""
    mother = opened.known.mother
    return None if mother is None else mother.start.tzinfo


def course_page(
    request: HttpRequest, template: str, opened: Opened, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a page about one course, with where she is, what is urgent, and the six stages around it."""
    clock, real = simulated_clock(opened.id), now()
    at = real if clock is None else clock.at(real)
    frame = {
        "course": opened,
        "mother": opened.known.mother,
        "drug": opened.ground.drug,
        "journey": opened.at(at),
        "at": at,
        "zone": zone_of(opened),
        "simulated": clock,
        "form_key": form_key(request.POST),
        "form_position": opened.position,
    }
    return render(request, template, {**frame, **context}, status=status)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a form: what was written, or why nothing was.

    ``problems`` are sentences for the top of the form; ``reasons`` are those of a rule that refused, and ``conflict``
    holds the records that somebody else added since the page was shown.
    """

    written: Added | None = None
    problems: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    conflict: tuple[Mapping[str, Any], ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the record stands in the log."""
        return self.written is not None

    @property
    def status(self) -> int:
        """The HTTP status of the page that shows the form again."""
        return 409 if self.conflict else 422


def record(
    request: HttpRequest,
    course_id: str,
    kind: str,
    payload: Mapping[str, Any],
    *,
    strict: bool = True,
    happened_at: datetime | None = None,
    part: str = "",
) -> Outcome:
    """Write one record of a course from a posted form.

    The form carries ``key`` (made when it was shown: a double click or a resend is one record) and ``position`` (the
    newest record it was made from: with ``strict`` nothing is written over what somebody else has added since).
    ``part`` tells several records of one form apart.
    """
    asked = Request(
        kind, dict(payload), id=f"{form_key(request.POST)}{part}", happened_at=happened_at, by=request.actor.name
    )
    try:
        written = add(
            course_id,
            asked,
            now=course_now(course_id),
            expected=form_position(request.POST) if strict else None,
        )
    except ConflictError as error:
        return Outcome(problems=(_("Somebody has added records since you opened this page."),), conflict=error.since)
    except RefusedError as error:
        return Outcome(reasons=error.reasons)
    except InputError as error:
        return Outcome(problems=tuple(sentences(str(error))))
    return Outcome(written)


def sentences(message: str) -> list[str]:
    """A complaint of a reader, a line for each problem: without its count, and the file that a form does not have."""
    first, *others = [line.strip() for line in message.splitlines() if line.strip()]
    if others:
        return [English(line.removeprefix("- ")) for line in others]
    return [English(first.removeprefix(f"{HERE}: ").removeprefix(HERE).strip() or first)]
