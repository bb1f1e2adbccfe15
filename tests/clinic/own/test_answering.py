"""Each answer is kept on the server, a missing one is no zero, and all are sent once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.log import courses
from matrescence.clinic.own.answering import forget_expired
from matrescence.clinic.people.models import MotherLink
from matrescence.reading import InputError

pytestmark = pytest.mark.django_db


def test_one_question_a_page_with_its_place_and_large_choices(opened: Callable[..., Any]) -> None:
    her = opened("phq9")
    page = her.get("3/").content.decode()

    assert "3 of 9" in page
    assert page.count('type="radio"') == 5
    assert page.count("<h1") == 1


def test_an_answer_is_kept_at_once_and_she_goes_on_where_she_was(opened: Callable[..., Any]) -> None:
    her = opened("phq9")
    response = her.answer("phq9:1", "2")

    assert response.headers["Location"] == f"{her.home}2/"
    again = her.browser.post(her.home)  # the connection was lost; she opens the link again and goes on
    assert again.headers["Location"] == f"{her.home}2/"
    assert 'value="2" checked' in her.get("1/").content.decode()


@pytest.mark.rule("clinic.draft")
@pytest.mark.hazard("entry-lost")
def test_her_answers_survive_a_new_session_of_the_server(opened: Callable[..., Any]) -> None:
    her = opened("phq9")
    her.answer("phq9:1", "3")
    cookie = her.browser.cookies[f"own-{her.link.pk}"].value

    later = her.browser.__class__()
    later.cookies[f"own-{her.link.pk}"] = cookie

    assert 'value="3" checked' in later.get(f"{her.home}1/").content.decode()
    assert "You have answered 1" in later.get(her.home).content.decode()


def test_back_keeps_what_is_chosen(opened: Callable[..., Any]) -> None:
    her = opened("phq9")
    her.answer("phq9:1", "1")
    response = her.answer("phq9:2", "2", back="1")

    assert response.headers["Location"] == f"{her.home}1/"
    assert her.link.visit.answers == {"phq9:1": 1, "phq9:2": 2}


def test_a_question_without_a_choice_is_asked_again_with_the_error_beside_it(opened: Callable[..., Any]) -> None:
    her = opened("phq9")
    response = her.browser.post(f"{her.home}1/", {"question": "phq9:1"})
    page = response.content.decode()

    assert response.status_code == 422
    assert "<title>Error:" in page
    assert 'href="#answer-1"' in page
    assert her.link.visit.answers == {}


def test_an_answer_that_is_none_of_the_choices_is_not_kept(opened: Callable[..., Any]) -> None:
    her = opened("phq9")

    assert her.answer("phq9:1", "7").status_code == 422
    assert her.link.visit.answers == {}


def test_what_she_would_rather_not_say_is_missing_and_never_zero(opened: Callable[..., Any]) -> None:
    her = opened("phq9")
    her.answer_all("1", phq9_4="rather-not", phq9_9="0")
    her.send()

    (sitting,) = her.known().sittings
    (form,) = sitting.assessed.forms
    assert form.given["4"] is None
    assert form.given["9"] == 0
    record = courses.history(her.course)[-1]["payload"]["scales"][0]["answers"]
    assert record["4"] == "not-answered"


def test_nothing_is_a_record_before_she_sends_it(opened: Callable[..., Any]) -> None:
    her = opened("phq9")
    her.answer_all("0")
    assert her.known().sittings == ()

    assert her.send().headers["Location"] == f"{her.home}sent/"
    assert len(her.known().sittings) == 1


def test_she_is_shown_her_answers_before_she_sends_them_and_can_change_each(opened: Callable[..., Any]) -> None:
    her = opened("phq9")
    her.answer_all("0")
    page = her.get("check/").content.decode()

    assert page.count("Not at all") == 9
    assert all(f'href="{her.home}{number}/?check"' in page for number in range(1, 10))
    assert her.answer("phq9:2", "1", check="1").headers["Location"] == f"{her.home}check/"


def test_it_cannot_be_sent_while_a_question_has_no_answer(opened: Callable[..., Any]) -> None:
    her = opened("phq9")
    her.answer("phq9:1", "0")

    assert her.send().status_code == 422
    assert her.known().sittings == ()


def test_sending_twice_is_one_record(opened: Callable[..., Any]) -> None:
    her = opened("phq9")
    her.answer_all("1", phq9_9="0")
    first, second = her.send(), her.send()

    assert first.headers["Location"] == second.headers["Location"] == f"{her.home}sent/"
    assert [line["kind"] for line in courses.history(her.course)] == ["mother-recorded", "assessment"]


def test_after_sending_the_draft_is_empty_and_the_link_only_thanks_her(opened: Callable[..., Any]) -> None:
    her = opened("phq9")
    her.answer_all("1", phq9_9="0")
    her.send()

    assert her.link.visit.answers == {}
    assert her.get("1/").headers["Location"] == f"{her.home}sent/"
    assert her.answer("phq9:1", "3").headers["Location"] == f"{her.home}sent/"


def test_a_follow_up_is_recorded_as_one(opened: Callable[..., Any]) -> None:
    her = opened("phq9", "her-questions", purpose=MotherLink.FOLLOW_UP)
    assert not [question for question in her.asked() if question.key.startswith("past:")]
    her.answer_all("0")
    her.send()

    assert courses.history(her.course)[-1]["kind"] == "follow-up"
    assert her.known().sittings[-1].assessed.follow_up


def test_her_own_no_is_not_recorded_as_looked_for_and_not_found(opened: Callable[..., Any]) -> None:
    her = opened("phq9", "her-questions")
    her.answer_all("0", past_severe_mental_illness="yes")
    her.send()

    history = her.known().sittings[-1].assessed.history
    assert history.signs.hallucinations is None
    assert history.infant_harm.thoughts is None
    assert history.prior_depression is False
    assert history.severe_mental_illness is True
    assert "She said no to: hallucinations" in courses.history(her.course)[-1]["payload"]["about"]


def test_a_question_that_hangs_on_a_yes_comes_only_after_it(opened: Callable[..., Any]) -> None:
    her = opened("her-questions")
    before = [question.key for question in her.asked()]
    her.answer("infant_harm:thoughts", "yes")
    after = [question.key for question in her.asked()]

    assert "infant_harm:intention" not in before
    assert "infant_harm:intention" in after


def test_a_screener_leaves_out_what_hangs_on_a_no(opened: Callable[..., Any], worded: Callable[..., None]) -> None:
    worded("cssrs")
    her = opened("cssrs")
    assert len(her.asked()) == 7
    her.answer("cssrs:2", "0")

    assert [question.key for question in her.asked()] == ["cssrs:1", "cssrs:2", "cssrs:6", "cssrs:6_3_months"]


def test_what_was_not_sent_is_deleted_when_the_link_is_over(opened: Callable[..., Any]) -> None:
    her = opened("phq9")
    her.answer("phq9:1", "3")
    MotherLink.objects.filter(pk=her.link.pk).update(expires_at=now() - timedelta(seconds=1))
    forget_expired(now())

    assert her.link.visit.answers == {}
    assert her.known().sittings == ()


def test_a_course_that_cannot_take_it_keeps_the_draft(
    opened: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    her = opened("phq9")
    her.answer_all("1", phq9_9="0")

    def refuse(*_: object, **__: object) -> None:
        raise InputError("the course cannot be used")

    with monkeypatch.context() as patched:
        patched.setattr("matrescence.clinic.own.answering.add", refuse)
        assert her.send().status_code == 409
    assert len(her.link.visit.answers) == 9
    assert her.send().status_code == 302
    assert len(her.known().sittings) == 1


def test_her_pages_show_no_score_and_nobody_who_works_here(
    opened: Callable[..., Any], words_of: Callable[..., str]
) -> None:
    her = opened("phq9")
    pages = [her.get(), her.get("1/")]
    her.answer_all("3")
    pages += [her.get("now/"), her.get("check/"), her.get("stop/")]
    her.send()
    pages += [her.get("sent/")]

    for page in pages:
        said = words_of(page)
        assert page.status_code == 200
        assert not {"27", "score", "severe", "moderate", "cut-off", "Silva"} & set(said.replace(".", "").split())


def test_nothing_of_hers_is_kept_in_the_browser(opened: Callable[..., Any]) -> None:
    her = opened("phq9")
    her.answer("phq9:1", "3")
    page = her.get("1/")

    assert "<script" not in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    assert set(her.browser.cookies) <= {f"own-{her.link.pk}", "csrftoken", "csrf"}
    assert "phq9" not in json.dumps([cookie.value for cookie in her.browser.cookies.values()])
