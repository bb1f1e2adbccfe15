"""Measured levels at the bedside: the form asks when the blood was drawn, the figure and its table show them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from infusion_examples import NURSE

from matrescence.actions.course import Request
from matrescence.care.infusion.readings import Drawn, PlasmaLevel
from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.infusion.levels import level_of
from matrescence.clinic.log import courses
from matrescence.clinic.log.courses import open_course

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]
KIND = "?reading=plasma-level"


def at(course: str, ago: timedelta) -> dict[str, str]:
    """A moment as the form takes it, by the clock on her wall."""
    local = (now() - ago).astimezone(open_course(course).known.mother.start.tzinfo)
    return {"happened_time": f"{local:%H:%M}", "happened_date": f"{local:%Y-%m-%d}"}


def levels(course: str) -> list[PlasmaLevel]:
    seen = open_course(course).known.state.observations
    return [one.reading for one in seen if isinstance(one.reading, PlasmaLevel)]


def part(browser: Any, course: str) -> str:
    """The part of the live page that shows the level."""
    page = unescape(browser.get(f"/mothers/{course}/infusion/").content.decode())
    return str(re.search(r'data-part="level".*?</section>', page, re.S).group())  # type: ignore[union-attr]


def put(course: str, ago: timedelta, level: float, **more: Any) -> None:
    """A level that the laboratory tells of only now."""
    reading = {"reading": "plasma-level", "level_ng_per_ml": level, **more}
    payload, moment = {"command": "observe", "reading": reading}, now()
    asked = Request("infusion", payload, id=f"level {ago} {level}", by=NURSE, happened_at=moment - ago)
    courses.add(course, asked, now=moment)


def expected(course: str, hour: float) -> tuple[float, float, float]:
    opened = open_course(course)
    level = level_of(opened.known.state, opened.known.mother, opened.ground.drug)
    assert level is not None
    return level.at(hour)


def test_a_level_is_kept_under_the_time_its_blood_was_drawn(running: Make, logged_in: Make, press: Make) -> None:
    course, browser = running(ago=timedelta(hours=6)), logged_in("nurse")
    form = unescape(browser.get(f"/mothers/{course}/infusion/do/observe/{KIND}").content.decode())
    assert "When was the blood drawn?" in form and "1 ng/mL is the same as 1 microgram/L." in form
    drawn = at(course, timedelta(hours=2))
    answer = press(
        browser, course, "observe", query=KIND, reading="plasma-level", level_ng_per_ml="31,5", drawn="vein", **drawn
    )
    assert answer.status_code == 302
    assert levels(course) == [PlasmaLevel(31.5, None, Drawn.VEIN)]
    seen = open_course(course).known.state.observations[-1]
    assert timedelta(hours=2) <= now() - seen.at < timedelta(hours=2, minutes=2)


#   what was typed                                              what the page says
REFUSED = (
    ({"level_ng_per_ml": "31"}, "Say when the blood was drawn."),
    ({"happened": True}, "Give the level, or the limit that it lay below: one of the two."),
    ({"level_ng_per_ml": "3", "below_ng_per_ml": "1", "happened": True}, "one of the two."),
    ({"level_ng_per_ml": "0", "happened": True}, "needs the limit of quantification that it lay below"),
    ({"level_ng_per_ml": "31500", "happened": True}, "level 31500 ng/mL cannot be read; possible: 0 to 10000"),
    ({"level_ng_per_ml": "3", "drawn": "toe", "happened": True}, "Choose one"),
)


@pytest.mark.parametrize(("typed", "says"), REFUSED)
def test_what_cannot_be_a_level_is_refused_and_what_was_typed_is_kept(
    running: Make, logged_in: Make, press: Make, typed: dict[str, Any], says: str
) -> None:
    course, browser = running(ago=timedelta(hours=2)), logged_in("nurse")
    fields = {key: value for key, value in typed.items() if key != "happened"}
    fields |= at(course, timedelta(hours=1)) if "happened" in typed else {}
    answer = press(browser, course, "observe", query=KIND, reading="plasma-level", **fields)
    assert answer.status_code == 422
    page = unescape(answer.content.decode())
    assert says in page and levels(course) == []
    if "level_ng_per_ml" in fields:
        assert f'value="{fields["level_ng_per_ml"]}"' in page


def test_a_level_stands_in_figure_and_table_beside_the_band_and_outside_it_is_said(
    running: Make, logged_in: Make
) -> None:
    course, browser = running(ago=timedelta(hours=6)), logged_in("nurse")
    assert "Measured levels" not in part(browser, course)
    low, middle, high = expected(course, 3.0)
    for number, value in enumerate((middle, 3.0 * high, low / 3.0)):
        put(course, timedelta(hours=3, seconds=-number), round(value, 1))
    shown = part(browser, course)
    assert shown.count('<rect class="measured"') == 3
    places = re.findall(r"inside the band|above the band of 9 of 10 women|below the band of 9 of 10 women", shown)
    assert places == ["inside the band", "above the band of 9 of 10 women", "below the band of 9 of 10 women"]
    assert f"<strong>{3.0 * high:.1f}</strong> ng/mL" in shown
    assert "A forecast, not advice." in shown


def test_a_level_below_what_the_laboratory_could_see_is_hollow_and_no_number(running: Make, logged_in: Make) -> None:
    course, browser = running(ago=timedelta(hours=6)), logged_in("nurse")
    put(course, timedelta(hours=3), 0, below_ng_per_ml=1)
    shown = part(browser, course)
    assert 'class="measured below"' in shown and "below 1 ng/mL" in shown
    assert "below the band of 9 of 10 women" in shown  # 1 ng/mL is less than the band's lower edge at this hour


def test_blood_from_an_artery_is_not_compared_with_a_model_of_veins(running: Make, logged_in: Make) -> None:
    course, browser = running("ketamine", ago=timedelta(minutes=20)), logged_in("nurse")
    put(course, timedelta(minutes=5), 900, drawn="artery")
    shown = part(browser, course)
    assert "not compared: the model is of blood drawn elsewhere" in shown and "from an artery" in shown


def test_a_level_is_corrected_through_the_page_and_keeps_its_time(running: Make, logged_in: Make, press: Make) -> None:
    course, browser = running(ago=timedelta(hours=6)), logged_in("nurse")
    drawn = at(course, timedelta(hours=2))
    press(browser, course, "observe", query=KIND, reading="plasma-level", level_ng_per_ml="315", **drawn)
    wrong = open_course(course).known.state.observations[-1]
    page = unescape(browser.get(f"/mothers/{course}/infusion/").content.decode())
    link = f"correct-observation/?of={wrong.key}&reading=plasma-level"
    assert link in page
    form = browser.get(f"/mothers/{course}/infusion/do/{link}").content.decode()
    assert 'value="315"' in form
    query = f"?of={wrong.key}&reading=plasma-level"
    right = {"of": wrong.key, "reading": "plasma-level", "level_ng_per_ml": "31.5"}
    assert press(browser, course, "correct-observation", query=query, drawn="", **right).status_code == 302
    now_seen = open_course(course).known.state.observations[-1]
    assert (now_seen.reading, now_seen.at) == (PlasmaLevel(31.5), wrong.at)
    assert "corrected" in part(browser, course)


def test_her_own_forecast_takes_the_levels_and_says_before_and_now(running: Make, logged_in: Make) -> None:
    course, browser = running(ago=timedelta(hours=6)), logged_in("prescriber")
    address = f"/mothers/{course}/recovery/"
    assert "Her levels" not in browser.get(address).content.decode()
    for hours, value in ((4.0, 12.0), (1.0, 30.0)):
        put(course, timedelta(hours=hours), value)
    put(course, timedelta(hours=3), 0, below_ng_per_ml=1)
    page = unescape(browser.get(address).content.decode())
    assert "Her level in plasma." in page and "Her level in milk." in page
    assert "Her levels in plasma: the band is" in page and "% as wide as before." in page
    assert re.findall(r'<th scope="row">([\d.]+)</th><td class="number">(12|30)</td>', page) == [
        ("1.98", "12"),  # the pump was confirmed one minute after the start
        ("4.98", "30"),
    ]
    assert "a level that could not be told from none is no number. It is kept." in page


def test_a_level_before_anything_was_given_breaks_no_page(running: Make, logged_in: Make) -> None:
    course, browser = running(ago=timedelta(hours=6)), logged_in("prescriber")
    put(course, timedelta(hours=8), 0.3)
    shown = part(browser, course)
    assert "<strong>0.3</strong> ng/mL" in shown and '<rect class="measured' not in shown
    page = browser.get(f"/mothers/{course}/recovery/")
    assert page.status_code == 200 and "nothing had been given when it was drawn" in page.content.decode()
