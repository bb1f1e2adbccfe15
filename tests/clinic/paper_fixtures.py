"""A site with a name, four people with browsers, and a course whose session is prepared.  Everybody is invented."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from paper_examples import MOTHER, PEOPLE, SETTINGS, WHO_SIGNS, of, posted, whole

from matrescence.actions.course import Request

Staff = Mapping[str, Client]


@pytest.fixture
def staff(logged_in: Callable[..., Client]) -> dict[str, Client]:
    """The browsers of a nurse, a prescriber, a pharmacist and the site's representative, by role."""
    return {role: logged_in(role, name=name) for role, name in PEOPLE.items()}


@pytest.fixture
def site_named(db: None) -> Callable[..., Any]:
    """Write down what the site has set: its names, and whatever else is given."""
    from matrescence.clinic.clockwork.clock import now
    from matrescence.clinic.log import site

    def write(**more: Any) -> Any:
        request = Request("site-settings", {**SETTINGS, **more}, by=PEOPLE["site-representative"])
        return site.add(request, now=now()).site

    return write


@pytest.fixture
def prepared(
    begun: Callable[..., str], site_named: Callable[..., Any], staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """A course under any programme, with its first session named."""

    def make(programme: str = "local-protocol", drug: str = "ketamine") -> str:
        from matrescence.actions.course_open import ground_of
        from matrescence.clinic.log import courses
        from matrescence.formulary.programmes import library as programmes

        def ground(name: str) -> Any:
            return replace(ground_of(name), programme=programmes.load(programme))

        monkeypatch.setattr(courses, "ground_of", ground)
        site_named()
        course = begun(drug=drug)
        answer = staff["prescriber"].post(
            f"/mothers/{course}/enrolment/session/", {"prescriber": PEOPLE["prescriber"], "position": "1"}
        )
        assert answer.status_code == 302
        return course

    return make


def sign_all(staff: Staff, url: str, programme: str, requirement: str, **changes: str) -> None:
    """Fill a form and have everybody sign whom it asks for."""
    _, _, form = of(programme, requirement)
    typed = {**whole(form), **changes}
    for role in form.signatures:
        more = {"do": f"sign:{role}", "version": version_at(staff["nurse"], url), "her-name": MOTHER}
        answer = staff[WHO_SIGNS[role]].post(url, posted(typed, **more))
        assert answer.status_code == 302, answer.content.decode()


def version_at(browser: Client, url: str) -> str:
    """The version of the draft that a page shows."""
    text = browser.get(url).content.decode()
    return text.split('name="version" value="')[1].split('"')[0]
