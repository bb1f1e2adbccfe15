"""May she leave?  The checklist of the drug's folder and of the site, by what was recorded after this infusion."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from matrescence.care.clock import hours_between
from matrescence.care.enrolment.records import instant
from matrescence.care.infusion.state import OVER
from matrescence.care.journey.known import Known
from matrescence.care.journey.rules import reason
from matrescence.care.journey.words import Decided, Ground, LeavingChecked
from matrescence.care.recovery.discharge import Discharge, Leaving, Observed, SiteLimits, discharge
from matrescence.care.verdict import Finding, Reason


def leaving(known: Known, ground: Ground, at: datetime) -> Discharge | None:
    """What the checklist says at ``at``; ``None`` while no infusion has run and ended that she has not left yet."""
    state, infusion = known.state, known.infusion
    if (
        infusion is None
        or known.between_infusions
        or state.phase not in OVER
        or state.ended_at is None
        or not state.rates
    ):
        return None
    hours = round(hours_between(state.ended_at, at), 2)
    return discharge(
        ground.guidance.discharge,
        replace(_newest(known, infusion.opened, state.ended_at, at), hours_since_end=hours),
        site=SiteLimits() if known.plan is None else known.plan.leaving,
        scales=ground.scales,
    )


def _newest(known: Known, opened: int, ended_at: datetime, at: datetime) -> Observed:
    """The newest checklist of this infusion: one filled before its end, or later than ``at``, tells nothing."""
    told = [
        entry.what.observed
        for position, entry in sorted(known.told.items())
        if isinstance(entry.what, LeavingChecked)
        and position > opened
        and instant(ended_at) <= instant(entry.happened_at) <= instant(at)
    ]
    return told[-1] if told else Observed()


def unmet(found: Discharge) -> tuple[Reason, ...]:
    """Everything in the checklist that is not met, not recorded, or left to a clinician."""
    return tuple(item for item in found.reasons if item.finding is not Finding.ALLOWS)


def against_leaving(known: Known, ground: Ground, at: datetime, decided: Decided | None) -> tuple[Reason, ...]:
    """Why she does not leave by the checklist; empty when it is met or a named clinician has taken it on."""
    found = leaving(known, ground, at)
    if found is None or found.leaving is Leaving.MAY_LEAVE or decided is not None:
        return ()
    text = f"Leaving: {found.leaving.value}. Record the checklist, or name the clinician who "
    return (reason("against_checklist", f"{text}decides otherwise and why (decided)."), *unmet(found))
