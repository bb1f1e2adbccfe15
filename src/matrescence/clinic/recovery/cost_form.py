"""The form of her insurance and her account: what is left empty is not known, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from matrescence.care.recovery.accounts import Account, Coverage, Savings
from matrescence.care.recovery.bill import Item
from matrescence.care.recovery.cover import Cover
from matrescence.clinic.inputs import NO, NOT_ASKED, YES, Input, posted, typed_number, with_errors
from matrescence.clinic.said import said
from matrescence.formulary.costs.library import read_money

MONEY = ("deductible", "deductible_met", "out_of_pocket_max", "out_of_pocket_met")
NUMBERS = {"coinsurance_percent": (0, 100), "tax_rate_percent": (0, 60), "facility_hours": (0, 2000)}
YEARS = (2000, 2100)


@dataclass(frozen=True, slots=True)
class Terms:
    """What was typed: her cover, her account (``None``: none named), and the hours that the facility charges."""

    inputs: tuple[Input, ...]
    cover: Cover
    savings: Savings | None
    plan_year: int
    facility_h: Decimal | None


def read_terms(data: Mapping[str, str], items: Iterable[Item], *, usual_year: int) -> Terms:
    """Read the form; an empty one stands for nothing known."""
    items = tuple(items)
    typed = tuple(replace(item, value=posted(data, item.name)) for item in _inputs(items))
    inputs = tuple(replace(item, error=_error(item)) for item in typed)
    year = int(typed_number(_of(inputs, "plan_year") or str(usual_year))) if not with_errors(inputs) else usual_year
    if not _of(inputs, "plan_year"):
        inputs = tuple(replace(i, value=str(usual_year)) if i.name == "plan_year" else i for i in inputs)
    if with_errors(inputs):
        return Terms(inputs, Cover(), None, year, None)
    return Terms(inputs, _cover(inputs, items), _savings(inputs), year, _number(inputs, "facility_hours"))


def _inputs(items: tuple[Item, ...]) -> tuple[Input, ...]:
    labels = {
        "deductible": _("Deductible"),
        "deductible_met": _("Of the deductible, already paid"),
        "out_of_pocket_max": _("Out-of-pocket maximum"),
        "out_of_pocket_met": _("Of the maximum, already paid"),
    }
    choices = ((YES, _("covered")), (NO, _("not covered")), (NOT_ASKED, _("not known")))
    covered = _("Does her health plan cover it?")
    kinds = ((NOT_ASKED, _("none, or not known")), (Account.FSA.value, "FSA"), (Account.HSA.value, "HSA"))
    coverage = ((Coverage.SELF.value, _("self only")), (Coverage.FAMILY.value, _("family")))
    return (
        Input("facility_hours", _("Hours that the facility charges"), "number", unit="h"),
        *(Input(name, label, "number", unit="US$") for name, label in labels.items()),
        Input("coinsurance_percent", _("What she pays after the deductible"), "number", unit="%"),
        *(Input(f"covers_{item.key}", said(item.what), "yes-no", choices=choices, hint=covered) for item in items),
        Input("kind", _("Account with pre-tax money"), "select", choices=kinds),
        Input("coverage", _("The health plan covers"), "select", choices=coverage),
        Input("plan_year", _("Plan year"), "number"),
        Input("contribution", _("Put into the account this year"), "number", unit="US$"),
        Input("tax_rate_percent", _("Her tax rate, all taxes together"), "number", unit="%", hint=_("Never guessed.")),
    )


def _error(item: Input) -> str:
    if item.name == "contribution" and not item.value:
        return ""
    if item.name in MONEY or item.name == "contribution":
        told: list[str] = []
        if item.value:
            read_money(item.value.replace(",", "."), item.name, "", told)
        return _("US dollars from 0 on, with at most two decimals.") if told else ""
    low, high = NUMBERS.get(item.name, YEARS)
    if item.kind != "number" or not item.value:
        return ""
    number = typed_number(item.value)
    whole = item.name != "plan_year" or (isinstance(number, float) and number == int(number))
    if isinstance(number, float) and low <= number <= high and whole:
        return ""
    return _("This cannot be used; allowed: %(low)d to %(high)d.") % {"low": low, "high": high}


def _of(inputs: tuple[Input, ...], name: str) -> str:
    return next(item.value for item in inputs if item.name == name)


def _money(inputs: tuple[Input, ...], name: str) -> Decimal | None:
    text = _of(inputs, name).replace(",", ".")
    return read_money(text, name, "", []) if text else None


def _number(inputs: tuple[Input, ...], name: str) -> Decimal | None:
    text = _of(inputs, name).replace(",", ".")
    return Decimal(text) if text else None


def _cover(inputs: tuple[Input, ...], items: tuple[Item, ...]) -> Cover:
    answers = {item.key: _of(inputs, f"covers_{item.key}") for item in items}
    covers = {key: answer == YES for key, answer in answers.items() if answer in {YES, NO}}
    return Cover(
        **{name: _money(inputs, name) for name in MONEY},
        coinsurance_percent=_number(inputs, "coinsurance_percent"),
        covers=covers or None,
    )


def _savings(inputs: tuple[Input, ...]) -> Savings | None:
    kind = _of(inputs, "kind")
    if kind not in {item.value for item in Account}:
        return None
    coverage = _of(inputs, "coverage")
    return Savings(
        Account(kind),
        Coverage(coverage) if coverage in {item.value for item in Coverage} else Coverage.SELF,
        _money(inputs, "contribution") or Decimal("0.00"),
        _number(inputs, "tax_rate_percent"),
    )
