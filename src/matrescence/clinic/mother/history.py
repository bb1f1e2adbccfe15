"""The records of a course as people read them: what happened, when, who wrote it, and every value in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from matrescence.actions.course_log import Line
from matrescence.clinic.log.courses import Opened

KINDS = {
    "mother-recorded": _("Course begun"),
    "mother-changed": _("Something about her changed"),
    "assessment": _("Assessment"),
    "urgent-disposition": _("Urgent matter answered"),
    "consultation": _("Consultation checklist"),
    "eligibility-facts": _("Health facts"),
    "eligibility-decision": _("Decision on eligibility"),
    "enrolment": _("Papers of the programme"),
    "plan-chosen": _("Plan chosen"),
    "confirmation": _("Confirmed by a second look"),
    "infusion": _("At the bedside"),
    "feeding-choice": _("Feeding advice chosen"),
    "follow-up": _("Follow-up"),
    "leaving-checklist": _("Checklist before she leaves"),
    "discharge": _("She left"),
    "correction": _("Correction"),
    "site-settings": _("Settings of the site"),
    "site-record": _("Papers of the site"),
    "wording": _("Wording of a scale"),
}
COMMANDS = {
    "open": pgettext_lazy("at the bedside", "open"),
    "start": pgettext_lazy("at the bedside", "start"),
    "confirm-rate": pgettext_lazy("at the bedside", "confirm rate"),
    "request-stop": pgettext_lazy("at the bedside", "request stop"),
    "confirm-stopped": pgettext_lazy("at the bedside", "confirm stopped"),
    "resume": pgettext_lazy("at the bedside", "resume"),
    "lift-ceiling": pgettext_lazy("at the bedside", "lift ceiling"),
    "observe": pgettext_lazy("at the bedside", "observe"),
    "correct-observation": pgettext_lazy("at the bedside", "correct observation"),
    "report-finding": pgettext_lazy("at the bedside", "report finding"),
    "report-resolved": pgettext_lazy("at the bedside", "report resolved"),
    "answer": pgettext_lazy("at the bedside", "answer"),
    "do-check": pgettext_lazy("at the bedside", "do check"),
    "hang-bag": pgettext_lazy("at the bedside", "hang bag"),
    "report-silent": pgettext_lazy("at the bedside", "report silent"),
    "report-back": pgettext_lazy("at the bedside", "report back"),
    "offer-handover": pgettext_lazy("at the bedside", "offer handover"),
    "accept-handover": pgettext_lazy("at the bedside", "accept handover"),
    "acknowledge": pgettext_lazy("at the bedside", "acknowledge"),
    "write-note": pgettext_lazy("at the bedside", "write note"),
    "end-early": pgettext_lazy("at the bedside", "end early"),
    "tick": pgettext_lazy("at the bedside", "tick"),
}
"""What was done at the bedside, by the command that a record holds."""
LATE = timedelta(minutes=15)
"""A record written so long after what it tells is marked as late (our own choice)."""
CORRECTED_HERE = frozenset({"mother-recorded", "mother-changed"})


@dataclass(frozen=True, slots=True)
class Told:
    """One record: its number, what it is in words, when, by whom, every value in it, and what became of it."""

    position: int
    kind: str
    what: str
    happened_at: datetime
    recorded_at: datetime
    by: str
    values: tuple[tuple[str, str], ...]
    hash: str
    corrected_by: int | None

    @property
    def late(self) -> bool:
        """Whether it was written down long after it happened."""
        return self.recorded_at - self.happened_at > LATE

    @property
    def can_be_corrected(self) -> bool:
        """Whether her page has a form that corrects it."""
        return self.kind in CORRECTED_HERE and self.corrected_by is None


def read_lines(lines: Iterable[Line], corrected: Mapping[int, int]) -> tuple[Told, ...]:
    """These records as people read them; ``corrected`` says which record corrects which (see :func:`corrected_in`)."""
    return tuple(_told(line, corrected.get(line["position"])) for line in lines)


def corrected_in(opened: Opened) -> dict[int, int]:
    """Of each record of a course that was corrected, by position, the position of its newest correction."""
    told = opened.reader.told.items()
    return {payload["of"]: position for position, (kind, payload) in told if kind == "correction"}


def _told(line: Line, corrected_by: int | None) -> Told:
    payload = line["payload"]
    what = str(KINDS.get(line["kind"], line["kind"]))
    detail = payload.get("command") if line["kind"] == "infusion" else None
    return Told(
        position=line["position"],
        kind=line["kind"],
        what=f"{what}: {COMMANDS.get(detail, detail)}" if isinstance(detail, str) else what,
        happened_at=datetime.fromisoformat(line["happened_at"]),
        recorded_at=datetime.fromisoformat(line["recorded_at"]),
        by=line["by"],
        values=tuple(_flat({key: value for key, value in payload.items() if key != "events"})),
        hash=line["hash"],
        corrected_by=corrected_by,
    )


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every single value with the path that leads to it, as ``scales 1 answers 10``."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _flat(item, f"{name} {key}".strip())
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        for number, item in enumerate(value, start=1):
            yield from _flat(item, f"{name} {number}".strip())
    else:
        yield name.replace("_", " "), _said(value)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(map(str, value)) or gettext("none")
    return gettext("not known") if value is None else str(value)
