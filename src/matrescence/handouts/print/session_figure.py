"""The session in one small figure: the plan as a dashed line, the rates as run, stops, checks, and saturation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from matrescence.care.infusion.readings import Oximetry
from matrescence.care.infusion.state import RatePoint, State
from matrescence.handouts import chart
from matrescence.handouts.chart import Panel
from matrescence.handouts.clock import Clock
from matrescence.handouts.digits import hours, plain
from matrescence.handouts.figures.parts import across
from matrescence.handouts.print.session_checks import CheckRecord
from matrescence.handouts.print.session_rates import Stop
from matrescence.handouts.scale import Linear, nice_ticks

_WIDTH, _TOP, _RATE_BOTTOM, _SATURATION_BOTTOM = 720.0, 44.0, 138.0, 234.0
_LOWEST_PERCENT = 85.0


def session_figure(
    state: State, stops: Sequence[Stop], checks: Sequence[CheckRecord], at: datetime, clock: Clock
) -> str:
    """Draw one session; an empty text before any rate was confirmed."""
    if state.started_at is None:
        return ""
    until_h = clock.hours(min(at, state.ended_at or at))
    high_h = 1.04 * max(state.ordered.end_h, until_h)
    x = across(0.0, high_h, _WIDTH)
    parts = [*_rates(Panel(x, Linear(0, 1, _RATE_BOTTOM, _TOP)), state, clock, until_h), *_stops(x, stops, clock)]
    bottom = _RATE_BOTTOM
    if any(isinstance(seen.reading, Oximetry) for seen in state.observations):
        parts += _saturation(x, state, clock)
        bottom = _SATURATION_BOTTOM
    lane, bottom = _checks(x, checks, clock, bottom + 12)
    axis = chart.clock_axis(x, clock, top=_TOP, bottom=bottom)
    return chart.svg(
        [*axis, *parts, *lane],
        width=_WIDTH,
        height=bottom + 38,
        key="session",
        title="The rate as run against the plan",
        described=_in_words(state, stops, clock),
    )


def _rates(place: Panel, state: State, clock: Clock, until_h: float) -> list[str]:
    planned = [(stair.start_h, stair.end_h, stair.rate_ug_per_kg_h) for stair in state.ordered.stairs]
    run = _run(state.rates, clock, until_h)
    ticks = nice_ticks(0.0, max(rate for _, _, rate in [*planned, *run]), at_most=3)
    panel = Panel(place.x, Linear(0.0, ticks[-1], place.bottom, place.top))
    parts = chart.value_axis(panel, ticks, unit="Rate, micrograms/kg/h: grey as run, dashed as planned")
    parts.append(chart.staircase(panel, run, look="steps"))
    parts.append(_outline(panel, planned))
    for start, end, rate in planned:
        words = plain(rate)
        if chart.text_width(words) < panel.x(end) - panel.x(start) + 1:
            middle = (panel.x(start) + panel.x(end)) / 2
            parts.append(chart.text(middle, panel.y(rate) - 4, words, look="label", anchor="middle"))
    return parts


def _run(points: Sequence[RatePoint], clock: Clock, until_h: float) -> list[tuple[float, float, float]]:
    """The confirmed rates as steps; the last one runs until what is known ends."""
    known = [(clock.hours(point.at), point.rate_ug_per_kg_h) for point in points]
    closed = [*known, (max(until_h, known[-1][0]), 0.0)]
    return [(at_h, next_h, rate) for (at_h, rate), (next_h, _) in pairwise(closed) if rate > 0 and next_h > at_h]


def _outline(panel: Panel, planned: Sequence[tuple[float, float, float]]) -> str:
    path = "".join(f"V{panel.y(rate):.1f}H{panel.x(end):.1f}" for _, end, rate in planned)
    return f'<path d="M{panel.x(0.0):.1f} {panel.bottom:.1f}{path}V{panel.bottom:.1f}" class="second"/>'


def _stops(x: Linear, stops: Sequence[Stop], clock: Clock) -> list[str]:
    parts = []
    for stop in stops:
        place = x(clock.hours(stop.requested_at))
        parts.append(chart.line(place, _TOP - 10, place, _RATE_BOTTOM, look="mark"))
        words = f"stop: {stop.finding.replace('-', ' ')}"
        parts.append(chart.text(place + 4, _TOP - 3, words, look="label mark-name halo"))
    return parts


def _saturation(x: Linear, state: State, clock: Clock) -> list[str]:
    seen = [(clock.hours(o.at), o.reading.spo2_percent) for o in state.observations if isinstance(o.reading, Oximetry)]
    lowest = min([_LOWEST_PERCENT, *(value for _, value in seen)])
    ticks = nice_ticks(lowest, 100.0, at_most=4)
    panel = Panel(x, Linear(ticks[0], ticks[-1], _SATURATION_BOTTOM, _RATE_BOTTOM + 36))
    parts = chart.value_axis(panel, ticks, unit="Saturation, %, as recorded")
    parts += [chart.dot(x(at_h), panel.y(value), 2.4, look="point") for at_h, value in seen if 0 <= at_h <= x.high]
    return parts


def _checks(x: Linear, checks: Sequence[CheckRecord], clock: Clock, top: float) -> tuple[list[str], float]:
    """A stroke for each check that was done, a cross for each that was missed."""
    done = [at_h for record in checks for kept in record.kept if (at_h := clock.hours(kept.done_at)) <= x.high]
    lost = [at_h for record in checks for time in record.missed if (at_h := clock.hours(time)) <= x.high]
    if not done and not lost:
        return [], top
    parts = [chart.text(x.from_px - 6, top + 11, "checks", look="tick", anchor="end")]
    parts += [chart.line(x(at_h), top + 2, x(at_h), top + 14, look="check") for at_h in done]
    parts += [chart.text(x(at_h), top + 13, "\u00d7", look="label mark-name", anchor="middle") for at_h in lost]
    return parts, top + 24


def _in_words(state: State, stops: Sequence[Stop], clock: Clock) -> str:
    planned = "; ".join(
        f"{plain(stair.rate_ug_per_kg_h)} micrograms/kg/h from {hours(stair.start_h)} to {hours(stair.end_h)}"
        for stair in state.ordered.stairs
    )
    why = "; ".join(f"{stop.finding.replace('-', ' ')} at {hours(clock.hours(stop.requested_at))}" for stop in stops)
    return f"Planned: {planned}. Stops: {why or 'none'}."
