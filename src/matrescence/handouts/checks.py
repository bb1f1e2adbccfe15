"""The checks of a plan: the ones that never pause, and the others by day and clock time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matrescence.handouts.clock import Clock, day, time_of_day

Plan = Mapping[str, Any]


def always(plan: Plan) -> list[Mapping[str, Any]]:
    """The checks that run without a pause, such as oximetry."""
    return [check for check in plan["checks"] if _never_pauses(check)]


def timed(plan: Plan) -> list[Mapping[str, Any]]:
    """The checks made at a clock time, in the order of the clock."""
    return sorted((check for check in plan["checks"] if not _never_pauses(check)), key=lambda check: check["at_h"])


def by_day(plan: Plan, clock: Clock) -> list[dict[str, Any]]:
    """The timed checks by what is checked, then by day: ``what``, ``source``, ``days`` (each ``day`` and ``times``)."""
    groups: dict[str, dict[str, Any]] = {}
    for check in timed(plan):
        moment = clock.at(check["at_h"])
        group = groups.setdefault(check["what"], {"what": check["what"], "source": check.get("source"), "days": {}})
        group["days"].setdefault(moment.date(), {"day": day(moment), "times": []})["times"].append(time_of_day(moment))
    return [{**group, "days": list(group["days"].values())} for group in groups.values()]


def _never_pauses(check: Mapping[str, Any]) -> bool:
    return bool(check.get("continuous")) or check.get("at_h") is None
