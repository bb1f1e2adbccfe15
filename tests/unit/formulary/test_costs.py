from decimal import Decimal
from pathlib import Path

import pytest

from matrescence.care.recovery.accounts import Coverage
from matrescence.formulary.costs import library as costs
from matrescence.formulary.library import names
from matrescence.reading import InputError


def test_limits_by_plan_year_are_those_of_the_internal_revenue_service() -> None:
    """Rev. Proc. 2024-40 and 2025-32 (health FSA); 2025-19 and its year before (HSA, high-deductible plans)."""
    years = costs.load_plan_years()
    published = {
        2025: (3300, 660, 4300, 8550, 1650, 3300, 8300, 16600, 9200, 18400),
        2026: (3400, 680, 4400, 8750, 1700, 3400, 8500, 17000, 10600, 21200),
    }
    for year, numbers in published.items():
        limits = years[year]
        pairs = ("hsa", "hdhp_least_deductible", "hdhp_out_of_pocket", "legal_out_of_pocket")
        kept = [limits.limit("fsa"), limits.limit("fsa_carryover")]
        kept += [limits.limit(name, coverage) for name in pairs for coverage in Coverage]
        assert tuple(fact.value for fact in kept if fact) == numbers
    assert years[2026].limit("nobody") is None


@pytest.mark.parametrize("drug", names())
def test_every_price_has_a_day_and_a_source_that_stands_in_the_references(drug: str) -> None:
    keys = {*costs.references(), "project-decision"}
    for item in costs.load_items(drug):
        assert (item.price.low is None) == (item.price.dated is None) == (item.price.statement.grade == "U")
        assert item.price.statement.source in keys
        assert item.code is None or item.code.statement.source in keys


def test_the_vial_costs_what_the_company_filed() -> None:
    drug = next(item for item in costs.load_items("brexanolone") if item.key == "drug")
    assert drug.price.low == Decimal("7450.00")
    assert 5 * drug.price.low == Decimal("37250.00")
    assert drug.code is not None and drug.code.code == "J1632"


def test_no_reference_is_left_unused() -> None:
    text = "".join(path.read_text("utf-8") for path in costs.SHIPPED.glob("*.toml"))
    assert [key for key in costs.references() if f'"{key}"' not in text] == []


def test_a_drug_without_prices_has_no_items() -> None:
    assert costs.load_items("nobody") == ()


def site(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "prices.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_site_fills_an_unknown_price_and_adds_an_item_of_its_own(tmp_path: Path) -> None:
    path = site(
        tmp_path,
        '[[prices]]\nkey = "facility"\nprice = "185.50"\ndated = 2026-01-05\n'
        '[[prices]]\nkey = "nurse"\nwhat = "Nurse"\nper = "hour"\nprice = 60\ndated = "2026"\n',
    )
    items = {item.key: item for item in costs.with_site_prices(costs.load_items("brexanolone"), path)}
    assert items["facility"].price.low == Decimal("185.50")
    assert items["facility"].price.dated == "2026-01-05"
    assert items["facility"].what == "Monitored stay"
    assert items["nurse"].price.high == Decimal("60.00")
    assert items["drug"].price.low == Decimal("7450.00")


PRICE = '[[prices]]\nkey = "facility"\nprice = {}\ndated = {}\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "prices is missing"),
        (PRICE.format("-1", "2026-01-05"), "US dollars from 0 to 9999999.99"),
        (PRICE.format("1.234", "2026-01-05"), "at most two decimals"),
        (PRICE.format('"ten"', "2026-01-05"), "at most two decimals"),
        (PRICE.format("true", "2026-01-05"), "at most two decimals"),
        (PRICE.format("inf", "2026-01-05"), "at most two decimals"),
        (PRICE.format("1", '"yesterday"'), "a year, a month or a day"),
        (PRICE.format("1", "true"), "a year, a month or a day"),
        (PRICE.format("1", "2026-01-05") * 2, "given twice"),
        ('[[prices]]\nkey = "nurse"\nprice = 1\ndated = 2026-01-05\n', "a new item needs what and per"),
        ('[[prices]]\nkey = "facility"\nprices = 1\ndated = 2026-01-05\n', "'prices' is not a field here"),
    ],
)
def test_a_price_file_that_cannot_be_used_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        costs.with_site_prices(costs.load_items("brexanolone"), site(tmp_path, text))


SAID = 'text = "t"\nsource = "s"\nat = "a"\nbasis = "read"\ngrade = "{}"\n'


@pytest.mark.parametrize(
    ("price", "message"),
    [
        ("low = 1\n" + SAID.format("B"), "a known price has low, high and dated"),
        ("low = 1\nhigh = 2\n" + SAID.format("B"), "a known price has low, high and dated"),
        ("low = 1\nhigh = 2\ndated = 2026\n" + SAID.format("U"), "grade 'U'"),
        (SAID.format("B"), "grade 'U'"),
        ("low = -1\nhigh = 2\ndated = 2026\n" + SAID.format("B"), "US dollars"),
        ('text = "t"\n', "source is missing"),
    ],
)
def test_a_shipped_price_is_known_or_unknown_and_never_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, price: str, message: str
) -> None:
    (tmp_path / "x.toml").write_text(
        f'[[items]]\nkey = "a"\nwhat = "A"\nper = "course"\n[items.price]\n{price}', "utf-8"
    )
    monkeypatch.setattr(costs, "SHIPPED", tmp_path)
    with pytest.raises(InputError, match=message):
        costs.load_items.__wrapped__("x")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[items]]\nkey = "a"\n', "what is missing"),
        (
            '[[items]]\nkey = "a"\nwhat = "A"\nper = "course"\n[items.code]\nsystem = "HCPCS"\n[items.price]\n'
            + SAID.format("U"),
            "code is missing",
        ),
    ],
)
def test_a_shipped_item_that_is_not_complete_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    (tmp_path / "x.toml").write_text(text, "utf-8")
    monkeypatch.setattr(costs, "SHIPPED", tmp_path)
    with pytest.raises(InputError, match=message):
        costs.load_items.__wrapped__("x")
