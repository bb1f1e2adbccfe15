"""Whom she may call, in her language, each with links that a telephone dials or writes to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from matrescence.care.assessment.help_lines import HelpLine, HelpLines, LineRole
from matrescence.clinic.site.settings import help_lines
from matrescence.instruments.help_lines import load_lines
from matrescence.reading import InputError

SHIPPED = (
    gettext_noop("Emergency services"),
    gettext_noop("call, in immediate danger"),
    gettext_noop("Suicide and crisis line"),
    gettext_noop("call or text, day and night"),
    gettext_noop("National Maternal Mental Health Hotline"),
    gettext_noop("call or text, day and night, free, English and Spanish"),
)
"""The words of the lines that come with the program.  A clinic's own lines are shown as the clinic wrote them."""
DANGER = (LineRole.EMERGENCY, LineRole.CRISIS, LineRole.CLINIC)


UNBROKEN = "\u2011"
"""A hyphen at which no line is broken: a number stays in one piece."""


@dataclass(frozen=True, slots=True)
class Call:
    """One line as she sees it: ``dial`` is what her telephone dials, ``text`` what it writes to (empty: it cannot)."""

    name: str
    shown: str
    how: str
    dial: str
    text: str
    crisis: bool
    support: bool


def lines_now() -> HelpLines:
    """Whom to call as the site has set it; the lines of the program where the site's records cannot be read."""
    try:
        return help_lines()
    except InputError:
        return load_lines()


def calls(lines: HelpLines | Iterable[HelpLine]) -> tuple[Call, ...]:
    """These lines in their order; of a whole list those for danger: emergency, crisis, the clinic."""
    chosen = lines.of(*DANGER) if isinstance(lines, HelpLines) else tuple(lines)
    return tuple(_call(line) for line in chosen)


def _call(line: HelpLine) -> Call:
    number = "".join(sign for sign in line.number if sign.isdigit() or sign == "+")
    takes_text = "text" in line.how.casefold()
    return Call(
        name=_(line.name),
        shown=line.number.replace("-", UNBROKEN),
        how=_(line.how),
        dial=f"tel:{number}",
        text=f"sms:{number}" if takes_text else "",
        crisis=line.role is LineRole.CRISIS,
        support=line.role is LineRole.SUPPORT,
    )
