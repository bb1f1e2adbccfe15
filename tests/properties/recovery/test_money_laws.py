"""Money: nobody pays more than the charge or the maximum, cents add up, and order does not matter."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from matrescence.care.recovery.bill import Item, Per, Price, Quantities, bill
from matrescence.care.recovery.cover import Cover, her_share, share
from matrescence.care.recovery.money import Amount, exactly, split
from matrescence.facts import Statement

SAID = Statement("said", "somebody_2026", "p. 1", "read", "B")
ONE = Quantities(sessions=1, vials=1, hours=Decimal(1))

dollars = st.integers(0, 5_000_000).map(lambda n: Decimal(n) / 100)
percents = st.integers(0, 1000).map(lambda n: Decimal(n) / 10)
covers = st.builds(
    Cover,
    deductible=dollars,
    deductible_met=dollars,
    coinsurance_percent=percents,
    out_of_pocket_max=dollars,
    out_of_pocket_met=dollars,
)
vague = st.builds(
    Cover,
    deductible=st.none() | dollars,
    deductible_met=st.none() | dollars,
    coinsurance_percent=st.none() | percents,
    out_of_pocket_max=st.none() | dollars,
    out_of_pocket_met=st.none() | dollars,
)


def exact(charge: Decimal, cover: Cover) -> Decimal:
    found = her_share(exactly(charge), cover).exact
    assert found is not None
    return found


def item(number: int, low: Decimal, high: Decimal) -> Item:
    return Item(f"item-{number}", "thing", Per.COURSE, Price(low, high, "2026", SAID))


@settings(max_examples=200, deadline=None)
@given(dollars, covers)
def test_her_share_is_never_above_the_charge_nor_above_what_is_left_of_the_maximum(c: Decimal, cover: Cover) -> None:
    left = max(cover.out_of_pocket_max - cover.out_of_pocket_met, Decimal(0))  # type: ignore[operator]
    assert 0 <= exact(c, cover) <= min(c, left)


@settings(max_examples=200, deadline=None)
@given(dollars, dollars, covers)
def test_a_larger_charge_never_costs_her_less_nor_the_insurer_less(a: Decimal, b: Decimal, cover: Cover) -> None:
    low, high = sorted((a, b))
    assert exact(low, cover) <= exact(high, cover)
    assert low - exact(low, cover) <= high - exact(high, cover)


@settings(max_examples=200, deadline=None)
@given(dollars, covers, dollars)
def test_worse_terms_never_cost_her_less(charge: Decimal, cover: Cover, more: Decimal) -> None:
    now = exact(charge, cover)
    for name in ("deductible", "out_of_pocket_max"):
        assert exact(charge, replace(cover, **{name: getattr(cover, name) + more})) >= now
    worse = min(cover.coinsurance_percent + more / 100, Decimal(100))  # type: ignore[operator]
    assert exact(charge, replace(cover, coinsurance_percent=worse)) >= now
    for name in ("deductible_met", "out_of_pocket_met"):
        assert exact(charge, replace(cover, **{name: getattr(cover, name) + more})) <= now


@settings(max_examples=200, deadline=None)
@given(dollars, covers, vague)
def test_a_range_for_unknown_terms_holds_every_plan_they_could_be(charge: Decimal, real: Cover, told: Cover) -> None:
    names = ("deductible", "deductible_met", "coinsurance_percent", "out_of_pocket_max", "out_of_pocket_met")
    blurred = replace(real, **{name: None for name in names if getattr(told, name) is None})
    found = her_share(exactly(charge), blurred)
    assert found.least <= exact(charge, real)
    assert found.most is None or exact(charge, real) <= found.most


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(dollars, st.sampled_from([True, False])), min_size=1, max_size=6),
    covers,
    st.randoms(use_true_random=False),
)
def test_cents_add_up_line_by_line_and_the_order_of_lines_does_not_matter(lines, cover, random) -> None:  # type: ignore[no-untyped-def]
    items = [item(n, price, price) for n, (price, _) in enumerate(lines)]
    told = replace(cover, covers={f"item-{n}": answer for n, (_, answer) in enumerate(lines)})
    found = share(bill(items, ONE), told)
    assert sum(found.by_line.values()) == found.hers.exact
    assert found.hers + found.insurer == bill(items, ONE).total
    mixed = list(items)
    random.shuffle(mixed)
    again = share(bill(mixed, ONE), told)
    assert (again.hers, again.insurer, dict(again.by_line)) == (found.hers, found.insurer, dict(found.by_line))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(dollars, dollars, st.sampled_from([True, False, None])), min_size=1, max_size=5),
    covers,
    st.randoms(use_true_random=False),
)
def test_a_bill_of_ranges_holds_every_bill_it_could_be(lines, cover, random) -> None:  # type: ignore[no-untyped-def]
    spans = [sorted((low, high)) for low, high, _ in lines]
    answers = {f"item-{n}": answer for n, (_, __, answer) in enumerate(lines)}
    told = replace(cover, covers={key: answer for key, answer in answers.items() if answer is not None})
    found = share(bill([item(n, low, high) for n, (low, high) in enumerate(spans)], ONE), told)
    real = [random.choice(span) for span in spans]
    settled = replace(told, covers={k: random.choice([True, False]) if a is None else a for k, a in answers.items()})
    truth = share(bill([item(n, price, price) for n, price in enumerate(real)], ONE), settled)
    assert found.hers.least <= truth.hers.least
    assert truth.hers.most <= found.hers.most
    assert found.insurer.least <= truth.insurer.least
    assert truth.insurer.most <= found.insurer.most


@settings(max_examples=200, deadline=None)
@given(dollars, st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 1000), min_size=1))
def test_a_split_adds_up_and_no_part_is_a_cent_away_from_its_due(total: Decimal, weights: dict[str, int]) -> None:
    parts = split(total, {key: Decimal(weight) for key, weight in weights.items()})
    assert sum(parts.values()) == total
    whole = sum(weights.values())
    assert all(abs(parts[key] - total * weight / whole) < Decimal("0.01") for key, weight in weights.items())
    backwards = {key: Decimal(weights[key]) for key in reversed(list(weights))}
    assert split(total, backwards) == parts


@settings(max_examples=100, deadline=None)
@given(dollars, dollars, dollars)
def test_amounts_add_and_an_unknown_end_stays_unknown(a: Decimal, b: Decimal, c: Decimal) -> None:
    low, high = sorted((a, b))
    assert Amount(low, high) + exactly(c) == Amount(low + c, high + c)
    assert (Amount(low, None) + exactly(c)).most is None
