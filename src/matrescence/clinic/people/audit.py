"""Write down who did what; the newest first when somebody looks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.log.chain import advance, audit_link, locked_head, writing
from matrescence.clinic.log.models import Audit, Head
from matrescence.clinic.people.address import address_of
from matrescence.clinic.people.models import User

DONE, READ, REFUSED, OPENED, FAILED = "done", "read", "refused", "opened", "failed"
"""Outcomes: something was written, read, refused, opened by breaking the glass, or broke on our side."""


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
    with writing():
        head = locked_head(Head.AUDIT)
        link = audit_link(head.chain, {**row, "seq": head.seq + 1})
        Audit.objects.create(seq=head.seq + 1, chain=link, **{**row, "at": at})
        advance(head, link)


def note_account(request: HttpRequest | None, user: Any, what: str, outcome: str, detail: str = "") -> None:
    """One row about an account: never what was typed, since a password may have been typed in the wrong field."""
    known = isinstance(user, User)
    note(
        at=now(),
        who=user.name if known else "nobody",
        role=next(iter(user.known_roles), "-") if known else "-",
        action=f"account.{what}",
        outcome=outcome,
        detail=detail,
        address="" if request is None else address_of(request),
    )
