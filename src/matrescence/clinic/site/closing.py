"""What the site takes back closes the gate of every course that rests on it, at once."""

from __future__ import annotations

import contextlib
from collections.abc import Collection

from matrescence.clinic.clockwork.clock import course_now
from matrescence.clinic.enrolment.take_over import take_over
from matrescence.clinic.log.courses import course_ids, open_course
from matrescence.reading import InputError


def close_everywhere(ids: Collection[str], actor: str) -> int:
    """Copy the revocations into each course that holds one of these papers; return how many courses that were.

    A course that cannot be read is passed over: nothing starts from it either.
    """
    closed = 0
    for name in course_ids():
        with contextlib.suppress(InputError):
            filed = {filing.item.id for filing in open_course(name).known.filings}
            if filed & set(ids):
                closed += bool(take_over(name, actor, course_now(name)))
    return closed
