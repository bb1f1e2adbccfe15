"""Every page of the clinic in every state that a person can see it in: one table, for axe, narrow screens, pictures.

A state is a page at an address, opened by somebody with a role; some need a press or two before they look as they
should.  ``{Ana}`` in an address is the course of the mother of that name.  Everybody is invented.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import Page, expect
from served import Served

Act = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class State:
    """One page in one state.

    ``role`` is who opens it, ``None`` for anybody; ``act`` is what is done on it first; ``about`` says under its
    picture what a reader sees.  With ``live`` the page hears a stream, and its state is reached when it hears it.
    """

    name: str
    path: str
    role: str | None
    about: str
    act: Act | None = None
    status: int = 200
    language: str = "en"

    @property
    def link(self) -> str:
        """The name of the link that a page of hers is opened with: each has one of its own."""
        return f"link {self.name}"


def open_state(page: Page, state: State, mothers: Mapping[str, str]) -> None:
    """Open a page and bring it into its state."""
    answer = page.goto(state.path.format(**mothers))
    assert answer is not None
    assert answer.status == state.status, f"{state.name}: {answer.status} at {page.url}"
    if state.act is not None:
        state.act(page)
    expect(page.locator("h1:visible, h2:visible").first).to_be_visible()


# ---- what is done on a page --------------------------------------------------------------------------------------


def send(name: str, *, after: Act | None = None) -> Act:
    """Press a button of the main part, with whatever stands in its form."""

    def act(page: Page) -> None:
        if after is not None:
            after(page)
        with page.expect_navigation():
            page.locator("main").get_by_role("button", name=name, exact=True).first.click()

    return act


def typed(**fields: str) -> Act:
    """Type this into the fields of these names."""

    def act(page: Page) -> None:
        for name, text in fields.items():
            page.locator(f'main [name="{name}"]').first.fill(text)

    return act


def unfold(page: Page) -> None:
    """Open everything that is folded."""
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")


def spanish(page: Page) -> None:
    """Ask for Spanish in the foot of the page."""
    with page.expect_navigation():
        page.get_by_role("button", name="Español").click()


def dialog(name: str) -> Act:
    """Open an act of the live page above it."""

    def act(page: Page) -> None:
        unfold(page)
        page.locator("#acts").get_by_role("link", name=name, exact=True).first.click()
        expect(page.locator("#act-dialog")).to_be_visible()
        expect(page.locator("#act-body button").first).to_be_visible()

    return act


def locked(page: Page) -> None:
    """Let five minutes pass on the page's own clock: the strip that says so is shown."""
    page.evaluate("document.querySelector('[data-locks-after]').hidden = false")


# ---- her own telephone -------------------------------------------------------------------------------------------


def tap(page: Page, css: str = "main .button.wide") -> None:
    """Tap the large button."""
    with page.expect_navigation():
        page.locator(css).first.click()


def answered(*nths: int) -> Act:
    """Begin, and answer so many questions; each is the number of the answer from the top, 0 the first."""

    def act(page: Page) -> None:
        tap(page)
        for nth in nths:
            page.locator(".pick label").nth(nth).click()
            tap(page)

    return act


def missing(page: Page) -> None:
    """Begin, and go on without an answer."""
    tap(page)
    tap(page)


def stopped(page: Page) -> None:
    """Begin, answer once, stop for now."""
    answered(1)(page)
    tap(page, "main .quiet-link")


def all_answered(page: Page) -> None:
    """Answer everything: the page that shows the answers before they are sent."""
    answered(*[0] * 9)(page)
    while page.locator(".pick").count():
        page.locator(".pick label", has_text=re.compile("^No$")).or_(page.locator(".pick label").first).last.click()
        tap(page)


def all_sent(page: Page) -> None:
    """Answer everything and send it."""
    all_answered(page)
    tap(page)


def costs(page: Page) -> None:
    """From the handout to what the treatment costs."""
    tap(page)
    tap(page, "main .buttons a")


def _hers(name: str, about: str, act: Act | None = None, *, spanish: bool = True) -> tuple[State, ...]:
    """A page of hers in each language."""
    languages = {"": "en", "-es": "es"} if spanish else {"": "en"}
    return tuple(
        State(f"{name}{more}", f"{{link {name}{more}}}", None, about, act, language=language)
        for more, language in languages.items()
    )


HER_QUESTIONS = (
    *_hers("own-start", "What a link opens, before she taps Begin."),
    *_hers("own-question", "One question a page, large to tap.", answered()),
    *_hers("own-refused", "Nothing chosen: said at once, and nothing lost.", missing),
    *_hers("own-crisis", "An answer that cannot wait: whom to call, at once.", answered(*[1] * 9)),
    *_hers("own-stopped", "She may stop at any page and go on later.", stopped),
    *_hers("own-check", "What she answered, before it is sent.", all_answered),
    *_hers("own-sent", "Thank you, and whom to call.", all_sent, spanish=False),
)
HER_HANDOUT = (
    *_hers("own-feeding", "Feeding around the treatment, with the times that are hers.", answered()),
    *_hers("own-cost", "What the treatment costs.", costs),
)
HERS = (
    *HER_QUESTIONS,
    *HER_HANDOUT,
    State("own-dead", "/s/nothing-that-was-made/", None, "A link that opens nothing.", status=410),
)
"""What she sees on her own telephone, in each language."""

# ---- the mothers -------------------------------------------------------------------------------------------------


def mothers_of(served: Served) -> Mapping[str, str]:
    """The demonstration's mothers, and a few more whose infusions stand where no demonstration leaves them."""
    ask = served.ask
    more = {
        "Liv": ask("running", name="Liv", for_min=95),
        "Mira": ask("running", name="Mira", for_min=200),
        "Oda": ask("running", name="Oda", for_min=320),
        "Sara": ask("running", name="Sara", for_min=400),
        "Rhea": ask("before_start", name="Rhea", starts_in_min=10),
        "Tove": ask("running", name="Tove", for_min=61 * 60),
        "Nell": ask("begin", name="Nell (invented)"),
        "Yara": ask("running", name="Yara", for_min=30),
    }
    ask("say", course=more["Mira"], command="report-finding", finding="excessive-sedation")
    ask("say", course=more["Oda"], command="report-finding", finding="hypoxia")
    ask("say", course=more["Oda"], command="confirm-stopped")
    ask("say", course=more["Sara"], command="report-finding", finding="excessive-sedation")
    ask("say", course=more["Sara"], command="confirm-stopped")
    ask("say", course=more["Tove"], command="confirm-stopped")
    ask("oximeter_at", course=more["Yara"], device="oximeter 22")
    ask("oximeter_says", device="oximeter 22", spo2=96)
    hers = {state.link: ask("link", course=more["Nell"], language=state.language) for state in HER_QUESTIONS}
    fatima = served.mothers["Fatima"]
    hers |= {s.link: ask("link", course=fatima, purpose="handout", language=s.language) for s in HER_HANDOUT}
    return {**served.mothers, **more, **hers}


NURSE, PRESCRIBER, SITE, AUDITOR = "nurse", "prescriber", "site-representative", "auditor"

STAFF: tuple[State, ...] = (
    State("welcome", "/", None, "The open door: ask for a consultation and book a time."),
    State("welcome-refused", "/", None, "A request without a name: what is missing is named, and linked.",
          send("Send the request")),
    State("log-in", "/accounts/login/", None, "Everybody who works here logs in."),
    State("log-in-refused", "/accounts/login/", None, "A wrong password.",
          send("Log in", after=typed(login="nina", password="wrong"))),
    State("not-found", "/no-such-page/", None, "There is no such page.", status=404),
    State("worklist", "/worklist/", NURSE, "Who is urgent, what cannot wait, what is due, what runs."),
    State("requests", "/requests/", NURSE, "Who has asked for a consultation."),
    State("begin", "/mothers/begin/", NURSE, "Begin a course; what nobody has asked stays unknown."),
    State("begin-refused", "/mothers/begin/", NURSE, "Refused: every reason, linked to its field.",
          send("Begin the course")),
    State("mother", "/mothers/{Kim}/", NURSE, "One mother: what is next, where she is, her scores and sessions."),
    State("mother-new", "/mothers/{Nell}/", NURSE, "A mother of whom nothing but her file is known."),
    State("mother-urgent", "/mothers/{Dunya}/", NURSE, "An urgent matter stands above every page of hers."),
    State("history", "/mothers/{Fatima}/history/", NURSE, "Every record as it was written."),
    State("change", "/mothers/{Elena}/change/", NURSE, "Change what is known of her."),
    State("change-refused", "/mothers/{Elena}/change/", NURSE, "A weight that is none.",
          send("Write it down", after=typed(weight_kg=""))),
    State("assessment", "/mothers/{Dunya}/assessment/", NURSE, "Scores, urgent tasks, the consultation."),
    State("assessment-empty", "/mothers/{Nell}/assessment/", NURSE, "Nothing was answered yet."),
    State("assessment-record", "/mothers/{Elena}/assessment/record/", NURSE, "Enter the answers of an assessment."),
    State("assessment-refused", "/mothers/{Nell}/assessment/record/", NURSE, "A day that is no day.",
          send("Write it down", after=typed(began_on_day="some day"))),
    State("urgent", "/mothers/{Dunya}/urgent/", NURSE, "What is urgent, and what became of it."),
    State("urgent-refused", "/mothers/{Dunya}/urgent/", NURSE, "It cannot be closed without saying what was done.",
          send("Write it down")),
    State("consultation", "/mothers/{Elena}/assessment/consultation/", NURSE, "The checklist of the consultation."),
    State("links", "/mothers/{Elena}/assessment/links/", NURSE, "Links to her own pages."),
    State("link-made", "/mothers/{Elena}/assessment/links/", NURSE, "Her link, shown once, with a code to scan.",
          send("Make the link")),
    State("follow-up", "/mothers/{Kim}/assessment/follow-up/", NURSE, "Record a follow-up."),
    State("eligibility", "/mothers/{Elena}/eligibility/", PRESCRIBER, "Eligible, with every reason."),
    State("eligibility-not", "/mothers/{Greta}/eligibility/", PRESCRIBER, "Not eligible, and what would change it."),
    State("eligibility-unknown", "/mothers/{Nell}/eligibility/", PRESCRIBER, "Nothing is known: nothing is assumed."),
    State("enrolment", "/mothers/{Hana}/enrolment/", NURSE, "What keeps the gate closed, requirement by requirement."),
    State("enrolment-historical", "/mothers/{Rhea}/enrolment/", PRESCRIBER, "The historical programme of brexanolone."),
    State("paper", "/mothers/{Hana}/enrolment/papers/patient.consent/", NURSE, "A form that is filled, kept, signed."),
    State("paper-open", "/mothers/{Hana}/enrolment/papers/prescriber.assessment/", PRESCRIBER,
          "Kept with a field open: it cannot be signed.", send("Keep as a draft and check")),
    State("plan", "/mothers/{Ines}/plan/", PRESCRIBER, "The plan: pump, bags, checks, forecast, milk, cost."),
    State("plan-choose", "/mothers/{Ines}/plan/choose/", PRESCRIBER, "Choose the regimen and set the limits."),
    State("plan-compare", "/mothers/{Ines}/plan/side-by-side/", PRESCRIBER, "Every option side by side."),
    State("plan-print", "/mothers/{Ines}/plan/print/", PRESCRIBER, "The plan on paper."),
    State("confirm-plan", "/mothers/{Ines}/infusion/confirm/dose-plan/", "pharmacist", "One of two people confirms."),
    State("confirm-refused", "/mothers/{Ines}/infusion/confirm/pump/", "pharmacist", "Confirmed without comparing.",
          send("Confirm")),
    State("infusion-none", "/mothers/{Nell}/infusion/", NURSE, "No infusion is open."),
    State("infusion-opening", "/mothers/{Ines}/infusion/", NURSE, "Before an infusion is opened."),
    State("infusion-opened", "/mothers/{Rhea}/infusion/", NURSE, "Opened, not started."),
    State("infusion-running", "/mothers/{Liv}/infusion/", NURSE, "A running infusion."),
    State("infusion-silent", "/mothers/{Yara}/infusion/", NURSE, "Her oximeter has fallen silent."),
    State("infusion-stop-requested", "/mothers/{Mira}/infusion/", NURSE, "A stop is requested and not confirmed."),
    State("infusion-stopped", "/mothers/{Sara}/infusion/", NURSE, "Stopped for sedation: it cannot go on yet."),
    State("infusion-hypoxia", "/mothers/{Oda}/infusion/", NURSE, "After hypoxia: it never goes on."),
    State("infusion-over", "/mothers/{Tove}/infusion/", NURSE, "Completed; the watch goes on."),
    State("infusion-pharmacist", "/mothers/{Liv}/infusion/", "pharmacist", "Watched by somebody who may not act."),
    State("infusion-locked", "/mothers/{Liv}/infusion/", NURSE, "Locked for writing while the display stays up.",
          locked),
    State("infusion-dialog", "/mothers/{Liv}/infusion/", NURSE, "One tap opens a form above the live values.",
          dialog("Confirm the rate")),
    State("infusion-stop-form", "/mothers/{Liv}/infusion/do/request-stop/", NURSE, "The form of a stop."),
    State("infusion-finding", "/mothers/{Liv}/infusion/do/report-finding/", NURSE, "Report a finding."),
    State("infusion-refused", "/mothers/{Liv}/infusion/do/report-finding/", NURSE, "A finding without saying which.",
          send("Record the finding")),
    State("infusion-handover", "/mothers/{Liv}/infusion/handover/offer-handover/", NURSE, "Hand over."),
    State("devices", "/mothers/{Yara}/infusion/devices/", NURSE, "Which devices are at her bed."),
    State("simulator", "/mothers/{Ana}/infusion/simulator/", NURSE, "The simulated bedside, with its faults."),
    State("feeding", "/mothers/{Fatima}/lactation/", NURSE, "What each source says, side by side."),
    State("feeding-print", "/mothers/{Fatima}/lactation/print/es/", NURSE, "Her handout on paper, in Spanish."),
    State("recovery", "/mothers/{Kim}/recovery/", NURSE, "Scores against the forecast, the next session, follow-ups."),
    State("recovery-waits", "/mothers/{Tove}/recovery/", NURSE, "May she leave? Each criterion with its reason."),
    State("checklist", "/mothers/{Tove}/recovery/checklist/", NURSE, "The checklist before she leaves."),
    State("discharge-refused", "/mothers/{Tove}/recovery/discharge/", NURSE, "How she leaves: refused.",
          send("Write down that she leaves")),
    State("cost", "/mothers/{Kim}/recovery/cost/", NURSE, "What the course costs, and what an account may pay."),
    State("site", "/site/", SITE, "The site: programmes, settings, wording."),
    State("site-settings", "/site/settings/", SITE, "What the site has set for itself."),
    State("site-programme", "/site/programmes/zulresso/", SITE, "The papers of the setting."),
    State("site-wordings", "/site/wording/", SITE, "Which scales may be shown, and whose wording is licensed."),
    State("site-wording", "/site/wording/epds/", SITE, "Upload the licensed wording of a scale."),
    State("site-history", "/site/history/", SITE, "What was written down about the site."),
    State("people", "/people/", SITE, "Who works here, with which roles."),
    State("person-new", "/people/new/", SITE, "Make an account."),
    State("person-refused", "/people/new/", SITE, "A name that somebody else has.",
          send("Make the account", after=typed(name="N. Silva, RN (invented)", user_name="nina"))),
    State("audit", "/audit/", AUDITOR, "Who read and wrote what."),
    State("audit-chain", "/audit/chain/", AUDITOR, "Whether both chains are as they were written."),
    State("audit-glasses", "/audit/break-glass/", AUDITOR, "Every time that a glass was broken."),
    State("break-glass", "/mothers/{Kim}/break-glass/", AUDITOR, "A reason opens a record for an hour."),
    State("refused", "/people/", NURSE, "Her role does not allow it.", status=403),
    State("me", "/me/", NURSE, "Her own account."),
    State("second-factor", "/accounts/2fa/", NURSE, "Her second factors."),
    State("sessions", "/accounts/sessions/", NURSE, "Where she is logged in."),
)  # fmt: skip
"""The staff's pages, and those of nobody."""

IN_SPANISH = ("welcome", "worklist", "requests", "mother", "infusion-running", "infusion-stop-requested", "enrolment")
"""The pages that are looked at in Spanish too, of those that staff and everybody see."""
