"""The page of the plan: availability first, other numbers at once, and nothing recorded by looking."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from clinic_examples import NOW, read_step
from django.test import Client

pytestmark = pytest.mark.django_db
Staff = dict[str, Client]


def text(browser: Client, course: str, **asked: str) -> str:
    answer = browser.get(f"/mothers/{course}/plan/", asked)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def cells(page: str, table: str) -> list[str]:
    """The text of every cell of one table, in order."""
    inside = page.partition(f'<table class="{table}">')[2].partition("</table>")[0]
    found = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", inside, re.DOTALL)
    return [re.sub(r"<[^>]+>", " ", cell).strip() for cell in found]


def position(course: str) -> int:
    from matrescence.clinic.log.courses import open_course

    return open_course(course).position


def test_a_withdrawn_drug_says_so_before_anything_else_of_the_plan(begun: Callable[..., str], staff: Staff) -> None:
    page = text(staff["nurse"], begun(drug="brexanolone")).partition('<main id="main"')[2]
    assert "withdrawn (14 April 2025)" in page
    assert page.index("withdrawn (14 April 2025)") < page.index("Pump programme") < page.index('id="effects-title"')


def test_the_pump_runs_by_weight_as_the_label_says(begun: Callable[..., str], staff: Staff) -> None:
    """Label of brexanolone, section 2.2: 30, 60, 90, 60, 30 microgram/kg/h; 1 mg/mL, so 90 x 100 kg is 9 mL/h."""
    page = text(staff["nurse"], begun(drug="brexanolone"), weight_kg="100")
    shown = " ".join(cells(page, "pump"))
    for hours, rate, ml in (("0–4", "30", "3"), ("4–24", "60", "6"), ("24–52", "90", "9"), ("52–56", "60", "6")):
        assert re.search(rf"{hours}\s+{rate}\s+{ml}\s", shown), shown
    assert "Tue 21 Apr 10:00" in shown


def test_another_weight_changes_pump_bags_and_cost_and_records_nothing(begun: Callable[..., str], staff: Staff) -> None:
    course = begun(drug="brexanolone")
    before, usual = position(course), text(staff["prescriber"], course)
    other = text(staff["prescriber"], course, weight_kg="132")
    assert cells(usual, "bags") != cells(other, "bags")
    assert cells(usual, "pump") != cells(other, "pump")
    vials = [int(re.search(r"(\d+) vials", page)[1]) for page in (usual, other)]  # type: ignore[index]
    assert vials[0] >= 3 and vials[1] >= 6, "277 mg and 554 mg, in vials of 100 mg"
    assert all(f"at least ${7450 * count:,.2f}" in page for page, count in zip((usual, other), vials, strict=True))
    assert vials[0] < vials[1]
    assert "what if: not her record" in other and "what if: not her record" not in usual
    assert position(course) == before


def test_another_start_moves_every_clock_time(begun: Callable[..., str], staff: Staff) -> None:
    page = text(staff["nurse"], begun(drug="brexanolone"), start="2026-05-04T08:30")
    assert "Mon 4 May 08:30" in " ".join(cells(page, "pump"))
    assert "Mon 4 May 20:30" in " ".join(cells(page, "bags"))


def test_a_change_brings_the_plan_alone_and_the_button_brings_the_whole_page(
    begun: Callable[..., str], staff: Staff
) -> None:
    url = f"/mothers/{begun(drug='brexanolone')}/plan/"
    part = staff["nurse"].get(url, {"weight_kg": "80"}, headers={"HX-Request": "true"}).content.decode()
    whole = staff["nurse"].get(url, {"weight_kg": "80"}).content.decode()
    assert "<html" not in part and "80 kg" in part
    assert "<html" in whole and "80 kg" in whole
    assert 'method="get"' in whole and "hx-get" in whole


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"weight_kg": "7"}, "25 to 350"),
        ({"weight_kg": "heavy"}, "heavy"),
        ({"start": "soon"}, "soon"),
        ({"regimen": "none"}, "There is no such regimen."),
    ],
)
def test_what_cannot_be_used_is_named_kept_and_shows_no_plan(
    begun: Callable[..., str], staff: Staff, asked: dict[str, str], said: str
) -> None:
    answer = staff["nurse"].get(f"/mothers/{begun(drug='brexanolone')}/plan/", asked)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert said in page and 'href="#' in page
    assert "Pump programme" not in page


def test_a_time_that_the_clocks_leave_out_is_not_planned(begun: Callable[..., str], staff: Staff) -> None:
    answer = staff["nurse"].get(f"/mothers/{begun(drug='brexanolone')}/plan/", {"start": "2026-03-08T02:30"})
    assert answer.status_code == 422


def test_every_source_named_on_the_page_stands_in_its_list(begun: Callable[..., str], staff: Staff) -> None:
    page = text(staff["nurse"], begun(drug="brexanolone"))
    named = set(re.findall(r'href="#(ref-\d+)"', page))
    listed = set(re.findall(r'id="(ref-\d+)"', page))
    assert named and named <= listed
    assert len(re.findall(r'id="ref-1"', page)) == 1


def test_counts_of_side_effects_carry_their_denominators_beside_placebo(
    begun: Callable[..., str], staff: Staff
) -> None:
    """Label of brexanolone, table 2: sedation or somnolence in 13 of 102 at 90, placebo 6 of 107."""
    shown = " ".join(cells(text(staff["nurse"], begun(drug="brexanolone")), "effects"))
    assert "13 of 102" in shown and "6 of 107" in shown


def test_a_kidney_function_that_is_not_known_is_said_to_be_and_warned_of(db: None, staff: Staff) -> None:
    from clinic_examples import read_step

    from matrescence.actions.course import Request
    from matrescence.clinic.log import courses

    _, mother = read_step("mother.toml")
    mother.pop("egfr_ml_per_min_1_73m2")
    request = Request(
        "mother-recorded", {"drug": "brexanolone", "mother": mother}, id="b", by="N. Silva, RN (invented)"
    )
    page = text(staff["nurse"], courses.begin(request, now=NOW).course.id)
    warned = page.partition('id="warnings-title"')[2].partition("</section>")[0]
    asked = page.partition('id="ask-title"')[2].partition("</section>")[0]
    assert "unknown" in warned
    assert re.search("kidney|renal|eGFR", warned + asked, re.IGNORECASE)
    assert "eGFR 98" not in page


def test_a_drug_without_a_model_says_that_its_levels_are_unknown(begun: Callable[..., str], staff: Staff) -> None:
    page = text(staff["nurse"], begun(drug="zuranolone"))
    assert "Doses by mouth" in page
    assert "Pump programme" not in page


def test_what_is_kept_is_never_kept_under_her_name(begun: Callable[..., str], staff: Staff) -> None:
    """Two women with the same numbers share the work and not the name."""
    from dataclasses import replace

    from matrescence.clinic.log.courses import open_course
    from matrescence.clinic.planning import laid

    mother = open_course(begun(drug="brexanolone")).known.mother
    assert mother is not None
    one = laid.laid_out(mother, "brexanolone", "label-90", None)
    hits = laid._laid.cache_info().hits
    other = laid.laid_out(replace(mother, name="Mina (invented)"), "brexanolone", "label-90", None)
    assert laid._laid.cache_info().hits == hits + 1
    assert (one.told["mother"]["name"], other.told["mother"]["name"]) == ("Julia (invented)", "Mina (invented)")
    assert "Julia" not in str(other.told)


ASKS = "does not hold these, ask before the start:"


def tell(course: str, **health: object) -> None:
    """Health facts, as the page of eligibility records them."""
    from matrescence.actions.course import Request
    from matrescence.clinic.log import courses

    asked = Request("eligibility-facts", health, id=f"health, {len(health)} facts", by="Dr A. Moreau (invented)")
    courses.add(course, asked, now=NOW)


def test_what_eligibility_has_recorded_is_not_asked_again_on_the_plan_and_its_papers(
    begun: Callable[..., str], staff: Staff
) -> None:
    course, nurse = begun(drug="ketamine"), staff["nurse"]
    assert f"Her file {ASKS}" in text(nurse, course)
    _, known = read_step("health.toml")
    tell(course, **{name: value for name, value in known.items() if name != "psychosis_now"})
    asked = re.findall(rf"Her record {ASKS} ([^.]+)\.", text(nurse, course))
    assert asked and set(asked) == {"psychosis"}
    tell(course, psychosis_now=False)
    for page in (text(nurse, course), text(nurse, course, weight_kg="80")):
        assert ASKS not in page
    assert ASKS not in nurse.get(f"/mothers/{course}/plan/print/").content.decode()


def test_a_recorded_fact_that_forbids_is_a_warning_of_the_plan(begun: Callable[..., str], staff: Staff) -> None:
    course = begun(drug="ketamine")
    _, known = read_step("health.toml")
    tell(course, **{**known, "uncontrolled_hypertension": True})
    page = text(staff["nurse"], course)
    assert "plan.blood_pressure" in page and ASKS not in page


def test_every_option_stands_side_by_side_with_its_availability_and_none_is_ranked(
    begun: Callable[..., str], staff: Staff
) -> None:
    answer = staff["nurse"].get(f"/mothers/{begun()}/plan/side-by-side/")
    page = unescape(answer.content.decode())
    assert answer.status_code == 200
    assert "The order is fixed and is no ranking." in page
    assert "withdrawn (14 April 2025)" in page and "off-label" in page
    assert page.count('class="option"') >= 5


def test_prices_that_no_source_gives_are_unknown_until_the_site_names_them(
    begun: Callable[..., str], staff: Staff, site_named: Callable[..., object]
) -> None:
    course = begun(drug="brexanolone")
    cost = text(staff["nurse"], course).partition('id="cost-title"')[2].partition("</section>")[0]
    assert "at least" in cost and "unknown" in cost
    price = {"drug": "brexanolone", "key": "facility", "price": "50", "dated": "2026-02-01"}
    site_named(prices=[price])
    cost = text(staff["nurse"], course).partition('id="cost-title"')[2].partition("</section>")[0]
    assert "unknown" not in cost and "the site's own" in cost
    assert "$40,250.00" in cost, "5 vials at 7,450 and 60 hours at 50"


@pytest.mark.parametrize("name", ["", "side-by-side/"])
def test_no_page_of_the_plan_needs_an_inline_style_or_script(
    begun: Callable[..., str], staff: Staff, name: str
) -> None:
    page = staff["nurse"].get(f"/mothers/{begun(drug='brexanolone')}/plan/{name}").content.decode()
    assert not re.search(r'<style|\sstyle="|<script(?![^>]* src=)|\son\w+="', page)


def test_every_look_of_a_figure_has_a_rule_in_the_clinics_style() -> None:
    from pathlib import Path

    import matrescence

    root = Path(matrescence.__file__).parent
    selector = re.compile(r"\.chart \.([\w-]+)")
    handout = set(selector.findall((root / "handouts" / "plan.css").read_text()))
    handout |= set(selector.findall((root / "handouts" / "compare.css").read_text()))
    clinic = set(selector.findall((root / "clinic" / "static" / "clinic" / "chart.css").read_text()))
    assert handout <= clinic
