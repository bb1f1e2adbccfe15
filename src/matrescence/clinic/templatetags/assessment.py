"""Words of the assessment pages: outcomes, and the accuracy of a cut-off with its interval."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.translation import gettext as _

from matrescence.care.journey.tasks import ASKED_AT_FOLLOW_UP
from matrescence.care.journey.words import Outcome
from matrescence.care.verdict import Reason
from matrescence.clinic.assessment.urgent import OUTCOMES
from matrescence.clinic.templatetags.clinic import number
from matrescence.facts import Fact

register = template.Library()


@register.filter
def outcome_words(outcome: Outcome) -> str:
    """What became of an urgent task."""
    return str(OUTCOMES[outcome])


@register.filter
def percent(fact: Fact) -> str:
    """A share with its interval; what nobody has published is unknown."""
    if fact.value is None:
        return _("unknown")
    interval = "" if fact.low is None or fact.high is None else f" ({number(fact.low)}–{number(fact.high)})"
    return f"{number(fact.value)} %{interval}"


@register.filter
def asked_at_follow_up(reasons: Sequence[Reason]) -> list[Reason]:
    """Of what was not asked, the part that a follow-up has to ask too."""
    return [reason for reason in reasons if reason.rule in ASKED_AT_FOLLOW_UP]
