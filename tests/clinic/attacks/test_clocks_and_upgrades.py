"""A clock that is set back or ahead, and the tables of a clinic made from nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from people.doors import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.mark.parametrize("span", [timedelta(minutes=6), timedelta(minutes=-6), timedelta(days=-30)])
def test_a_clock_that_jumps_locks_the_session_instead_of_keeping_it_open(
    span: timedelta, clock: Clock, logged_in: Callable[..., Client]
) -> None:
    browser = logged_in("nurse")
    assert browser.get("/worklist/").status_code == 200
    clock.ahead += span
    assert browser.get("/worklist/").headers["Location"].startswith("/me/unlock/")


def test_the_tables_are_those_of_the_models() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
