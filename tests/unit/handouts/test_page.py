from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

from matrescence.handouts.page import plan_page

Plan = dict[str, Any]
VOID = {"meta", "br", "wbr", "line", "rect", "circle", "path"}


class Reader(HTMLParser):
    """Collects what a page says, its ids, its links, and checks that every element is closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.said: list[str] = []
        self.headings: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if "id" in found:
            self.ids.append(str(found["id"]))
        if "href" in found:
            self.links.append(str(found["href"]))
        self.loads += [str(found[name]) for name in ("src", "srcset", "poster", "data", "xlink:href") if name in found]
        self.loads += [tag] if tag in ("script", "link", "iframe", "object", "embed", "img") else []

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.said.append(data)
        if self.open and self.open[-1] in ("h1", "h2"):
            self.headings.append(data.strip())

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.said).replace("\u00a0", " "))


def flat(words: str) -> str:
    return re.sub(r"\s+", " ", words)


def test_every_element_is_closed_and_every_id_is_there_once(any_plan: Plan) -> None:
    reader = Reader(plan_page(any_plan))
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids))


def test_the_page_loads_nothing_from_anywhere(any_plan: Plan) -> None:
    page = plan_page(any_plan)
    reader = Reader(page)
    assert reader.loads == []
    assert all(link.startswith("#") for link in reader.links)
    assert "@import" not in page and set(re.findall(r"url\((.)", page)) <= {"#"}


def test_every_citation_leads_to_a_reference(any_plan: Plan) -> None:
    reader = Reader(plan_page(any_plan))
    assert {link[1:] for link in reader.links} <= set(reader.ids)
    for number, reference in enumerate(any_plan["references"], start=1):
        assert f"ref-{number}" in reader.ids
        assert flat(reference["text"]) in reader.text


def test_availability_comes_first_and_warnings_come_before_what_to_give(any_plan: Plan) -> None:
    text = Reader(plan_page(any_plan)).text
    banner = text.index(flat(any_plan["availability"]["text"]))
    for warning in any_plan["warnings"]:
        assert flat(warning["text"]) in text or any_plan["availability"]["text"] in warning["text"]
    shown = [w for w in any_plan["warnings"] if any_plan["availability"]["text"] not in w["text"]]
    assert banner < min(text.index(flat(warning["text"])) for warning in shown)
    assert max(text.index(flat(warning["text"])) for warning in shown) < text.index(" Give ")


def test_a_withdrawn_drug_says_so_with_its_date_before_anything_else(ana: Plan) -> None:
    page = plan_page(ana)
    assert "WITHDRAWN on 14 April 2025" in page
    assert page.index("WITHDRAWN on") < page.index('<dl class="facts">')
    assert '<section class="availability withdrawn"' in page


def test_a_rule_that_forbids_is_in_the_heading_of_the_warnings(dora: Plan) -> None:
    page = plan_page(dora)
    assert "A rule forbids this treatment for her" in page
    assert '<li class="forbids">' in page


def test_the_pump_programme_has_clock_hours_dose_rate_and_pump_rate(ana: Plan) -> None:
    text = Reader(plan_page(ana)).text
    assert "Sun 8 Mar 09:00 24–52 90 6.3" in text
    assert "Mon 9 Mar 21:00 60 end 0" in text
    assert "the rate may be 60 micrograms/kg/h (4.2 mL/h) if she does not tolerate 90" in text


def test_a_rate_that_the_pump_cannot_be_set_to_is_shown_beside_the_exact_one(dora: Plan) -> None:
    text = Reader(plan_page(dora)).text
    assert "3.7 exactly 3.66" in text and "Set like this, the pump gives" in text


def test_the_bags_have_their_hang_and_change_times(ana: Plan) -> None:
    assert "5 Mon 9 Mar 09:00 Mon 9 Mar 21:00 50.4" in Reader(plan_page(ana)).text


def test_every_check_of_a_day_can_be_ticked_off(ana: Plan) -> None:
    page = plan_page(ana)
    timed = [check for check in ana["checks"] if not check["continuous"]]
    assert page.count('<span class="box"') == len(timed) + len(ana["ask_before_start"])
    assert "All the time: pulse oximetry with alarm" in Reader(page).text


def test_six_sessions_checked_alike_are_written_once(six: Plan) -> None:
    text = Reader(plan_page(six)).text
    assert "Each session 10 min 20 min 30 min 40 min" in text
    assert "Mon 14 Sep 10:00 to 10:40" in text


def test_every_source_says_its_advice_beside_the_others(any_plan: Plan) -> None:
    text = Reader(plan_page(any_plan)).text
    for row in any_plan["lactation"]:
        assert flat(row["advice"]) in text and flat(row["who"]) in text


def test_side_effects_carry_their_honest_denominators(any_plan: Plan) -> None:
    text = Reader(plan_page(any_plan)).text
    for row in any_plan["side_effects"]:
        assert f"{row['events']} of {row['people']}" in text
    assert any_plan["side_effects"] or "No count has been found: unknown." in text


def test_what_is_unknown_is_listed(any_plan: Plan) -> None:
    text = Reader(plan_page(any_plan)).text
    for item in any_plan["forecast"]["unknown"]:
        assert flat(item) in text


def test_an_infant_dose_that_nobody_knows_is_said_to_be_unknown(ana: Plan) -> None:
    ana["forecast"]["relative_infant_dose_percent"] = None
    assert "Infant dose, share of the mother's unknown" in Reader(plan_page(ana)).text


def test_grades_are_explained_in_words(ana: Plan) -> None:
    text = Reader(plan_page(ana)).text
    for words in ("trial or label for this use", "another population or a secondary source", "calibrated or derived"):
        assert words in text


def test_the_foot_says_what_the_program_is_not_and_what_made_the_page(ana: Plan) -> None:
    text = Reader(plan_page(ana)).text
    assert "informs and documents; the bedside monitor and the pump keep the primary alarms" in text
    assert "Predictions, not measurements" in text
    assert "40 virtual women, seed 7" in text and f"matrescence {ana['made_with']['version']}" in text


def test_an_invented_woman_is_marked_as_invented(ana: Plan) -> None:
    assert "INVENTED EXAMPLE, NOT A PATIENT" in plan_page(ana)
    ana["mother"]["name"] = "Ana"
    assert "INVENTED EXAMPLE" not in plan_page(ana)


def test_a_page_made_again_from_the_file_is_the_same_page(any_plan: Plan) -> None:
    assert plan_page(json.loads(json.dumps(any_plan))) == plan_page(any_plan)


def test_headings_are_in_the_order_a_ward_needs_them(ana: Plan) -> None:
    wanted = ["Give", "Check", "Stop", "Ask before the start", "Prepare", "Expect", "Side effects", "The infant"]
    headings = Reader(plan_page(ana)).headings
    assert [heading for heading in headings if heading in wanted] == wanted


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", block))


def contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_text_has_the_contrast_of_wcag_aa_in_light_dark_and_print() -> None:
    css = files("matrescence.handouts").joinpath("plan.css").read_text(encoding="utf-8")
    light = colours(css.split("@media")[0])
    dark = light | colours(css.split("prefers-color-scheme: dark")[1].split("* {")[0])
    paper = light | colours(css.split("@media print")[1])
    pairs = [
        (ink, ground)
        for ink in ("ink", "muted", "accent", "mark")
        for ground in ("paper", "soft", "alert-paper", "night")
    ]
    for theme in (light, dark, paper):
        for ink, ground in [*pairs, ("on-alert", "alert"), ("ink", "band"), ("ink", "steps")]:
            assert contrast(theme[ink], theme[ground]) >= 4.5, (ink, ground)


def test_a_reader_sees_reference_numbers_and_never_a_citation_key(any_plan: Plan) -> None:
    text = flat(plan_page(any_plan))
    assert not [row["key"] for row in any_plan["references"] if row["key"] != "matrescence" and row["key"] in text]


def test_no_unit_of_mass_is_written_as_ug_because_it_is_read_as_mg(any_plan: Plan) -> None:
    assert "ug/" not in plan_page(any_plan)
