"""Who pays: deductible, her percentage, the out-of-pocket maximum; ranges where prices or terms are not known.

Her share of a covered charge ``C``, with deductible left ``D``, percentage ``p`` and ``M`` left of the maximum:

    ``share(C) = min(C, M, min(C, D) + p / 100 x (C - min(C, D)))``

It never falls when ``C``, ``D``, ``p`` or ``M`` grows, so a range of charges, or of terms, gives a range of shares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from matrescence.care.recovery.bill import Bill
from matrescence.care.recovery.money import NOTHING, ZERO, Amount, cents, split
from matrescence.care.recovery.rules import RULE
from matrescence.care.verdict import Finding, Reason

_ALL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Cover:
    """The terms of her plan, in US dollars; ``None`` is not known.

    ``covers`` says for each item's key whether the plan covers it; a key that is not there is not known.
    """

    deductible: Decimal | None = None
    deductible_met: Decimal | None = None
    coinsurance_percent: Decimal | None = None
    out_of_pocket_max: Decimal | None = None
    out_of_pocket_met: Decimal | None = None
    covers: Mapping[str, bool] | None = None

    def covers_item(self, key: str) -> bool | None:
        """Whether an item is covered; ``None`` when nobody has said."""
        return None if self.covers is None else self.covers.get(key)


@dataclass(frozen=True, slots=True)
class Share:
    """Who pays what.  ``by_line`` divides her covered share over the lines where it is known to the cent."""

    hers: Amount
    insurer: Amount
    covered: Amount
    not_covered: Amount
    by_line: Mapping[str, Decimal]
    reasons: tuple[Reason, ...]


def share(found: Bill, cover: Cover) -> Share:
    """Divide a bill between her and her insurer.

    A line of which nobody has said whether it is covered lies in her share from what it would be if covered up to
    its whole charge.
    """
    parts = {
        answer: [x for x in found.lines if cover.covers_item(x.item.key) is answer] for answer in (True, False, None)
    }
    sums = {answer: sum((line.charge for line in lines), ZERO) for answer, lines in parts.items()}
    if_covered = her_share(sums[True] + sums[None], cover)
    if_not = her_share(sums[True], cover) + sums[None]
    either = Amount(min(if_covered.least, if_not.least), _most(if_covered.most, if_not.most))
    hers = either + sums[False]
    exact = her_share(sums[True], cover).exact
    weights = {line.item.key: line.charge.exact for line in parts[True]}
    known = {key: weight for key, weight in weights.items() if weight is not None}
    by_line = split(exact, known) if exact is not None and len(known) == len(weights) else {}
    by_line |= {x.item.key: x.charge.exact for x in parts[False] if x.charge.exact is not None}
    insurer = _insurer(sums[True], sums[True] + sums[None], cover)
    return Share(hers, insurer, sums[True], sums[False], by_line, _reasons(cover, parts[False]))


def her_share(charge: Amount, cover: Cover) -> Amount:
    """Her share of covered charges, as the range it must lie in.

    Unknown terms lie between the kindest (no deductible, nothing to pay, nothing left of the maximum) and the hardest
    (everything to pay, no maximum).
    """
    least = _share(charge.least, *_terms(cover, kind=True))
    _, __, limit = hard = _terms(cover, kind=False)
    if charge.most is None:
        return Amount(least, limit)
    return Amount(least, _share(charge.most, *hard))


def _terms(cover: Cover, *, kind: bool) -> tuple[Decimal | None, Decimal, Decimal | None]:
    """Deductible left (``None``: without end), her percentage, and what is left of the maximum (``None``: none)."""
    deductible = _left(cover.deductible, cover.deductible_met, kind=kind)
    percent = cover.coinsurance_percent
    if percent is None:
        percent = NOTHING if kind else _ALL
    return deductible, percent, _left(cover.out_of_pocket_max, cover.out_of_pocket_met, kind=kind)


def _left(whole: Decimal | None, met: Decimal | None, *, kind: bool) -> Decimal | None:
    if whole is None:
        return NOTHING if kind else None
    if met is None:
        return NOTHING if kind else whole
    return max(whole - met, NOTHING)


def _share(charge: Decimal, deductible: Decimal | None, percent: Decimal, limit: Decimal | None) -> Decimal:
    first = charge if deductible is None else min(charge, deductible)
    hers = min(charge, first + cents((charge - first) * percent / _ALL))
    return hers if limit is None else min(hers, limit)


def _most(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else max(one, other)


def _insurer(surely: Amount, perhaps: Amount, cover: Cover) -> Amount:
    """What the insurer pays, ``C - share(C)``: it never falls when ``C`` grows, and never grows with her terms."""
    least = surely.least - _share(surely.least, *_terms(cover, kind=False))
    if perhaps.most is None:
        return Amount(least, None)
    return Amount(least, perhaps.most - _share(perhaps.most, *_terms(cover, kind=True)))


def _reasons(cover: Cover, refused: Sequence[object]) -> tuple[Reason, ...]:
    terms = {
        "deductible": cover.deductible,
        "deductible met": cover.deductible_met,
        "her percentage": cover.coinsurance_percent,
        "out-of-pocket maximum": cover.out_of_pocket_max,
        "out-of-pocket met": cover.out_of_pocket_met,
        "what is covered": cover.covers,
    }
    unknown = [name for name, value in terms.items() if value is None]
    reasons = [RULE["recovery.share"].reason(Finding.ALLOWS)]
    if unknown:
        text = f"Not known: {', '.join(unknown)}. {RULE['recovery.cover_unknown'].text}"
        reasons.append(RULE["recovery.cover_unknown"].reason(Finding.UNKNOWN, text))
    if refused:
        reasons.append(RULE["recovery.not_covered"].reason(Finding.WARNS))
    return tuple(reasons)
