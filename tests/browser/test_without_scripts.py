"""Every form with JavaScript off: refused with everything typed kept, then written.

One row of the table is one form: where it stands, what is typed first and must be refused, and what is then right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from answers import CONSULTATION, HEALTHY, LEAVING, better, depressed, mother
from chromium import PASSWORD, Browsers
from playwright.sync_api import Page, expect
from served import Served
from team import her_link, those_asked
from walk import fill


@dataclass(frozen=True, slots=True)
class Form:
    """One form: ``wrong`` is refused and kept, ``right`` is written, and ``proof`` is read afterwards."""

    name: str
    path: str
    button: str
    right: Mapping[str, str]
    proof: str
    wrong: Mapping[str, str] = field(default_factory=dict)
    role: str | None = "nurse"


FORMS = (
    Form("consultation asked for", "/", "Send the request", {"name": "Ada (invented)", "telephone": "+1 555 0123"},
         "We have your request", {"name": "Ada (invented)"}, None),
    Form("log-in", "/accounts/login/", "Log in", {"login": "rosa", "password": PASSWORD}, "Worklist",
         {"login": "rosa", "password": "not this"}, None),
    Form("course begun", "/mothers/begin/", "Begin the course",
         {"name": "Ada (invented)", **mother("ketamine", start_in_hours=90)}, "Her course has begun",
         {"name": "Ada (invented)", "weight_kg": "seventy"}),
    Form("mother changed", "/mothers/{Vida}/change/", "Write it down", {"weight_kg": "64.5"}, "64.5 kg",
         {"weight_kg": "heavy"}),
    Form("assessment", "/mothers/{Vida}/assessment/record/", "Write it down", depressed(), "EPDS",
         {"began_on_day": "some day"}),
    Form("consultation", "/mothers/{Vida}/assessment/consultation/", "Write it down", CONSULTATION, "Assessment",
         {"sessions_expected": "several"}),
    Form("health facts", "/mothers/{Vida}/eligibility/", "Write the facts down", HEALTHY, "Eligible",
         {"systolic_mmhg": "high"}),
    Form("link", "/mothers/{Vida}/assessment/links/", "Make the link", {"purpose": "handout"}, "It is shown here once"),
    Form("session named", "/mothers/{Vida}/enrolment/", "Prepare the session",
         {"prescriber": "Dr A. Moreau (invented)"}, "keep the gate closed"),
    Form("paper", "/mothers/{Hana}/enrolment/papers/patient.consent/", "Keep as a draft and check",
         {"field-patient_name": "Hana (invented)", "field-off_label_explained": "yes",
          "field-feeding_plan": "as she chose", "field-driving_explained": "yes"}, "She signs"),
    Form("plan chosen", "/mothers/{Vida}/plan/choose/", "Choose this plan", {"regimen": "single", "spo2_below": "90"},
         "The plan is chosen", {"spo2_below": "low"}, "prescriber"),
    Form("feeding chosen", "/mothers/{Vida}/lactation/", "Write her choice down", {"follows": "LactMed"}, "LactMed"),
    Form("dose plan confirmed", "/mothers/{Wilma}/infusion/confirm/dose-plan/", "Confirm", {"compared": "yes"},
         "You have confirmed", {}, "pharmacist"),
    Form("reading", "/mothers/{Zoe}/infusion/do/observe/?reading=blood-pressure", "Record",
         {"systolic_mmhg": "124", "diastolic_mmhg": "78"}, "124", {"systolic_mmhg": "normal"}),
    Form("note", "/mothers/{Zoe}/infusion/do/write-note/", "Write it down", {"text": "She sleeps."}, "She sleeps.", {}),
    Form("bag", "/mothers/{Zoe}/infusion/do/hang-bag/", "It hangs", {}, "bag 1"),
    Form("handover", "/mothers/{Zoe}/infusion/handover/offer-handover/", "Offer the handover",
         {"to": "R. Haddad, RN (invented)"}, "R. Haddad", {}),
    Form("finding", "/mothers/{Zoe}/infusion/do/report-finding/", "Record the finding",
         {"finding": "excessive-sedation"}, "STOP REQUESTED", {}),
    Form("stop confirmed", "/mothers/{Zoe}/infusion/do/confirm-stopped/", "The pump stands still", {}, "Stopped"),
    Form("resolved", "/mothers/{Zoe}/infusion/do/report-resolved/", "Record that it has resolved",
         {"finding": "excessive-sedation"}, "Stopped"),
    Form("resume", "/mothers/{Zoe}/infusion/do/resume/", "Go on at this rate",
         {"rate": "other", "other_rate": "20"}, "Resume authorised", {"rate": "other", "other_rate": "slower"}),
    Form("rate", "/mothers/{Zoe}/infusion/do/confirm-rate/", "Confirm", {"rate": "20"}, "Running",
         {"rate": "other", "other_rate": "2 or so"}),
    Form("stop", "/mothers/{Zoe}/infusion/do/request-stop/", "Request the stop now", {"why": "she asks"},
         "STOP REQUESTED"),
    Form("device", "/mothers/{Zoe}/infusion/devices/", "It is at her bed",
         {"device": "oximeter 31", "kind": "oximetry", "clock_ahead_s": ""}, "oximeter 31",
         {"kind": "oximetry", "clock_ahead_s": "late"}),
    Form("checklist", "/mothers/{Uma}/recovery/checklist/", "Write the checklist down", LEAVING, "Recovery"),
    Form("discharge", "/mothers/{Uma}/recovery/discharge/", "Write down that she leaves",
         {"left_with": "her sister", "decided_by": "Dr A. Moreau (invented)", "decided_why": "Well, awake, and clear."},
         "She left", {"decided_by": "Dr A. Moreau (invented)"}),
    Form("follow-up", "/mothers/{Uma}/assessment/follow-up/", "Write it down", better(), "EPDS"),
    Form("cost", "/mothers/{Kim}/recovery/cost/", "Work it out", {"deductible": "500", "deductible_met": "0"}, "500",
         {"deductible": "a lot"}),
    Form("settings of the site", "/site/settings/", "Write the settings down", {"spo2_below": "90"}, "Lakeside",
         {"spo2_below": "low"}, "site-representative"),
    Form("account", "/people/new/", "Make the account",
         {"name": "O. Vance, RN (invented)", "user_name": "olga", "roles": "nurse"}, "O. Vance",
         {"name": "O. Vance, RN (invented)", "user_name": "nina", "roles": "nurse"}, "site-representative"),
    Form("broken glass", "/mothers/{Kim}/break-glass/", "Open the record",
         {"reason": "A complaint is looked into; she agreed."}, "Kim (invented)", {"reason": "why"}, "auditor"),
    Form("audit filter", "/audit/", "Show", {"who": "N. Silva, RN (invented)"}, "infusion.run", {}, "auditor"),
)  # fmt: skip
ASKED_TWICE = [
    form for form in FORMS if form.wrong or form.name in {"dose plan confirmed", "note", "handover", "finding"}
]


@pytest.fixture(scope="module")
def theirs(served: Served, mothers: Mapping[str, str]) -> Mapping[str, str]:
    """The mothers of the table: those of these forms belong to no other test."""
    ask = served.ask
    return {
        **mothers,
        "Vida": ask("begin", name="Vida (invented)"),
        "Wilma": ask("begin", name="Wilma (invented)", like="Ines", steps=5),
        "Zoe": ask("running", name="Zoe", for_min=50),
        "Uma": ask("over", name="Uma"),
        "Vera": ask("begin", name="Vera (invented)", like="Dunya", steps=1),
    }


def sent(page: Page, button: str) -> bool:
    """Press the button; ``False``: the browser itself says which field is missing and sends nothing."""
    pressed = page.locator("main").get_by_role("button", name=button, exact=True).first
    if pressed.evaluate("one => !one.form.noValidate && !one.form.checkValidity()"):
        return False
    with page.expect_navigation():
        pressed.click()
    return True


@pytest.mark.parametrize("form", FORMS, ids=[form.name for form in FORMS])
def test_a_form_is_refused_and_then_written_without_scripts(
    browsers: Browsers, theirs: Mapping[str, str], form: Form
) -> None:
    page = browsers.page(form.role, java_script_enabled=False)
    page.goto(form.path.format(**theirs))
    if form in ASKED_TWICE:
        fill(page, those_asked(page, dict(form.wrong)))
        if sent(page, form.button):
            expect(page.locator(".errors, .field-error").first).to_be_visible()
        for name, text in form.wrong.items():
            typed = page.locator(f'[name="{name}"]:is(input[type=text], textarea)')
            if typed.count():
                expect(typed.first).to_have_value(text)
    fill(page, those_asked(page, dict(form.right)))
    assert sent(page, form.button)
    expect(page.locator("body")).to_contain_text(form.proof)
    expect(page.locator(".errors")).to_have_count(0)


def test_an_urgent_task_is_closed_without_scripts(browsers: Browsers, theirs: Mapping[str, str]) -> None:
    page = browsers.page("nurse", java_script_enabled=False)
    page.goto(f"/mothers/{theirs['Vera']}/urgent/")
    fill(page, {"outcome": "assessed"})
    if sent(page, "Write it down"):
        expect(page.locator(".errors")).to_be_visible()
    fill(page, {"outcome": "assessed", "done": "Seen at once; safe with her sister; back tomorrow at nine."})
    assert sent(page, "Write it down")
    expect(page.locator("body")).not_to_contain_text("urgent matter is open")


def test_a_request_is_closed_without_scripts(browsers: Browsers) -> None:
    page = browsers.page("coordinator", java_script_enabled=False)
    page.goto("/requests/")
    card = page.locator(".request", has_text="Bea (invented)")
    card.locator("summary").click()
    card.get_by_label("What was agreed with her").fill("She goes to a clinic nearer to her home.")
    with page.expect_navigation():
        card.get_by_role("button", name="Close the request").click()
    expect(page.locator(".request", has_text="Bea (invented)")).to_have_count(0)


def test_her_questions_are_answered_and_sent_without_scripts(browsers: Browsers, theirs: Mapping[str, str]) -> None:
    nurse = browsers.page("nurse", java_script_enabled=False)
    address = her_link(nurse, theirs["Nell"])
    page = browsers.page(java_script_enabled=False)
    page.goto(address)
    assert sent(page, "Begin")
    assert sent(page, "Keep and go on")
    expect(page.locator(".errors")).to_be_visible()
    while page.locator(".pick").count():
        page.locator(".pick label", has_text=re.compile("^No$")).or_(page.locator(".pick label").first).last.click()
        assert sent(page, "Keep and go on")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look at your answers")
    assert sent(page, "Send to my clinic")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")


def test_the_language_is_changed_without_scripts(browsers: Browsers) -> None:
    page = browsers.page(java_script_enabled=False)
    page.goto("/")
    with page.expect_navigation():
        page.get_by_role("button", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")


def test_the_live_page_without_scripts_is_made_anew_by_itself_and_its_acts_are_pages(
    browsers: Browsers, theirs: Mapping[str, str]
) -> None:
    page = browsers.page("nurse", java_script_enabled=False)
    page.goto(f"/mothers/{theirs['Liv']}/infusion/")
    assert 'http-equiv="refresh" content="15"' in page.content()
    with page.expect_navigation():
        page.get_by_role("link", name="STOP").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stop the infusion")
    expect(page.get_by_role("button", name="Request the stop now")).to_be_visible()
