"""What a course is charged with: the items that come with the program, and the site's own prices in their place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from matrescence.care.drug import Drug
from matrescence.care.infusion.plan import plan_treatment
from matrescence.care.mother import Mother
from matrescence.care.recovery.bill import Bill, Item, Price, Quantities, bill
from matrescence.clinic.site.values import SitePrice
from matrescence.facts import Statement
from matrescence.formulary.costs.library import load_items

THE_SITES = Statement("The site's own price.", "site-policy", "settings of the site", "site-policy", "B")


def bill_of(
    mother: Mother, drug: Drug, regimen: str, own: Iterable[SitePrice], *, facility_h: Decimal | None = None
) -> Bill:
    """The bill of the whole course as the regimen plans it.

    ``facility_h``: hours that the facility charges; left out, the hours of the infusions.
    """
    return bill(items_of(drug.name, own), quantities_of(mother, drug, regimen, facility_h))


def items_of(drug: str, own: Iterable[SitePrice]) -> tuple[Item, ...]:
    """Every item of one drug, with the site's own price where it has one."""
    prices = {price.key: price for price in own if price.drug == drug}
    return tuple(_own(item, prices[item.key]) if item.key in prices else item for item in load_items(drug))


def quantities_of(mother: Mother, drug: Drug, regimen: str, facility_h: Decimal | None = None) -> Quantities:
    """How many sessions, vials and hours; what is not known stays unknown."""
    treatment = plan_treatment(
        drug.regimens[regimen], drug.preparation, (), weight_kg=mother.weight_kg, start=mother.start
    )
    infused_h = sum(step.end_h - step.start_h for step in treatment.steps)
    planned_h = Decimal(repr(round(infused_h, 4))) if treatment.steps else None
    return Quantities(
        sessions=len(treatment.sessions),
        vials=None if treatment.vials is None else treatment.vials.total,
        hours=planned_h if facility_h is None else facility_h,
    )


def _own(item: Item, price: SitePrice) -> Item:
    amount = Decimal(price.price)
    return replace(item, price=Price(amount, amount, price.dated, THE_SITES))
