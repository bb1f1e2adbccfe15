"""Every address of the clinic: which are public, which go by the matrix, and how each is asked for in a test.

A new room needs a line here only where its addresses carry more than ``course_id``, or a form of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

PUBLIC = frozenset(
    {
        # how people come in, and what they set up before they are in; allauth guards its own
        "account_login", "account_logout", "account_inactive", "account_reauthenticate", "account_change_password",
        "mfa_index", "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp",
        "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
        "mfa_list_webauthn", "mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_login_webauthn",
        "mfa_reauthenticate_webauthn", "usersessions_list",
        # a link that the site's representative handed over carries its own secret
        "people:set-password",
        "set_language",
    }
)  # fmt: skip
"""Addresses that ask for no account: a name is added here on purpose, never by a pattern."""

PUBLIC_ROOMS = frozenset({"welcome"})
"""Rooms whose unguarded addresses anybody may open: the page on which a mother asks for a consultation."""


@dataclass(frozen=True, slots=True)
class World:
    """What the addresses are about: one course, one other person, a link of hers, a request for a consultation."""

    course_id: str
    person_id: int
    link_id: int
    request_number: int


@dataclass(frozen=True, slots=True)
class Address:
    """One address: its name, the actions that its view names for reading and writing, and what it takes."""

    name: str
    view: Callable[..., Any]
    takes: tuple[str, ...]
    actions: tuple[str, str] | None = field(default=None)

    @property
    def her_action(self) -> str | None:
        """The action of a mother's own page; ``None`` where it is none."""
        return getattr(self.view, "her_action", None)

    def url(self, world: World) -> str:
        """The address in this world."""
        given = kwargs_of(self.name, world)
        missing = set(self.takes) - set(given)
        assert not missing, f"{self.name}: say in KWARGS what it takes for {sorted(missing)}"
        return reverse(self.name, kwargs={name: given[name] for name in self.takes})


def addresses() -> Iterator[Address]:
    """Every address of the clinic, from the resolver itself."""
    yield from _walk(get_resolver(), "")


def _walk(resolver: URLResolver, space: str) -> Iterator[Address]:
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from _walk(found, f"{space}{found.namespace}:" if found.namespace else space)
        elif isinstance(found, URLPattern):
            view, takes = found.callback, tuple(found.pattern.converters) or tuple(found.pattern.regex.groupindex)
            yield Address(f"{space}{found.name}", view, takes, getattr(view, "actions", None))


def guarded() -> list[Address]:
    """The addresses that go by the matrix."""
    return [address for address in addresses() if address.actions is not None]


KWARGS: Mapping[str, Mapping[str, Any]] = {
    "people:audit-row": {"seq": 1},
    "mother:correct": {"position": 1},
    "infusion:run": {"name": "write-note"},
    "infusion:decide": {"name": "end-early"},
    "infusion:handover": {"name": "offer-handover"},
    "enrolment:paper": {"requirement": "patient.consent"},
    "enrolment:statement": {"requirement": "patient.consent"},
    "enrolment:record": {"name": "none"},
    "lactation:print": {"language": "en"},
    "lactation:pdf": {"language": "en"},
    "recovery:report": {"session": 1},
    "site:wording": {"scale": "epds"},
    "site:programme": {"programme": "local-protocol"},
    "site:paper": {"programme": "local-protocol", "requirement": "setting.protocol"},
    "site:statement": {"programme": "local-protocol", "requirement": "setting.pump"},
    "site:record": {"programme": "local-protocol", "name": "none"},
}
"""What an address takes beside the course, the person, the link and the request of the world."""

ABSENT = frozenset(
    {
        "enrolment:record", "site:record", "infusion:simulator",
        "planning:print", "planning:pdf", "planning:calendar",
        "lactation:print", "lactation:pdf", "lactation:calendar", "recovery:report",
    }
)  # fmt: skip
"""Where nothing stands in this world (nothing signed, planned, given or simulated): the open door gives a 404."""

BODIES: Mapping[str, Mapping[str, str]] = {}
"""What is posted where an empty form would not reach the view."""


def kwargs_of(name: str, world: World) -> dict[str, Any]:
    """Everything that an address may take."""
    return {
        "course_id": world.course_id,
        "person_id": world.person_id,
        "link_id": world.link_id,
        "number": world.request_number,
        **KWARGS.get(name, {}),
    }
