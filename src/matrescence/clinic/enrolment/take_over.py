"""Take over into one course what the site has on record: certification, training, and what was taken back.

The gate of a course is asked of that course's log alone, so the site's papers are copied there, unchanged.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from matrescence.actions.course import Request
from matrescence.care.enrolment.site import TakeOver, to_take_over
from matrescence.care.journey.gating import programme_records
from matrescence.clinic.log import courses
from matrescence.clinic.log.append import locked_head
from matrescence.clinic.log.courses import Opened, open_course
from matrescence.clinic.log.models import Head
from matrescence.clinic.log.site import open_site


def waiting(opened: Opened, at: datetime) -> TakeOver:
    """What the course could take over now; nothing before its session is prepared."""
    known, programme = opened.known, opened.ground.programme
    papers = open_site().known.papers.get(programme.name, ())
    if known.session is None or not papers:
        return TakeOver((), (), ())
    return to_take_over(programme, papers, programme_records(known, programme), known.session, at)


def take_over(course_id: str, actor: str, now: datetime) -> int:
    """Copy what the course lacks, in one record; return how many papers and revocations that were.

    Idempotent: a second call finds nothing to copy.  Called when a session is prepared, when a paper is filed, when the
    site takes a paper back, and right before a start.

    Raises:
        InputError: the course or the site cannot be read.
    """
    with transaction.atomic():
        locked_head(Head.EVENTS)
        opened = open_course(course_id)
        ids = [item.id for item in waiting(opened, now).new]
        if not ids:
            return 0
        table = open_site().known.tables[opened.ground.programme.name]
        payload = {name: [row for row in table[name] if row["id"] in ids] for name in ("records", "revocations")}
        key = f"take-over-{hashlib.sha256(' '.join(ids).encode()).hexdigest()[:16]}"
        courses.add(course_id, Request("enrolment", payload, id=key, by=actor), now=now)
        return len(ids)
