"""What ``decide`` answers: events, or a refusal with all its reasons."""

from __future__ import annotations

from dataclasses import dataclass

from matrescence.care.infusion import events as ev
from matrescence.care.infusion.commands import Asked
from matrescence.care.infusion.rules import reason
from matrescence.care.infusion.stamp import Stamp
from matrescence.care.verdict import Reason


@dataclass(frozen=True, slots=True)
class Refused:
    """The command changes nothing; every reason is named."""

    reasons: tuple[Reason, ...]


Outcome = tuple[ev.Event, ...] | Refused
"""No event at all means: allowed, and nothing to change."""


def refuse(rule_id: str, text: str | None = None) -> Refused:
    """A refusal for one reason."""
    return Refused((reason(rule_id, text),))


def spoken(command: Asked, rule_id: str) -> Stamp:
    """The stamp of a rule that speaks because of a command: the moment the command was recorded."""
    return Stamp(command.stamp.recorded_at, command.stamp.recorded_at, f"rule {rule_id}")
