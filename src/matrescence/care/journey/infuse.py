"""A command to the infusion, answered by the infusion's own rules; a start in addition by everything before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion.decide import decide
from matrescence.care.infusion.outcome import Outcome, Refused, refuse
from matrescence.care.infusion.state import State
from matrescence.care.journey.confirming import not_confirmed
from matrescence.care.journey.eligible import against
from matrescence.care.journey.gating import asked_of_log
from matrescence.care.journey.known import Known
from matrescence.care.journey.planned import order_of
from matrescence.care.journey.rules import reason
from matrescence.care.journey.words import Ground
from matrescence.care.verdict import Reason


@dataclass(frozen=True, slots=True)
class AskStart(cmd.Asked):
    """Somebody wants to start.  It brings no answer of the gate: the gate is asked here, of the log."""


Command = cmd.Command | AskStart


def answer(known: Known, ground: Ground, command: Command) -> Outcome:
    """What a command to the newest infusion leads to: events, nothing, or a refusal with every reason."""
    if isinstance(command, cmd.Start):
        return Refused((reason("gate", "An answer of the gate was brought along: it is asked of the log alone."),))
    if isinstance(command, cmd.Open):
        return _open(known, ground, command)
    if known.infusion is None:
        return refuse("infusion.phase", "no infusion has been opened")
    state = known.state
    if isinstance(command, AskStart):
        return _start(known, ground, command)
    return decide(state, command, state.ordered)


def _open(known: Known, ground: Ground, command: cmd.Open) -> Outcome:
    order = order_of(known, ground)
    if isinstance(order, Refused):
        return order
    state = State() if known.between_infusions else known.state
    return decide(state, command, order)


def _start(known: Known, ground: Ground, command: AskStart) -> Outcome:
    """The infusion's own rules with the gate asked now, and what earlier stages hold against it, all at once."""
    found = asked_of_log(known, ground, command.stamp.happened_at)
    asked = cmd.Start(command.stamp, command.key, found)
    outcome = decide(known.state, asked, known.state.ordered)
    own = _earlier_stages(known, ground, command.stamp.happened_at)
    if isinstance(outcome, Refused):
        return Refused((*own, *outcome.reasons))
    if own and outcome:
        return Refused(own)
    return outcome


def _earlier_stages(known: Known, ground: Ground, at: datetime) -> tuple[Reason, ...]:
    tasks = [f"{task.id} ({task.path.reason.text})" for task in known.open_tasks]
    urgent = (reason("start_urgent", f"Urgent and open: {'; '.join(tasks)}"),) if tasks else ()
    return (
        *urgent,
        *against(known, ground),
        *_changed_since_opened(known, ground),
        *not_confirmed(known, ground, by_then=at),
    )


def _changed_since_opened(known: Known, ground: Ground) -> tuple[Reason, ...]:
    """Every rate goes by her weight: an order made for another weight, or from another plan, is not started."""
    ordered, today = known.state.ordered, order_of(known, ground)
    if isinstance(today, Refused):
        return today.reasons
    if (ordered.weight_kg, ordered.regimen, ordered.stairs) == (today.weight_kg, today.regimen, today.stairs):
        return ()
    text = (
        f"This infusion was opened for {ordered.weight_kg:g} kg and {ordered.regimen}; by what is recorded now it "
        f"would be {today.weight_kg:g} kg and {today.regimen}. End it (end-early), and open a new session."
    )
    return (reason("plan", text),)
