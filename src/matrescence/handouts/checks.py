"""The checks of a plan: the ones that never pause, and the others by day and clock time, or by session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matrescence.handouts.clock import Clock, day, time_of_day
from matrescence.handouts.digits import plain
from matrescence.handouts.dosing import Dosing

Plan = Mapping[str, Any]
Check = Mapping[str, Any]


def always(plan: Plan) -> list[Check]:
    """The checks that run without a pause, such as oximetry; each once, however many the sessions."""
    return list({check["what"]: check for check in plan["checks"] if _never_pauses(check)}.values())


def timed(plan: Plan) -> list[Check]:
    """The checks made at a clock time, in the order of the clock."""
    return sorted((check for check in plan["checks"] if not _never_pauses(check)), key=lambda check: check["at_h"])


def by_day(plan: Plan, clock: Clock) -> list[dict[str, Any]]:
    """The timed checks by what is checked: ``what``, ``source``, ``why``, and ``days`` (each ``day`` and ``times``).

    When every session is checked alike, one row says so with the minutes from the start of a session.
    """
    said = {item["what"]: item.get("text") for item in plan.get("observations") or ()}
    kinds: dict[str, list[Check]] = {}
    for check in timed(plan):
        kinds.setdefault(check["what"], []).append(check)
    return [
        {
            "what": sentence(what),
            "source": checks[0].get("source"),
            "why": said.get(what) or "",
            "days": _each_session(checks, Dosing.of(plan)) or _days(checks, clock),
        }
        for what, checks in kinds.items()
    ]


def sentence(words: str) -> str:
    """The words with a capital letter."""
    return words[:1].upper() + words[1:]


def _never_pauses(check: Check) -> bool:
    return bool(check.get("continuous")) or check.get("at_h") is None


def _days(checks: Sequence[Check], clock: Clock) -> list[dict[str, Any]]:
    days: dict[Any, dict[str, Any]] = {}
    for check in checks:
        moment = clock.at(check["at_h"])
        days.setdefault(moment.date(), {"day": day(moment), "times": []})["times"].append(time_of_day(moment))
    return list(days.values())


def _each_session(checks: Sequence[Check], dosing: Dosing) -> list[dict[str, Any]]:
    starts = [start for start, _ in dosing.sessions]
    if len(starts) < 2:
        return []
    minutes: list[list[float]] = [[] for _ in starts]
    for check in checks:
        last = max((index for index, start in enumerate(starts) if start <= check["at_h"] + 1e-6), default=0)
        minutes[last].append(round(60.0 * (check["at_h"] - starts[last]), 1))
    if any(one != minutes[0] for one in minutes):
        return []
    return [{"day": "Each session", "times": [f"{plain(at, decimals=0)} min" for at in minutes[0]]}]
