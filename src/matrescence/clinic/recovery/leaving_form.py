"""The forms of leaving: the checklist with the fields that the drug's folder asks for, and how she left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

from django.utils.translation import gettext as _

from matrescence.actions.recovery_file import DISCHARGE
from matrescence.care.infusion.readings import BloodPressure
from matrescence.care.journey.known import Known
from matrescence.care.journey.words import Ground
from matrescence.care.recovery.follow_up import follow_up
from matrescence.care.recovery.guidance import Criterion
from matrescence.clinic.inputs import NO, NOT_ASKED, YES, Input, posted, shown_number, typed_number, with_errors
from matrescence.clinic.recovery.moments import MomentError, moment_in, typed_moment
from matrescence.clinic.said import English

FOLLOW_UPS = 4
"""So many follow-ups can be agreed in one form, or as many as the drug's folder names, if those are more."""
SHORTEST_REASON = 10
PRESSURES = ("pressure_before", "pressure_now")
SIDES = ("systolic", "diastolic")
HAPPENED = "happened"


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled: its inputs with what is wrong, and the payload to write when nothing is.

    ``at`` is when it happened, where that was typed.
    """

    inputs: tuple[Input, ...]
    payload: Mapping[str, Any]
    at: datetime | None = None

    @property
    def wrong(self) -> tuple[Input, ...]:
        """The inputs that cannot be used."""
        return with_errors(self.inputs)


# ---- the checklist ----------------------------------------------------------------------------------------------


def checklist_inputs(known: Known, ground: Ground) -> tuple[Input, ...]:
    """The form to begin with: nothing is filled in but the first pressure of this infusion, where one was read."""
    before = _first_pressure(known)
    shown = {}
    if before is not None:
        values = (before.systolic_mmhg, before.diastolic_mmhg)
        shown = {f"pressure_before_{side}": shown_number(value) for side, value in zip(SIDES, values, strict=True)}
    note = _("From the first reading of this infusion.")
    return tuple(
        replace(item, value=shown.get(item.name, ""), note=note if item.name in shown else "")
        for item in _checklist(ground)
    )


def read_checklist(data: Mapping[str, str], known: Known, ground: Ground) -> Filled:
    """What was typed; what was left empty is not recorded, and is never taken as met."""
    inputs = tuple(_read(item, posted(data, item.name), known) for item in _checklist(ground))
    inputs = tuple(_with_other_side(item, inputs) for item in inputs)
    return Filled(inputs, {}) if with_errors(inputs) else Filled(inputs, _payload(inputs), _when(inputs, known))


def _checklist(ground: Ground) -> Iterator[Input]:
    choices = ((YES, _("Yes")), (NO, _("No")), (NOT_ASKED, _("not recorded")))
    yes_no = {
        Criterion.SEDATION: ("sedation_resolved", _("Has sedation gone?")),
        Criterion.ACCOMPANIED: ("responsible_adult", _("Does a responsible adult take her home?")),
        Criterion.CHILD_CARE: ("child_cared_for", _("Does somebody else look after the child?")),
    }
    for item in ground.guidance.discharge:
        if item.kind in yes_no:
            name, label = yes_no[item.kind]
            yield Input(name, label, "yes-no", choices=choices)
        elif item.kind is Criterion.READINESS:
            yield _readiness(ground, item.scale)
        elif item.kind is Criterion.BLOOD_PRESSURE:
            yield from _pressures()
    yield _happened()


def _happened() -> Input:
    return Input(HAPPENED, _("When was this? Empty: now."), "moment")


def typed_at(data: Mapping[str, str], known: Known) -> datetime | None:
    """When it is said to have happened; ``None`` where nothing, or nothing that can be used, was typed."""
    try:
        return moment_in(posted(data, HAPPENED), _zone(known)) if posted(data, HAPPENED) else None
    except MomentError:
        return None


def _when(inputs: tuple[Input, ...], known: Known) -> datetime | None:
    return typed_at({item.name: item.value for item in inputs}, known)


def _zone(known: Known) -> tzinfo | None:
    return None if known.mother is None else known.mother.start.tzinfo


def _readiness(ground: Ground, name: str | None) -> Input:
    scale = ground.scales.get(name or "")
    label = _("Readiness to leave") if scale is None else f"{_('Readiness to leave')}: {scale.label}"
    hint = ""
    if scale is not None:
        low, high = scale.total_low.known, scale.total_high.known
        hint = _("Total, %(low)g to %(high)g.") % {"low": low, "high": high}
    return Input("readiness_total", label, "number", hint=hint)


def _pressures() -> Iterator[Input]:
    labels = {
        "pressure_before_systolic": _("Blood pressure before: systolic"),
        "pressure_before_diastolic": _("Blood pressure before: diastolic"),
        "pressure_now_systolic": _("Blood pressure now: systolic"),
        "pressure_now_diastolic": _("Blood pressure now: diastolic"),
    }
    for name, label in labels.items():
        yield Input(name, label, "number", unit="mmHg")


def _read(item: Input, text: str, known: Known) -> Input:
    filled = replace(item, value=text)
    if item.kind == "moment":
        return _checked_moment(filled, known)
    if item.kind == "number" and text and not isinstance(typed_number(text), float):
        return replace(filled, error=_("This is no number."))
    if item.kind == "yes-no" and text not in {YES, NO, NOT_ASKED}:
        return replace(filled, error=_("Say yes, no, or leave it as not recorded."))
    return filled


def _with_other_side(item: Input, inputs: tuple[Input, ...]) -> Input:
    """Both sides of a pressure, or neither."""
    which = next((name for name in PRESSURES if item.name.startswith(name)), None)
    if which is None or item.value or item.error:
        return item
    pair = [other.value for other in inputs if other.name.startswith(which)]
    return replace(item, error=_("Both values, or none.")) if any(pair) else item


def _payload(inputs: tuple[Input, ...]) -> dict[str, Any]:
    typed = {item.name: item.value for item in inputs if item.value}
    told: dict[str, Any] = {}
    for field in DISCHARGE:
        if field.kind == "boolean" and field.name in typed:
            told[field.name] = typed[field.name] == YES
        elif field.kind == "number" and field.name in typed:
            told[field.name] = typed_number(typed[field.name])
        elif f"{field.name}_systolic" in typed:
            told[field.name] = [typed_number(typed[f"{field.name}_{side}"]) for side in SIDES]
    return told


def _first_pressure(known: Known) -> BloodPressure | None:
    read = (seen.reading for seen in sorted(known.state.observations, key=lambda seen: seen.at))
    return next((reading for reading in read if isinstance(reading, BloodPressure)), None)


# ---- how she left -----------------------------------------------------------------------------------------------


def discharge_inputs(known: Known, ground: Ground, *, against: bool) -> tuple[Input, ...]:
    """The form to begin with: the follow-ups that the drug's folder names, counted from the end of treatment."""
    values = {f"follow_up_{n}": text for n, text in enumerate(_usual(known, ground), start=1)}
    note = _("As the drug's folder says.")
    return tuple(
        replace(item, value=values.get(item.name, ""), note=note if item.name in values else "")
        for item in _discharge(known, ground, against=against)
    )


def read_discharge(data: Mapping[str, str], known: Known, ground: Ground, *, against: bool) -> Filled:
    """What was typed; ``against``: the checklist is not met, and somebody has to take that on."""
    inputs = tuple(replace(i, value=posted(data, i.name)) for i in _discharge(known, ground, against=against))
    inputs = tuple(_checked(item, known) for item in inputs)
    if with_errors(inputs):
        return Filled(inputs, {})
    typed, zone = {item.name: item.value for item in inputs}, _zone(known)
    visits = [moment_in(text, zone) for name, text in typed.items() if name.startswith("follow_up") and text]
    payload: dict[str, Any] = {"left_with": typed["left_with"], "follow_ups": [at.isoformat() for at in sorted(visits)]}
    if against:
        payload["decided"] = {"by": typed["decided_by"], "why": typed["decided_why"]}
    return Filled(inputs, payload, _when(inputs, known))


def _discharge(known: Known, ground: Ground, *, against: bool) -> Iterator[Input]:
    who = _("Who takes her home?") if ground.infused else _("Who is with her at home?")
    yield Input("left_with", who, hint=_("The adult, by name or as her sister."))
    names = [visit.visit.name for visit in _visits(known, ground)]
    for n in range(1, max(FOLLOW_UPS, len(names)) + 1):
        named = English(names[n - 1]) if n <= len(names) else ""
        yield Input(f"follow_up_{n}", _("Follow-up %(n)d") % {"n": n}, "moment", hint=named)
    if against:
        yield Input("decided_by", _("Which clinician decides that she leaves?"))
        yield Input("decided_why", _("Why, although the checklist is not met?"), "long")
    yield _happened()


def _checked(item: Input, known: Known) -> Input:
    if item.name == "left_with" and not item.value:
        return replace(item, error=_("Say who is with her."))
    if item.name == "decided_by" and not item.value:
        return replace(item, error=_("Name the clinician: the checklist is not met."))
    if item.name == "decided_why" and len(item.value) < SHORTEST_REASON:
        return replace(item, error=_("Say why (at least 10 letters)."))
    return _checked_moment(item, known) if item.kind == "moment" else item


def _checked_moment(item: Input, known: Known) -> Input:
    try:
        if item.value:
            moment_in(item.value, _zone(known))
    except MomentError as error:
        return replace(item, error=str(error))
    return item


def _visits(known: Known, ground: Ground) -> Any:
    ended, mother = known.state.ended_at, known.mother
    if ended is None or mother is None:
        return ()
    return follow_up(ground.guidance.visits, end=ended.astimezone(mother.start.tzinfo))


def _usual(known: Known, ground: Ground) -> list[str]:
    zone = _zone(known)
    return [typed_moment(visit.at, zone) for visit in _visits(known, ground)]
