"""One room: an invented woman, an oximeter and a pump.  ``step(to)`` lets time pass and gives what the devices said.

The room reads no clock.  The same order, seed, faults and hands on the pump give the same messages, in however many
steps the time is cut.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from matrescence.actions.bedside.rates import ml_per_h
from matrescence.actions.bedside.report import DeviceReport, Lane, OximeterReport, PumpReport, Quality
from matrescence.bedside.body import Body
from matrescence.bedside.faults import Fault, Planned, Where, active
from matrescence.bedside.link import Link
from matrescence.bedside.pump import Face, Pump, Step
from matrescence.bedside.woman import Signs, Vitals, Woman
from matrescence.care.infusion.order import InfusionOrder
from matrescence.care.infusion.plan import settable
from matrescence.care.infusion.stamp import utc
from matrescence.care.infusion.state import RatePoint, State
from matrescence.pharmacology.model import Model

OXIMETER, PUMP = "oximeter-1 (simulated)", "pump-1 (simulated)"
_NOTHING = -100.0  # what some monitors send for "no reading"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often each device speaks, in seconds.

    Raises:
        ValueError: a number is below 0.5 (her noise is drawn twice a second).
    """

    oximeter_every_s: float = 1.0
    pump_every_s: float = 10.0

    def __post_init__(self) -> None:
        for name in ("oximeter_every_s", "pump_every_s"):
            if not getattr(self, name) >= 0.5:
                raise ValueError(f"{name} = {getattr(self, name)}: half a second or more is needed")


@dataclass(frozen=True, slots=True)
class Look:
    """What a person in the room sees: how she answers, her saturation by another oximeter, the pump, the line."""

    signs: Signs
    vitals: Vitals
    pump: Face
    line_blocked: bool


@dataclass(frozen=True, slots=True)
class _Moment:
    """When a device speaks, and what its message is called; ``in_rhythm`` is false where it speaks out of turn."""

    at: datetime
    where: Where
    message_id: str
    in_rhythm: bool = True


class Room:
    """The room.  Only :meth:`step` moves time; a hand on the pump acts at the instant the room has come to.

    Args:
        order: what was ordered; its stairs are the pump's programme, rounded to what a pump can be set to.
        model: the drug's model; her level is that of virtual woman number 0 of ``seed``.
        seed: of everything that is random here.
        at: the instant at which the room begins.
        rhythm: how often the devices speak.
        faults: what will go wrong; more can be injected on the way.
        state: the infusion as it stands, where the room begins in the middle of one (a server that was restarted).

    Raises:
        ValueError: the order's pump rates are not known, or an instant has no time zone.
    """

    def __init__(
        self,
        order: InfusionOrder,
        model: Model,
        *,
        seed: int,
        at: datetime,
        rhythm: Rhythm | None = None,
        faults: Iterable[Planned] = (),
        state: State | None = None,
    ) -> None:
        rhythm = rhythm or Rhythm()
        self.order, self.at = order, utc(at)
        self.faults: tuple[Planned, ...] = tuple(faults)
        self.woman = Woman(seed, order.sleep)
        self.pump = Pump(_programme(order), at=self.at)
        self._ug_per_ml = _ug_per_ml(order)
        points = () if state is None else tuple(point for point in state.rates if point.at <= self.at)
        self.body = Body(model, weight_kg=order.weight_kg, seed=seed, since=points[0].at if points else self.at)
        self._links = {
            Where.OXIMETER: Link(Where.OXIMETER, seed=seed, every=timedelta(seconds=rhythm.oximeter_every_s)),
            Where.PUMP: Link(Where.PUMP, seed=seed, every=timedelta(seconds=rhythm.pump_every_s)),
        }
        self._began = self.at
        self._sent = dict.fromkeys(self._links, 0)
        if state is not None and points:
            self._rejoin(state, points)

    # ---- time

    def step(self, to: datetime) -> tuple[DeviceReport, ...]:
        """Let time pass up to ``to``: every message that has arrived by then, in the order of arrival.

        Raises:
            ValueError: ``to`` lies before the instant the room has come to.
        """
        end = utc(to)
        if end < self.at:
            raise ValueError(f"the room has come to {self.at.isoformat()}; it does not go back to {end.isoformat()}")
        for moment in self._moments(end):
            self._pass(moment.at)
            self._speak(moment)
        self._pass(end)
        found = [report for link in self._links.values() for report in link.arrived(end)]
        return tuple(sorted(found, key=lambda one: (one.received_at, one.device, one.message_id)))

    def _moments(self, end: datetime) -> list[_Moment]:
        """When each device speaks up to ``end``, in order: in its rhythm, and the pump when its rate changes by itself.

        A pump whose rhythm is slow would else tell of a step minutes after it.
        """
        moments = []
        for where, link in self._links.items():
            last = (end - self._began) // link.every
            numbers = range(self._sent[where] + 1, last + 1)
            moments += [_Moment(self._began + link.every * n, where, f"{n:07d}") for n in numbers]
        spoken = {moment.at for moment in moments if moment.where is Where.PUMP}
        every = self._links[Where.PUMP].every
        moments += [
            _Moment(at, Where.PUMP, f"{(at - self._began) // every:07d}.{at:%H%M%S}", in_rhythm=False)
            for at in self.pump.changes(self.at, end)
            if at not in spoken
        ]
        return sorted(moments, key=lambda moment: (moment.at, moment.where.value))

    def _pass(self, to: datetime) -> None:
        for stretch in self.pump.run(to, self.faults):
            self.body.infuse(stretch.until, stretch.rate_ml_per_h * self._ug_per_ml)
        self.at = to

    # ---- what the devices say

    def _speak(self, moment: _Moment) -> None:
        at, where, message_id = moment.at, moment.where, moment.message_id
        self._sent[where] += moment.in_rhythm
        skew = active(self.faults, Fault.CLOCK_SKEW, where, at)
        says = at if skew is None else at + timedelta(seconds=skew.size or 0.0)
        report = self._oximeter(says, at, message_id) if where is Where.OXIMETER else self._pump(says, at, message_id)
        self._links[where].send(report, at, self.faults)

    def _oximeter(self, says: datetime, at: datetime, message_id: str) -> OximeterReport:
        demo = active(self.faults, Fault.DEMO, Where.OXIMETER, at) is not None
        off = active(self.faults, Fault.PROBE_OFF, Where.OXIMETER, at) is not None
        vitals = Vitals(_NOTHING, _NOTHING) if off else self.woman.vitals(at, self.faults)
        return OximeterReport(
            device=OXIMETER,
            message_id=message_id,
            observed_at=says,
            received_at=at,
            lane=Lane.DEMO if demo else Lane.LIVE,
            spo2_percent=vitals.spo2_percent,
            pulse_per_min=vitals.pulse_per_min,
            quality=Quality.INVALID if off else Quality.GOOD,
        )

    def _pump(self, says: datetime, at: datetime, message_id: str) -> PumpReport:
        face = self.pump.face(self.faults)
        return PumpReport(
            device=PUMP,
            message_id=message_id,
            observed_at=says,
            received_at=at,
            lane=Lane.LIVE,
            running=face.running,
            rate_ml_per_h=round(face.rate_ml_per_h, 3),
            programmed_ml_per_h=round(face.programmed_ml_per_h, 3),
            volume_ml=round(face.volume_ml, 3),
            alarm=face.alarm,
        )

    # ---- people in the room

    def look(self) -> Look:
        """What a person in the room sees now."""
        return Look(
            signs=self.woman.signs(self.at, self.faults),
            vitals=self.woman.vitals(self.at, self.faults),
            pump=self.pump.face(self.faults),
            line_blocked=active(self.faults, Fault.OCCLUSION, Where.PUMP, self.at) is not None,
        )

    def start_pump(self, *, at_most_ug_per_kg_h: float | None = None) -> None:
        """Press start; a rate after a resume is held down to ``at_most_ug_per_kg_h``."""
        cap = None if at_most_ug_per_kg_h is None else ml_per_h(at_most_ug_per_kg_h, self.order)
        self.pump.start(at_most_ml_per_h=settable(cap))

    def stop_pump(self) -> bool:
        """Press stop.  Whether the pump obeyed: look at it."""
        return self.pump.stop(self.faults)

    def inject(self, fault: Planned) -> None:
        """Let something go wrong, now or later."""
        self.faults = (*self.faults, fault)

    def levels_ng_per_ml(self) -> dict[str, float]:
        """The levels of this virtual woman now, by the names of the model: what no bedside device measures."""
        return self.body.levels()

    # ---- beginning in the middle

    def _rejoin(self, state: State, points: tuple[RatePoint, ...]) -> None:
        """Put the pump and her level where the confirmed rates say they are."""
        for point, following in pairwise((*points, RatePoint(self.at, 0.0))):
            rate = ml_per_h(point.rate_ug_per_kg_h, self.order) or 0.0
            self.body.infuse(following.at, rate * self._ug_per_ml)
            self.pump.volume_ml += rate * ((following.at - point.at) / timedelta(hours=1))
        self.pump.started_at = state.started_at
        self.pump.running = points[-1].rate_ug_per_kg_h > 0.0
        cap = state.ceiling_ug_per_kg_h
        self.pump.at_most_ml_per_h = None if cap is None else settable(ml_per_h(cap, self.order))


def _programme(order: InfusionOrder) -> tuple[Step, ...]:
    """The order's stairs as a pump is set to them."""
    steps = []
    for stair in order.stairs:
        rate = settable(stair.rate_ml_per_h)
        if not rate:
            raise ValueError(f"{order.drug} {order.regimen}: its pump rates are not known, so no pump can be simulated")
        steps.append(Step(stair.start_h, stair.end_h, rate))
    return tuple(steps)


def _ug_per_ml(order: InfusionOrder) -> float:
    per_ml = ml_per_h(1.0, order)
    if not per_ml:
        raise ValueError(f"{order.drug} {order.regimen}: its concentration is not known, so no pump can be simulated")
    return order.weight_kg / per_ml
