"""Strips: how an estimate would vary from one repetition of a trial to the next, and where the published one lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matrescence.handouts import chart
from matrescence.handouts.chart import Panel
from matrescence.handouts.digits import plain, significant
from matrescence.handouts.scale import Linear, nice_ticks

Row = Mapping[str, Any]
_WIDTH, _ROW, _HILL, _TOP = 760.0, 34.0, 24.0, 44.0
_FROM, _TO = 262.0, 600.0
_AXIS = 58.0
_GROUPS = (("points", "Points of the scale"), ("%", "Percent of people"), ("", "Ratios and counts"), ("days", "Days"))


def strips(told: Row) -> str:
    """Draw every quantity that was published, by unit; where nothing was, every quantity."""
    rows = [row for row in told["quantities"] if row["published"]] or list(told["quantities"])
    rows = [row for row in rows if row["histogram"] and not row["key"].startswith("log-")]
    parts: list[str] = []
    y = _TOP
    for unit, name in _GROUPS:
        group = [row for row in rows if row["unit"] == unit]
        if group:
            drawn, y = _group(group, name, y)
            parts += drawn
    return chart.svg(
        [*_key(), *parts],
        width=_WIDTH,
        height=y - _AXIS + 44,
        key="strips",
        title=f"{told['label']}: {told['replicates']} repetitions",
        described=told["power"]["words"],
    )


def _key() -> list[str]:
    return [
        chart.text(_FROM, 12, "hill: all repetitions; bar: the middle 90 %", look="tick"),
        chart.dot(_TO - 62, 8, 4, look="open published"),
        chart.text(_TO - 52, 12, "published, with its 95 % interval", look="tick"),
    ]


def _group(rows: Sequence[Row], name: str, top: float) -> tuple[list[str], float]:
    x = _scale(rows)
    bottom = top + _ROW * len(rows) + 6
    parts = [chart.text(4, top + 4, name, look="heading")]
    for tick in nice_ticks(x.low, x.high, at_most=7):
        if x.low <= tick <= x.high:
            look = "no-effect" if tick == 0.0 else "grid"
            parts.append(chart.line(x(tick), top + 8, x(tick), bottom + 4, look=look))
            parts.append(chart.text(x(tick), bottom + 17, plain(tick), look="tick", anchor="middle"))
    parts.append(chart.line(x.from_px, bottom, x.to_px, bottom, look="base"))
    for place, row in enumerate(rows):
        parts += _strip(x, row, top + 8 + _ROW * (place + 1))
    return parts, bottom + _AXIS


def _strip(x: Linear, row: Row, foot: float) -> list[str]:
    hill = row["histogram"]
    width = (hill["high"] - hill["low"]) / len(hill["counts"])
    most = max(hill["counts"])
    panel = Panel(x, Linear(0.0, float(most), foot - 4, foot - 4 - _HILL))
    steps = [(hill["low"] + width * i, hill["low"] + width * (i + 1), float(n)) for i, n in enumerate(hill["counts"])]
    look = "strong" if row["primary"] else ""
    parts = [
        *(chart.text(12, foot - 14 + 13 * i, line, look=look) for i, line in enumerate(_name(row))),
        chart.staircase(panel, steps, look="soft-band"),
        chart.line(x(row["p05"]), foot - 4, x(row["p95"]), foot - 4, look="range"),
        chart.line(x(row["p50"]), foot - 9, x(row["p50"]), foot + 1, look="median"),
        chart.text(_TO + 14, foot - 14, f"{said(row['p50'], row['unit'])} ({_range(row)})"),
    ]
    return parts + _published(x, row["published"], row["unit"], foot)


def _published(x: Linear, printed: Row | None, unit: str, foot: float) -> list[str]:
    if printed is None:
        return []
    y = foot - 15
    words = f"published {said(printed['value'], unit)}: {plain(printed['place_percent'], decimals=0)} % below"
    whisker = []
    if printed["low"] is not None and printed["high"] is not None:
        ends = [min(max(printed[key], x.low), x.high) for key in ("low", "high")]
        whisker = [chart.line(x(ends[0]), y, x(ends[1]), y, look="mark")]
    look = "tick" if printed["inside_90"] else "tick mark-name"
    return [
        *whisker,
        chart.dot(x(printed["value"]), y, 4, look="open published"),
        chart.text(_TO + 14, foot - 1, words, look=look),
    ]


def _name(row: Row) -> list[str]:
    what, _, rest = row["words"].partition(", ")
    return [what, rest] if rest else [what]


def _range(row: Row) -> str:
    return f"{said(row['p05'], row['unit'])} to {said(row['p95'], row['unit'])}"


def said(value: float, unit: str) -> str:
    """A number as fine as trials print it: points to a tenth, shares to a whole percent, ratios to two digits."""
    decimals = {"points": 1, "%": 0}.get(unit)
    return significant(value) if decimals is None else plain(value, decimals=decimals)


def _scale(rows: Sequence[Row]) -> Linear:
    ends = [row["histogram"][key] for row in rows for key in ("low", "high")]
    for row in rows:
        if row["published"]:
            ends += [row["published"][key] for key in ("value", "low", "high") if row["published"][key] is not None]
    low, high = min(ends), max(ends)
    room = 0.04 * (high - low or 1.0)
    return Linear(low - room, high + room, _FROM, _TO)
