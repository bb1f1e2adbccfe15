"""Money in exact decimal cents: rounding once, splitting so that the cents add up, and amounts known as a range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount that lies between ``least`` and ``most`` US dollars; ``most`` is ``None`` when it has no known end.

    Raises:
        ValueError: negative, or ``most`` below ``least``.
    """

    least: Decimal
    most: Decimal | None

    def __post_init__(self) -> None:
        if self.least < 0 or (self.most is not None and self.most < self.least):
            raise ValueError(f"an amount runs from zero upwards, not from {self.least} to {self.most}")

    @property
    def exact(self) -> Decimal | None:
        """The amount, where it is known to the cent."""
        return self.least if self.least == self.most else None

    def __add__(self, other: Amount) -> Amount:
        most = None if self.most is None or other.most is None else self.most + other.most
        return Amount(self.least + other.least, most)


ZERO = Amount(NOTHING, NOTHING)
UNKNOWN = Amount(NOTHING, None)


def exactly(value: Decimal) -> Amount:
    """An amount known to the cent."""
    return Amount(cents(value), cents(value))


def cents(value: Decimal) -> Decimal:
    """Rounded to whole cents, a half cent up."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def split(total: Decimal, weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Divide whole cents in proportion to weights; the parts add up to the total, whatever the order of the keys.

    Each part is rounded down to the cent; the cents left over go to the largest remainders, ties by key.

    Raises:
        ValueError: the total is not in whole cents, or something is to be divided and no weight is above zero.
    """
    if total != cents(total):
        raise ValueError(f"{total} is not in whole cents")
    whole = sum(weights.values(), Decimal(0))
    if whole <= 0:
        if total:
            raise ValueError("nothing to divide an amount by: every weight is zero")
        return dict.fromkeys(weights, NOTHING)
    shares = {key: total * weight / whole for key, weight in weights.items()}
    parts = {key: share.quantize(CENT, rounding=ROUND_FLOOR) for key, share in shares.items()}
    left = int((total - sum(parts.values())) / CENT)
    for key in sorted(shares, key=lambda key: (parts[key] - shares[key], key))[:left]:
        parts[key] += CENT
    return parts
