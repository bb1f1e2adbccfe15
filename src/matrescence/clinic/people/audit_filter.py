"""Which rows of the audit somebody wants to see, read from the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from matrescence.clinic.log.models import Audit
from matrescence.clinic.people.audit import DONE, FAILED, OPENED, READ, REFUSED

OUTCOMES = (DONE, READ, REFUSED, OPENED, FAILED)


@dataclass(frozen=True, slots=True)
class Filter:
    """Person, course, action, outcome, and a span of time (UTC); what is empty asks for nothing."""

    who: str = ""
    course: str = ""
    action: str = ""
    outcome: str = ""
    since: str = ""
    until: str = ""
    problems: tuple[str, ...] = ()

    def rows(self) -> QuerySet[Audit]:
        """The rows, the newest first."""
        found = Audit.objects.order_by("-seq")
        asked = {"who": self.who, "stream": self.course, "action": self.action, "outcome": self.outcome}
        found = found.filter(**{name: value for name, value in asked.items() if value})
        since, until = _instant(self.since), _instant(self.until)
        found = found.filter(at__gte=since) if since else found
        return found.filter(at__lt=until) if until else found

    def as_query(self) -> dict[str, str]:
        """The same, for an address."""
        names = ("who", "course", "action", "outcome", "since", "until")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


def read_filter(query: QueryDict) -> Filter:
    """The filter in these fields; what cannot be read is left out and said in ``problems``."""
    told = {name: query.get(name, "").strip() for name in ("who", "course", "action", "outcome", "since", "until")}
    problems = []
    if told["outcome"] and told["outcome"] not in OUTCOMES:
        problems.append(_("Outcome: choose one of the list."))
        told["outcome"] = ""
    for name, label in (("since", _("From")), ("until", _("Until"))):
        if told[name] and _instant(told[name]) is None:
            problems.append(_("%(label)s: write a date and time like 2026-04-14 13:00.") % {"label": label})
            told[name] = ""
    return Filter(**told, problems=tuple(problems))


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
