"""Feeding: every source side by side with the times of the course as it went, her choice, and the handout."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from stage_examples import ENDED, LEFT, PLANNED, play

pytestmark = pytest.mark.django_db
Staff = dict[str, Client]


def text(browser: Client, course: str) -> str:
    answer = browser.get(f"/mothers/{course}/lactation/")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def position(course: str) -> str:
    from matrescence.clinic.log.courses import open_course

    return str(open_course(course).position)


def choose(browser: Client, course: str, follows: str, **more: str) -> Any:
    body = {"key": "one", "position": position(course), "follows": follows, **more}
    return browser.post(f"/mothers/{course}/lactation/choose/", body)


def choices(course: str) -> list[str]:
    from matrescence.clinic.log.courses import history

    return [line["payload"]["follows"] for line in history(course) if line["kind"] == "feeding-choice"]


# ---- what each source says --------------------------------------------------------------------------------------


def test_every_source_of_the_drug_stands_on_the_page_with_its_grade(begun: Callable[..., str], staff: Staff) -> None:
    from matrescence.formulary import library

    page = text(staff["nurse"], begun(drug="brexanolone"))
    advice = library.load("brexanolone").lactation.advice
    assert len(advice) > 1
    assert all(item.who in page and item.advice in page for item in advice)
    assert page.count('<article class="card') >= len(advice)


def test_the_infants_dose_is_told_with_its_range_and_that_it_is_a_forecast(
    begun: Callable[..., str], staff: Staff
) -> None:
    page = text(staff["nurse"], begun(drug="brexanolone")).partition('id="infant"')[2].partition("</section>")[0]
    assert "Relative infant dose" in page and "nine in ten women" in page
    assert "not a measurement" in page


def test_a_drug_without_a_model_of_milk_says_that_the_dose_is_unknown(begun: Callable[..., str], staff: Staff) -> None:
    from matrescence.clinic.lactation.told import feeding_told
    from matrescence.clinic.log.courses import open_course

    for drug in ("zuranolone", "sertraline", "ketamine", "brexanolone"):
        course = begun(drug=drug, key=drug)
        opened = open_course(course)
        assert opened.known.mother is not None
        told = feeding_told(opened, opened.known.mother.start)
        infant = text(staff["nurse"], course).partition('id="infant"')[2].partition("</section>")[0]
        known = told["infant"]["relative_infant_dose_percent"] is not None
        assert ("<strong>Unknown.</strong>" in infant) is not known, drug


def test_before_the_infusion_the_times_are_those_of_the_plan(staff: Staff) -> None:
    page = text(staff["nurse"], play(PLANNED))
    assert "Tue 21 Apr 10:00" in page and "as planned" in page


def test_after_a_stop_every_wait_counts_from_the_stop(staff: Staff) -> None:
    """The pump ran from 10:01 to 10:20; a source that asks for twelve hours then says 22:20, and not 22:40."""
    page = text(staff["nurse"], play(ENDED))
    assert "stopped early" in page and "The drug was stopped at Tue 21 Apr 10:20" in page
    assert "22:20" in page and "22:40" not in page
    assert "Changed by how the treatment went." in page


def test_an_infant_whose_weight_is_not_known_gets_no_amount_made_up(db: None, staff: Staff) -> None:
    from clinic_examples import NOW, read_step

    from matrescence.actions.course import Request
    from matrescence.clinic.log import courses

    _, mother = read_step("mother.toml")
    mother.pop("infant_weight_kg")
    request = Request(
        "mother-recorded", {"drug": "brexanolone", "mother": mother}, id="b", by="N. Silva, RN (invented)"
    )
    page = text(staff["nurse"], courses.begin(request, now=NOW).course.id)
    cards = page.partition('class="advice"')[2].partition("</div>")[0]
    assert not re.search(r"\d+ to \d+ mL", cards)


# ---- her choice -------------------------------------------------------------------------------------------------


def test_her_choice_is_written_down_and_marked_among_the_sources(begun: Callable[..., str], staff: Staff) -> None:
    course = begun()
    assert choose(staff["nurse"], course, "Milk study (Wolfson)").status_code == 302
    assert choices(course) == ["Milk study (Wolfson)"]
    page = text(staff["nurse"], course)
    assert "She follows:" in page and page.count("she follows this") == 1


def test_not_breastfeeding_is_a_choice_too(begun: Callable[..., str], staff: Staff) -> None:
    from matrescence.clinic.log.courses import open_course

    course = begun()
    choose(staff["nurse"], course, "none")
    feeding = open_course(course).known.feeding
    assert feeding is not None and feeding.follows is None
    assert "She does not breastfeed." in text(staff["nurse"], course)


def test_nothing_chosen_and_a_source_that_is_not_there_are_refused_with_a_reason(
    begun: Callable[..., str], staff: Staff
) -> None:
    course = begun()
    nothing = choose(staff["nurse"], course, "")
    stranger = choose(staff["nurse"], course, "My aunt")
    assert (nothing.status_code, stranger.status_code) == (422, 422)
    assert "Say whose advice she follows" in unescape(nothing.content.decode())
    assert "Nobody called 'My aunt' advises on feeding here" in unescape(stranger.content.decode())
    assert choices(course) == []


def test_a_double_click_is_one_choice_and_a_late_form_keeps_what_was_picked(
    begun: Callable[..., str], staff: Staff
) -> None:
    course = begun()
    old = position(course)
    for _ in range(2):
        choose(staff["nurse"], course, "none", position=old)
    assert choices(course) == ["none"]
    late = choose(staff["prescriber"], course, "LactMed", key="late", position=old)
    assert late.status_code == 409
    assert 'value="LactMed" checked' in late.content.decode()


def test_a_pharmacist_reads_and_does_not_choose(begun: Callable[..., str], staff: Staff) -> None:
    course = begun()
    assert 'name="follows"' not in text(staff["pharmacist"], course)
    assert choose(staff["pharmacist"], course, "none").status_code == 403


# ---- the handout ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "lang", "said"), [("en", "en", "Feeding your baby"), ("es", "es", "bebé")], ids=["English", "Spanish"]
)
def test_the_handout_is_a_page_and_a_pdf_in_her_language(staff: Staff, language: str, lang: str, said: str) -> None:
    from matrescence.clinic.log.models import Audit

    course = play(LEFT)
    page = staff["nurse"].get(f"/mothers/{course}/lactation/print/{language}/")
    assert page.status_code == 200 and page["Cache-Control"] == "no-store"
    assert re.search(rf'<html lang="{lang}', page.content.decode())
    assert said.casefold() in unescape(page.content.decode()).casefold()
    pdf = staff["nurse"].get(f"/mothers/{course}/lactation/feeding-{language}.pdf")
    assert (pdf["Content-Type"], pdf["Cache-Control"]) == ("application/pdf", "no-store")
    assert pdf.content.startswith(b"%PDF")
    assert f'filename="feeding-ketamine-{language}.pdf"' in pdf["Content-Disposition"]
    row = Audit.objects.order_by("-seq")[0]
    assert (row.action, row.outcome, row.stream) == ("lactation.view", "read", course)


def test_a_language_without_words_is_not_there(staff: Staff) -> None:
    course = play(PLANNED)
    assert staff["nurse"].get(f"/mothers/{course}/lactation/print/xx/").status_code == 404
    assert staff["nurse"].get(f"/mothers/{course}/lactation/feeding-xx.pdf").status_code == 404


def test_the_calendar_holds_the_times_and_not_her_name(staff: Staff) -> None:
    answer = staff["nurse"].get(f"/mothers/{play(LEFT)}/lactation/feeding.ics")
    assert answer.content.startswith(b"BEGIN:VCALENDAR") and b"Julia" not in answer.content


def test_her_own_telephone_shows_the_times_of_the_course_as_it_went(staff: Staff) -> None:
    from datetime import timedelta

    from matrescence.clinic.clockwork.clock import now
    from matrescence.clinic.own.tokens import make_link

    course = play(LEFT)
    made = make_link(
        course,
        purpose="handout",
        scales=[],
        language="es",
        made_by="N. Silva, RN (invented)",
        at=now(),
        valid_for=timedelta(days=1),
    )
    hers = Client()
    hers.post(f"/s/{made.token}/")
    page = unescape(hers.get(f"/s/{made.token}/feeding/").content.decode())
    assert "22:20" in page and 'lang="es"' in page
