"""What the templates of the infusion are given: the same for the page and for the stream."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matrescence.actions.bedside.freshness import AGE_LIMITS, PUMP_PROGRAMMED, PUMP_RATE, PUMP_RUNNING
from matrescence.actions.bedside.report import OXIMETRY, PULSE, SPO2
from matrescence.care.infusion import events as ev
from matrescence.care.infusion.monitoring import DueItem
from matrescence.care.infusion.order import InfusionOrder
from matrescence.care.infusion.readings import Oximetry, shown
from matrescence.care.infusion.state import Observation, State
from matrescence.care.infusion.timeline import sentence
from matrescence.care.journey.words import Infused
from matrescence.clinic.infusion.acts import ACTS, Group, against_resuming, lapsed, offered
from matrescence.clinic.infusion.chart import level_chart
from matrescence.clinic.infusion.face import Face, face_of
from matrescence.clinic.infusion.levels import Level, level_of
from matrescence.clinic.infusion.measured import dots, measured_levels
from matrescence.clinic.infusion.readings import KINDS, kind_of
from matrescence.clinic.infusion.words import PHASE_CLASS, TODO, finding, phase_words
from matrescence.clinic.live.models import DeviceProblem, LiveValue
from matrescence.clinic.live.pace import Pace
from matrescence.clinic.log.courses import Opened
from matrescence.clinic.pages import zone_of

LATEST_SHOWN = 12
LATE_AFTER = timedelta(minutes=2)
"""A record written this long after it happened is marked as entered late."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line of what was written last."""

    happened_at: datetime
    recorded_at: datetime
    text: str
    by: str
    late: bool
    correct: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    """One live value: what it is, and from which real instant its age counts."""

    measure: str
    label: str
    unit: str
    value: Any
    why: str
    device: str
    observed_at: datetime
    received_at: datetime
    fresh_from: datetime
    live_s: float
    gone_s: float
    age_s: float

    @property
    def state(self) -> str:
        """How it may be shown when the page is made: live, old (greyed and crossed), or gone."""
        if self.value is None or self.age_s > self.gone_s:
            return "gone"
        return "live" if self.age_s <= self.live_s else "old"


def context_of(opened: Opened, pace: Pace) -> dict[str, Any]:
    """Everything the parts of the page show.  It holds nothing of the person who looks."""
    face = face_of(opened.known.state, pace.at)
    signs = signs_of(opened.id, pace)
    found: dict[str, Any] = {
        "course_id": opened.id,
        "zone": zone_of(opened),
        "pace": pace,
        "face": face,
        "signs": signs,
        "sign_names": (SPO2, PULSE),
        "problems": list(DeviceProblem.objects.filter(course=opened.id)),
        "at": pace.at,
    }
    if face is None:
        return found
    level = None if opened.known.mother is None else level_of(face.state, opened.known.mother, opened.ground.drug)
    measured = measured_levels(face.state, level, opened.ground.drug)
    return {
        **found,
        "phase_words": phase_words(face.phase),
        "phase_class": PHASE_CLASS.get(face.phase, "rest"),
        "todo": todo(face),
        "offers": offered(face.state, face.at),
        "against": against_resuming(face.state, face.at) if "resume" in offered(face.state, face.at) else (),
        "stop_for": [finding(request.finding) for request in face.state.stop_requests],
        "lapsed": lapsed(face.state, face.at),
        "level": level,
        "level_now": None if level is None or face.hours is None else level.shown_at(face.hours),
        "measured": measured,
        "chart": None if level is None else level_chart(level, face.hours, face.order.end_h, dots(measured)),
        "latest": latest(opened),
        "charted": charted(face.state),
        "agree": agreement(face, signs),
        "due_links": [(item, due_link(opened.id, item, face.order)) for item in face.due],
        "coming": [(item, due_link(opened.id, item, face.order)) for item in face.coming],
    }


def todo(face: Face) -> str:
    """What is done next, where that is one thing."""
    if lapsed(face.state, face.at):
        return _("It was not confirmed in time and has lapsed: ask again.")
    if face.state.barred:
        return _("After %(finding)s it never goes on.") % {"finding": finding(face.state.barred).lower()}
    return str(TODO.get(face.phase, ""))


def due_link(course_id: str, item: DueItem, order: InfusionOrder) -> str:
    """The form behind a due thing; the query names what it is about.  Empty where there is none."""
    checks = {check.name: check.kind for check in order.checks}
    kind = checks.get(item.what, "") if item.kind == "check" else OXIMETRY
    name, about = {
        "check": ("observe", {"reading": kind}) if kind in KINDS else ("do-check", {"name": item.what}),
        "reading": ("observe", {"reading": kind}),
        "rate": ("confirm-rate", {}),
        "end": ("request-stop", {}),
        "bag": ("hang-bag", {}),
    }.get(item.kind, ("", {}))
    return act_url(course_id, name, urlencode(about)) if name else ""


def act_url(course_id: str, name: str, query: str = "") -> str:
    """The address of the form of an act."""
    act = ACTS[name]
    kind = {Group.RUN: "run", Group.DECIDE: "decide", Group.HANDOVER: "handover"}[act.group]
    return reverse(f"infusion:{kind}", args=[course_id, name]) + (f"?{query}" if query else "")


# ---- live values ------------------------------------------------------------------------------------------------

_LABELS = {
    SPO2: (gettext_lazy("SpO2"), "%"),
    PULSE: (gettext_lazy("Pulse"), "/min"),
    PUMP_RATE: (gettext_lazy("Pump gives"), "mL/h"),
    PUMP_PROGRAMMED: (gettext_lazy("Pump is set to"), "mL/h"),
    PUMP_RUNNING: (gettext_lazy("Pump runs"), ""),
}


def signs_of(course_id: str, pace: Pace) -> dict[str, Sign]:
    """The live values of a course, by measure.  A demonstration and a back-filled value are never among them."""
    rows = LiveValue.objects.filter(course=course_id, lane="live", backfilled=False)
    return {row.measure: _sign(row, pace) for row in rows if row.measure in _LABELS}


def _sign(row: LiveValue, pace: Pace) -> Sign:
    label, unit = _LABELS[row.measure]
    limit = AGE_LIMITS[row.measure]
    from_ = pace.fresh_from(row.observed_at, row.received_at, row.stored_at)
    return Sign(
        row.measure,
        str(label),
        unit,
        row.value,
        row.why,
        row.device,
        row.observed_at,
        row.received_at,
        from_,
        limit.live_up_to_s,
        limit.no_data_after_s,
        max((pace.real - from_).total_seconds(), 0.0),
    )


def agreement(face: Face, signs: dict[str, Sign]) -> str:
    """Where pump and record say different things: both are named, and nobody chooses between them here."""
    running, rate = signs.get(PUMP_RUNNING), signs.get(PUMP_RATE)
    last = face.state.last_point
    if running is None or running.state != "live" or (last is not None and running.observed_at <= last.at):
        return ""  # what the pump said before the record was made says nothing against it
    if bool(running.value) != (face.state.rate_ug_per_kg_h > 0):
        says = _("runs") if running.value else _("stands still")
        return _("The pump says that it %(says)s; the record says otherwise.") % {"says": says}
    wanted, gives = face.rate.set_ml_per_h, None if rate is None else rate.value
    if running.value and gives is not None and wanted is not None and abs(float(gives) - wanted) > 0.1 + 1e-9:
        return _("The pump gives another rate than the one confirmed last.")
    return ""


# ---- what was written -------------------------------------------------------------------------------------------


def latest(opened: Opened) -> list[Told]:
    """What was written last, the newest first, without repetitions and what a device charts by itself."""
    found: list[Told] = []
    for position in range(opened.position, 0, -1):
        entry = opened.known.entries[position]
        if not isinstance(entry.what, Infused):
            continue
        for event in reversed(entry.what.events):
            if _sample(event):
                continue
            told = _told(event)
            if not (found and found[-1].text == told.text):
                found.append(told)
        if len(found) >= LATEST_SHOWN or any(isinstance(event, ev.Opened) for event in entry.what.events):
            break
    return found[:LATEST_SHOWN]


def _sample(event: ev.Event) -> bool:
    """Whether a device charted this by itself: its keys name the message they come from."""
    return isinstance(event, ev.Observed) and isinstance(event.reading, Oximetry) and "/" in event.cause.key


def _told(event: ev.Event) -> Told:
    stamp = event.stamp
    waited = stamp.recorded_at - stamp.happened_at
    late = waited > LATE_AFTER and not isinstance(event, ev.SignalLost)  # silence is noticed only after a while
    told = Told(stamp.happened_at, stamp.recorded_at, sentence(event), stamp.by, late)
    if isinstance(event, ev.Observed):
        return replace(told, correct=event.cause.key, kind=kind_of(event.reading))
    return told


def charted(state: State) -> list[tuple[str, Observation]]:
    """The newest reading of each kind, as it stands in her record."""
    newest: dict[str, Observation] = {}
    for seen in state.observations:
        name = type(seen.reading).__name__
        if name not in newest or seen.at >= newest[name].at:
            newest[name] = seen
    return [(shown(seen.reading), seen) for seen in sorted(newest.values(), key=lambda seen: seen.at, reverse=True)]


def zone_name(zone: tzinfo | None, at: datetime) -> str:
    """The name of her time zone at an instant."""
    return str(at.astimezone(zone).tzname() or "")


__all__ = ["Level", "Sign", "Told", "act_url", "context_of"]
