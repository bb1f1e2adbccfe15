"""Every act at the bedside over HTTP: what is done, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils.html import escape

from matrescence.care.infusion.state import Phase
from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.log.courses import history, open_course
from matrescence.clinic.log.models import Audit, Event

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]


def state(course: str) -> Any:
    return open_course(course).known.state


def test_an_infusion_starts_through_an_open_gate_and_runs_when_somebody_says_so(
    opened: Make, logged_in: Make, press: Make
) -> None:
    course, browser = opened(), logged_in("nurse")
    assert press(browser, course, "start").status_code == 302
    assert state(course).phase is Phase.STARTING
    assert press(browser, course, "confirm-rate", rate="30").status_code == 302
    assert state(course).phase is Phase.RUNNING


@pytest.mark.hazard("started-without-programme")
def test_a_start_without_a_met_programme_is_refused_with_every_reason_and_audited(
    opened: Make, logged_in: Make, press: Make
) -> None:
    course, browser = opened(skip_last=1), logged_in("nurse")  # without what is signed right before the start
    before = Event.objects.count()
    answer = press(browser, course, "start")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "the gate is closed" in page and "session.safe-use" in page
    assert Event.objects.count() == before
    last = Audit.objects.order_by("-seq").first()
    assert (last.action, last.outcome, last.stream) == ("infusion.run", "refused", course)


@pytest.mark.rule("clinic.one_key")
@pytest.mark.hazard("written-twice")
def test_a_double_click_is_one_event(running: Make, logged_in: Make, press: Make) -> None:
    course, browser = running(), logged_in("nurse")
    before = len(history(course))
    for _ in range(2):
        assert press(browser, course, "request-stop", key="a" * 32).status_code == 302
    assert len(history(course)) == before + 1


def test_a_stop_is_only_a_request_until_somebody_confirms_it(running: Make, logged_in: Make, press: Make) -> None:
    course, browser = running(), logged_in("nurse")
    press(browser, course, "request-stop", why="")
    assert state(course).phase is Phase.STOP_REQUESTED
    page = browser.get(f"/mothers/{course}/infusion/").content.decode()
    assert "STOP REQUESTED: not confirmed" in page and "Stop the pump now" in page
    press(browser, course, "confirm-stopped")
    assert state(course).phase is Phase.STOPPED


@pytest.mark.hazard("resumed-after-hypoxia")
def test_after_hypoxia_there_is_no_control_to_go_on_and_a_direct_post_is_refused(
    running: Make, logged_in: Make, press: Make
) -> None:
    course, browser = running(), logged_in("nurse")
    assert press(browser, course, "observe", reading="oximetry", spo2_percent="86").status_code == 302
    press(browser, course, "confirm-stopped")
    press(browser, course, "report-resolved", finding="hypoxia")
    assert state(course).phase is Phase.ENDED_EARLY
    page = browser.get(f"/mothers/{course}/infusion/").content.decode()
    assert "/do/resume/" not in page and "After hypoxia (low oxygen) it never goes on" in page
    form = browser.get(f"/mothers/{course}/infusion/do/resume/").content.decode()
    assert "never goes on" in form and '<button class="button huge' not in form
    before = Event.objects.count()
    answer = browser.post(f"/mothers/{course}/infusion/do/resume/", {"key": "b" * 32, "rate": "30"})
    assert answer.status_code == 422
    assert Event.objects.count() == before


def test_after_a_sedation_it_goes_on_at_the_same_or_a_lower_rate_once_it_has_resolved(
    running: Make, logged_in: Make, press: Make
) -> None:
    course, browser = running(), logged_in("nurse")
    press(browser, course, "observe", reading="sedation", excessive="yes")
    press(browser, course, "confirm-stopped")
    page = browser.get(f"/mothers/{course}/infusion/").content.decode()
    assert "It cannot go on yet" in page and "excessive-sedation has not resolved" in page
    assert press(browser, course, "resume", rate="30").status_code == 422
    press(browser, course, "report-resolved", finding="excessive-sedation")
    assert press(browser, course, "resume", rate="other", other_rate="40").status_code == 422
    assert press(browser, course, "resume", rate="other", other_rate="20,5").status_code == 302
    assert state(course).resume_to_ug_per_kg_h == 20.5
    press(browser, course, "confirm-rate", rate="20.5")
    assert state(course).phase is Phase.RUNNING


def test_a_late_entry_is_marked_with_both_times(running: Make, logged_in: Make, press: Make) -> None:
    course, browser = running(), logged_in("nurse")
    zone = open_course(course).known.mother.start.tzinfo
    at = (now() - timedelta(minutes=40)).astimezone(zone)
    when = {"happened_time": f"{at:%H:%M}", "happened_date": f"{at:%Y-%m-%d}"}
    assert press(browser, course, "observe", reading="sedation", excessive="no", **when).status_code == 302
    seen = state(course).observations[-1]
    assert abs((seen.at - at).total_seconds()) < 60
    assert "entered late" in browser.get(f"/mothers/{course}/infusion/").content.decode()


def test_what_lies_ahead_is_not_recorded(running: Make, logged_in: Make, press: Make) -> None:
    course, browser = running(), logged_in("nurse")
    zone = open_course(course).known.mother.start.tzinfo
    at = (now() + timedelta(hours=3)).astimezone(zone)
    answer = press(
        browser, course, "observe", reading="sedation", excessive="no", happened_time="03:00",
        happened_date=f"{at + timedelta(days=1):%Y-%m-%d}",
    )  # fmt: skip
    assert answer.status_code == 422 and "This lies ahead" in answer.content.decode()


def test_a_rate_above_the_plan_becomes_a_deviation_and_a_stop_is_asked(
    running: Make, logged_in: Make, press: Make
) -> None:
    course, browser = running(), logged_in("nurse")
    answer = press(browser, course, "confirm-rate", rate="other", other_rate="8.4", unit="mL/h")
    assert answer.status_code == 302
    assert state(course).phase is Phase.STOP_REQUESTED
    assert state(course).rate_ug_per_kg_h == pytest.approx(120.0)  # 8.4 mL/h of 1 mg/mL at 70 kg


def test_what_was_typed_is_kept_when_a_form_is_refused(running: Make, logged_in: Make, press: Make) -> None:
    course, browser = running(), logged_in("nurse")
    answer = press(browser, course, "observe", reading="blood-pressure", systolic_mmhg="80", diastolic_mmhg="120")
    page = answer.content.decode()
    assert answer.status_code == 422 and 'value="120"' in page and "the lower value is not lower" in page
    answer = press(browser, course, "observe", reading="oximetry", spo2_percent="ninety")
    assert "ninety is not a number" in answer.content.decode()


def test_a_bag_a_check_a_note_and_an_alarm_are_written_down(running: Make, logged_in: Make, press: Make) -> None:
    course, browser = running(ago=timedelta(hours=3)), logged_in("nurse")
    assert press(browser, course, "hang-bag", number="1").status_code == 302
    assert press(browser, course, "do-check", name="excessive sedation check").status_code == 302
    assert press(browser, course, "write-note", text="She sleeps.").status_code == 302
    assert press(browser, course, "acknowledge", rule="infusion.check-due").status_code == 302
    found = state(course)
    assert [bag.what for bag in found.bags] == ["1"] and len(found.checks) == 1 and len(found.notes) == 1
    assert "infusion.check-due" in found.acknowledged


def test_a_reading_is_corrected_by_a_new_record(running: Make, logged_in: Make, press: Make) -> None:
    course, browser = running(), logged_in("nurse")
    press(browser, course, "observe", reading="oximetry", spo2_percent="91")
    key = state(course).observations[-1].key
    form = browser.get(f"/mothers/{course}/infusion/do/correct-observation/?of={key}&reading=oximetry")
    assert 'value="91"' in form.content.decode()
    press(browser, course, "correct-observation", of=key, reading="oximetry", spo2_percent="97")
    assert state(course).observations[-1].corrected


def test_a_nurse_hands_over_and_stays_responsible_until_the_other_accepts(
    running: Make, logged_in: Make, press: Make
) -> None:
    course = running()
    nina = logged_in("nurse", name="N. Silva, RN (invented)")
    rosa = logged_in("nurse", name="R. Haddad, RN (invented)")
    form = nina.get(f"/mothers/{course}/infusion/handover/offer-handover/").content.decode()
    assert "What is handed over" in form and "R. Haddad" in form
    assert press(nina, course, "offer-handover", group="handover", to="R. Haddad, RN (invented)").status_code == 302
    assert state(course).nurse == "N. Silva, RN (invented)"
    assert press(nina, course, "accept-handover", group="handover").status_code == 422
    assert press(rosa, course, "accept-handover", group="handover").status_code == 302
    assert state(course).nurse == "R. Haddad, RN (invented)"


def test_only_a_prescriber_decides(running: Make, logged_in: Make, press: Make) -> None:
    course = running("ketamine", ago=timedelta(minutes=10))
    nurse, doctor = logged_in("nurse"), logged_in("prescriber")
    press(nurse, course, "report-finding", finding="severe-hypertension")
    assert state(course).questions
    url = f"/mothers/{course}/infusion/decide/answer/"
    sent = {"key": "c" * 32, "finding": "severe-hypertension", "go_on": "yes"}
    assert nurse.post(url, sent).status_code == 403
    assert state(course).questions
    assert doctor.post(url, sent).status_code == 302
    assert not state(course).questions


@pytest.mark.parametrize("role", ["pharmacist", "coordinator", "site-representative", "mother"])
def test_who_does_not_run_infusions_writes_nothing(running: Make, logged_in: Make, role: str) -> None:
    course = running()
    before = Event.objects.count()
    answer = logged_in(role).post(f"/mothers/{course}/infusion/do/request-stop/", {"key": "d" * 32})
    assert answer.status_code == 403 and Event.objects.count() == before


def test_an_act_of_another_group_is_not_found(running: Make, logged_in: Make) -> None:
    course, browser = running(), logged_in("nurse")
    assert browser.get(f"/mothers/{course}/infusion/do/answer/").status_code == 404
    assert browser.get(f"/mothers/{course}/infusion/do/tick/").status_code == 404


def test_two_people_confirm_the_pump_and_each_counts_once(opened: Make, logged_in: Make) -> None:
    course = opened(skip_last=4)  # dose plan confirmed by two, the pump by nobody
    page = f"/mothers/{course}/infusion/confirm/pump/"
    nina = logged_in("nurse", name="N. Silva, RN (invented)")
    shown = nina.get(page).content.decode()
    assert "<strong>2.1</strong>" in shown and "<strong>6.3</strong>" in shown  # mL/h of the stairs at 70 kg
    digest = shown.split('name="digest" value="')[1].split('"')[0]
    refused = nina.post(page, {"key": "e" * 32, "digest": digest})
    assert refused.status_code == 422 and "compared it yourself" in refused.content.decode()
    assert nina.post(page, {"key": "f" * 32, "digest": digest, "compared": "yes"}).status_code == 302
    assert nina.post(page, {"key": "1" * 32, "digest": "0" * 64, "compared": "yes"}).status_code == 422
    show = nina.get(f"/mothers/{course}/infusion/").content.decode()
    assert "1 person is missing" in show and escape("N. Silva, RN (invented)") in show


def test_a_form_alone_is_given_to_a_page_that_shows_it_in_a_dialog(running: Make, logged_in: Make) -> None:
    course = running()
    answer = logged_in("nurse").get(f"/mothers/{course}/infusion/do/request-stop/", headers={"X-Fragment": "form"})
    page = answer.content.decode()
    assert "<html" not in page and 'action="/mothers/' in page and 'name="key"' in page
