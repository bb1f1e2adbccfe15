"""The rows of a bill as pages show them: quantity, price, charge, of which day, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from matrescence.actions.recovery import in_words
from matrescence.care.recovery.bill import Bill, Line
from matrescence.facts import Statement


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``price`` and ``charge`` are empty where they are not known."""

    key: str
    what: str
    per: str
    quantity: str
    price: str
    charge: str
    dated: str
    said: Statement
    of_site: bool


@dataclass(frozen=True, slots=True)
class Charged:
    """A bill in words; ``total`` is empty where no line of it is known."""

    rows: tuple[Row, ...]
    total: str
    unknown: tuple[str, ...]


def charged(found: Bill) -> Charged:
    """Every line, known or not, and the total."""
    known = any(line.known for line in found.lines)
    rows = tuple(_row(line) for line in found.lines)
    return Charged(rows, in_words(found.total) if known else "", tuple(row.what for row in rows if not row.charge))


def _row(line: Line) -> Row:
    item = line.item
    return Row(
        key=item.key,
        what=item.what,
        per=item.per.value,
        quantity="" if line.quantity is None else f"{line.quantity.normalize():f}",
        price=_price(item.price.low, item.price.high),
        charge=in_words(line.charge) if line.known else "",
        dated=item.price.dated or "",
        said=item.price.statement,
        of_site=item.price.statement.source == "site-policy" and item.price.low is not None,
    )


def _price(low: Decimal | None, high: Decimal | None) -> str:
    if low is None or high is None:
        return ""
    return f"${low:,.2f}" if low == high else f"${low:,.2f} to ${high:,.2f}"
