"""A breastfeeding mother, the first of six ketamine infusions, her handout in Spanish, the next session: by mouse.

Marisol is invented.  Her course is a simulation whose clock stands still and is set forward where hours have to pass.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from answers import CONSULTATION, HEALTHY, LEAVING, better, depressed
from chromium import PHONE, Browsers
from playwright.sync_api import expect
from served import Served
from team import NURSE, PRESCRIBER, Team, her_link, keep, tap, those_asked
from walk import act, command_line_shows, fill, phase, press, said, stage

NAME = "Marisol (invented)"
SOURCE = "Milk study (Wolfson)"


@pytest.mark.hazard("feeding-too-early", "fed-again-too-late")
def test_a_breastfeeding_mother_has_the_first_of_six_sessions_and_comes_back(
    browsers: Browsers, served: Served, tmp_path: Path
) -> None:
    course = served.ask("begin", name=NAME, like="Fatima")
    served.ask("jump", course=course)
    roles = ("nurse", "other nurse", "prescriber", "pharmacist")
    team = Team(served, *(browsers.page(role) for role in roles), course)
    she_is_found_eligible(team)
    her_papers_are_signed(team)
    she_chooses_how_to_feed(team)
    she_reads_the_handout_in_spanish(team, browsers)
    the_session_is_given(team)
    she_leaves_and_the_next_session_is_due(team)
    the_log_says_what_happened(team, tmp_path)


def she_is_found_eligible(team: Team) -> None:
    nurse = team.at(team.nurse, "assessment/record/")
    fill(nurse, depressed())
    press(nurse, "Write it down")
    fill(team.at(nurse, "assessment/consultation/"), {**CONSULTATION, "feeding_plan": "breast"})
    press(nurse, "Write it down")
    stage(nurse, team.course, "Eligibility")
    fill(nurse, those_asked(nurse, HEALTHY))
    press(nurse, "Write the facts down")
    expect(nurse.locator("#verdict")).to_contain_text("Eligible")


def her_papers_are_signed(team: Team) -> None:
    nurse, prescriber = team.nurse, team.prescriber
    stage(nurse, team.course, "Enrolment")
    nurse.get_by_label("Prescriber of this session").select_option(PRESCRIBER)
    press(nurse, "Prepare the session")
    done = ("diagnosis_confirmed", "psychosis_history_taken", "substance_use_history_taken", "medical_review_done")
    said_of_her = {"severity_score": "EPDS 20", "earlier_treatments": "sertraline"}
    keep(team.at(prescriber, "enrolment/papers/prescriber.assessment/"), {**dict.fromkeys(done, "yes"), **said_of_her})
    press(prescriber, "Sign as prescriber")
    consent = {
        "patient_name": NAME,
        "off_label_explained": "yes",
        "feeding_plan": "as she chose",
        "driving_explained": "yes",
    }
    keep(team.at(nurse, "enrolment/papers/patient.consent/"), consent)
    nurse.get_by_label("She writes her own name here").fill(NAME)
    press(nurse, "She signs")
    press(team.at(prescriber, "enrolment/papers/patient.consent/"), "Sign as prescriber")
    fill(team.at(prescriber, "plan/choose/"), {"regimen": "series-of-six", "session_number": "1"})
    press(prescriber, "Choose this plan")
    said(prescriber, "The plan is chosen.")


def she_chooses_how_to_feed(team: Team) -> None:
    nurse = team.nurse
    stage(nurse, team.course, "Feeding")
    fill(nurse, {"follows": SOURCE})
    press(nurse, "Write her choice down")
    expect(nurse.locator(".advice .hers")).to_contain_text(SOURCE)
    expect(nurse.locator(".advice article")).not_to_have_count(1)  # the others still stand beside it


def she_reads_the_handout_in_spanish(team: Team, browsers: Browsers) -> None:
    address = her_link(team.nurse, team.course, purpose="handout", language="es")
    her = browsers.page(viewport=PHONE, has_touch=True, is_mobile=True, locale="es-US")
    her.goto(address)
    expect(her.locator("html")).to_have_attribute("lang", "es")
    tap(her, "Mostrar")
    expect(her.get_by_role("heading", level=1)).to_have_text("Cómo alimentar a su bebé")
    expect(her.locator("main")).to_contain_text("Estudio de la leche (Wolfson)")


def the_session_is_given(team: Team) -> None:
    nurse, prescriber = team.nurse, team.prescriber
    for what in ("dose-plan", "pump"):
        for page in (team.pharmacist, nurse):
            team.at(page, f"infusion/confirm/{what}/").get_by_role("checkbox").check()
            press(page, "Confirm")
    team.pass_hours(47.5)
    act(nurse, "Open the infusion")
    checks = {"systolic_mmhg": "118", "diastolic_mmhg": "74", "spo2_percent": "98", "escort": "her sister",
              "who_holds_the_baby": "her sister"}  # fmt: skip
    ticked = dict.fromkeys(("within_limits", "empty_stomach", "not_pregnant"), "yes")
    keep(team.at(nurse, "enrolment/papers/session.checklist/"), {**checks, **ticked})
    press(nurse, "Sign as nurse")
    press(team.at(prescriber, "enrolment/papers/session.checklist/"), "Sign as prescriber")
    team.pass_hours(0.5)
    act(nurse, "Start")
    act(nurse, "Confirm the rate")
    phase(nurse, "Running")
    act(nurse, "Blood pressure", {"systolic_mmhg": "126", "diastolic_mmhg": "80"})
    team.pass_hours(40 / 60)
    act(nurse, "Confirm that it has stopped")
    phase(nurse, "Completed")


def she_leaves_and_the_next_session_is_due(team: Team) -> None:
    nurse = team.nurse
    team.pass_hours(2)
    fill(team.at(nurse, "recovery/checklist/"), LEAVING)
    press(nurse, "Write the checklist down")
    fill(team.at(nurse, "recovery/discharge/"), {"left_with": "her sister"})
    press(nurse, "Write down that she leaves")
    stage(nurse, team.course, "Recovery")
    expect(nurse.get_by_role("region", name="The next session")).to_contain_text("Session 2 of 6")
    record = {"dose_mg": "35", "minutes": "40", "completed": "yes", "adverse_events": "none", "left_with": "her sister"}
    keep(team.at(nurse, "enrolment/papers/session.record/"), record)
    press(nurse, "Sign as nurse")
    team.pass_hours(7 * 24)
    fill(team.at(nurse, "assessment/follow-up/"), better())
    press(nurse, "Write it down")
    stage(nurse, team.course, "Recovery")
    expect(nurse.get_by_role("region", name="Her scores")).to_contain_text("Response")


def the_log_says_what_happened(team: Team, tmp_path: Path) -> None:
    told = team.served.lines(team.course)
    assert [line["payload"]["follows"] for line in told if line["kind"] == "feeding-choice"] == [SOURCE]
    commands = [line["payload"]["command"] for line in told if line["kind"] == "infusion"]
    assert commands == ["open", "start", "confirm-rate", "observe", "confirm-stopped"]
    assert {line["by"] for line in told if line["kind"] == "leaving-checklist"} == {NURSE}
    shown = command_line_shows(team.served.export(team.course, tmp_path / "marisol.jsonl"), at=told[-1]["recorded_at"])
    for text in ("given to the end; discharged", f"she follows: {SOURCE}", "given 500 of 500 ug/kg", "20 (", "→ 6 ("):
        assert text in shown, shown
