"""The report of one infusion session as PDF, made from the session's log and from nothing else.

The log holds the order, so the report can be made again when the formulary has changed; only the word on whether the
drug can be had comes from the formulary of today.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from matrescence import __version__
from matrescence.actions.infusion import zone_of
from matrescence.care.infusion import events as ev
from matrescence.care.infusion.alarms import alarms
from matrescence.care.infusion.dose import dose
from matrescence.care.infusion.evolve import replay
from matrescence.care.infusion.state import Phase, State
from matrescence.handouts.clock import Clock
from matrescence.handouts.digits import plain
from matrescence.handouts.print.compile import compile_pdf
from matrescence.handouts.print.plan import INVENTED
from matrescence.handouts.print.session_clock import ZonedClock
from matrescence.reading import InputError

LAYOUT = "session_report.typ"
WHAT_IT_IS = (
    "This report is made from the log of the session. It shows what was recorded, by whom, for when, and when it was "
    "written down; what nobody recorded is not here, and that is no proof that it did not happen."
)
WHAT_IT_IS_NOT = (
    "It informs and documents. It did not monitor anybody, replaced no alarm at the bedside, and is no substitute for "
    "the clinic's own record. The dose is computed from confirmed rates; nobody weighed the bag."
)


def session_report_pdf(
    log: Sequence[ev.Event], *, created_at: datetime, at: datetime | None = None, torn_line: int = 0
) -> bytes:
    """Lay one session out as one PDF, as known at ``at`` (default: the newest record).

    The same log and times give the same bytes.  ``torn_line`` is the number of a last line that was cut off in the
    writing (0: none); the report then says so.

    Raises:
        InputError: typst is not installed; the log is empty or does not begin with an opening; ``at`` is before it.
        ValueError: ``created_at`` has no time zone.
    """
    return compile_pdf(
        LAYOUT, session_data(log, created_at=created_at, at=at, torn_line=torn_line), created_at=created_at
    )


def session_data(
    log: Sequence[ev.Event], *, created_at: datetime, at: datetime | None = None, torn_line: int = 0
) -> dict[str, Any]:
    """Everything the layout says, as plain data."""
    from matrescence.handouts.print import session_rates, session_tables
    from matrescence.handouts.print.session_checks import check_records

    now, known = _known(log, at)
    state, records = replay(known), check_records(known, now)
    clock = ZonedClock(zone_of(state))
    return {
        **_sheet(state, clock, now, created_at),
        "availability": _availability(state),
        "outcome": _outcome(state, clock, now),
        "facts": list(_facts(state, clock)),
        "dose": list(_dose(state, now)),
        "open": [f"{alarm.text} (since {clock.at(alarm.since)})" for alarm in alarms(state, now)],
        "figure": _figure(state, known, records, now),
        "planned": session_rates.planned_rows(state, clock),
        "run": session_rates.run_rows(known, state, clock),
        "stops": session_rates.stop_rows(known, state, clock),
        "findings": session_tables.findings(known, clock),
        "checks": session_tables.checks(records),
        "not_in_time": session_tables.not_in_time(records, clock),
        "bags": session_tables.bags(known, state, clock),
        "others": session_tables.others(known, clock),
        "people": session_tables.people(known, clock),
        "readings": session_tables.readings(known, state, clock),
        "everything": session_tables.everything(known, clock),
        "torn": f"Line {torn_line} of the log was cut off in the writing and is left out." if torn_line else "",
        "is": WHAT_IT_IS,
        "is_not": WHAT_IT_IS_NOT,
        "made": f"Made with matrescence {__version__} from {len(known)} events of the log.",
    }


def _known(log: Sequence[ev.Event], at: datetime | None) -> tuple[datetime, list[ev.Event]]:
    if not log or not isinstance(log[0], ev.Opened):
        raise InputError(
            "no report was made: the log does not begin with the opening of an infusion; give its own log."
        )
    now = at or max(event.stamp.recorded_at for event in log)
    known = [event for event in log if event.stamp.recorded_at <= now]
    if not known:
        raise InputError(f"no report was made: {now.isoformat()} is before the infusion was opened; give a later time.")
    return now, known


def _sheet(state: State, clock: ZonedClock, now: datetime, created_at: datetime) -> dict[str, str]:
    order = state.ordered
    who = order.mother.replace("(invented)", "").strip() or order.mother
    started = clock.maybe(state.started_at, "not started")
    return {
        "title": f"Infusion session of {who}: {order.drug} {order.regimen}",
        "author": "matrescence",
        "lang": "en",
        "region": "GB",
        "head": f"{who}. {order.drug} {order.regimen}, {order.session}, {started}",
        "foot": f"As known at {clock.at(now)}. Printed {clock.at(created_at)}.",
        "page_word": "Page",
        "invented": INVENTED if "invented" in order.mother.lower() else "",
        "who": who,
        "drug": order.drug[:1].upper() + order.drug[1:],
        "regimen": f"Regimen {order.regimen}, {plain(order.end_h)} h"
        if order.end_h >= 2
        else f"Regimen {order.regimen}, {plain(60 * order.end_h)} min",
    }


def _availability(state: State) -> dict[str, str]:
    """Whether the drug can be had, by the formulary of today; of a drug that it does not hold this is unknown."""
    from matrescence.actions.plan_json import drug_json
    from matrescence.formulary import library
    from matrescence.handouts.heading import availability

    if state.ordered.drug not in library.names():
        return {"look": "off-label", "headline": "Approval unknown: this drug is not in the formulary", "text": ""}
    drug = library.load(state.ordered.drug)
    told = availability(drug_json(drug, next(iter(drug.regimens.values()))))
    headline = told["headline"].replace(": this plan is for teaching and research", "")
    return {"look": told["look"], "headline": headline, "text": ""}


def _outcome(state: State, clock: ZonedClock, now: datetime) -> dict[str, Any]:
    """How it ended, in one line; a session that has not ended says so first of all."""
    if state.ended is None:
        return {"text": f"NOT ENDED. Phase at {clock.at(now)}: {state.phase.value}.", "alert": True}
    full = state.ended is Phase.COMPLETED
    word = "Completed" if full else "Ended early"
    never = f" Never to be resumed after {state.barred.replace('-', ' ')}." if state.barred else ""
    left = "" if state.phase is Phase.DISCHARGED else " No leaving is recorded."
    return {"text": f"{word} {clock.maybe(state.ended_at, 'at an unknown time')}.{never}{left}", "alert": not full}


def _facts(state: State, clock: ZonedClock) -> Iterator[dict[str, str]]:
    order = state.ordered
    rows = {
        "Mother": order.mother,
        "Session": order.session,
        "Weight": f"{plain(order.weight_kg, decimals=1)} kg",
        "Programme": order.programme or "none",
        "Started": clock.maybe(state.started_at, "not started"),
        "Ended": clock.maybe(state.ended_at, "not ended"),
        "Responsible at the end": state.nurse or "nobody recorded",
    }
    for name, value in rows.items():
        yield {"name": name, "value": value, "note": ""}


def _dose(state: State, now: datetime) -> Iterator[dict[str, str]]:
    order, given = state.ordered, dose(state, now)
    share = 100.0 * given.confirmed_ug_per_kg / order.total_ug_per_kg
    yield {"name": "Planned", **_amount(order.total_ug_per_kg, order.weight_kg), "note": ""}
    yield {"name": "Given, confirmed", **_amount(given.confirmed_ug_per_kg, order.weight_kg), "note": f"{share:.0f} %"}
    more = given.at_most_ug_per_kg - given.confirmed_ug_per_kg > 0.5
    note = "counting what ran unconfirmed or against the plan" if more else "nothing ran unconfirmed"
    yield {"name": "Given, at most", **_amount(given.at_most_ug_per_kg, order.weight_kg), "note": note}


def _amount(ug_per_kg: float, weight_kg: float) -> dict[str, str]:
    per_kg = f"{plain(ug_per_kg, decimals=0)} micrograms/kg"
    return {"value": f"{plain(ug_per_kg * weight_kg / 1000.0, decimals=1)} mg", "per_kg": per_kg}


def _figure(state: State, log: Sequence[ev.Event], records: Any, now: datetime) -> dict[str, str]:
    from matrescence.handouts.print.drawing import described, for_print
    from matrescence.handouts.print.session_figure import session_figure
    from matrescence.handouts.print.session_rates import stops_of

    zone = zone_of(state)
    clock = Clock((state.started_at or now).astimezone(zone), zone)
    svg = session_figure(state, stops_of(log), records, now, clock)
    return {"svg": for_print(svg), "alt": described(svg), "caption": ""}
