"""Read prices and plan years; a site's own price file fills what is unknown, and replaces what is shipped."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from matrescence.care.recovery.accounts import PlanYear
from matrescence.care.recovery.bill import BillingCode, Item, Per, Price
from matrescence.facts import Statement
from matrescence.formulary.bibliography import read_bibliography
from matrescence.reading import Field, problem, read_table, read_toml, refuse
from matrescence.sourced import STATEMENT_FIELDS, read_fact, read_statement

SHIPPED = Path(__file__).parent
YEARS = "plan_years.toml"

ITEM_FIELDS = (
    Field("key", "text", required=True),
    Field("what", "text", required=True),
    Field("per", "text", required=True, choices=tuple(per.value for per in Per)),
    Field("price", "table", required=True),
    Field("code", "table"),
)
PRICE_FIELDS = (Field("low", "any"), Field("high", "any"), Field("dated", "any"), *STATEMENT_FIELDS)
CODE_FIELDS = (*(Field(name, "text", required=True) for name in ("system", "code", "means")), *STATEMENT_FIELDS)
SITE_FIELDS = (
    Field("key", "text", required=True, help="The key of a shipped item, or a new one."),
    Field("what", "text", help="Needed for a new item: what is charged."),
    Field("per", "text", choices=tuple(per.value for per in Per), help="Needed for a new item."),
    Field("price", "any", required=True, help='US dollars, such as 85 or "85.50".'),
    Field("dated", "any", required=True, help="The day of the price, such as 2026-01-05."),
)
_DATED = re.compile(r"20\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_STATEMENT = tuple(field.name for field in STATEMENT_FIELDS)


@cache
def load_items(drug: str) -> tuple[Item, ...]:
    """The shipped items of one drug; none where no file of this name is here.

    Raises:
        InputError: the file cannot be used.
    """
    path = SHIPPED / f"{drug}.toml"
    if not path.is_file():
        return ()
    where, problems = str(path), list[str]()
    values = read_table(read_toml(path), (Field("items", "tables", required=True, low=1),), where)
    items = [_item(row, f"{where}: items {n}", problems) for n, row in enumerate(values["items"], start=1)]
    refuse(problems, where)
    return tuple(item for item in items if item is not None)


@cache
def load_plan_years() -> dict[int, PlanYear]:
    """Every plan year that is kept, by its number.

    Raises:
        InputError: the file cannot be used.
    """
    where, problems = str(SHIPPED / YEARS), list[str]()
    years = read_table(read_toml(SHIPPED / YEARS), (Field("years", "table", required=True),), where)["years"]
    found = {
        int(year): PlanYear(
            int(year),
            {
                name: read_fact(fact, f"{where}: years.{year}.{name}", problems, to_unit="[USD]")
                for name, fact in limits.items()
            },
        )
        for year, limits in years.items()
    }
    refuse(problems, where)
    return found


def references() -> dict[str, str]:
    """One readable line for each source of this folder."""
    return {key: entry.line for key, entry in read_bibliography(SHIPPED / "references.bib").items()}


def with_site_prices(items: tuple[Item, ...], path: Path) -> tuple[Item, ...]:
    """The items with a site's own prices: a shipped key gets the site's price, a new key is added as a new item.

    Raises:
        InputError: the file cannot be used, a key is given twice, or a new item lacks ``what`` or ``per``.
    """
    where, problems = str(path), list[str]()
    rows = read_table(read_toml(path), (Field("prices", "tables", required=True, low=1),), where)["prices"]
    found = {item.key: item for item in items}
    given: set[str] = set()
    for number, row in enumerate(rows, start=1):
        item = _site_item(row, found, f"{where}: prices {number}", problems)
        if item is None:
            continue
        if item.key in given:
            problems.append(f"{where}: the key {item.key!r} is given twice; keep one of the two.")
        given.add(item.key)
        found[item.key] = item
    refuse(problems, where)
    return tuple(found.values())


def read_money(value: Any, name: str, where: str, problems: list[str]) -> Decimal | None:
    """US dollars with at most two decimals, from a number or a text; a complaint and ``None`` where it is not."""
    try:
        amount = Decimal(str(value)) if not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if amount.is_finite() and 0 <= amount < 10_000_000 and amount == amount.quantize(Decimal("0.01")):
        return amount.quantize(Decimal("0.01"))
    allowed = "US dollars from 0 to 9999999.99 with at most two decimals"
    problems.append(f"{where}: {problem(name, value, allowed, 'Write 85, 85.50 or a text such as 85.50.')}")
    return None


def _dated(value: Any, where: str, problems: list[str]) -> str | None:
    """A year, a month or a day, as text: no finer than the source tells."""
    text = str(value)
    if not isinstance(value, bool) and _DATED.fullmatch(text):
        return text
    problems.append(f"{where}: {problem('dated', value, 'a year, a month or a day such as 2026-01-05')}")
    return None


def _item(table: Any, where: str, problems: list[str]) -> Item | None:
    before = len(problems)
    values = read_table(table, ITEM_FIELDS, where, problems)
    if len(problems) > before:
        return None
    price = _price(values["price"], f"{where} price", problems)
    code = _code(values["code"], f"{where} code", problems) if "code" in values else None
    return None if price is None else Item(values["key"], values["what"], Per(values["per"]), price, code)


def _price(table: Any, where: str, problems: list[str]) -> Price | None:
    before = len(problems)
    values = read_table(table, PRICE_FIELDS, where, problems)
    given = {name: read_money(values[name], name, where, problems) for name in ("low", "high") if name in values}
    if len(problems) > before:
        return None
    if len(given) == 1 or ((values["grade"] == "U") is bool(given)) or (bool(given) is not ("dated" in values)):
        problems.append(f"{where}: a known price has low, high and dated; an unknown one has none and grade 'U'.")
        return None
    dated = _dated(values["dated"], where, problems) if "dated" in values else None
    return Price(given.get("low"), given.get("high"), dated, _statement(values, where, problems))


def _code(table: Any, where: str, problems: list[str]) -> BillingCode | None:
    before = len(problems)
    values = read_table(table, CODE_FIELDS, where, problems)
    if len(problems) > before:
        return None
    return BillingCode(values["system"], values["code"], values["means"], _statement(values, where, problems))


def _statement(values: dict[str, Any], where: str, problems: list[str]) -> Statement:
    return read_statement({key: values[key] for key in _STATEMENT if key in values}, where, problems)


def _site_item(table: Any, shipped: dict[str, Item], where: str, problems: list[str]) -> Item | None:
    before = len(problems)
    values = read_table(table, SITE_FIELDS, where, problems)
    amount = read_money(values["price"], "price", where, problems) if "price" in values else None
    dated = _dated(values["dated"], where, problems) if "dated" in values else None
    known = shipped.get(values.get("key", ""))
    if known is None and not {"what", "per"} <= values.keys():
        problems.append(f"{where}: a new item needs what and per; shipped keys: {', '.join(shipped) or 'none'}.")
    if len(problems) > before:
        return None
    said = Statement("The site's own price.", "site-policy", "the site's price file", "site-policy", "B")
    what = values.get("what") or (known.what if known else "")
    per = Per(values["per"]) if "per" in values else (known.per if known else Per.COURSE)
    return Item(values["key"], what, per, Price(amount, amount, dated, said), known.code if known else None)
