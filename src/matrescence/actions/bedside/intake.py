"""One message in; live values, records and problems out.

:func:`take` answers a message, :func:`tick` answers the passing of time, :func:`watch` begins and :func:`unwatch` ends
the watch over a kind of device.  All are pure: what they remember is a :class:`Seen` that is handed in and given back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from matrescence.actions.bedside import freshness as fresh
from matrescence.actions.bedside import record
from matrescence.actions.bedside.association import Binding
from matrescence.actions.bedside.charting import Sample, offer, settle
from matrescence.actions.bedside.policy import POLICY, Policy
from matrescence.actions.bedside.pump_said import contradiction, heed
from matrescence.actions.bedside.rates import as_ordered
from matrescence.actions.bedside.record import Record
from matrescence.actions.bedside.report import (
    PULSE,
    SPO2,
    DeviceReport,
    Lane,
    OximeterReport,
    PumpReport,
    reading_of,
)
from matrescence.actions.bedside.seen import Heard, Live, Problem, Seen, Taken
from matrescence.actions.bedside.timing import Placed, place
from matrescence.care.infusion.findings import meaning
from matrescence.care.infusion.readings import Oximetry
from matrescence.care.infusion.stamp import utc
from matrescence.care.infusion.state import Phase, State

PORT = "bedside port"
"""Who says that a device is silent: not the device."""

_LINGERS_S: Mapping[str, float] = {"late": 60.0}
"""A problem stands until a message does not show it; one that comes and goes with each message lingers."""


# ---- one message ------------------------------------------------------------------------------------------------


def take(
    seen: Seen,
    report: DeviceReport,
    *,
    state: State,
    binding: Binding | None,
    now: datetime,
    policy: Policy = POLICY,
) -> Taken:
    """Answer one message of a device.

    Args:
        seen: what was answered before, for this course.
        report: the message.
        state: the infusion as known now, with every record written that was asked for before.
        binding: what :func:`association.route` found; ``None``: the device is nobody's.
        now: our clock.  A message that waited in a queue of ours is as old as it is now, not as it was when received.
        policy: the numbers to go by.

    Raises:
        ValueError: the binding is of another device, or ``now`` has no time zone.
    """
    if binding is not None and binding.device != report.device:
        raise ValueError(f"a binding of {binding.device} was handed in with a report of {report.device}")
    heard, message = seen.of(report.device), f"{report.message_id}/{report.fingerprint}"
    if message in heard.recent:
        return Taken(seen)
    heard = heard.remember(message)
    if report.lane is not Lane.LIVE:
        return _nothing_but(seen, heard, report, "demo", "it shows a demonstration: nothing of it is hers")
    if binding is None:
        return _nothing_but(seen, heard, report, "unbound", "it is bound to no course: say whose it is")
    placed = place(report, binding, heard.newest_at, policy, utc(now))
    if placed.newest:
        heard = replace(heard, newest_at=placed.at)
    ground = _Ground(state, policy, utc(now))
    if isinstance(report, OximeterReport):
        return _oximeter(seen, heard, report, placed, ground)
    return _pump(seen, heard, report, placed, ground)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a message is judged by."""

    state: State
    policy: Policy
    now: datetime


def _nothing_but(seen: Seen, heard: Heard, report: DeviceReport, code: str, text: str) -> Taken:
    """A message that is neither shown nor written: the problem, and the live values of that device taken away."""
    heard, new = _conditions(heard, report, {code: text})
    live = {name: one for name, one in seen.live.items() if one.device != report.device}
    return Taken(replace(seen.having(report.device, heard), live=live), problems=new)


# ---- the oximeter -----------------------------------------------------------------------------------------------


def _oximeter(seen: Seen, heard: Heard, report: OximeterReport, placed: Placed, ground: _Ground) -> Taken:
    reading = reading_of(report)
    conditions = _clock_conditions(placed)
    records: list[Record] = []
    if isinstance(reading, str):
        conditions["no-reading"] = reading
    else:
        sample = Sample(placed.at, _key(report, placed), reading)
        heard, records = _charted(heard, sample, report.device, ground)
    heard, new = _conditions(heard, report, conditions, settled=placed.newest)
    seen = seen.having(report.device, heard)
    if isinstance(reading, Oximetry) and placed.current:
        seen, noticed = _heard(seen, report, ground)
        records = [*noticed, *records]
    live = _signs(report, reading, placed) if placed.current else ()
    return Taken(_showing(seen, live), live, tuple(records), new)


def _charted(heard: Heard, sample: Sample, device: str, ground: _Ground) -> tuple[Heard, list[Record]]:
    order = ground.state.order
    if order is None or ground.state.phase is Phase.DISCHARGED:
        return heard, []
    findings = meaning(sample.reading, order).findings
    chart, at_once = offer(heard.chart, sample, findings, ground.policy, ground.now)
    chart, settled = settle(chart, ground.policy, ground.now)
    return replace(heard, chart=chart), _observed((*settled, *at_once), device)


def _observed(samples: tuple[Sample, ...], device: str) -> list[Record]:
    return [record.observe(sample.reading, key=sample.key, at=sample.at, by=device) for sample in samples]


def _signs(report: OximeterReport, reading: Oximetry | str, placed: Placed) -> tuple[Live, ...]:
    spo2, pulse, why = (None, None, reading) if isinstance(reading, str) else (
        reading.spo2_percent, reading.pulse_per_min, "")  # fmt: skip
    return tuple(
        Live(name, value, report.device, placed.at, report.received_at, why)
        for name, value in ((SPO2, spo2), (PULSE, pulse))
    )


# ---- the pump ---------------------------------------------------------------------------------------------------


def _pump(seen: Seen, heard: Heard, report: PumpReport, placed: Placed, ground: _Ground) -> Taken:
    found = heed(report, placed, ground.state, heard.told, ground.policy, key=_key(report, placed))
    conditions = _clock_conditions(placed)
    if found.problem is not None:
        conditions[found.problem[0]] = found.problem[1]
    if report.alarm:
        conditions["pump-alarm"] = f"the pump says: {report.alarm}"
    if found.told is not None:
        heard = replace(heard, told=found.told)
    heard, new = _conditions(heard, report, conditions, settled=placed.newest)
    seen = seen.having(report.device, heard)
    records: tuple[Record, ...] = () if found.record is None else (found.record,)
    if placed.current:
        seen, noticed = _heard(seen, report, ground)
        records = (*noticed, *records)
    live = _face(report, placed, ground) if placed.current else ()
    return Taken(_showing(seen, live), live, records, new)


def _face(report: PumpReport, placed: Placed, ground: _Ground) -> tuple[Live, ...]:
    """What the pump shows.  A message that contradicts itself shows no rate."""
    unclear, state = contradiction(report), ground.state
    rate = report.rate_ml_per_h if unclear is None else None
    dose_rate = None
    if rate is not None and state.order is not None:
        resolution = ground.policy.pump_resolution_ml_per_h
        dose_rate = as_ordered(rate, state, placed.at, resolution) if rate > 0 else 0.0
    values: tuple[tuple[str, float | bool | str | None], ...] = (
        (fresh.PUMP_RUNNING, report.running if unclear is None else None),
        (fresh.PUMP_RATE, rate),
        (fresh.PUMP_DOSE_RATE, dose_rate),
        (fresh.PUMP_PROGRAMMED, report.programmed_ml_per_h),
        (fresh.PUMP_VOLUME, report.volume_ml),
        (fresh.PUMP_ALARM, report.alarm),
    )
    why = "" if unclear is None else unclear[1]
    return tuple(Live(name, value, report.device, placed.at, report.received_at, why) for name, value in values)


# ---- time passing -----------------------------------------------------------------------------------------------


def watch(seen: Seen, kind: str, *, at: datetime) -> Seen:
    """Begin to expect a kind of device (``oximetry``, ``pump``): from now on its silence is noticed."""
    return replace(seen, heard_at={**seen.heard_at, kind: max(utc(at), seen.heard_at.get(kind, utc(at)))})


def unwatch(seen: Seen, kind: str) -> Seen:
    """No longer expect a kind of device: its last device was unbound by a person."""
    heard_at = {name: at for name, at in seen.heard_at.items() if name != kind}
    silent = {name: at for name, at in seen.silent.items() if name != kind}
    return replace(seen, heard_at=heard_at, silent=silent)


def silence(seen: Seen, policy: Policy, now: datetime) -> Taken:
    """What is written because a kind of device has not been heard for too long; once for each silence.

    What counts is the receipt, by our clock, of something that could be shown as what is now.  A probe off her finger,
    a monitor in a demonstration, and a device whose clock is wrong are as silent as one without a plug.
    """
    silent, records = dict(seen.silent), []
    for kind, heard_at in seen.heard_at.items():
        since = heard_at + timedelta(seconds=policy.silent_after_s(kind))
        if kind not in silent and since <= utc(now):
            silent[kind] = since
            records.append(record.report_silent(kind, at=since, by=PORT))
    return Taken(replace(seen, silent=silent), records=tuple(records))


def tick(seen: Seen, *, now: datetime, policy: Policy = POLICY) -> Taken:
    """What time alone brings: silence, and samples whose wait is over.  Ask once a second or so."""
    quiet = silence(seen, policy, now)
    seen, records = quiet.seen, list(quiet.records)
    for device, heard in quiet.seen.devices.items():
        chart, settled = settle(heard.chart, policy, utc(now))
        if settled or chart is not heard.chart:
            seen = seen.having(device, replace(heard, chart=chart))
            records += _observed(settled, device)
    return Taken(seen, records=tuple(records))


def _heard(seen: Seen, report: DeviceReport, ground: _Ground) -> tuple[Seen, list[Record]]:
    """Note that a kind of device was heard; if it had been silent, say when that began and that it is over."""
    kind, at = report.kind, report.received_at
    quiet = silence(seen, ground.policy, at) if kind in seen.heard_at else Taken(seen)
    records = [one for one in quiet.records if one.payload["device"] == kind]
    since = quiet.seen.silent.get(kind, ground.state.silent.get(kind))
    if since is not None:
        records.append(record.report_back(kind, at=max(at, since), by=PORT))
    silent = {name: began for name, began in seen.silent.items() if name != kind}
    heard_at = {**seen.heard_at, kind: max(at, seen.heard_at.get(kind, at))}
    return replace(seen, heard_at=heard_at, silent=silent), records


# ---- problems, keys, the tile -----------------------------------------------------------------------------------


def _clock_conditions(placed: Placed) -> dict[str, str]:
    if placed.ahead:
        text = f"its clock is {-placed.lag_s:.0f} s ahead of ours"
        return {"clock-ahead": f"{text}: compare the clocks and bind it again; until then nothing of it is live"}
    if placed.late:
        text = f"what it sends is {placed.lag_s:.0f} s old, or its clock is behind: charted, not shown as live"
        return {"late": text}
    return {}


def _conditions(
    heard: Heard, report: DeviceReport, conditions: Mapping[str, str], *, settled: bool = True
) -> tuple[Heard, tuple[Problem, ...]]:
    """The problems after one message, and those that are new with it.

    A message out of its turn (``settled`` is false) can add a problem and lifts none.
    """
    at = report.received_at
    kept = {
        code: problem
        for code, problem in heard.problems.items()
        if code in conditions or not settled or _lingers(heard, code, at)
    }
    new = tuple(
        Problem(code, report.device, text, at) for code, text in conditions.items() if code not in heard.problems
    )
    return replace(heard, problems={**kept, **{problem.code: problem for problem in new}}), new


def _lingers(heard: Heard, code: str, at: datetime) -> bool:
    return at < heard.problems[code].since + timedelta(seconds=_LINGERS_S.get(code, 0.0))


def _key(report: DeviceReport, placed: Placed) -> str:
    own = f"{report.device}/{report.message_id}/{report.fingerprint}"
    return f"{own}/{placed.at.isoformat()}" if placed.ahead else own


def _showing(seen: Seen, live: tuple[Live, ...]) -> Seen:
    return replace(seen, live={**seen.live, **{one.measure: one for one in live}}) if live else seen
