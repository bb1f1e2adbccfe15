"""The expected mood in words and rows: what page and terminal say of ``plan["mood"]``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matrescence.handouts.digits import plain

Told = Mapping[str, Any]


def mood_words(plan: Told) -> dict[str, Any]:
    """Heading, rows and plain sentences of the mood forecast; ``why_not`` instead where there is none.

    A row lays the drug beside placebo at one time: the change in points and the chances of response and remission in
    100 women, each as its middle with the range in which nine in ten forecasts lie.
    """
    mood = plan.get("mood")
    if mood is None:
        return {"rows": [], "plain": [], "why_not": plan.get("mood_unknown") or "Mood is not forecast."}
    return {
        "heading": _heading(mood),
        "against": mood["against"],
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
        "keeping": keeping(mood["relapse"]),
        "why_not": None,
    }


def keeping(relapse: Told | None) -> list[dict[str, Any]]:
    """How fast the effect of sessions goes, as sentences with their source; none where no session is given.

    The model's own sentences have no source: they rest on the trials of the forecast.
    """
    if relapse is None:
        return []
    days = relapse["by_days"]
    told = [f"With no further session {_lost(relapse['stopped'], days)}."]
    if relapse["weekly"] is not None:
        told.append(f"With one session a week {_lost(relapse['weekly'], days)}; nothing is known after that.")
    rows = [{"text": f"Of women who respond, by the model: {told[0][0].lower()}{told[0][1:]}", "source": None}]
    rows += [{"text": line, "source": None} for line in told[1:]]
    rows += [{"text": _published(row), "source": row["source"]} for row in relapse["published"]]
    return rows + [{"text": said["text"], "source": said["source"]} for said in relapse["maintenance"]]


def _lost(kept: Told, days: int) -> str:
    """How many have lost it by the last day that is told of, and when half have."""
    lost, median = kept["lost_by_then"], kept["median_days"]
    middle = f"half by day {median['p50']:.0f}" if median["p50"] is not None else "half have not by then"
    return f"{_ranged(lost)} of 100 are back above half of their first score by day {days}, {middle}"


def _published(row: Told) -> str:
    return (
        f"Found in other people: half had relapsed by day {plain(row['median_days'])} ({row['study']}, {row['arm']}; "
        f"{row['population']})."
    )


def _heading(mood: Told) -> str:
    sessions = mood["sessions"]
    of = "" if sessions is None else f", {sessions} session{'' if sessions == 1 else 's'}"
    return f"{mood['scale']} from {mood['baseline']:g} of {mood['highest']}, in {mood['population']}{of}"


def _ranged(value: Told) -> str:
    return f"{value['p50']:.0f} ({value['low']:.0f} to {value['high']:.0f})"


def _middle(value: Told | None) -> str:
    return "unknown" if value is None else f"{value['p50']:.0f}"
