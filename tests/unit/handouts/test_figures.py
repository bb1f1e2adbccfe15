from __future__ import annotations

import re
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import pytest

from matrescence.handouts import figures
from matrescence.handouts.chart import text_width
from matrescence.handouts.figures.course import window_h

Plan = dict[str, Any]
SVG = "{http://www.w3.org/2000/svg}"
FIGURES = [figures.course, figures.mood, figures.milk, figures.fall]
WIDTHS = [figures.WIDE, figures.NARROW]
SHIFT = {"start": 0.0, "middle": 0.5, "end": 1.0}


def parsed(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)


def words(drawing: str) -> list[str]:
    return [element.text or "" for element in parsed(drawing).iter("text")]


def boxes(drawing: str) -> list[tuple[str, float, float, float, float]]:
    found = []
    for element in parsed(drawing).iter("text"):
        said, wide = element.text or "", 0.93 * text_width(element.text or "", 11.5)
        left = float(element.get("x", "0")) - SHIFT[element.get("text-anchor", "start")] * wide
        y = float(element.get("y", "0"))
        found.append((said, left, left + wide, y - 8, y + 1))
    return found


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("draw", FIGURES, ids=lambda draw: draw.__name__)
def test_every_figure_is_well_formed_named_and_described(draw: Any, width: float, any_plan: Plan) -> None:
    if not (drawing := draw(any_plan, width=width)):
        assert (
            any_plan["mood" if draw is figures.mood else "forecast"] is None or any_plan["forecast"]["plasma"] is None
        )
        return
    root = parsed(drawing)
    assert root.get("role") == "img"
    title, described = root.find("title"), root.find("desc")
    assert title is not None and described is not None and title.text and described.text
    assert root.get("aria-labelledby") == f"{title.get('id')} {described.get('id')}"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("draw", FIGURES, ids=lambda draw: draw.__name__)
def test_nothing_is_drawn_outside_the_paper_or_at_a_place_that_is_no_number(
    draw: Any, width: float, any_plan: Plan
) -> None:
    if not (drawing := draw(any_plan, width=width)):
        return
    assert "nan" not in drawing and "inf" not in re.sub(r"<(title|desc).*?</\1>|<text.*?</text>", "", drawing)
    high = float(parsed(drawing).get("height", "0"))
    for said, left, right, top, bottom in boxes(drawing):
        assert left >= -1 and right <= width + 1 and top >= -1 and bottom <= high, said


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("draw", FIGURES, ids=lambda draw: draw.__name__)
def test_no_two_labels_lie_on_each_other(draw: Any, width: float, any_plan: Plan) -> None:
    if not (drawing := draw(any_plan, width=width)):
        return
    for one, other in combinations(boxes(drawing), 2):
        apart = one[2] <= other[1] or other[2] <= one[1] or one[4] <= other[3] or other[4] <= one[3]
        assert apart, (one[0], other[0])


def test_the_course_says_every_rate_in_both_units_and_the_hours_of_its_steps(ana: Plan) -> None:
    said = words(figures.course(ana))
    assert {"30", "60", "90", "4.2 mL/h", "6.3 mL/h", "0 h", "4", "24", "52", "56", "60 h"} <= set(said)
    assert "Pump rate, micrograms/kg/h" in said and "Plasma level, ng/mL" in said


def test_the_course_names_the_day_on_which_the_clock_changes(ana: Plan) -> None:
    assert {"Sat 7 Mar", "Sun 8 Mar", "Mon 9 Mar", "sleep", "bags", "checks"} <= set(words(figures.course(ana)))


def test_of_six_short_sessions_the_first_is_shown_close_up(six: Plan) -> None:
    assert window_h(six) < 6
    assert "750" in words(figures.course(six))
    assert "40 min" in words(figures.course(six))


def test_tablets_are_drawn_as_doses_and_an_unknown_level_is_said(zuranolone: Plan) -> None:
    said = words(figures.course(zuranolone))
    assert "Dose by mouth, mg" in said and "14 × 50 mg" in said and "Plasma level: unknown" in said


def test_unknown_milk_is_said_and_the_sources_are_still_shown(zuranolone: Plan) -> None:
    said = words(figures.milk(zuranolone))
    assert "Milk level: unknown" in said
    assert any(line.startswith("LactMed: feeding goes on") for line in said)


def test_the_milk_figure_has_a_lane_for_every_source_with_its_clock_time(ana: Plan) -> None:
    said = " ".join(words(figures.milk(ana)))
    for row in ana["lactation"]:
        assert row["who"] in said
    assert "feed again from Wed 11 Mar 09:00" in said and "names no time" in said and "10 ng/mL" in said


def test_the_fall_says_after_how_many_hours_milk_has_passed_the_published_level(ana: Plan) -> None:
    ana["forecast"]["milk_below_10_ng_per_ml_after_end_h"] = {"p50": 12.5, "p95": 30.0}
    said = words(figures.fall(ana))
    assert "half of women: 12.5 h" in said and "95 of 100 women: 30 h" in said


def test_ketamine_falls_beside_the_norketamine_that_outlasts_it(six: Plan) -> None:
    said = words(figures.fall(six))
    assert "norketamine" in said and "Plasma level, ng/mL, logarithmic" in said


def test_without_any_level_there_is_no_fall_to_draw(zuranolone: Plan) -> None:
    assert figures.fall(zuranolone) == ""


def test_the_staircase_is_drawn_at_the_height_of_its_rates(ana: Plan) -> None:
    root = parsed(figures.course(ana))
    stairs = next(element for element in root.iter("path") if element.get("class") == "steps")
    heights = [float(y) for y in re.findall(r"V([\d.]+)H", stairs.get("d", ""))]
    base = float(re.match(r"M[\d.]+ ([\d.]+)", stairs.get("d", "")).group(1))  # type: ignore[union-attr]
    assert [round((base - y) / (base - heights[2]) * 90) for y in heights] == [30, 60, 90, 60, 30]
