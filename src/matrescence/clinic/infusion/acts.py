"""Everything that can be done at a running infusion, and what is offered at one instant.

What is offered is a help for the eye: the rules are asked again with every form, and a form that was never offered is
refused by them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.utils.translation import gettext_lazy as _

from matrescence.actions.course_commands import COMMANDS
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion.decide import FROM
from matrescence.care.infusion.order import ResumeRate
from matrescence.care.infusion.permit import may_resume
from matrescence.care.infusion.stamp import Stamp
from matrescence.care.infusion.state import Phase, State, allowed_rate_at, rate_before_stop
from matrescence.care.journey.infuse import AskStart
from matrescence.care.verdict import Reason


class Group(Enum):
    """Whose act it is: the address and the role follow from it."""

    RUN = "run"
    DECIDE = "decide"
    HANDOVER = "handover"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do: the command behind it, whose it is, what it is called, and what its button says."""

    name: str
    group: Group
    title: str
    button: str
    about: str = ""


ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act("open", Group.RUN, _("Open the infusion"), _("Open it with this plan"),
            _("The plan becomes the order of this session. It is written down and does not change any more.")),
        Act("start", Group.RUN, _("Start"), _("Ask the gate and start"),
            _("Every requirement is asked now. If one is not met, nothing starts and every reason is named.")),
        Act("confirm-rate", Group.RUN, _("Confirm the rate"), _("Confirm"),
            _("Say only what the pump shows. A rate above the plan is recorded as a deviation, and a stop is asked.")),
        Act("request-stop", Group.RUN, _("Stop the infusion"), _("Request the stop now"),
            _("A request stops nothing by itself: stop the pump, then confirm that it has stopped.")),
        Act("confirm-stopped", Group.RUN, _("Confirm that it has stopped"), _("The pump stands still")),
        Act("resume", Group.RUN, _("Go on after the stop"), _("Go on at this rate"),
            _("The same rate as before or a lower one. The plan's clock has run on; nothing is made up.")),
        Act("report-finding", Group.RUN, _("Report a finding"), _("Record the finding")),
        Act("report-resolved", Group.RUN, _("It has resolved"), _("Record that it has resolved")),
        Act("observe", Group.RUN, _("Record a reading"), _("Record")),
        Act("correct-observation", Group.RUN, _("Correct a reading"), _("Record what is right"),
            _("The wrong reading stays in the record. What it stopped stays stopped.")),
        Act("do-check", Group.RUN, _("A check was done"), _("Done")),
        Act("hang-bag", Group.RUN, _("Hang a bag"), _("It hangs")),
        Act("write-note", Group.RUN, _("Write a note"), _("Write it down")),
        Act("acknowledge", Group.RUN, _("I have seen this alarm"), _("Seen"),
            _("It stays until its cause is gone.")),
        Act("report-silent", Group.RUN, _("A device is silent"), _("Record that it is silent")),
        Act("report-back", Group.RUN, _("A device is back"), _("Record that it is back")),
        Act("lift-ceiling", Group.DECIDE, _("Let the rate rise with the plan again"), _("Let it rise")),
        Act("answer", Group.DECIDE, _("Answer a question"), _("Decide")),
        Act("end-early", Group.DECIDE, _("End it early"), _("End it"),
            _("It is not started again. The watch afterwards goes on as ordered.")),
        Act("offer-handover", Group.HANDOVER, _("Hand over"), _("Offer the handover"),
            _("You stay responsible until she has accepted.")),
        Act("accept-handover", Group.HANDOVER, _("Take over"), _("I take over"),
            _("From now on you are the responsible nurse.")),
    )
}  # fmt: skip
"""Every act by the name of its command.  Time (``tick``) and her discharge are asked elsewhere."""


def offered(state: State, at: datetime) -> tuple[str, ...]:
    """The acts that make sense now, in the order of the table."""
    return tuple(name for name in ACTS if _from(name, state) and _makes_sense(name, state, at))


def _from(name: str, state: State) -> bool:
    kind = COMMANDS[name]
    return state.phase in FROM[cmd.Start if kind is AskStart else kind]  # type: ignore[index]


def _makes_sense(name: str, state: State, at: datetime) -> bool:
    """What the phase alone does not tell."""
    ask = _ONLY_WHEN.get(name)
    return ask is None or ask(state, at)


def lapsed(state: State, at: datetime) -> bool:
    """Whether a start or a resume was allowed and not confirmed in time."""
    allowed = state.phase in {Phase.STARTING, Phase.RESUMING} and state.authorised_at is not None
    return allowed and at > (state.authorised_at or at) + timedelta(minutes=state.ordered.confirm_within_min)


def may_ever_resume(state: State, at: datetime) -> bool:
    """Whether going on is possible at all: after some findings it never is, and then there is no control for it."""
    waits = state.phase is Phase.STOPPED or (state.phase is Phase.RESUMING and lapsed(state, at))
    ends = state.started_at is None or at < state.started_at + timedelta(hours=state.ordered.end_h)
    return waits and state.barred is None and state.started_at is not None and ends


def against_resuming(state: State, at: datetime) -> tuple[Reason, ...]:
    """What still stands against going on now, at the lowest rate there is."""
    low = resume_at_most(state, at) / 2.0 or 1.0
    return may_resume(state, cmd.Resume(Stamp(at, at, "page"), "page", low))


def resume_at_most(state: State, at: datetime) -> float:
    """The highest rate at which it may go on (ug/kg/h): as before the stop, and not above the plan now."""
    return min(rate_before_stop(state), allowed_rate_at(state, at))


def must_be_lower(state: State) -> bool:
    """Whether a finding wants it to go on at a lower rate than before."""
    rules = (state.ordered.interruption(found.finding) for found in state.findings)
    return any(rule is not None and rule.resume_rate is ResumeRate.LOWER for rule in rules)


_WITH_A_RATE = frozenset({Phase.STARTING, Phase.RUNNING, Phase.RESUMING, Phase.STOP_REQUESTED})
_ONLY_WHEN: Mapping[str, Callable[[State, datetime], bool]] = {
    "start": lambda state, at: state.phase is Phase.OPENED or lapsed(state, at),
    "resume": may_ever_resume,
    "confirm-rate": lambda state, _at: state.phase in _WITH_A_RATE,
    "report-resolved": lambda state, _at: bool(state.unresolved),
    "answer": lambda state, _at: bool(state.questions),
    "lift-ceiling": lambda state, _at: state.ceiling_at is not None,
    "accept-handover": lambda state, _at: state.handover is not None,
    "report-back": lambda state, _at: bool(state.silent),
    "correct-observation": lambda state, _at: bool(state.observations),
    "do-check": lambda state, _at: any(not check.continuous for check in state.ordered.checks),
}
