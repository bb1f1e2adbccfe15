"""What an update says in sentences: how the bands changed, how surprising her last score is, when a session is due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Json = dict[str, Any]


def level_words(levels: Json | None) -> list[str]:
    """How wide the band of her levels is against before."""
    if levels is None:
        return []
    said = []
    for name, pair in levels["outputs"].items():
        before, after = (_width(pair[key]) for key in ("before", "after"))
        said.append(f"Her levels in {name}: the band is {round(100.0 * after / before)} % as wide as before.")
    return said + _worth_words("levels", levels["rounds"])


def _width(band: Json) -> float:
    wide = [high - low for low, high in zip(band["p05"], band["p95"], strict=True)]
    return float(np.mean(wide)) or 1e-12


def mood_words(mood: Json | None) -> list[str]:
    """How surprising her last score is, and what that does not mean."""
    if mood is None:
        return []
    whose = [] if mood["in_whom"] is None else [f"Her {mood['scale']} is laid over a model of {mood['in_whom']}."]
    if mood["off_course"] is None:
        return [*whose, "No score after the start has been recorded, so the forecast is still that of women like her."]
    told = mood["off_course"]
    many = _of_100(told["as_far"])
    how = "as she did before" if told["given_earlier_scores"] else "at the start as she did"
    line = (
        f"Of 100 women who scored {how}, {many} would have a score as far out as her last one "
        f"({told['total']:g} at {_when(told['at_h'])})."
    )
    verdict = (
        f"That is unusual: it is {told['side']} than expected. Measure again, and look for a reason."
        if told["off"]
        else "That is within what is expected."
    )
    meaning = "This says how surprising the score is. It is not the chance that the treatment has failed."
    return [*whose, line, verdict, meaning, *_worth_words("scores", mood["rounds"])]


def _worth_words(what: str, rounds: Sequence[Json]) -> list[str]:
    last = rounds[-1]
    if last["enough"]:
        return []
    return [
        f"Her {what} are unlike those of the virtual women: {last['women']} of them are worth only "
        f"{last['worth']:.0f}. Read this forecast with care."
    ]


def _of_100(share: float) -> str:
    return "fewer than 1" if share < 0.01 else f"about {round(100.0 * share)}"


def _when(at_h: float) -> str:
    return f"hour {at_h:g}" if at_h <= 72.0 else f"day {at_h / 24.0:.3g}"


def due_words(due: Json | None) -> list[str]:
    """When responders had relapsed in studies, and when the model of her own course passes the risk."""
    if due is None:
        return []
    days = [row["days"] for row in due["by_study"]]
    spread = (
        f"{round(min(days))} to {round(max(days))}" if round(min(days)) != round(max(days)) else f"{round(days[0])}"
    )
    lines = [
        f"In studies of other people who had responded, {due['risk_percent']:g} of 100 had relapsed {spread} days "
        "after the last session. None of those people had depression after birth."
    ]
    if due["by_her_course"] is not None:
        lines.append(_by_her_course(due["by_her_course"], due["risk_percent"]))
    if due["responded"] is not True:
        who = "she has not responded" if due["responded"] is False else "whether she has responded is not known"
        lines.append(f"Those studies followed responders only; {who}.")
    return lines


def _by_her_course(found: Json, risk: float) -> str:
    who = f"By the model of her own course the chance to be back above half of her first score passes {risk:g} of 100"
    if found["days"] is None:
        return f"{who} later than {found['by_days']} days after the last session, as far as is told."
    if found["days"] <= found["from_day"]:
        return f"{who} already on day {found['days']:g} after the last session, the first that can be told of."
    return f"{who} on day {found['days']:g} after the last session."
