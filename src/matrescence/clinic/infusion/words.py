"""Words of the infusion's page: phases, findings, and what an act is called."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from matrescence.care.infusion.state import Phase

PHASES: Mapping[Phase, str] = {
    Phase.NEW: _("No infusion is open"),
    Phase.OPENED: _("Opened, not started"),
    Phase.STARTING: _("Start allowed: not yet confirmed that it runs"),
    Phase.RUNNING: _("Running"),
    Phase.STOP_REQUESTED: _("STOP REQUESTED: not confirmed"),
    Phase.STOPPED: _("Stopped"),
    Phase.RESUMING: _("Allowed to go on: not yet confirmed that it runs"),
    Phase.COMPLETED: _("Completed"),
    Phase.ENDED_EARLY: _("Ended early"),
    Phase.DISCHARGED: _("Over; she has left"),
}
"""A phase as it stands on the page."""

TODO: Mapping[Phase, str] = {
    Phase.OPENED: _("Start it when every point is met."),
    Phase.STARTING: _("Start the pump, then confirm the rate it shows."),
    Phase.STOP_REQUESTED: _("Stop the pump now, then confirm that it has stopped."),
    Phase.RESUMING: _("Start the pump at the allowed rate, then confirm the rate it shows."),
    Phase.COMPLETED: _("Go on watching her as ordered until she leaves."),
    Phase.ENDED_EARLY: _("Go on watching her as ordered until she leaves."),
}
"""What a nurse does next in a phase, where that is one thing."""

PHASE_CLASS: Mapping[Phase, str] = {
    Phase.RUNNING: "runs",
    Phase.STARTING: "begins",
    Phase.RESUMING: "begins",
    Phase.STOP_REQUESTED: "stop",
    Phase.STOPPED: "still",
}
"""How a phase is drawn; its words say the same."""

FINDINGS: Mapping[str, str] = {
    "excessive-sedation": _("Excessive sedation"),
    "loss-of-consciousness": _("Loss of consciousness"),
    "hypoxia": _("Hypoxia (low oxygen)"),
    "severe-hypertension": _("Severe high blood pressure"),
    "severe-dissociation": _("Severe dissociation"),
    "pump-deviation": _("The pump did not run as planned"),
    "plan-complete": _("The plan is complete"),
    "dose-limit": _("The planned dose may have been reached"),
    "asked-by-a-person": _("Asked for by a person"),
}

PRIORITIES: Mapping[str, str] = {"high": _("Now"), "medium": _("Soon"), "low": _("When there is time")}


DEVICES: Mapping[str, str] = {
    "pump": _("Pump"),
    "oximeter": _("Oximeter or monitor"),
    "oximetry": _("Oximetry"),
    "blood-pressure": _("Blood pressure"),
    "pulse": _("Pulse"),
}


def device_words(name: str) -> str:
    """A kind of device as people call it; its own name where nobody has given it another."""
    return str(DEVICES.get(name, name.replace("-", " ").capitalize()))


def finding(name: str) -> str:
    """A finding as people call it; its own name where nobody has given it another."""
    return str(FINDINGS.get(name, name.replace("-", " ").capitalize()))


def phase_words(phase: Phase) -> str:
    """A phase in words."""
    return str(PHASES[phase])
