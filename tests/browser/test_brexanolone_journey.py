"""A mother asks, is screened, admitted, infused for sixty hours with a stop for sedation, and goes home: by mouse.

Nora is invented.  Her course is a simulation whose clock stands still and is set forward where hours have to pass.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from answers import CONSULTATION, HEALTHY, LEAVING, better, depressed, mother
from chromium import Browsers
from playwright.sync_api import Page, expect
from served import Served
from team import PRESCRIBER, Team, keep, those_asked
from walk import act, command_line_shows, fill, follow, phase, press, refused, said, stage

NAME = "Nora (invented)"


@pytest.mark.hazard("stop-believed", "resumed-too-fast")
def test_a_mother_is_infused_with_a_stop_for_sedation_and_goes_home(
    browsers: Browsers, served: Served, tmp_path: Path
) -> None:
    roles = ("nurse", "other nurse", "prescriber", "pharmacist")
    team = Team(served, *(browsers.page(role) for role in roles))
    she_asks(browsers.page())
    she_is_admitted(team)
    she_is_screened_and_seen(team)
    her_papers_are_filed(team)
    her_plan_is_chosen_and_confirmed_by_two(team)
    it_starts(team)
    sedation_stops_it_and_it_goes_on_lower(team)
    it_runs_to_its_end(team)
    she_goes_home_and_comes_back(team)
    the_log_says_what_happened(team, tmp_path)


def she_asks(her: Page) -> None:
    her.goto("/")
    her.get_by_label("Your name").fill(NAME)
    her.get_by_label("Telephone").fill("+1 555 0177")
    her.get_by_label(re.compile("^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ")).first.check()
    press(her, "Send the request")
    expect(her.get_by_role("heading", level=1)).to_have_text("We have your request")
    expect(her.locator("main")).to_contain_text(NAME)


def she_is_admitted(team: Team) -> None:
    nurse = team.nurse
    nurse.goto("/worklist/")
    follow(nurse, "request", exact=False)
    with nurse.expect_navigation():
        nurse.locator(".request", has_text=NAME).get_by_role("link", name="Begin her course").click()
    expect(nurse.get_by_label("Name", exact=True)).to_have_value(NAME)
    fill(nurse, mother("brexanolone", start_in_hours=20))
    press(nurse, "Begin the course")
    said(nurse, "Her course has begun.")
    team.course = nurse.url.rstrip("/").rpartition("/")[2]
    team.served.ask("jump", course=team.course)


def she_is_screened_and_seen(team: Team) -> None:
    nurse, prescriber = team.nurse, team.prescriber
    stage(nurse, team.course, "Assessment")
    follow(nurse, "Enter an assessment")
    fill(nurse, depressed())
    press(nurse, "Write it down")
    expect(nurse.locator("main")).to_contain_text("20")
    follow(nurse, "Go through the checklist")
    fill(nurse, CONSULTATION)
    press(nurse, "Write it down")
    stage(nurse, team.course, "Eligibility")
    fill(nurse, those_asked(nurse, HEALTHY))
    press(nurse, "Write the facts down")
    team.at(prescriber, "eligibility/")
    expect(prescriber.locator(".availability").first).to_contain_text("withdrawn")


def her_papers_are_filed(team: Team) -> None:
    nurse, prescriber = team.nurse, team.prescriber
    stage(nurse, team.course, "Enrolment")
    expect(nurse.get_by_text("Nobody owes this programme any more")).to_be_visible()
    nurse.get_by_label("Prescriber of this session").select_option(PRESCRIBER)
    press(nurse, "Prepare the session")
    paper = {"date_of_birth": "1995-04-02", "counselled_on_sedation": "yes", "will_report_sedation": "yes",
             "accompanied_with_child": "yes", "takes_cns_depressants": "no"}  # fmt: skip
    keep(team.at(nurse, "enrolment/papers/patient.enrolment/"), {"patient_name": NAME, **paper})
    nurse.get_by_label("She writes her own name here").fill(NAME)
    press(nurse, "She signs")
    press(team.at(prescriber, "enrolment/papers/patient.enrolment/"), "Sign as prescriber")
    pharmacist = team.at(team.pharmacist, "enrolment/statements/pharmacy.dispensing/")
    pharmacist.get_by_role("checkbox").check()
    press(pharmacist, "File it")


def her_plan_is_chosen_and_confirmed_by_two(team: Team) -> None:
    prescriber = team.at(team.prescriber, "plan/choose/")
    fill(prescriber, {"regimen": "label-90"})
    press(prescriber, "Choose this plan")
    for what in ("dose-plan", "pump"):
        for page in (team.pharmacist, team.nurse):
            confirm(team.at(page, f"infusion/confirm/{what}/"))


def confirm(page: Page) -> None:
    """Compare, tick, confirm."""
    press(page, "Confirm")
    refused(page, "Tick that you have compared it yourself.")
    page.get_by_role("checkbox").check()
    press(page, "Confirm")
    said(page, "You have confirmed")


def it_starts(team: Team) -> None:
    nurse, prescriber = team.nurse, team.prescriber
    team.pass_hours(19.5)
    act(nurse, "Open the infusion")
    phase(nurse, "Opened")
    act(nurse, "Start", written=False)  # the acknowledgement and the safe use of this session are not signed yet
    refused(nurse, "withdrawn")
    keep(team.at(prescriber, "enrolment/papers/prescriber.withdrawal/"),
         {"knows_withdrawn": "yes", "ground": "simulation", "reference": "a simulation (invented)"})  # fmt: skip
    press(prescriber, "Sign as prescriber")
    ticked = ("oximeter_alarming", "pump_programmed", "provider_present", "accompanied_with_child", "early_enough")
    keep(team.at(nurse, "enrolment/papers/session.safe-use/"), dict.fromkeys(ticked, "yes"))
    press(nurse, "Sign as nurse")
    team.pass_hours(0.5)
    act(nurse, "Start")
    act(nurse, "Confirm the rate")
    phase(nurse, "Running")
    expect(nurse.locator(".rate-now")).to_contain_text("30")
    act(nurse, "Hang a bag")


def sedation_stops_it_and_it_goes_on_lower(team: Team) -> None:
    nurse = team.nurse
    team.pass_hours(4)
    act(nurse, "Confirm the rate")
    expect(nurse.locator(".rate-now")).to_contain_text("60")
    team.pass_hours(1)
    act(nurse, "Report a finding", {"finding": "excessive-sedation"})
    phase(nurse, "STOP REQUESTED")
    act(nurse, "Confirm that it has stopped")
    phase(nurse, "Stopped")
    expect(nurse.get_by_text("It cannot go on yet")).to_be_visible()
    team.pass_hours(0.5)
    act(nurse, "It has resolved")
    act(nurse, "Go on after the stop", {"rate": "30"})
    act(nurse, "Confirm the rate")
    phase(nurse, "Running")
    expect(nurse.locator(".ceiling")).to_contain_text("Held down to 30")


def it_runs_to_its_end(team: Team) -> None:
    nurse, prescriber = team.nurse, team.prescriber
    team.pass_hours(18.5)
    act(team.at(prescriber, "infusion/"), "Let the rate rise with the plan again")
    for hours, rate in ((0, "90"), (28, "60"), (4, "30")):
        team.pass_hours(hours)
        act(nurse, "Confirm the rate")
        expect(nurse.locator(".rate-now")).to_contain_text(rate)
    team.pass_hours(4)
    act(nurse, "Confirm that it has stopped")
    phase(nurse, "Completed")


def she_goes_home_and_comes_back(team: Team) -> None:
    nurse = team.nurse
    team.pass_hours(13)
    stage(nurse, team.course, "Recovery")
    follow(nurse, "Fill the checklist")
    fill(nurse, those_asked(nurse, LEAVING))
    press(nurse, "Write the checklist down")
    nurse.goto(f"/mothers/{team.course}/recovery/discharge/")
    fill(nurse, {"left_with": "her mother"})
    press(nurse, "Write down that she leaves")
    refused(nurse, "Name the clinician")  # the site has set no time to watch her: somebody decides
    fill(nurse, {"decided_by": PRESCRIBER, "decided_why": "Thirteen hours awake and clear; the ward agrees."})
    press(nurse, "Write down that she leaves")
    team.served.ask("jump", course=team.course, hours=7 * 24)
    stage(nurse, team.course, "Recovery")
    follow(nurse, "Record a follow-up")
    fill(nurse, better())
    press(nurse, "Write it down")
    stage(nurse, team.course, "Recovery")
    expect(nurse.locator("main")).to_contain_text("6")


def the_log_says_what_happened(team: Team, tmp_path: Path) -> None:
    told = team.served.lines(team.course)
    commands = [line["payload"]["command"] for line in told if line["kind"] == "infusion"]
    assert commands == [
        "open", "start", "confirm-rate", "hang-bag", "confirm-rate",
        "report-finding", "confirm-stopped", "report-resolved", "resume", "confirm-rate",
        "lift-ceiling", "confirm-rate", "confirm-rate", "confirm-rate", "confirm-stopped",
    ]  # fmt: skip
    by = {line["by"] for line in told if line["kind"] == "confirmation"}
    assert by == {"P. Lindqvist, PharmD (invented)", "N. Silva, RN (invented)"}
    file = team.served.export(team.course, tmp_path / "nora.jsonl")
    shown = command_line_shows(file, at=told[-1]["recorded_at"])
    for text in (
        "given to the end; discharged by the word of Dr A. Moreau",
        "given 3615 of 4200 ug/kg",
        "20 (",
        "→ 6 (",
    ):
        assert text in shown, shown
    assert "everything is as it was written" in team.served.clinic.run("verify")
