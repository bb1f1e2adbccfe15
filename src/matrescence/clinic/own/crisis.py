"""What the crisis page says to her: few words, kind and plain, by the rule that found it.

The rule is the one of ``care.assessment.urgent``; here are only words.  A rule without words of its own gets those of
its urgency, so that no path is ever without a page.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from matrescence.care.assessment.help_lines import HelpLines, LineRole
from matrescence.care.assessment.urgent import Urgency, UrgentPath
from matrescence.clinic.own.lines import Call, calls


@dataclass(frozen=True, slots=True)
class Words:
    """Title, what it means, and what to do now."""

    title: str
    means: str
    do: str


@dataclass(frozen=True, slots=True)
class Crisis:
    """The page: its words, and whom to call, the first to call first."""

    words: Words
    calls: tuple[Call, ...]


_CARE = Words(
    _("Thank you for telling us. You are not alone."),
    _("Thoughts like these are a sign that you are carrying too much. They can be treated, and they pass."),
    _("Please talk to somebody now. You can call or text at any hour. If you might act on these thoughts, call now."),
)
_NOW = Words(
    _("Please call for help now."),
    _("What you told us can be dangerous, and it can be treated. It is not your fault."),
    _("Ask somebody you trust to stay with you and with your baby until help is there."),
)
_BABY = Words(
    _("Thank you for telling us. You are not a bad mother."),
    _("Many mothers have frightening thoughts about their baby. Talking about them helps, and nobody will blame you."),
    _("Please talk to somebody today. If you might act on a thought, call now, and let somebody else hold the baby."),
)
_BABY_NOW = Words(
    _("Please call for help now."),
    _("What you told us can be dangerous for you and your baby, and it can be treated. It is not your fault."),
    _("Give your baby to somebody you trust now. Do not stay alone."),
)
_PRESSING = list(Urgency)
BY_URGENCY = {Urgency.NOW: _NOW, Urgency.THIS_VISIT: _CARE}
BY_RULE = {"assessment.infant_harm": _BABY, "assessment.infant_harm_emergency": _BABY_NOW}


def crisis(paths: tuple[UrgentPath, ...], lines: HelpLines, *, fresh: tuple[UrgentPath, ...] = ()) -> Crisis:
    """The page for these paths; the most pressing speaks, and of equals the one that was just opened (``fresh``).

    Which kinds of line, and in which order, the paths say; which numbers, the site.
    """
    new = {path.reason for path in fresh}
    paths = tuple(sorted(paths, key=lambda path: (_PRESSING.index(path.urgency), path.reason not in new)))
    first = paths[0]
    words = BY_RULE.get(first.reason.rule) or BY_URGENCY.get(first.urgency, _CARE)
    roles = dict.fromkeys((*(line.role for path in paths for line in path.lines), LineRole.CLINIC))
    return Crisis(words, calls(lines.of(*roles)))
