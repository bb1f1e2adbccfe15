"""The expected mood in words and rows: what page and terminal say of ``plan["mood"]``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def mood_words(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Heading, rows and plain sentences of the mood forecast; ``why_not`` instead where there is none.

    A row lays the drug beside placebo at one time: the change in points and the chances of response and remission in
    100 women, each as its middle with the range in which nine in ten forecasts lie.
    """
    mood = plan.get("mood")
    if mood is None:
        return {"rows": [], "plain": [], "why_not": plan.get("mood_unknown") or "Mood is not forecast."}
    return {
        "heading": f"{mood['scale']} from {mood['baseline']:g} of {mood['highest']}",
        "grade": mood["grade"],
        "rows": [
            {
                "when": at["label"],
                "change": _ranged(at["change"]),
                "placebo_change": _middle(at.get("placebo_change")),
                "response": _ranged(at["response"]),
                "placebo_response": _middle(at.get("placebo_response")),
                "remission": _ranged(at["remission"]),
                "placebo_remission": _middle(at.get("placebo_remission")),
            }
            for at in mood["at"]
        ],
        "plain": list(mood["plain"]),
        "why_not": None,
    }


def _ranged(value: Mapping[str, float]) -> str:
    return f"{value['p50']:.0f} ({value['low']:.0f} to {value['high']:.0f})"


def _middle(value: Mapping[str, float] | None) -> str:
    return "unknown" if value is None else f"{value['p50']:.0f}"
