"""Write down who did what; the newest first when somebody looks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from matrescence.clinic.log.chain import advance, audit_link, locked_head
from matrescence.clinic.log.models import Audit, Head

DONE, READ, REFUSED, OPENED = "done", "read", "refused", "opened"
"""Outcomes: something was written, read, refused, or opened by breaking the glass."""


def note(
    *,
    at: datetime,
    who: str,
    role: str,
    action: str,
    outcome: str,
    stream: str = "",
    detail: str = "",
    address: str = "",
) -> None:
    """Append one row to the audit chain.

    Nothing clinical stands in ``detail``: a rule's id or a record's position, never an answer or a name.
    """
    row: dict[str, Any] = {
        "at": at.isoformat(),
        "who": who,
        "role": role,
        "action": action,
        "stream": stream,
        "outcome": outcome,
        "detail": detail,
        "address": address,
    }
    with transaction.atomic():
        head = locked_head(Head.AUDIT)
        link = audit_link(head.chain, {**row, "seq": head.seq + 1})
        Audit.objects.create(seq=head.seq + 1, chain=link, **{**row, "at": at})
        advance(head, link)
