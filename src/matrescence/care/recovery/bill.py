"""Line items: what is charged, how many of it, at which price, dated and sourced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from matrescence.care.recovery.money import UNKNOWN, ZERO, Amount, cents
from matrescence.care.recovery.rules import RULE
from matrescence.care.verdict import Finding, Reason
from matrescence.facts import Statement


class Per(Enum):
    """What one price buys."""

    COURSE = "course"
    SESSION = "session"
    VIAL = "vial"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class BillingCode:
    """A billing code as far as it could be sourced."""

    system: str
    code: str
    means: str
    statement: Statement


@dataclass(frozen=True, slots=True)
class Price:
    """A price for one unit, with its source; ``low`` is ``None`` when no source gives one.

    ``dated`` is its year, month or day in ISO 8601, no finer than the source tells.
    """

    low: Decimal | None
    high: Decimal | None
    dated: str | None
    statement: Statement


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is charged."""

    key: str
    what: str
    per: Per
    price: Price
    code: BillingCode | None = None


@dataclass(frozen=True, slots=True)
class Quantities:
    """How many of each unit the course takes; ``None`` is unknown."""

    sessions: int
    vials: int | None
    hours: Decimal | None

    def of(self, per: Per) -> Decimal | None:
        """How many of this unit."""
        found: dict[Per, Decimal | int | None] = {
            Per.COURSE: 1,
            Per.SESSION: self.sessions,
            Per.VIAL: self.vials,
            Per.HOUR: self.hours,
        }
        count = found[per]
        return None if count is None else Decimal(count)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the item, how many, and its charge (unknown: from nothing upwards)."""

    item: Item
    quantity: Decimal | None
    charge: Amount

    @property
    def known(self) -> bool:
        """Whether price and quantity are known, at least as a range."""
        return self.charge.most is not None


@dataclass(frozen=True, slots=True)
class Bill:
    """All lines and their sum; a sum without an upper end is 'at least'."""

    lines: tuple[Line, ...]
    total: Amount
    reasons: tuple[Reason, ...]


def bill(items: Sequence[Item], quantities: Quantities) -> Bill:
    """Charge = quantity x price, each line rounded to the cent; the total is the sum of the lines.

    Raises:
        ValueError: two items share a key.
    """
    if len({item.key for item in items}) < len(items):
        raise ValueError("two items of a bill share a key")
    lines = tuple(_line(item, quantities.of(item.per)) for item in items)
    total = sum((line.charge for line in lines), ZERO)
    return Bill(lines, total, tuple(reason for line in lines for reason in _reasons(line)))


def _line(item: Item, quantity: Decimal | None) -> Line:
    low, high = item.price.low, item.price.high
    if quantity is None or low is None or high is None:
        return Line(item, quantity, UNKNOWN)
    return Line(item, quantity, Amount(cents(quantity * low), cents(quantity * high)))


def _reasons(line: Line) -> Sequence[Reason]:
    item = line.item
    if not line.known:
        what = "how many" if item.price.low is not None else "the price"
        text = f"{item.what}: {what} is not known; the site's own price file may tell it. The total is 'at least'."
        return (RULE["recovery.unknown_price"].reason(Finding.UNKNOWN, text),)
    if line.charge.exact is None:
        said = item.price.statement
        text = f"{item.what}: {item.price.low} to {item.price.high} US dollars per {item.per.value}. {said.text}"
        return (Reason("recovery.price_range", Finding.WARNS, text, said.source, said.grade),)
    return ()
