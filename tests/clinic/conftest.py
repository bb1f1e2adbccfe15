"""What the clinic's tests share: people of every role, and courses at every stage.  Everybody is invented."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from clinic_examples import NOW, PASSWORD, read_step
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from emptying import emptying_allowed

from matrescence.actions.course import Request


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database with the table that the cache lives in."""
    with django_db_blocker.unblock():
        call_command("createcachetable", verbosity=0)
    with emptying_allowed():
        yield


@pytest.fixture(autouse=True)
def empty_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test sees what another has counted."""
    yield
    if request.node.get_closest_marker("django_db"):
        cache.clear()


@pytest.fixture
def person(db: None) -> Callable[..., Any]:
    """Make somebody with these roles."""
    from matrescence.clinic.people.models import User

    def make(*roles: str, name: str | None = None) -> User:
        said = name or f"{' and '.join(roles) or 'nobody'} (invented)"
        user = User(username=said.replace(" ", "-").replace("(", "").replace(")", ""), name=said, roles=list(roles))
        user.set_password(PASSWORD)
        user.save()
        return user

    return make


@pytest.fixture
def logged_in(person: Callable[..., Any]) -> Callable[..., Client]:
    """A browser in which somebody with these roles is logged in."""

    def client(*roles: str, name: str | None = None) -> Client:
        from matrescence.clinic.people.models import User

        found = User.objects.filter(name=name).first() if name else None
        browser = Client()
        browser.force_login(found or person(*roles, name=name))
        return browser

    return client


@pytest.fixture
def begun(db: None) -> Callable[..., str]:
    """Begin a course; return its name."""
    from matrescence.clinic.log import courses

    def begin(*, drug: str = "ketamine", by: str = "N. Silva, RN (invented)", key: str = "begin-1") -> str:
        _, mother = read_step("mother.toml")
        request = Request("mother-recorded", {"drug": drug, "mother": mother}, id=key, by=by)
        return courses.begin(request, now=NOW).course.id

    return begin
