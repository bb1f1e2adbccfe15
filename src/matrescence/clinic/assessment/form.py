"""A form made from the scales: what a page shows, and what it sends, which is a file of answers.

An item that nobody answered is left out, and a question that nobody asked too: nothing is a zero or a no by silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matrescence.care.assessment.history import Onset
from matrescence.care.assessment.scales import Item, Rater, Scale
from matrescence.clinic.assessment.wording import ENGLISH, wording_of
from matrescence.instruments.library import load

YES, NO = "yes", "no"
ONSETS = {
    Onset.BEFORE_PREGNANCY: gettext_lazy("before the pregnancy"),
    Onset.PREGNANCY: gettext_lazy("in pregnancy"),
    Onset.AFTER_BIRTH: gettext_lazy("after the birth"),
}
SIGNS = {
    "hallucinations": gettext_lazy("Hallucinations: sees or hears what others do not"),
    "delusions": gettext_lazy("Delusions: fixed false beliefs"),
    "confusion": gettext_lazy("Confusion, disorientation"),
    "disorganised": gettext_lazy("Disorganised behaviour"),
    "elation": gettext_lazy("Elation: far too high"),
    "severe_agitation": gettext_lazy("Severe agitation"),
}
INFANT_HARM = {
    "thoughts": gettext_lazy("Thoughts of harming the baby"),
    "delusional_or_commanded": gettext_lazy("They come with a delusion, or a voice commands them"),
    "intention": gettext_lazy("She intends to act on them"),
}
PAST = {
    "mania_or_hypomania": gettext_lazy("Mania or hypomania"),
    "bipolar_disorder": gettext_lazy("Known bipolar disorder"),
    "prior_depression": gettext_lazy("Depression before"),
    "severe_mental_illness": gettext_lazy("Severe mental illness, psychosis after birth included"),
}
GROUPS: Mapping[str, Mapping[str, Any]] = {"signs": SIGNS, "infant_harm": INFANT_HARM, "past": PAST}


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a group of radios; ``note`` is small print beside it."""

    value: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One question: its name in the form, its words, its choices, and what is chosen now."""

    name: str
    text: str
    choices: tuple[Choice, ...]
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One scale on the form; ``worded`` is false where only the numbers of its items can be shown."""

    scale: Scale
    rows: tuple[Row, ...]
    worded: bool


def sheets(names: Iterable[str], typed: Mapping[str, str]) -> tuple[Sheet, ...]:
    """The chosen scales as forms, with what was typed."""
    return tuple(_sheet(name, typed) for name in names)


def _sheet(name: str, typed: Mapping[str, str]) -> Sheet:
    worded = wording_of(name, ENGLISH)
    scale = worded or load(name)
    rows = tuple(_item(scale, item, typed) for item in scale.items)
    return Sheet(scale, rows, all(item.wording for item in scale.items))


def _item(scale: Scale, item: Item, typed: Mapping[str, str]) -> Row:
    name = f"{scale.name}:{item.key}"
    text = f"{item.number}. {item.wording}" if item.wording else item.name
    return Row(name, text, tuple(_choices(scale, item)), typed.get(name, ""))


def _choices(scale: Scale, item: Item) -> Iterator[Choice]:
    """The answers in their printed order.  Without words each says its place on the paper, or its score."""
    texts = {option.score: option.text for option in item.options}
    for place in range(1, item.high - item.low + 2):
        score = item.score_of(place)
        if texts.get(score):
            yield Choice(str(score), str(texts[score]), _("scores %(n)d") % {"n": score})
        elif (item.low, item.high) == (0, 1):
            yield Choice(str(score), _("Yes") if score else _("No"))
        elif scale.rater is Rater.SELF and item.scored:
            said = _("answer %(place)d") % {"place": place}
            yield Choice(str(score), said, _("scores %(n)d") % {"n": score})
        else:
            yield Choice(str(score), str(score))


def questions(group: str, typed: Mapping[str, str]) -> tuple[Row, ...]:
    """The questions of one group, each yes, no, or not asked."""
    choices = (Choice(YES, _("Yes")), Choice(NO, _("No")))
    return tuple(
        Row(f"{group}:{name}", str(text), choices, typed.get(f"{group}:{name}", ""))
        for name, text in GROUPS[group].items()
    )


# ---- what it sends ---------------------------------------------------------------------------------------------------


def payload_of(names: Iterable[str], typed: Mapping[str, str], *, groups: Iterable[str]) -> dict[str, Any]:
    """What was typed as a file of answers, without who she is."""
    payload: dict[str, Any] = {"scales": [form for form in (_form(name, typed) for name in names) if form]}
    for group in groups:
        found = {key: typed[f"{group}:{key}"] == YES for key in GROUPS[group] if typed.get(f"{group}:{key}")}
        payload |= {group: found} if found else {}
    return payload


def _form(name: str, typed: Mapping[str, str]) -> dict[str, Any] | None:
    """One scale; ``None`` where no item was answered: an empty form is no form."""
    given = {item.key: whole(typed.get(f"{name}:{item.key}", "")) for item in load(name).items}
    answers = {key: number for key, number in given.items() if number != ""}
    return {"scale": name, "answers_as": "score", "answers": answers} if answers else None


def about_her(typed: Mapping[str, str], name: str) -> dict[str, Any]:
    """Who she is and when it began, as far as it was said."""
    mother: dict[str, Any] = {"name": name}
    if typed.get("pregnant"):
        mother["pregnant"] = typed["pregnant"] == YES
    if typed.get("days_since_birth", "").strip():
        mother["days_since_birth"] = whole(typed["days_since_birth"])
    symptoms: dict[str, Any] = {"began": typed["began"]} if typed.get("began") else {}
    for key in ("began_on_day", "lasted_days"):
        if typed.get(key, "").strip():
            symptoms[key] = whole(typed[key])
    return {"mother": mother, **({"symptoms": symptoms} if symptoms else {})}


def whole(text: str) -> int | str:
    """A whole number; what is none stays as it was typed, for the reader to complain about."""
    said = text.strip()
    return int(said) if said.lstrip("-").isdecimal() and len(said) < 8 else said
