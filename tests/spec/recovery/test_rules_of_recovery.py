"""The rules of recovery, as the table in cases.toml tells them."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from matrescence.care.infusion.readings import BloodPressure
from matrescence.care.recovery.accounts import Account, Coverage, Savings, pre_tax_saving
from matrescence.care.recovery.bill import Item, Per, Price, Quantities, bill
from matrescence.care.recovery.cover import Cover, share
from matrescence.care.recovery.discharge import Leaving, Observed, SiteLimits, discharge
from matrescence.care.recovery.follow_up import driving, follow_up
from matrescence.care.recovery.money import Amount
from matrescence.care.recovery.next_session import Next, next_session
from matrescence.care.recovery.outcome import Change, Measured, Relapse, outcome
from matrescence.care.recovery.rules import RULES
from matrescence.facts import Statement
from matrescence.formulary.costs.library import load_plan_years
from matrescence.formulary.library import load
from matrescence.formulary.outcomes.library import load_definitions
from matrescence.formulary.read_recovery import load_guidance
from matrescence.instruments.library import load as load_scale

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("cases.toml").read_text("utf-8"))["cases"]
ZONE = ZoneInfo("America/New_York")
DAY_0 = datetime(2026, 6, 1, 10, tzinfo=ZONE)
SAID = Statement("said", "somebody_2026", "p. 1", "read", "B")


def cases(of: str) -> list[Any]:
    return [pytest.param(case, id=f"{case['rule']}: {case['case']}") for case in CASES if case["of"] == of]


def known(value: Any) -> Any:
    return None if value == "unknown" else value


def check_reasons(case: dict[str, Any], rules: set[str]) -> None:
    assert set(case.get("reasons", [])) <= rules
    assert not set(case.get("not_reasons", [])) & rules


@pytest.mark.rule(
    "recovery.observed",
    "recovery.sedation",
    "recovery.readiness",
    "recovery.blood_pressure",
    "recovery.accompanied",
    "recovery.child_care",
    "recovery.not_recorded",
    "recovery.site_policy",
)
@pytest.mark.parametrize("case", cases("discharge"))
def test_leaving(case: dict[str, Any]) -> None:
    observed = Observed(
        hours_since_end=case.get("hours_since_end", 2.0),
        sedation_resolved=known(case.get("sedation_resolved", True)),
        readiness_total=case.get("readiness_total", 10),
        pressure_before=BloodPressure(118, 70),
        pressure_now=BloodPressure(*case.get("pressure_now", (122, 76))),
        responsible_adult=case.get("responsible_adult", True),
        child_cared_for=case.get("child_cared_for", True),
    )
    site = SiteLimits(case.get("site_observed_h"), known(case.get("site_pressure_within_mmhg", 20.0)))
    criteria = load_guidance(case.get("drug", "ketamine")).discharge
    found = discharge(criteria, observed, site=site, scales={"aldrete": load_scale("aldrete")})
    assert found.leaving is Leaving[case["leaving"]]
    assert case["rule"] in {reason.rule for reason in found.reasons}
    assert len(found.reasons) == len(criteria)


@pytest.mark.rule("recovery.driving")
@pytest.mark.parametrize("case", cases("driving"))
def test_driving(case: dict[str, Any]) -> None:
    end = datetime.fromisoformat(case["ended"]).astimezone(ZONE)
    found = driving(load_guidance(case["drug"]).driving, end=end)
    assert (found.not_before.isoformat() if found.not_before else None) == known(case["not_before"])
    assert found.reason.rule == "recovery.driving"


@pytest.mark.rule("recovery.follow_up")
@pytest.mark.parametrize("case", cases("follow_up"))
def test_visits(case: dict[str, Any]) -> None:
    end = datetime.fromisoformat(case["ended"]).astimezone(ZONE)
    found = follow_up(load_guidance(case["drug"]).visits, end=end)
    assert [item.at.isoformat() for item in found] == case["visits"]


@pytest.mark.rule(
    "recovery.response",
    "recovery.remission",
    "recovery.reliable_change",
    "recovery.no_baseline",
    "recovery.no_score",
    "recovery.relapse",
    "recovery.relapse_possible",
)
@pytest.mark.parametrize("case", cases("outcome"))
def test_outcomes(case: dict[str, Any]) -> None:
    baseline = known(case.get("baseline", 30))
    found = outcome(
        load_scale(case.get("scale", "hamd17")),
        baseline=None if baseline is None else Measured(date(2026, 6, 1), baseline),
        later=[Measured(date(2026, 6, 1) + timedelta(days=n), total) for n, total in enumerate(case["later"], 1)],
        definitions=load_definitions(),
    )
    for name, kind in (("response", None), ("remission", None), ("change", Change), ("relapse", Relapse)):
        if name in case:
            value = known(case[name])
            assert getattr(found, name) == (kind[value] if kind is not None and value is not None else value), name
    if "relapsed_on_day" in case:
        assert found.relapsed_on == date(2026, 6, 1) + timedelta(days=case["relapsed_on_day"])
    check_reasons(case, {reason.rule for reason in found.reasons})


@pytest.mark.rule(
    "recovery.next_in_series", "recovery.maintenance", "recovery.maintenance_unknown", "recovery.non_response"
)
@pytest.mark.parametrize("case", cases("next"))
def test_next_sessions(case: dict[str, Any]) -> None:
    drug = load(case.get("drug", "ketamine"))
    regimen = case.get("regimen", "series-of-six" if drug.name == "ketamine" else drug.default_regimen)
    found = next_session(
        drug.regimens[regimen],
        load_guidance(drug.name),
        done=[DAY_0 + timedelta(days=day) for day in case.get("done_days", [0, 3, 7, 10, 14, 17])],
        response=known(case.get("response", True)),
    )
    assert found.what is Next[case["next"]]
    assert found.at == (DAY_0 + timedelta(days=case["at_day"]) if "at_day" in case else found.at)
    assert (found.at is None) is (found.what not in (Next.SERIES, Next.MAINTENANCE))
    check_reasons(case, {reason.rule for reason in found.reasons})


def amount(pair: list[str]) -> Amount:
    return Amount(Decimal(pair[0]), None if pair[1] == "unknown" else Decimal(pair[1]))


def item(key: str, prices: list[str]) -> Item:
    low, high = (Decimal(text) for text in prices) if prices else (None, None)
    return Item(key, key, Per.COURSE, Price(low, high, "2026", SAID))


@pytest.mark.rule(
    "recovery.share",
    "recovery.not_covered",
    "recovery.unknown_price",
    "recovery.price_range",
    "recovery.cover_unknown",
    "recovery.pre_tax",
    "recovery.limit",
    "recovery.plan_year_unknown",
    "recovery.tax_rate_unknown",
    "recovery.not_high_deductible",
    "recovery.legal_maximum",
)
@pytest.mark.parametrize("case", cases("cost"))
def test_costs(case: dict[str, Any]) -> None:
    items = [item(key, prices) for key, prices in case["prices"].items()]
    found = bill(items, Quantities(sessions=1, vials=1, hours=Decimal(1)))
    percent = known(case.get("coinsurance_percent", "20"))
    cover = Cover(
        deductible=Decimal(case.get("deductible", "1000")),
        deductible_met=Decimal(400),
        coinsurance_percent=None if percent is None else Decimal(percent),
        out_of_pocket_max=Decimal(case.get("out_of_pocket_max", "3000")),
        out_of_pocket_met=Decimal(400),
        covers=known(case.get("covers", dict.fromkeys(case["prices"], True))),
    )
    shared = share(found, cover)
    reasons = {reason.rule for reason in (*found.reasons, *shared.reasons)}
    for name, value in (("total", found.total), ("hers", shared.hers), ("insurer", shared.insurer)):
        if name in case:
            assert value == amount(case[name]), name
    if "contribution" in case:
        rate = known(case.get("tax_rate_percent", "25"))
        savings = Savings(
            Account(case.get("account", "fsa")),
            Coverage(case.get("coverage", "self")),
            Decimal(case["contribution"]),
            None if rate is None else Decimal(rate),
        )
        saving = pre_tax_saving(savings, load_plan_years().get(case.get("year", 2026)), hers=shared.hers, cover=cover)
        reasons |= {reason.rule for reason in saving.reasons}
        if "saved" in case:
            assert saving.saved == (None if case["saved"] == "unknown" else amount(case["saved"]))
    check_reasons(case, reasons)


def test_every_rule_has_a_case() -> None:
    assert {case["rule"] for case in CASES} == {rule.id for rule in RULES}


def test_rule_ids_are_unique_and_rules_are_sentences() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.text.endswith(".") and rule.source for rule in RULES)
