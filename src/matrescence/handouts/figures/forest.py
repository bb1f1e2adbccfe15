"""A forest: each trial's ratio with its interval, the pools as diamonds, published reviews as open ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matrescence.handouts import chart
from matrescence.handouts.digits import plain
from matrescence.handouts.scale import Logarithmic

Row = Mapping[str, Any]
_WIDTH, _ROW, _TOP = 760.0, 21.0, 34.0
_LOW, _HIGH, _TICKS = 0.1, 4.0, (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)
_COUNTS_AT, _SAID_AT = 226.0, 606.0
_DRUGS = (("ketamine", "Ketamine"), ("esketamine", "Esketamine"))


def forest(told: Row) -> str:
    """Draw one window: trials by drug with their pool, all together, reviews, and the trials without counts."""
    x = Logarithmic(_LOW, _HIGH, 336.0, 586.0)
    lines: list[str] = []
    y = _TOP
    for drug, name in _DRUGS:
        part, y = _of_drug(told, x, drug, name, y)
        lines += part
    whole = next(row for row in told["pools"] if row["drug"] == "both")
    lines += _diamond(x, whole, "Both together", y) if whole["trials"] else []
    part, y = _reviews(told, x, y + _ROW + 6)
    bottom = y + 2
    quiet, end = _unread(told, bottom + 46)
    axis = _axis(x, bottom, told["measure"])
    return chart.svg(
        [*axis, *lines, *part, *quiet],
        width=_WIDTH,
        height=end + 6,
        key="forest",
        title=f"Trials of prevention, {told['window']}",
        described=" ".join(told["plain"]),
    )


def _of_drug(told: Row, x: Logarithmic, drug: str, name: str, y: float) -> tuple[list[str], float]:
    rows = [row for row in told["trials"] if row["drug"] == drug]
    pool = next(row for row in told["pools"] if row["drug"] == drug)
    if not rows:
        return [], y
    parts = [chart.text(4, y + 4, name, look="heading")]
    y += _ROW
    for row, weight in zip(rows, pool["weights_percent"], strict=True):
        parts += _trial(x, row, weight, y)
        y += _ROW
    if len(rows) > 1:
        parts += _diamond(x, pool, f"{name}, pooled", y)
        y += _ROW
    return parts, y + 6


def _trial(x: Logarithmic, row: Row, weight: float, y: float) -> list[str]:
    counts = f"{row['treated_events']}/{row['treated_people']} v {row['control_events']}/{row['control_people']}"
    side = 4.0 + 0.07 * weight
    return [
        chart.text(12, y + 4, row["label"]),
        chart.text(_COUNTS_AT, y + 4, counts, look="tick"),
        *_whisker(x, row["low"], row["high"], y),
        chart.box(x(row["ratio"]) - side / 2, y - side / 2, side, side, look="weight"),
        chart.text(_SAID_AT, y + 4, _said(row["ratio"], row["low"], row["high"])),
    ]


def _diamond(x: Logarithmic, row: Row, name: str, y: float) -> list[str]:
    return [
        chart.text(12, y + 4, name, look="strong"),
        chart.text(_COUNTS_AT, y + 4, f"{row['women']:,} women", look="tick"),
        *_whisker(x, row["wide_low"], row["wide_high"], y, look="thin"),
        _lozenge(x, row, y, look="diamond"),
        chart.text(_SAID_AT, y + 4, _said(row["ratio"], row["low"], row["high"]), look="strong"),
    ]


def _reviews(told: Row, x: Logarithmic, y: float) -> tuple[list[str], float]:
    rows = [row for row in told["reviews"] if row["value"] is not None]
    parts = [chart.text(4, y + 4, "Published reviews", look="heading")] if rows else []
    y += _ROW if rows else 0.0
    for row in rows:
        parts += [
            chart.text(12, y + 4, f"{row['label']} ({row['drug']})"),
            chart.text(_COUNTS_AT, y + 4, row["measure"], look="tick"),
            *_published(x, row, y),
            chart.text(_SAID_AT, y + 4, _said(row["value"], row["low"], row["high"])),
        ]
        y += _ROW
    return parts, y


def _published(x: Logarithmic, row: Row, y: float) -> list[str]:
    if row["low"] is None:
        return [chart.dot(x(row["value"]), y, 3.5, look="open")]
    return [_lozenge(x, {"ratio": row["value"], **{key: row[key] for key in ("low", "high")}}, y, look="open-diamond")]


def _unread(told: Row, y: float) -> tuple[list[str], float]:
    rows = [row for row in told["without_counts"] if row["in_window"]]
    parts = [chart.text(4, y, "Not in the pool: no counts were read", look="heading")] if rows else []
    for row in rows:
        y += _ROW
        parts.append(chart.text(12, y, f"{row['label']} ({row['drug']}, {row['randomised']} women)"))
        parts.append(chart.text(336, y, row["finding"], look="strong"))
    return parts, y


def _axis(x: Logarithmic, bottom: float, measure: str) -> list[str]:
    parts = [chart.line(x.from_px, bottom, x.to_px, bottom, look="base")]
    for tick in _TICKS:
        look = "no-effect" if tick == 1.0 else "grid"
        parts.append(chart.line(x(tick), _TOP - 12, x(tick), bottom + 4, look=look))
        parts.append(chart.text(x(tick), bottom + 17, plain(tick), look="tick", anchor="middle"))
    parts.append(
        chart.text(x(_LOW), _TOP - 18, f"favours the drug  \u2190  {measure}  \u2192  favours control", look="tick")
    )
    parts.append(chart.text(_COUNTS_AT, _TOP - 18, "events/women", look="tick"))
    return parts


def _whisker(x: Logarithmic, low: float, high: float, y: float, *, look: str = "whisker") -> list[str]:
    """The interval; an end outside the axis becomes an arrow head."""
    left, right = x(max(low, _LOW)), x(min(high, _HIGH))
    parts = [chart.line(left, y, right, y, look=look)]
    heads: Sequence[tuple[bool, float, float]] = ((low < _LOW, left, 1.0), (high > _HIGH, right, -1.0))
    for outside, end, towards in heads:
        if outside:
            parts.append(chart.line(end, y, end + 5 * towards, y - 3, look=look))
            parts.append(chart.line(end, y, end + 5 * towards, y + 3, look=look))
    return parts


def _lozenge(x: Logarithmic, row: Row, y: float, *, look: str) -> str:
    left, middle, right = (x(min(max(row[key], _LOW), _HIGH)) for key in ("low", "ratio", "high"))
    points = f"M{left:.1f} {y:.1f}L{middle:.1f} {y - 6:.1f}L{right:.1f} {y:.1f}L{middle:.1f} {y + 6:.1f}Z"
    return f'<path d="{points}" class="{look}"/>'


def _said(ratio: float, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"{ratio:.2f} (no interval read)"
    return f"{ratio:.2f} ({low:.2f} to {high:.2f})"
