"""The live page goes on while nobody moves; writing then asks who she is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from matrescence.clinic.log.models import Event
from matrescence.clinic.people.idle import SEEN

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


@pytest.fixture
def idle(logged_in: Make) -> Any:
    """A nurse's browser in which nobody has moved for an hour."""
    browser = logged_in("nurse")
    browser.get("/worklist/")
    session = browser.session
    session[SEEN] = session[SEEN] - 3600
    session.save()
    return browser


def test_what_is_live_goes_on_being_shown_and_says_that_it_is_locked(running: Make, idle: Any) -> None:
    course = running()
    page = idle.get(f"/mothers/{course}/infusion/")
    assert page.status_code == 200 and "Before anything is written it asks who you are" in page.content.decode()
    assert idle.get(f"/mothers/{course}/infusion/snapshot").status_code == 200


def test_nothing_is_written_before_she_says_who_she_is(running: Make, idle: Any) -> None:
    course, before = running(), Event.objects.count()
    before = Event.objects.count()
    answer = idle.post(f"/mothers/{course}/infusion/do/write-note/", {"key": "a" * 32, "text": "Not hers."})
    assert "password" in (answer.content.decode() or answer.get("Location", ""))
    assert Event.objects.count() == before
