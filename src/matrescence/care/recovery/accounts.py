"""Pre-tax money: what a flexible spending or health savings account may hold in a plan year, and what it saves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from matrescence.care.recovery.cover import Cover
from matrescence.care.recovery.money import Amount, cents
from matrescence.care.recovery.rules import RULE
from matrescence.care.verdict import Finding, Reason
from matrescence.facts import Fact


class Account(Enum):
    """Which account."""

    FSA = "fsa"
    HSA = "hsa"


class Coverage(Enum):
    """Whom the health plan covers."""

    SELF = "self"
    FAMILY = "family"


@dataclass(frozen=True, slots=True)
class PlanYear:
    """The limits of one plan year by name, in US dollars; see ``formulary/costs/plan_years.toml`` for the names."""

    year: int
    limits: Mapping[str, Fact]

    def limit(self, name: str, coverage: Coverage | None = None) -> Fact | None:
        """One limit, by coverage where it differs; ``None`` when it is not kept or not known."""
        fact = self.limits.get(name if coverage is None else f"{name}_{coverage.value}")
        return fact if fact is not None and fact.value is not None else None


@dataclass(frozen=True, slots=True)
class Savings:
    """What she says of her account: how much she put in this year, and her tax rate (``None``: not given)."""

    account: Account
    coverage: Coverage
    contribution: Decimal
    tax_rate_percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Saving:
    """The money that counts, and the tax it saves (``None``: the tax rate is not known)."""

    counted: Amount
    saved: Amount | None
    reasons: tuple[Reason, ...]


def pre_tax_saving(savings: Savings, year: PlanYear | None, *, hers: Amount, cover: Cover) -> Saving:
    """``saved = min(contribution, limit, her share) x tax rate``, as a range where her share is one.

    Args:
        savings: what she put in and her tax rate; a rate is never guessed.
        year: the limits of the plan year; ``None`` when that year is not kept.
        hers: her share.
        cover: her plan, to see whether a health savings account may go with it.
    """
    limit = _limit(savings, year)
    ceiling = savings.contribution if limit is None else min(savings.contribution, _dollars(limit))
    most = ceiling if hers.most is None else min(ceiling, hers.most)
    counted = Amount(min(ceiling, hers.least), most)
    rate = savings.tax_rate_percent
    saved = None if rate is None else Amount(cents(counted.least * rate / 100), cents(most * rate / 100))
    return Saving(counted, saved, tuple(_reasons(savings, year, limit, cover)))


def _limit(savings: Savings, year: PlanYear | None) -> Fact | None:
    if year is None:
        return None
    return year.limit("fsa") if savings.account is Account.FSA else year.limit("hsa", savings.coverage)


def _dollars(fact: Fact) -> Decimal:
    return cents(Decimal(repr(fact.known)))


def _reasons(savings: Savings, year: PlanYear | None, limit: Fact | None, cover: Cover) -> Iterator[Reason]:
    yield RULE["recovery.pre_tax"].reason(Finding.ALLOWS)
    if savings.tax_rate_percent is None:
        yield RULE["recovery.tax_rate_unknown"].reason(Finding.UNKNOWN)
    if limit is None:
        yield RULE["recovery.plan_year_unknown"].reason(Finding.UNKNOWN)
    elif savings.contribution > _dollars(limit):
        text = f"{savings.contribution} is above the limit of {_dollars(limit)}; only the limit is counted."
        yield Reason("recovery.limit", Finding.WARNS, text, limit.source, limit.grade)
    if year is not None:
        yield from _plan_reasons(savings, year, cover)


def _plan_reasons(savings: Savings, year: PlanYear, cover: Cover) -> Iterator[Reason]:
    least = year.limit("hdhp_least_deductible", savings.coverage)
    most = year.limit("hdhp_out_of_pocket", savings.coverage)
    if savings.account is Account.HSA and least is not None and most is not None:
        low = cover.deductible is not None and cover.deductible < _dollars(least)
        high = cover.out_of_pocket_max is not None and cover.out_of_pocket_max > _dollars(most)
        if low or high:
            text = (
                f"In {year.year} a high-deductible plan has a deductible of at least {_dollars(least)} and an "
                f"out-of-pocket maximum of at most {_dollars(most)}; hers has not."
            )
            yield Reason("recovery.not_high_deductible", Finding.ASKS, text, least.source, least.grade)
    legal = year.limit("legal_out_of_pocket", savings.coverage)
    if legal is not None and cover.out_of_pocket_max is not None and cover.out_of_pocket_max > _dollars(legal):
        text = f"Her out-of-pocket maximum is above the legal one of {year.year}, {_dollars(legal)}: read it again."
        yield Reason("recovery.legal_maximum", Finding.ASKS, text, legal.source, legal.grade)
