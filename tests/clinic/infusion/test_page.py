"""The live page: what stands on it in each phase, how old a value may be, and that it works without a script."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from matrescence.actions.bedside.freshness import AGE_LIMITS
from matrescence.clinic.clockwork.clock import now, set_clock
from matrescence.clinic.infusion.context import signs_of
from matrescence.clinic.infusion.urls import LIVE_NAMES
from matrescence.clinic.infusion.views import PARTS
from matrescence.clinic.live.models import LiveValue
from matrescence.clinic.live.pace import pace_of
from matrescence.clinic.log.models import Audit

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


def shown(browser: Any, course: str) -> str:
    answer = browser.get(f"/mothers/{course}/infusion/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def value(
    course: str, measure: str = "spo2_percent", number: float | None = 97.0, *, age_s: float = 0.0, **more: Any
) -> None:
    at = now() - timedelta(seconds=age_s)
    fields = {"observed_at": at, "received_at": at, "stored_at": at, "device": "oximeter 7", **more}
    LiveValue.objects.update_or_create(course=course, measure=measure, defaults={"value": number, **fields})


def test_the_running_page_says_rate_next_level_dose_bags_and_who_is_responsible(running: Make, logged_in: Make) -> None:
    page = shown(logged_in("nurse"), running(ago=timedelta(hours=2)))
    rates = [f"<strong>{number}</strong>" for number in ("30", "2.1", "60", "4.2")]
    for text in ("Running", *rates, "expected now", "4200 microgram/kg", "N. Silva, RN (invented)", "sedation check"):
        assert text in page, text


@pytest.mark.rule("clinic.no_monitor")
@pytest.mark.hazard("page-taken-for-a-monitor")
def test_the_page_always_says_that_it_is_no_monitor_and_makes_no_sound(opened: Make, logged_in: Make) -> None:
    page = shown(logged_in("nurse"), opened())
    assert "This page is no monitor." in page and "It makes no sound." in page


def test_stop_is_there_whenever_the_pump_may_run_and_only_then(opened: Make, say: Make, logged_in: Make) -> None:
    course, browser = opened(), logged_in("nurse")
    stop = f"/mothers/{course}/infusion/do/request-stop/"
    assert stop not in shown(browser, course)
    say(course, "start")
    assert stop in shown(browser, course)
    say(course, "confirm-rate", rate_ug_per_kg_h=30)
    assert stop in shown(browser, course)
    say(course, "request-stop", why="test")
    assert stop in shown(browser, course)
    say(course, "confirm-stopped")
    assert stop not in shown(browser, course)


@pytest.mark.parametrize(
    ("age_s", "state"), [(0.0, "live"), (9.0, "live"), (12.0, "old"), (29.0, "old"), (31.0, "gone")]
)
def test_a_value_is_greyed_and_then_taken_away_with_its_age(running: Make, age_s: float, state: str) -> None:
    course = running()
    value(course, age_s=age_s)
    assert signs_of(course, pace_of(course))["spo2_percent"].state == state


@pytest.mark.rule("device.age")
@pytest.mark.hazard("old-value-seen-as-now")
def test_an_old_value_is_crossed_out_in_words_too(running: Make, logged_in: Make) -> None:
    course = running()
    value(course, age_s=15.0)
    page = shown(logged_in("nurse"), course)
    assert 'class="sign old spo2_percent"' in page and "NOT CURRENT: 15 s old" in page
    value(course, age_s=95.0)
    page = shown(logged_in("nurse", "prescriber"), course)
    assert 'class="sign gone spo2_percent"' in page and "no data for 95 s" in page


def test_the_age_counts_from_the_observation_not_from_the_receipt(running: Make) -> None:
    course = running()
    value(course)
    LiveValue.objects.update(observed_at=now() - timedelta(seconds=20))
    assert signs_of(course, pace_of(course))["spo2_percent"].state == "old"


@pytest.mark.parametrize("more", [{"lane": "demo"}, {"backfilled": True}])
def test_a_demonstration_or_a_back_filled_value_is_never_on_the_tile(
    running: Make, logged_in: Make, more: dict
) -> None:
    course = running()
    value(course, number=71.0, **more)
    page = shown(logged_in("nurse"), course)
    assert "No live value." in page and ">71<" not in page


def test_the_limits_are_those_of_the_port(running: Make) -> None:
    course = running()
    value(course)
    sign = signs_of(course, pace_of(course))["spo2_percent"]
    assert (sign.live_s, sign.gone_s) == (
        AGE_LIMITS["spo2_percent"].live_up_to_s,
        AGE_LIMITS["spo2_percent"].no_data_after_s,
    )


def test_a_snapshot_holds_every_part_of_the_page_and_nothing_of_the_viewer(running: Make, logged_in: Make) -> None:
    course = running()
    value(course)
    answer = logged_in("nurse", name="V. Watcher (invented)").get(f"/mothers/{course}/infusion/snapshot")
    found = json.loads(answer.content)
    assert set(found["now"]["parts"]) == set(PARTS)
    assert found["now"]["values"]["spo2_percent"]["value"] == 97.0
    assert "fresh_from_ms" in found["now"]["values"]["spo2_percent"]
    assert "csrf" not in answer.content.decode() and "V. Watcher" not in answer.content.decode()


def test_the_page_and_its_snapshot_say_the_same(running: Make, logged_in: Make) -> None:
    course, browser = running(), logged_in("nurse")
    page = shown(browser, course)
    parts = json.loads(browser.get(f"/mothers/{course}/infusion/snapshot").content)["now"]["parts"]
    for name in ("bags", "nurse", "latest"):
        assert parts[name] in page, name


def test_without_a_script_the_page_comes_again_by_itself(running: Make, logged_in: Make) -> None:
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in shown(logged_in("nurse"), running())


def test_a_session_of_forty_minutes_works_as_well(running: Make, logged_in: Make) -> None:
    page = shown(logged_in("nurse"), running("ketamine", ago=timedelta(minutes=12)))
    assert "<strong>750</strong>" in page and "40 min" in page and "blood pressure" in page.lower()


def test_the_pages_that_go_on_while_nobody_moves_only_read(running: Make, logged_in: Make) -> None:
    assert {"infusion:show", "infusion:acts", "infusion:snapshot", "infusion:stream"} == LIVE_NAMES
    course, browser = running(), logged_in("nurse")
    for path in ("", "acts/", "snapshot"):
        assert browser.get(f"/mothers/{course}/infusion/{path}").status_code == 200


def test_before_anything_is_open_the_page_says_what_is_missing(opened: Make, logged_in: Make) -> None:
    course = opened(skip_last=4)
    page = shown(logged_in("nurse"), course)
    assert "Two people confirm" in page and "Open the infusion" in page


def test_a_real_course_has_no_simulator(running: Make, logged_in: Make) -> None:
    course = running()
    assert logged_in("nurse").get(f"/mothers/{course}/infusion/simulator/").status_code == 404


def test_a_pharmacist_sees_everything_and_is_offered_nothing(running: Make, logged_in: Make) -> None:
    course = running()
    page = shown(logged_in("pharmacist"), course)
    nav = page.split('<nav id="acts"')[1].split("</nav>")[0]
    assert "/do/" not in nav and "Running" in page


def test_pump_and_record_that_disagree_are_both_named(running: Make, logged_in: Make) -> None:
    course = running()
    value(course, "running", False, device="pump 3")
    browser = logged_in("nurse")
    assert "the record says otherwise" in shown(browser, course)
    LiveValue.objects.update(observed_at=now() - timedelta(hours=2))
    assert "the record says otherwise" not in shown(browser, course)


def test_a_simulated_course_says_so_and_counts_ages_by_the_clock_on_the_wall(running: Make, logged_in: Make) -> None:
    course = running()
    set_clock(course, course_time=now(), speed=600.0)
    at = now() + timedelta(hours=1)
    value(course, observed_at=at, received_at=at)
    assert signs_of(course, pace_of(course))["spo2_percent"].state == "live"
    assert "600 times" in shown(logged_in("nurse"), course)


def test_a_page_that_asks_again_and_again_is_one_row_in_the_audit(running: Make, logged_in: Make) -> None:
    course, browser = running(), logged_in("nurse")
    for _ in range(3):
        browser.get(f"/mothers/{course}/infusion/snapshot")
    assert Audit.objects.filter(stream=course, action="infusion.watch").count() == 1


def test_an_infusion_that_is_over_says_when_it_ended_and_no_more_when_it_would(
    running: Make, say: Make, logged_in: Make
) -> None:
    course, browser = running(ago=timedelta(hours=2)), logged_in("nurse")
    assert "plan ends" in shown(browser, course)
    say(course, "request-stop", why="error")
    say(course, "confirm-stopped")
    say(course, "end-early", why="error")
    page = shown(browser, course)
    assert " of 60 h · ended" in page and "plan ends" not in page
