"""What is urgent: opened by answers, closed by a recorded disposition and by nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from matrescence.care.assessment.help_lines import HelpLines
from matrescence.care.assessment.scoring import Score, score
from matrescence.care.assessment.urgent import UrgentPath, urgent_paths, urgent_unknowns
from matrescence.care.journey.known import Known, Task
from matrescence.care.journey.words import Assessed, Disposed
from matrescence.care.verdict import Reason

ASKED_AT_FOLLOW_UP = ("assessment.self_harm_unknown", "assessment.cssrs_unknown")
"""Of what was not asked, the part that a follow-up has to ask too."""


def scores_of(assessed: Assessed) -> tuple[Score, ...]:
    """Every form scored."""
    return tuple(score(form) for form in assessed.forms)


def paths_of(assessed: Assessed, lines: HelpLines) -> tuple[UrgentPath, ...]:
    """The urgent paths that these answers open."""
    return urgent_paths(scores_of(assessed), assessed.history, lines)


def opened(
    known: Known, assessed: Assessed, lines: HelpLines, before: Assessed | None, *, position: int, since: datetime
) -> tuple[Task, ...]:
    """All tasks after these answers.

    A correction of answers that stood as ``before`` opens what it newly finds: neither what is open still, nor what
    was said before already, which somebody may have seen to by now.
    """
    there = _said_before(known, before, lines) if before is not None else set()
    paths = paths_of(assessed, lines)
    new = [
        Task(f"{position}.{place}", since, path)
        for place, path in enumerate(paths, start=1)
        if _said(path) not in there
    ]
    return (*known.tasks, *new)


def _said_before(known: Known, before: Assessed, lines: HelpLines) -> set[tuple[str, str]]:
    paths = (*paths_of(before, lines), *(task.path for task in known.open_tasks))
    return {_said(path) for path in paths}


def _said(path: UrgentPath) -> tuple[str, str]:
    return path.reason.rule, path.reason.text


def disposed(tasks: Sequence[Task], told: Disposed) -> tuple[Task, ...]:
    """The tasks after a disposition: closed by one that closes, and counted up by an attempt."""
    return tuple(_after(task, told) if task.id in told.tasks and task.closed_by is None else task for task in tasks)


def _after(task: Task, told: Disposed) -> Task:
    if told.outcome.closes:
        return replace(task, closed_by=told.outcome)
    return replace(task, attempts=task.attempts + 1)


def not_asked(known: Known) -> tuple[Reason, ...]:
    """What the newest answers left unasked although it could be urgent."""
    newest = [sitting.assessed for sitting in known.sittings[-1:]]
    return tuple(
        reason
        for told in newest
        for reason in urgent_unknowns(scores_of(told), told.history)
        if not told.follow_up or reason.rule in ASKED_AT_FOLLOW_UP
    )
