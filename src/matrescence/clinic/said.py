"""What the core and the formulary call things, in the language of the page.

Names and single words are translated: drugs and regimens by the words of the handouts, the rest by the tables here.
Sentences of rules stay English, as they were written and checked; a page says so with ``lang="en"``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import get_language, gettext, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext_noop as _

from matrescence.handouts.language import DEFAULT, codes, language

NAMES = frozenset(
    {
        # how soon somebody acts
        _("now: do not leave her alone"),
        _("this visit: before she leaves"),
        _("before any drug for depression or anxiety is started"),
        # what an assessment looks like
        _("baby blues"),
        _("in the days of the blues, but too grave to call it blues"),
        _("looks like depression of childbirth"),
        _("looks like depression that did not begin with childbirth"),
        _("the screen is positive, but it has not lasted two weeks"),
        _("no screening cut-off is met"),
        _("not enough is known"),
        # severity, cut-offs and tiers
        _("minimal"),
        _("mild"),
        _("moderate"),
        _("moderately severe"),
        _("severe"),
        _("very severe"),
        _("low tier"),
        _("moderate tier"),
        _("highest tier"),
        _("possible depression (10 or more)"),
        _("probable depression (10 or more)"),
        _("probable depression (13 or more)"),
        _("depression, best balance (11 or more)"),
        _("anxiety, EPDS-3A (4 or more)"),
        _("anxiety, EPDS-3A (5 or more)"),
        _("EPDS-3A (anxiety)"),
        _("generalised anxiety disorder (10 or more)"),
        _("more than none (7 or more)"),
        _("more than remission (8 or more)"),
        _("remission (7 or less)"),
        _("remission (10 or less)"),
        _("severe rather than moderate (31 or more)"),
        _("severe in the zuranolone trials and brexanolone study 1 (26 or more)"),
        _("the standard rule (7 or more, at the same time, at least a moderate problem)"),
        _("the perinatal rule (7 or more symptoms, without the two further questions)"),
        _("unacceptable sedation (level 3 or more)"),
        _("may leave recovery (9 or more)"),
        # checks that an order asks for
        _("pulse oximetry"),
        _("pulse oximetry with alarm"),
        _("sedation check"),
        _("excessive sedation check"),
        _("dissociation check"),
        _("blood pressure and pulse, during the infusion"),
        _("blood pressure and pulse, after the infusion"),
        _("ready to leave"),
        # how pressing a thing is
        _("overdue"),
        _("due"),
        _("coming"),
        _("missed"),
        # who signs
        _("nurse"),
        _("prescriber"),
        _("patient"),
        _("provider"),
        _("responsible clinician"),
        _("authorised representative"),
        _("pharmacy representative"),
        # who works here
        _("pharmacist"),
        _("coordinator"),
        _("site-representative"),
        _("auditor"),
        _("mother"),
        # recovery
        _("the next session of the series"),
        _("a maintenance session"),
        _("clinician decides"),
        _("no session: the course has one"),
        _("reliably better"),
        _("reliably worse"),
        _("no reliable change"),
        _("possible: measure again soon"),
        _("yes"),
        _("no"),
        # what is charged
        _("Brexanolone, 100 mg vial (list price of 2019, no discount)"),
        _("Monitored stay"),
        _("Ketamine infusion, one session with drug and monitoring"),
        _("Sertraline tablets"),
        _("Zuranolone, 14 days"),
        # on which side of a forecast a score lies
        _("higher"),
        _("lower"),
        # what a price is for
        _("per course"),
        _("per session"),
        _("per vial"),
        _("per hour"),
        # units that are words
        _("years"),
        _("days"),
        _("weeks"),
        _("points"),
        _("mg per day"),
        # whom a help line is of
        _("clinic"),
        _("crisis"),
        _("emergency"),
        _("support"),
        # how well a number is known
        _("trial or label for this use"),
        _("another population or a secondary source"),
        _("calibrated or derived here"),
        _("unknown"),
        _("formula"),
    }
)
"""Words of the core that are translated as they are."""

OTHERS: Mapping[str, str] = {
    "done": pgettext_lazy("audit", "done"),
    "read": pgettext_lazy("audit", "read"),
    "refused": pgettext_lazy("audit", "refused"),
    "opened": pgettext_lazy("audit", "opened"),
    "failed": pgettext_lazy("audit", "failed"),
    "none": pgettext_lazy("severity", "none"),
    "spo2_percent": gettext_lazy("oxygen saturation, %"),
    "systolic_mmhg": gettext_lazy("systolic blood pressure, mmHg"),
    "diastolic_mmhg": gettext_lazy("diastolic blood pressure, mmHg"),
    "pulse_per_min": gettext_lazy("pulse, /min"),
    "sedation_score": gettext_lazy("sedation score"),
    "breast": gettext_lazy("breast milk"),
    "mixed": gettext_lazy("breast milk and formula"),
    "normal": gettext_lazy("no known disease"),
    "child-pugh-a": "Child-Pugh A",
    "child-pugh-b": "Child-Pugh B",
    "child-pugh-c": "Child-Pugh C",
}
"""Words of the core that a page says in another way."""

PATTERNS: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"a number from (?P<low>\S+) to (?P<high>\S+)"), gettext_lazy("a number from %(low)s to %(high)s")),
    (
        re.compile(r"a number from (?P<low>\S+) to (?P<high>\S+) (?P<unit>.+)"),
        gettext_lazy("a number from %(low)s to %(high)s %(unit)s"),
    ),
    (
        re.compile(r"a whole number from (?P<low>\S+) to (?P<high>\S+) (?P<unit>.+)"),
        gettext_lazy("a whole number from %(low)s to %(high)s %(unit)s"),
    ),
    (
        re.compile(r"a number of at least (?P<low>\S+) (?P<unit>.+)"),
        gettext_lazy("a number of at least %(low)s %(unit)s"),
    ),
)
"""What a field allows, as the core writes it, and what a page says for it."""


class English(str):
    """A sentence of the core.  It is English on every page, and says so by its ``lang``."""

    __slots__ = ()
    lang = DEFAULT


def said(text: str) -> str:
    """The text in the language of the page; what has no translation comes back as :class:`English`."""
    code = (get_language() or DEFAULT).partition("-")[0]
    found = _by_table(text)
    if found or code == DEFAULT or not text:
        return found or text
    return _by_pattern(text) or _by_handout(text, code) or English(text)


def _by_table(text: str) -> str:
    """The words for a name, with a capital where it has one; empty where the tables do not hold it."""
    for name in (text, text[:1].lower() + text[1:]):
        words = str(OTHERS[name]) if name in OTHERS else gettext(name) if name in NAMES else ""
        if words:
            return words if name == text else words[:1].upper() + words[1:]
    return ""


def _by_pattern(text: str) -> str:
    """The words for what a field allows; a unit is said in the language too, where it is a word."""
    for pattern, words in PATTERNS:
        if (found := pattern.fullmatch(text)) is not None:
            parts = {name: _by_table(part) or part for name, part in found.groupdict().items()}
            return str(words) % parts
    return ""


def _by_handout(text: str, code: str) -> str:
    """The words of the handouts, which a mother reads too; empty where they do not hold it."""
    if code not in codes():
        return ""
    for pattern, words in language(code).sentences:
        if (found := pattern.fullmatch(text)) is not None:
            return words.format(**found.groupdict())
    return ""
