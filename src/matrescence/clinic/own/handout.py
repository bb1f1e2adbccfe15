"""Her feeding handout: each source's advice with the times that are hers, in her language.

The words are those of the printed handout (``handouts/lactation_words.py``); here they only find their place on a page.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from matrescence.clinic.clockwork.clock import course_now
from matrescence.clinic.lactation.told import feeding_told
from matrescence.clinic.log.courses import Opened, open_course
from matrescence.clinic.own.access import her_page, her_render
from matrescence.handouts.lactation_words import lactation_words
from matrescence.handouts.language import DEFAULT, Language, codes
from matrescence.handouts.language import language as read_language
from matrescence.reading import InputError

PLAIN = (
    "title", "when_title", "formula", "differ", "agree", "column_break", "column_milk", "store_title", "store_mixed",
    "store_unknown", "store_break", "watch_title", "watch_none", "help", "amount_title", "change_title", "change_pause",
    "change_stop", "unknown_title", "sources_title", "changed", "changed_title", "changed_note",
)  # fmt: skip
"""The words of the handout that have no hole to fill."""


@her_page("lactation.view")
@require_safe
def feeding(request: HttpRequest, token: str) -> HttpResponse:
    """What each source says about her milk, and when."""
    words = read_language(_handout_language(get_language() or DEFAULT))
    try:
        told = handout_of(open_course(request.link.stream), words)
    except InputError:
        return her_render(request, "own/feeding_none.html")
    with override(words.code):  # the whole page in one language, also where the handout has none for hers
        return her_render(request, "own/feeding.html", **told)


def _handout_language(code: str) -> str:
    """The language of the handout for a language of the pages: the same where there is one, else English."""
    return code if code in codes() else DEFAULT


def handout_of(opened: Opened, words: Language) -> dict[str, Any]:
    """The values of the page.

    Raises:
        InputError: no plan can be made of what is known.
    """
    found = lactation_words(feeding_told(opened, course_now(opened.id)), words, twelve=True)
    usual, upper = found["intake"]
    return {
        **found,
        "text": {key: words.text(f"page.{key}") for key in PLAIN},
        "amount": words.say("page.store_amount", usual=usual, upper=upper),
        "regimen_line": words.say("page.regimen", drug=found["drug"], regimen=found["regimen"]),
        "zone_line": words.say("page.zone", zone=found["zone"]),
        "meaning": words.words["grades"],
    }
