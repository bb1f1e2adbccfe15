"""One form for each act: its fields, and the payload of the record that it becomes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from matrescence.actions.bedside.rates import ug_per_kg_h
from matrescence.care.infusion.monitoring import Status
from matrescence.care.infusion.order import Action, Interruption
from matrescence.care.infusion.state import State
from matrescence.clinic.infusion import fields as f
from matrescence.clinic.infusion.acts import must_be_lower, resume_at_most
from matrescence.clinic.infusion.face import Face, rate_of
from matrescence.clinic.infusion.fields import Ask
from matrescence.clinic.infusion.readings import reading_asks, reading_payload
from matrescence.clinic.infusion.words import device_words, finding
from matrescence.clinic.said import English, said
from matrescence.clinic.templatetags.clinic import number

OTHER = "other"
ML, UG = "mL/h", "microgram/kg/h"


@dataclass(frozen=True, slots=True)
class Bedside:
    """What a form is made for: the face at this instant, what the link says, and who else works here."""

    face: Face
    said: Mapping[str, Any]
    nurses: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """The state behind the face."""
        return self.face.state


def asks_for(name: str, bedside: Bedside) -> tuple[Ask, ...]:
    """The fields of one act; none where a button says it all."""
    make = _FORMS.get(name)
    return () if make is None else make[0](bedside)


def payload_of(name: str, bedside: Bedside) -> dict[str, Any]:
    """The payload of the record, from what was typed.

    Raises:
        FieldError: a field is missing or cannot be used.
    """
    make = _FORMS.get(name)
    return {"command": name} | ({} if make is None else make[1](bedside))


# ---- rates ----------------------------------------------------------------------------------------------------


def _rate_words(face: Face, ug: float) -> str:
    rate = rate_of(ug, face.order)
    if rate.set_ml_per_h is None:
        return f"{number(ug)} microgram/kg/h"
    return f"{number(ug)} microgram/kg/h = {number(rate.set_ml_per_h, 1)} mL/h"


def _rate_asks(bedside: Bedside) -> tuple[Ask, ...]:
    face = bedside.face
    planned = (f"{face.allowed.ug_per_kg_h:g}", _rate_words(face, face.allowed.ug_per_kg_h), _("As allowed now"))
    other = (OTHER, _("It shows another rate"), _("Type below exactly what it shows"))
    units = (ML, UG) if face.allowed.ml_per_h is not None else (UG,)
    return (
        Ask("rate", _("The pump shows"), "choice", choices=(planned, other), value=planned[0]),
        Ask("other_rate", _("Another rate"), "number", required=False),
        Ask("unit", _("Its unit"), "choice", choices=tuple((unit, unit, "") for unit in units), value=units[0]),
    )


def _rate_payload(bedside: Bedside) -> dict[str, Any]:
    post, ask = bedside.said, _rate_asks(bedside)
    said = str(post.get("rate", ""))
    if said and said != OTHER:
        # The rate that was shown when the form was made: another stair may have begun since, and the rules ask that.
        return {"rate_ug_per_kg_h": f.number({"rate": said}, "rate", ask[0].label)}
    typed = f.number(post, "other_rate", ask[1].label)
    assert typed is not None  # it is required
    if f.chosen(post, ask[2]) == UG:
        return {"rate_ug_per_kg_h": typed}
    rate = ug_per_kg_h(typed, bedside.face.order)
    if rate is None:
        raise f.FieldError("unit", _("The concentration is not known: give the rate in microgram/kg/h."))
    shown = bedside.face.allowed
    if shown.set_ml_per_h is not None and abs(typed - shown.set_ml_per_h) < 1e-9:
        return {"rate_ug_per_kg_h": shown.ug_per_kg_h}
    return {"rate_ug_per_kg_h": round(rate, 2)}


def _resume_asks(bedside: Bedside) -> tuple[Ask, ...]:
    most = resume_at_most(bedside.state, bedside.face.at)
    rates = dict.fromkeys(
        rate
        for rate in (most, *(stair.rate_ug_per_kg_h for stair in bedside.state.ordered.stairs))
        if rate < most or (rate == most and not must_be_lower(bedside.state))
    )
    choices = tuple(
        (f"{rate:g}", _rate_words(bedside.face, rate), _("The highest allowed") if rate == most else _("Lower"))
        for rate in sorted(rates, reverse=True)
    )
    return (
        Ask("rate", _("Go on at"), "choice", choices=(*choices, (OTHER, _("A lower rate"), ""))),
        Ask("other_rate", _("A lower rate"), "number", unit=UG, required=False),
    )


def _resume_payload(bedside: Bedside) -> dict[str, Any]:
    post, ask = bedside.said, _resume_asks(bedside)
    said = str(post.get("rate", ""))
    if not said:
        raise f.FieldError("rate", _("Choose one: %(label)s.") % {"label": ask[0].label})
    if said == OTHER:
        return {"rate_ug_per_kg_h": f.number(post, "other_rate", ask[1].label)}
    return {"rate_ug_per_kg_h": f.number({"rate": said}, "rate", ask[0].label)}


# ---- stops, findings, questions ---------------------------------------------------------------------------------


def _stop_asks(_bedside: Bedside) -> tuple[Ask, ...]:
    return (Ask("why", _("Why (may be left empty)"), required=False),)


def _stop_payload(bedside: Bedside) -> dict[str, Any]:
    return {"why": str(bedside.said.get("why", "")).strip() or "asked for at the bedside"}


def what_it_does(rule: Interruption) -> str:
    """What a finding does, in a line."""
    if rule.action is Action.ASK:
        return _("A clinician is asked")
    if rule.may_resume:
        return _("A stop is requested; it may go on later")
    return _("A stop is requested; this infusion never goes on")


def _finding_asks(bedside: Bedside) -> tuple[Ask, ...]:
    choices = tuple((r.finding, finding(r.finding), what_it_does(r)) for r in bedside.state.ordered.interruptions)
    return (Ask("finding", _("What do you see?"), "choice", choices=choices, value=_said(bedside, "finding")),)


def _resolved_asks(bedside: Bedside) -> tuple[Ask, ...]:
    choices = []
    for found in bedside.state.unresolved:
        rule = bedside.state.ordered.interruption(found.finding)
        choices.append((found.finding, finding(found.finding), "" if rule is None else English(rule.needs)))
    only = choices[0][0] if len(choices) == 1 else ""
    return (Ask("finding", _("What has resolved?"), "choice", choices=tuple(choices), value=only),)


def _answer_asks(bedside: Bedside) -> tuple[Ask, ...]:
    open_ = tuple((q.finding, finding(q.finding), English(q.why)) for q in bedside.state.questions)
    only = open_[0][0] if len(open_) == 1 else _said(bedside, "finding")
    decided = (("yes", _("Go on"), ""), ("no", _("Stop"), _("It does what the finding itself would do")))
    return (
        Ask("finding", _("The question"), "choice", choices=open_, value=only),
        Ask("go_on", _("Your decision"), "choice", choices=decided),
    )


def _answer_payload(bedside: Bedside) -> dict[str, Any]:
    about, decision = _answer_asks(bedside)
    return {"finding": f.chosen(bedside.said, about), "go_on": f.chosen(bedside.said, decision) == "yes"}


def _one(make: Callable[[Bedside], tuple[Ask, ...]]) -> Callable[[Bedside], dict[str, Any]]:
    """The payload of a form with one choice, under the name of its field."""

    def payload(bedside: Bedside) -> dict[str, Any]:
        (ask,) = make(bedside)
        return {ask.name: f.chosen(bedside.said, ask)}

    return payload


# ---- checks, bags, readings -------------------------------------------------------------------------------------


def _check_asks(bedside: Bedside) -> tuple[Ask, ...]:
    pressing = {item.what: item.status for item in reversed(bedside.face.due)}
    words = {Status.OVERDUE: _("Overdue"), Status.DUE: _("Due now")}
    names = dict.fromkeys(check.name for check in bedside.state.ordered.checks if not check.continuous)
    choices = tuple((name, said(name[:1].upper() + name[1:]), words.get(pressing.get(name), "")) for name in names)  # type: ignore[arg-type]
    return (Ask("name", _("Which check?"), "choice", choices=choices, value=_said(bedside, "name")),)


def _bag_asks(bedside: Bedside) -> tuple[Ask, ...]:
    following = len(bedside.state.bags) + 1
    label = _("Bag %(number)d") % {"number": following}
    more = following > len(bedside.state.ordered.bags)
    hint = _("One more than planned") if more else ""
    return (Ask("number", _("It hangs now"), "choice", choices=((str(following), label, hint),), value=str(following)),)


def _bag_payload(bedside: Bedside) -> dict[str, Any]:
    value = f.number(bedside.said, "number", _("Bag"))
    return {"number": int(value or 0)}


def _observe_asks(bedside: Bedside) -> tuple[Ask, ...]:
    return reading_asks(_said(bedside, "reading"), bedside.state)


def _observe_payload(bedside: Bedside) -> dict[str, Any]:
    return {"reading": reading_payload(bedside.said, bedside.state)}


def _correct_asks(bedside: Bedside) -> tuple[Ask, ...]:
    return (Ask("of", kind="hidden", value=_said(bedside, "of")), *_observe_asks(bedside))


def _correct_payload(bedside: Bedside) -> dict[str, Any]:
    return {"of": str(bedside.said.get("of", "")), **_observe_payload(bedside)}


# ---- people, devices, notes -------------------------------------------------------------------------------------


def _note_asks(_bedside: Bedside) -> tuple[Ask, ...]:
    return (Ask("text", _("Note"), "area"),)


def _handover_asks(bedside: Bedside) -> tuple[Ask, ...]:
    choices = tuple((name, name, "") for name in bedside.nurses if name != bedside.state.nurse)
    return (Ask("to", _("Who takes over?"), "choice", choices=choices),)


def _rule_asks(bedside: Bedside) -> tuple[Ask, ...]:
    return (Ask("rule", kind="hidden", value=_said(bedside, "rule")),)


def _device_asks(names: Callable[[Bedside], Iterable[str]]) -> Callable[[Bedside], tuple[Ask, ...]]:
    def make(bedside: Bedside) -> tuple[Ask, ...]:
        choices = tuple((name, device_words(name), "") for name in names(bedside))
        return (Ask("device", _("Which?"), "choice", choices=choices),)

    return make


def _watched(bedside: Bedside) -> Iterable[str]:
    kinds = dict.fromkeys([*(check.kind for check in bedside.state.ordered.checks if check.continuous), "pump"])
    return [kind for kind in kinds if kind not in bedside.state.silent]


_silent, _back = _device_asks(_watched), _device_asks(lambda bedside: list(bedside.state.silent))


def _said(bedside: Bedside, name: str) -> str:
    return str(bedside.said.get(name, ""))


def _plain(name: str, label: str) -> Callable[[Bedside], dict[str, Any]]:
    return lambda bedside: {name: f.text(bedside.said, name, _(label))}


_Form = tuple[Callable[[Bedside], tuple[Ask, ...]], Callable[[Bedside], dict[str, Any]]]
_FORMS: Mapping[str, _Form] = {
    "confirm-rate": (_rate_asks, _rate_payload),
    "resume": (_resume_asks, _resume_payload),
    "request-stop": (_stop_asks, _stop_payload),
    "report-finding": (_finding_asks, _one(_finding_asks)),
    "report-resolved": (_resolved_asks, _one(_resolved_asks)),
    "answer": (_answer_asks, _answer_payload),
    "end-early": (lambda _bedside: (Ask("why", _("Why"), "area"),), _plain("why", "Why")),
    "do-check": (_check_asks, _one(_check_asks)),
    "hang-bag": (_bag_asks, _bag_payload),
    "observe": (_observe_asks, _observe_payload),
    "correct-observation": (_correct_asks, _correct_payload),
    "write-note": (_note_asks, _plain("text", "Note")),
    "offer-handover": (_handover_asks, _one(_handover_asks)),
    "acknowledge": (_rule_asks, _plain("rule", "Alarm")),
    "report-silent": (_silent, _one(_silent)),
    "report-back": (_back, _one(_back)),
}
