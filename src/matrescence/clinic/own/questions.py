"""What one link asks, one question a page: the items of its scales in their printed words, then our own questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from matrescence.care.assessment.scales import Item, Scale
from matrescence.clinic.assessment.wording import wording_of
from matrescence.clinic.own.asked import ASKED, HER_QUESTIONS, NO, YES, Asked
from matrescence.clinic.people.models import MotherLink

Given = int | str | None
"""A score, "yes" or "no", or ``None``: she would rather not say."""
PAST = "past"
"""The group of questions that a follow-up leaves out: her past was told before."""
RATHER_NOT = "rather-not"
"""What the page sends for "I would rather not say"."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose: what the page sends, its words, and what is kept."""

    sent: str
    text: str
    kept: Given


@dataclass(frozen=True, slots=True)
class Question:
    """One page.  ``language`` is that of its words: a scale may not be there in hers.

    ``scale`` and ``item`` are empty for a question of our own, ``asked`` for one of a scale.
    """

    key: str
    text: str
    choices: tuple[Choice, ...]
    language: str
    stem: str = ""
    scale: Scale | None = None
    item: Item | None = None
    asked: Asked | None = None
    after: str = ""

    def choice(self, sent: str) -> Choice | None:
        """The choice that the page sent; ``None`` when it is none of them."""
        return next((choice for choice in self.choices if choice.sent == sent), None)

    def chosen(self, answers: Mapping[str, Given]) -> Choice | None:
        """Her present answer."""
        if self.key not in answers:
            return None
        return next((choice for choice in self.choices if choice.kept == answers[self.key]), None)


def questions(link: MotherLink, answers: Mapping[str, Given], language: str) -> tuple[Question, ...]:
    """The questions to ask, as far as her answers so far leave them open."""
    return tuple(
        question
        for question in _all(link, language)
        if not left_out(question.after, answers, ours=question.scale is None)
    )


def left_out(after: str, answers: Mapping[str, Given], *, ours: bool) -> bool:
    """Whether a question that hangs on another (``after``) is not asked.

    An item of a scale is left out after a no; one of ours is asked only after a yes.
    """
    if not after:
        return False
    return answers.get(after) != YES if ours else answers.get(after) == 0


def key_of(scale: str, item: Item) -> str:
    """The name of an item in a draft."""
    return f"{scale}:{item.key}"


def after_of(scale: str, item: Item) -> str:
    """The name of the item that this one hangs on; empty when it hangs on none."""
    return f"{scale}:{item.ask_if}" if item.ask_if else ""


def _all(link: MotherLink, language: str) -> Iterator[Question]:
    for name in link.scales:
        if name != HER_QUESTIONS:
            yield from _of_scale(name, language, link.language)
    if HER_QUESTIONS in link.scales:
        later = link.purpose == MotherLink.FOLLOW_UP
        yield from (_of_ours(asked) for asked in ASKED if not (later and asked.group == PAST))


def _of_scale(name: str, wanted: str, made_in: str) -> Iterator[Question]:
    """The items of one scale: in her language where it is there, else in the one the link was made in."""
    for language in dict.fromkeys((wanted, made_in)):
        scale = wording_of(name, language)
        if scale is not None:
            yield from (_of_item(scale, item, language) for item in scale.items)
            return


def _of_item(scale: Scale, item: Item, language: str) -> Question:
    choices = tuple(Choice(str(o.score), o.text or str(o.score), o.score) for o in item.options)
    return Question(
        key=key_of(scale.name, item),
        text=item.wording or item.name,
        choices=(*choices, _rather_not()),
        language=language,
        stem=scale.stem or "",
        scale=scale,
        item=item,
        after=after_of(scale.name, item),
    )


def _of_ours(asked: Asked) -> Question:
    choices = (Choice(YES, _("Yes"), YES), Choice(NO, _("No"), NO), _rather_not())
    return Question(asked.key, str(asked.text), choices, "", asked=asked, after=asked.after)


def _rather_not() -> Choice:
    return Choice(RATHER_NOT, _("I would rather not say"), None)
