from __future__ import annotations

import builtins
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from matrescence.handouts.clock import Clock, day, day_and_time, time_of_day
from matrescence.handouts.digits import plain
from matrescence.handouts.print.by_clock import by_clock
from matrescence.handouts.print.compile import compile_pages
from matrescence.handouts.print.drawing import described, for_print
from matrescence.handouts.print.plan import LAYOUT, plan_data, plan_pdf
from matrescence.reading import InputError

Plan = dict[str, Any]
Pages = Callable[[bytes], list[str]]
Said = Callable[[bytes], str]


def test_the_same_plan_and_time_give_the_same_bytes(any_plan: Plan, at: datetime) -> None:
    again = json.loads(json.dumps(any_plan))
    assert plan_pdf(any_plan, created_at=at) == plan_pdf(again, created_at=at)


def test_the_document_is_tagged_has_a_title_a_language_and_its_date(ana: Plan, at: datetime) -> None:
    pdf = plan_pdf(ana, created_at=at)
    assert b"/MarkInfo<</Marked true" in pdf and b"/Lang(en-GB)" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"Brexanolone (ZULRESSO), Label: 60 h, up to 90 micrograms/kg/h: plan for Ana" in pdf
    assert b"D:20260306140500" in pdf


def test_every_pump_rate_stands_in_micrograms_and_in_millilitres(any_plan: Plan, at: datetime, said_by: Said) -> None:
    clock, text = Clock.of(any_plan), said_by(plan_pdf(any_plan, created_at=at))
    for step in any_plan["pump_steps"]:
        assert day_and_time(clock.at(step["start_h"])) in text
        assert f" {plain(step['rate_ug_per_kg_h'])} {plain(step['rate_ml_per_h_set'])} " in text
        assert f"Pump to {plain(step['rate_ml_per_h_set'])} mL/h" in text


def test_every_bag_stands_with_the_times_of_hanging_and_changing(any_plan: Plan, at: datetime, said_by: Said) -> None:
    clock, text = Clock.of(any_plan), said_by(plan_pdf(any_plan, created_at=at))
    for bag in any_plan["bags"]:
        hang, change = (day_and_time(clock.at(bag[key])) for key in ("hang_at_h", "change_by_h"))
        assert f" {bag['number']} {hang} {change} {plain(bag['volume_ml'], decimals=1)}" in text
        assert f"Hang bag {bag['number']}" in text


def test_every_check_stands_under_its_day_at_its_time(any_plan: Plan, at: datetime, said_by: Said) -> None:
    clock, days = Clock.of(any_plan), by_clock(any_plan)
    told = {(part["title"], row["at"], todo["what"]) for part in days for row in part["rows"] for todo in row["todo"]}
    several = any("Session" in title for title, _, _ in told)
    timed = [check for check in any_plan["checks"] if not check["continuous"]]
    for check in timed:
        moment, what = clock.at(check["at_h"]), check["what"][:1].upper() + check["what"][1:]
        titles = {title for title, at_time, said in told if (at_time, said) == (time_of_day(moment), what)}
        assert any(title.endswith(day(moment)) for title in titles) and all(several == ("Session" in t) for t in titles)
    text = said_by(plan_pdf(any_plan, created_at=at))
    for part in days:
        assert part["title"] in text
        assert all(f" {row['at']} " in text for row in part["rows"])


def test_every_ordered_time_appears_once_in_the_list_by_the_clock(six: Plan) -> None:
    listed = [todo for part in by_clock(six) for row in part["rows"] for todo in row["todo"]]
    timed = [check for check in six["checks"] if not check["continuous"]]
    assert len(listed) == len(timed) + len(six["bags"]) + 2 * len(six["pump_steps"])


def test_of_one_time_the_pump_comes_first_then_the_bag_then_the_check(ana: Plan) -> None:
    kinds = [todo["kind"] for row in by_clock(ana)[1]["rows"] if row["at"] == "09:00" for todo in row["todo"]]
    assert kinds == ["rate", "bag", "check"]


def test_a_withdrawn_approval_the_warnings_and_the_rates_are_on_the_first_page(
    ana: Plan, at: datetime, pages_of: Pages
) -> None:
    first = pages_of(plan_pdf(ana, created_at=at))[0]
    banner, warning = first.index("WITHDRAWN on 14 April 2025"), first.index("4 warnings: read first")
    assert banner < warning < first.index("Set pump to")
    for step in ana["pump_steps"]:
        assert f" {plain(step['rate_ml_per_h_set'])} " in first
    assert first.count("Clinician") == 1 and "Checked before the start, by two people" in first


def test_a_rule_that_forbids_is_on_the_first_page(dora: Plan, at: datetime, pages_of: Pages) -> None:
    first = pages_of(plan_pdf(dora, created_at=at))[0]
    assert "A rule forbids this treatment for her" in first and "FORBIDS" in first


def test_a_rate_that_the_pump_cannot_be_set_to_is_shown_beside_the_exact_one(
    dora: Plan, at: datetime, said_by: Said
) -> None:
    text = said_by(plan_pdf(dora, created_at=at))
    assert "3.7 exactly 3.66" in text and "Set like this, the pump gives" in text


def test_each_page_carries_her_name_and_the_mark_that_she_is_invented(ana: Plan, at: datetime, pages_of: Pages) -> None:
    pages = pages_of(plan_pdf(ana, created_at=at))
    for number, page in enumerate(pages, start=1):
        assert page.lstrip().startswith("Ana. Brexanolone (ZULRESSO), start Sat 7 Mar 08:00")
        assert "INVENTED EXAMPLE, NOT A PATIENT" in page
        assert f"Page {number} / {len(pages)}" in page and "Printed Fri 6 Mar 09:05 2026, America/New_York" in page
    ana["mother"]["name"] = "Ana"
    assert "INVENTED EXAMPLE" not in " ".join(pages_of(plan_pdf(ana, created_at=at)))


@pytest.mark.parametrize(
    "name", ["*Eve* _B_ #strong[x]", '$x^2$ "quoted" \\ // no', "<b>Eve</b> @ref = head", "#panic()", "]) #import"]
)
def test_a_name_is_never_markup(name: str, ana: Plan, at: datetime, said_by: Said) -> None:
    ana["mother"]["name"] = name
    assert name in said_by(plan_pdf(ana, created_at=at))


@pytest.mark.parametrize("name", ["Żaneta Đặng", "Анна", "Ñandú"])
def test_names_of_other_scripts_are_printed(name: str, ana: Plan, at: datetime, said_by: Said) -> None:
    ana["mother"]["name"] = name
    assert name in said_by(plan_pdf(ana, created_at=at))


def test_a_name_that_no_font_holds_does_not_keep_the_ward_from_its_sheet(ana: Plan, at: datetime) -> None:
    ana["mother"]["name"] = "\U000131a5\U00012345 Eve"
    assert plan_pdf(ana, created_at=at).startswith(b"%PDF-")


def test_what_is_missing_is_said_to_be_unknown(ana: Plan, at: datetime, said_by: Said) -> None:
    ana["forecast"]["relative_infant_dose_percent"] = None
    ana["side_effects"] = []
    ana["lactation"] = []
    for step in ana["pump_steps"]:
        step["rate_ml_per_h"] = step["rate_ml_per_h_set"] = None
    text = said_by(plan_pdf(ana, created_at=at))
    assert "Infant dose, share of the mother's unknown" in text
    assert "No count has been found: unknown." in text and "No source has been found: unknown." in text
    assert "Pump to 30 micrograms/kg/h" in text and " 30 unknown " in text


def test_the_content_of_the_page_is_in_the_print(any_plan: Plan, at: datetime, said_by: Said) -> None:
    text = said_by(plan_pdf(any_plan, created_at=at))
    for row in any_plan["lactation"]:
        assert row["who"] in text
    for row in any_plan["side_effects"]:
        assert f"{row['events']} of {row['people']}" in text
    for heading in ("Expect", "Mood", "Side effects", "The infant", "What is unknown", "Grades", "References"):
        assert heading in text
    assert "ug/" not in text
    assert "the bedside monitor and the pump keep the primary alarms" in text


def test_the_figures_stand_alone_and_say_what_they_show(ana: Plan, at: datetime) -> None:
    figures = plan_data(ana, created_at=at)["figures"]
    for name in ("course", "mood", "milk", "fall"):
        svg = figures[name]["svg"]
        assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"') and "var(" not in svg
        assert len(figures[name]["alt"]) > 60
    assert (for_print(""), described("")) == ("", "")


def test_a_plan_has_few_pages_and_each_can_be_looked_at(ana: Plan, six: Plan, at: datetime) -> None:
    for plan, most in ((ana, 6), (six, 10)):
        pages = compile_pages(LAYOUT, plan_data(plan, created_at=at), created_at=at, ppi=40)
        assert 2 <= len(pages) <= most
        assert all(page.startswith(b"\x89PNG") for page in pages)


def test_a_time_without_zone_is_refused(ana: Plan, at: datetime) -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        plan_pdf(ana, created_at=at.replace(tzinfo=None))


def test_without_typst_it_is_said_how_to_install_it(ana: Plan, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name == "typst":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(InputError, match=r'pip install "matrescence\[clinic\]"'):
        plan_pdf(ana, created_at=at)
