"""An urgent answer brings the page with whom to call at once, and a task for the staff, whatever she does next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from clinic_examples import NOW

from matrescence.actions.course import Request
from matrescence.care.assessment.rules import RULE
from matrescence.care.assessment.urgent import _STEPS, Urgency
from matrescence.clinic.log import courses, site
from matrescence.clinic.people.models import MotherLink
from matrescence.reading import InputError

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Case:
    """The answers that open one urgent path; the last of them opens it."""

    scale: str
    answers: tuple[tuple[str, str], ...]


HERS = "her-questions"
CASES = {
    "assessment.self_harm_item": Case("phq9", (("phq9:9", "1"),)),
    "assessment.cssrs_high": Case("cssrs", (("cssrs:4", "1"),)),
    "assessment.cssrs_moderate": Case("cssrs", (("cssrs:3", "1"),)),
    "assessment.cssrs_low": Case("cssrs", (("cssrs:1", "1"),)),
    "assessment.psychosis_sign": Case(HERS, (("signs:hallucinations", "yes"),)),
    "assessment.mania_history": Case(HERS, (("past:mania_or_hypomania", "yes"),)),
    "assessment.mdq_positive": Case("mdq", tuple((f"mdq:{number}", "1") for number in range(1, 8))),
    "assessment.infant_harm_emergency": Case(HERS, (("infant_harm:thoughts", "yes"), ("infant_harm:intention", "yes"))),
    "assessment.infant_harm": Case(HERS, (("infant_harm:thoughts", "yes"),)),
}
LATER = {rule for rule, step in _STEPS.items() if step.urgency is Urgency.BEFORE_DRUG}


def test_every_urgent_rule_of_the_core_has_a_case_here() -> None:
    assert set(CASES) == set(_STEPS) <= set(RULE)


@pytest.mark.rule("clinic.crisis")
@pytest.mark.hazard("self-harm-answer-unseen")
@pytest.mark.parametrize("rule", sorted(set(CASES) - LATER))
def test_the_crisis_page_is_the_next_page(
    rule: str, opened: Callable[..., Any], worded: Callable[..., None], words_of: Callable[..., str]
) -> None:
    worded("cssrs", "mdq")
    case = CASES[rule]
    her = opened(case.scale)
    for key, sent in case.answers:
        response = her.answer(key, sent)

    page = her.browser.get(response.headers["Location"])
    assert response.headers["Location"].startswith(f"{her.home}now/")
    assert 'href="tel:988"' in page.content.decode()
    assert 'href="tel:911"' in page.content.decode()
    assert "Your clinic has been told" in words_of(page)


@pytest.mark.parametrize("rule", sorted(CASES))
def test_the_staff_have_the_task_before_she_sends_anything(
    rule: str, opened: Callable[..., Any], worded: Callable[..., None]
) -> None:
    worded("cssrs", "mdq")
    case = CASES[rule]
    her = opened(case.scale)
    for key, sent in case.answers:
        her.answer(key, sent)

    assert rule in [task.path.reason.rule for task in her.known().open_tasks]
    assert her.link.finished_at is None


@pytest.mark.parametrize("rule", sorted(LATER))
def test_what_waits_until_a_drug_is_started_frightens_nobody(
    rule: str, opened: Callable[..., Any], worded: Callable[..., None]
) -> None:
    worded("mdq")
    case = CASES[rule]
    her = opened(case.scale)
    for key, sent in case.answers:
        response = her.answer(key, sent)

    assert "now/" not in response.headers["Location"]


def test_item_ten_of_the_epds_counts_in_the_order_in_which_it_is_printed(
    opened: Callable[..., Any], worded: Callable[..., None]
) -> None:
    worded("epds")
    her = opened("epds")
    choices = [choice.kept for choice in her.asked()[9].choices]

    assert choices == [3, 2, 1, 0, None]  # a reversed item: the answer printed first scores most
    assert "now/" not in her.answer("epds:10", "0").headers["Location"]
    assert "now/" in her.answer("epds:10", "1").headers["Location"]


def test_the_urgent_answer_is_a_record_even_if_she_stops(
    opened: Callable[..., Any], words_of: Callable[..., str]
) -> None:
    her = opened("phq9")
    her.answer("phq9:9", "2")
    stopped = words_of(her.get("stop/"))

    assert "Your clinic has been told" in stopped
    (sitting,) = her.known().sittings
    assert sitting.assessed.forms[0].given == {"9": 2}
    assert courses.history(her.course)[-1]["payload"]["about"].endswith("She has not sent the rest yet.")


def test_what_she_sends_later_corrects_that_record_and_leaves_one_task(opened: Callable[..., Any]) -> None:
    her = opened("phq9")
    her.answer("phq9:9", "2")
    her.answer_all("1")
    her.send()

    assert [line["kind"] for line in courses.history(her.course)] == ["mother-recorded", "assessment", "correction"]
    (sitting,) = her.known().sittings
    assert len(sitting.assessed.forms[0].given) == 9
    assert "not sent" not in courses.history(her.course)[-1]["payload"]["payload"]["about"]
    assert [task.path.reason.rule for task in her.known().open_tasks] == ["assessment.self_harm_item"]


def test_a_second_urgent_answer_is_recorded_at_once_too(opened: Callable[..., Any]) -> None:
    her = opened("phq9", HERS)
    her.answer("phq9:9", "1")
    her.answer("signs:hallucinations", "yes")

    rules = [task.path.reason.rule for task in her.known().open_tasks]
    assert rules == ["assessment.psychosis_sign", "assessment.self_harm_item"]


def test_taking_an_urgent_answer_back_leaves_the_task_open(opened: Callable[..., Any]) -> None:
    her = opened("phq9")
    her.answer("phq9:9", "2")
    her.answer("phq9:9", "0")
    her.answer_all("0")
    her.send()

    assert her.known().sittings[-1].assessed.forms[0].given["9"] == 0
    assert [task.path.reason.rule for task in her.known().open_tasks] == ["assessment.self_harm_item"]


def test_giving_the_urgent_answer_twice_is_one_task_and_shows_the_page_again(opened: Callable[..., Any]) -> None:
    her = opened("phq9")
    first, second = her.answer("phq9:9", "2"), her.answer("phq9:9", "2")

    assert first.headers["Location"] == second.headers["Location"]
    assert len(her.known().open_tasks) == 1


def test_an_urgent_answer_of_a_follow_up_is_a_task_too(opened: Callable[..., Any]) -> None:
    her = opened("phq9", purpose=MotherLink.FOLLOW_UP)
    her.answer("phq9:9", "1")

    assert courses.history(her.course)[-1]["kind"] == "follow-up"
    assert len(her.known().open_tasks) == 1


def test_the_page_comes_although_the_record_cannot_be_written_and_says_so(
    opened: Callable[..., Any], words_of: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    her = opened("phq9")

    def refuse(*_: object, **__: object) -> None:
        raise InputError("the course cannot be used")

    with monkeypatch.context() as patched:
        patched.setattr("matrescence.clinic.own.answering.add", refuse)
        response = her.answer("phq9:9", "1")
    assert "now/" in response.headers["Location"]
    assert "We could not tell your clinic" in words_of(her.get("now/"))

    her.answer("phq9:8", "0")  # with the next answer it is tried again
    assert len(her.known().open_tasks) == 1


def test_the_most_pressing_path_speaks_and_of_equals_the_newest(
    opened: Callable[..., Any], words_of: Callable[..., str]
) -> None:
    her = opened("phq9", HERS)
    her.answer("phq9:9", "1")
    baby = her.browser.get(her.answer("infant_harm:thoughts", "yes").headers["Location"])
    assert "You are not a bad mother" in words_of(baby)

    danger = her.browser.get(her.answer("signs:delusions", "yes").headers["Location"])
    assert "Please call for help now." in words_of(danger)
    assert danger.content.decode().index("Call 911") < danger.content.decode().index("Call 988")


def test_a_line_of_support_says_that_it_is_not_for_a_crisis(
    opened: Callable[..., Any], words_of: Callable[..., str]
) -> None:
    her = opened("phq9")
    her.answer("phq9:9", "1")

    said = words_of(her.get("now/"))
    assert said.index("988") < said.index("1‑833")
    assert "For support. It is not a crisis line." in said


def test_the_page_is_there_only_for_whom_it_is(opened: Callable[..., Any]) -> None:
    her = opened("phq9")

    assert her.get("now/").headers["Location"] == f"{her.home}1/"


def test_whom_to_call_stands_in_the_same_place_on_every_page(opened: Callable[..., Any]) -> None:
    her = opened("phq9")
    pages = [her.get(), her.get("1/"), her.get("check/"), her.get("stop/")]
    her.answer("phq9:9", "1")
    pages += [her.get("now/")]
    her.answer_all("0")
    her.send()
    pages += [her.get("sent/"), her.browser.get("/s/there-is-none/")]

    heads = {page.content.decode().split("<header")[1].split("</header>")[0] for page in pages}
    assert len(heads) == 1
    assert 'href="tel:988"' in heads.pop()


def test_the_page_comes_although_her_course_cannot_be_trusted(
    opened: Callable[..., Any], words_of: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    her = opened("phq9")

    def altered(*_: object) -> None:
        raise courses.AlteredError("a record was changed by other hands")

    for module in ("answering", "views"):
        monkeypatch.setattr(f"matrescence.clinic.own.{module}.open_course", altered)
    page = her.browser.get(her.answer("phq9:9", "1").headers["Location"])

    assert page.status_code == 200
    assert "We could not tell your clinic" in words_of(page)
    assert her.get("stop/").status_code == 200


def test_the_numbers_are_those_that_the_site_has_set(opened: Callable[..., Any], words_of: Callable[..., str]) -> None:
    her = opened("phq9")
    own = {"role": "clinic", "name": "Invented clinic", "number": "555-0100", "how": "call, eight to five"}
    site.add(Request("site-settings", {"help_lines": [own]}, id="s1", by="S. Rep (invented)"), now=NOW)

    page = her.browser.get(her.answer("phq9:9", "1").headers["Location"])
    assert 'href="tel:5550100"' in page.content.decode()
    assert "Invented clinic" in words_of(page)


def test_there_is_somebody_to_call_although_the_records_of_the_site_cannot_be_read(
    opened: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    her = opened("phq9")

    def altered() -> None:
        raise courses.AlteredError("a record of the site was changed by other hands")

    monkeypatch.setattr("matrescence.clinic.own.lines.help_lines", altered)
    page = her.browser.get(her.answer("phq9:9", "1").headers["Location"])

    assert 'href="tel:988"' in page.content.decode()
