"""What one nurse tells another when she hands over: where it is, what is open, what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from matrescence.care.infusion.alarms import Alarm
from matrescence.care.infusion.monitoring import DueItem
from matrescence.care.infusion.state import Observation, Pending
from matrescence.care.infusion.timeline import sentence
from matrescence.care.journey.words import Infused
from matrescence.clinic.infusion.face import Face
from matrescence.clinic.infusion.words import phase_words
from matrescence.clinic.log.courses import Opened

STOPS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Summary:
    """The handover in lists, each the most pressing or the newest first."""

    face: Face
    phase: str
    alarms: tuple[Alarm, ...]
    open_findings: tuple[Pending, ...]
    questions: tuple[Pending, ...]
    next: tuple[DueItem, ...]
    readings: tuple[Observation, ...]
    told: tuple[str, ...]


def summary_of(opened: Opened, face: Face) -> Summary:
    """The summary of a handover, from the record alone."""
    state = face.state
    newest = {type(seen.reading): seen for seen in sorted(state.observations, key=lambda seen: seen.at)}
    return Summary(
        face=face,
        phase=phase_words(face.phase),
        alarms=face.alarms,
        open_findings=state.unresolved,
        questions=state.questions,
        next=(*face.due, *face.coming)[:6],
        readings=tuple(newest.values()),
        told=tuple(_told(opened)),
    )


def _told(opened: Opened) -> list[str]:
    """Stops, resumes and notes of this infusion, the newest first."""
    kept = ("StopRequested", "Stopped", "ResumeAuthorised", "NoteWritten", "ResumeBarred", "PumpDeviated")
    found = [
        f"{event.stamp.happened_at:%H:%M} UTC: {sentence(event)}"
        for position in sorted(opened.known.entries, reverse=True)
        if isinstance((what := opened.known.entries[position].what), Infused)
        for event in reversed(what.events)
        if type(event).__name__ in kept
    ]
    return found[:STOPS_SHOWN]
