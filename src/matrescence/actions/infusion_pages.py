"""Two reference pages that nobody writes by hand: the state table, asked of ``decide``, and the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from matrescence.actions.infusion_examples import INVENTED_LIMIT, Course, example_order
from matrescence.care.enrolment.gate import GateClosed, GateOpen
from matrescence.care.enrolment.records import Session
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import readings as rd
from matrescence.care.infusion.decide import decide
from matrescence.care.infusion.outcome import Refused
from matrescence.care.infusion.rules import RULES, reason
from matrescence.care.infusion.stamp import Stamp
from matrescence.care.infusion.state import Phase
from matrescence.formulary.library import load, names

_START = datetime(2026, 1, 12, 8, 0, tzinfo=UTC)
_ASK_AT_MIN = 45.0  # every question of the table is asked at this minute, within the first stair
_SEDATION = "excessive-sedation"


def _new() -> Course:
    return Course(example_order("brexanolone", "label-90", _START, limits=(INVENTED_LIMIT,)), _START)


def _opened() -> Course:
    return _new().do(cmd.Open, -30)


def _starting() -> Course:
    return _opened().do(cmd.Start, 40, _opened().gate(40))


def _running() -> Course:
    return _new().begin()


def _stop_requested() -> Course:
    return _running().do(cmd.Observe, 20, rd.Sedation(excessive=True))


def _stopped() -> Course:
    return _stop_requested().do(cmd.ConfirmStopped, 22).do(cmd.ReportResolved, 40, _SEDATION)


def _resuming() -> Course:
    return _stopped().do(cmd.Resume, 42, 30.0)


def _completed() -> Course:
    start = _START
    course = Course(example_order("ketamine", "single", start, limits=(INVENTED_LIMIT,)), start).begin()
    return course.do(cmd.Tick, 40).do(cmd.ConfirmStopped, 40)


def _ended_early() -> Course:
    return (
        _running()
        .do(cmd.Observe, 20, rd.Oximetry(80.0))
        .do(cmd.ConfirmStopped, 22)
        .do(cmd.ReportResolved, 40, "hypoxia")
    )


def _discharged() -> Course:
    return _ended_early().do(cmd.Discharge, 44)


REACH: Mapping[Phase, Callable[[], Course]] = {
    Phase.NEW: _new,
    Phase.OPENED: _opened,
    Phase.STARTING: _starting,
    Phase.RUNNING: _running,
    Phase.STOP_REQUESTED: _stop_requested,
    Phase.STOPPED: _stopped,
    Phase.RESUMING: _resuming,
    Phase.COMPLETED: _completed,
    Phase.ENDED_EARLY: _ended_early,
    Phase.DISCHARGED: _discharged,
}
"""A real walk to each phase."""


def _gate(stamp: Stamp) -> GateOpen:
    session = Session("invented mother", "invented clinic", "session 1")
    return GateOpen(("every requirement: invented",), stamp.happened_at, "zulresso", session)


QUESTIONS: tuple[tuple[str, Callable[[Stamp, str], cmd.Command]], ...] = (
    ("open", cmd.Open),
    ("start, gate open now", lambda stamp, key: cmd.Start(stamp, key, _gate(stamp))),
    (
        "start, gate closed",
        lambda stamp, key: cmd.Start(stamp, key, GateClosed((reason("infusion.gate", "a form is missing"),))),
    ),
    ("confirm the planned rate", lambda stamp, key: cmd.ConfirmRate(stamp, key, 30.0)),
    ("confirm a rate above the plan", lambda stamp, key: cmd.ConfirmRate(stamp, key, 1000.0)),
    ("request a stop", lambda stamp, key: cmd.RequestStop(stamp, key, "she asks for it")),
    ("confirm stopped", cmd.ConfirmStopped),
    ("resume at the rate before", lambda stamp, key: cmd.Resume(stamp, key, 30.0)),
    ("resume at a higher rate", lambda stamp, key: cmd.Resume(stamp, key, 60.0)),
    ("lift the ceiling", cmd.LiftCeiling),
    ("observe SpO2 97 %", lambda stamp, key: cmd.Observe(stamp, key, rd.Oximetry(97.0))),
    ("observe a plasma level", lambda stamp, key: cmd.Observe(stamp, key, rd.PlasmaLevel(40.0))),
    ("observe SpO2 80 % (limit 90)", lambda stamp, key: cmd.Observe(stamp, key, rd.Oximetry(80.0))),
    ("observe excessive sedation", lambda stamp, key: cmd.Observe(stamp, key, rd.Sedation(excessive=True))),
    (
        "observe loss of consciousness",
        lambda stamp, key: cmd.Observe(stamp, key, rd.Consciousness(rd.Awareness.LOST)),
    ),
    ("correct a reading", lambda stamp, key: cmd.CorrectObservation(stamp, key, "004", rd.Sedation(excessive=False))),
    ("report a finding without a rule", lambda stamp, key: cmd.ReportFinding(stamp, key, "rash")),
    ("report it resolved", lambda stamp, key: cmd.ReportResolved(stamp, key, _SEDATION)),
    ("answer: stop", lambda stamp, key: cmd.Answer(stamp, key, "rash", go_on=False)),
    ("do a check", lambda stamp, key: cmd.DoCheck(stamp, key, "excessive sedation check")),
    ("hang bag 1", lambda stamp, key: cmd.HangBag(stamp, key, 1)),
    ("oximeter silent", lambda stamp, key: cmd.ReportSilent(stamp, key, "oximetry")),
    ("oximeter back", lambda stamp, key: cmd.ReportBack(stamp, key, "oximetry")),
    ("offer handover", lambda stamp, key: cmd.OfferHandover(stamp, key, "nurse Rosa")),
    ("accept handover", cmd.AcceptHandover),
    ("acknowledge an alarm", lambda stamp, key: cmd.Acknowledge(stamp, key, "infusion.stop-not-confirmed")),
    ("write a note", lambda stamp, key: cmd.WriteNote(stamp, key, "a note")),
    ("end early", lambda stamp, key: cmd.EndEarly(stamp, key, "her wish")),
    ("discharge", cmd.Discharge),
    ("tick", cmd.Tick),
)


def answers(phase: Phase) -> tuple[tuple[str, str], ...]:
    """Each question of the table with what ``decide`` answers in a phase."""
    course = REACH[phase]()
    stamp = course.stamp(_ASK_AT_MIN)
    return tuple((name, _answer(course, make(stamp, "asked"))) for name, make in QUESTIONS)


def _answer(course: Course, command: cmd.Command) -> str:
    answer = decide(course.state, command, course.order)
    if isinstance(answer, Refused):
        return "refused: " + ", ".join(dict.fromkeys(f"`{why.rule}`" for why in answer.reasons))
    return ", ".join(f"**{type(event).__name__}**" for event in answer) or "nothing changes"


def states_page() -> str:
    """The state table as Markdown: one section for each phase."""
    sections = [_HEAD]
    for phase in Phase:
        rows = answers(phase)
        out = [name for name, answer in rows if answer == "refused: `infusion.phase`"]
        kept = [f"| {name} | {answer} |" for name, answer in rows if name not in out]
        table = ["| command | answer |", "|---|---|", *kept] if kept else []
        refused = ["", f"Refused here as out of place (`infusion.phase`): {', '.join(out)}."] if out else []
        sections.append("\n".join([f"## {phase.value}", "", *table, *refused]))
    return "\n\n".join(sections) + "\n"


def rules_page() -> str:
    """The rules as Markdown, in the order of their table."""
    rows = [f"| `{rule.id}` | {rule.text} | {rule.source} | {rule.grade} |" for rule in RULES]
    table = ["| rule | what it says | source | grade |", "|---|---|---|---|", *rows]
    return "\n".join([_RULES_HEAD, *table, *_by_drug()]) + "\n"


def _by_drug() -> Iterator[str]:
    """What each drug's own data say of checks and findings, with its source."""
    for name in names():
        drug = load(name)
        if drug.observations or drug.interruptions:
            yield from ("", f"## {drug.label}", "", "| what | may it go on | what it says | source | grade |")
            yield "|---|---|---|---|---|"
        for check in drug.observations:
            said = check.statement
            yield f"| {check.name} | | {said.text} | {said.source} | {said.grade} |"
            limit = check.unrecorded_after_min
            if limit is not None and limit.value is not None:
                text = f"A reading is recorded at least every {limit.value:g} min, unless the site sets its own limit."
                yield f"| {check.name}, as recorded | | {text} | {limit.source} | {limit.grade} |"
        for found in drug.interruptions:
            said, go_on = found.statement, "yes" if found.may_resume else "never"
            yield f"| {found.finding}: {found.action} | {go_on} | {said.text} | {said.source} | {said.grade} |"


_RULES_HEAD = """\
# Rules of the live infusion

Generated from `care/infusion/rules.py` and the drugs' own folders by `matrescence infusion rules`. A rule says how any
infusion is run and is our own (`project-decision`); no rule asks for a drug by its name. What is checked, and what a
finding does, each drug's `drug.toml` says under `observations` and `interruptions`, as listed below. A reason on the
screen carries the source of that drug's sentence, and of no other drug's.
"""

_HEAD = """\
# The states of an infusion

Generated by asking `decide` every command in every phase (`matrescence infusion states`): brexanolone by the label,
45 minutes after the start (for *completed*: a ketamine session), with an invented saturation limit of 90 %. An answer
in **bold** is an event that is written into the log. Nothing is ever written that was not asked of `decide`.

```
new -> opened -> starting -> running -> stop requested -> stopped -> resuming -> running ...
                                              |              |
                                              v              v
                                          completed     ended early      -> discharged
```

A rule requests, the world confirms: **StopRequested** is not **Stopped**. Until nurse or pump says that it has
stopped, "stop not confirmed" is the first alarm.

Decisions of our own, each with the alternative we did not take:

- **The clock runs on.** A pause does not move the plan: stairs keep their times, the end stays where it was, and what
  was missed is not made up. So the planned total can never be exceeded. The label does not say. The alternative is to
  shift the remaining stairs by the length of the pause; it gives the whole dose, but a longer stay, and every later
  bag, check and feeding time moves with it.
- **A ceiling after a resume.** The label lets a stopped infusion go on at the same or a lower rate and is silent on
  later stairs. Here the rate does not rise again until a clinician lets it, and never within the same stair. The
  alternative is to let it climb with the plan.
- **A confirmed rate counts to the end of its stair.** What runs on unconfirmed is shown as "up to". When that reaches
  the planned total, a stop is requested. The alternative is to trust the pump's own programme.
- **A rate above the plan is a deviation and requests a stop**, however small it is. The alternative is a tolerance.
- **A correction never lifts a bar.** A saturation that was typed wrong still ends the course. The alternative, lifting
  it on a second person's word, would be an override.
- **A start or resume lapses** when nobody confirms it within 15 minutes (a site may set its own time).
- **Oximetry that nobody records is an alarm**, and a high one while the pump may run: after the time that the drug's
  folder sets, or the site. No source seen gives an interval. The alternative is to trust that the bedside monitor is on
  her because it was ordered.
- **A check may be early by a quarter of its interval** and still count for the coming time.\
"""
