"""Whether the audit is what was written: every row follows from the one before it, and none is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matrescence.clinic.log.chain import START, audit_link
from matrescence.clinic.log.models import Audit, Head

COLUMNS = ("who", "role", "action", "stream", "outcome", "detail", "address")


@dataclass(frozen=True, slots=True)
class Chain:
    """How many rows were walked, and the first that does not follow (``None`` if all do)."""

    rows: int
    broken_at: int | None

    @property
    def sound(self) -> bool:
        """Whether every row follows."""
        return self.broken_at is None


def as_chained(row: Audit) -> dict[str, Any]:
    """The columns of a row as its link was made from them."""
    return {"at": row.at.isoformat(), **{name: getattr(row, name) for name in COLUMNS}, "seq": row.seq}


def check_chain() -> Chain:
    """Walk the whole chain.  A tail that was cut off is missed by the head that counted it."""
    link, rows = START, 0
    for row in Audit.objects.order_by("seq").iterator(chunk_size=2000):
        rows += 1
        link = audit_link(link, as_chained(row))
        if row.seq != rows or row.chain != link:
            return Chain(rows, rows)
    head = Head.objects.get(name=Head.AUDIT)
    return Chain(rows, None if (head.seq, head.chain) == (rows, link) else rows + 1)
