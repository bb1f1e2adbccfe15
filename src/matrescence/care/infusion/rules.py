"""The rules of the live infusion: one table for the program, the tests and the reference page.

A rule says how any infusion is run, whatever the drug: each is our own (``project-decision``), and the alternative is
in ``docs/reference/infusion-states.md``.  What a check or a finding rests on in one drug is that drug's own sentence; a
reason about it carries the source and the grade that the order holds, never those of another drug.
"""

from __future__ import annotations

from typing import Protocol

from matrescence.care.infusion.findings import PUMP_DEVIATION
from matrescence.care.infusion.order import OURS
from matrescence.care.verdict import Finding, Reason, Rule
from matrescence.facts import Grade


class Sourced(Protocol):
    """What an order says with its source: a check, an interruption, or a rule itself."""

    @property
    def source(self) -> str:
        """Who says so."""

    @property
    def grade(self) -> Grade:
        """How far to trust it."""


RULES: tuple[Rule, ...] = (
    # ---- before anything runs
    Rule("infusion.gate", "An infusion starts only if every requirement of its risk programme is met at that very "
         "instant. There is no override.", OURS, "C"),
    Rule("infusion.order", "A course runs by the one order it was opened with.", OURS, "C"),
    Rule("infusion.phase", "A step is taken only from a phase in which it makes sense.", OURS, "C"),
    Rule("infusion.time", "Nothing is recorded before it has happened, and no step is taken before the one it "
         "follows.", OURS, "C"),
    Rule("infusion.key", "One key names one command: sent again it changes nothing, and it may not come back with "
         "other content.", OURS, "C"),
    Rule("infusion.plausible", "A value that no instrument and no person can show is refused as a slip.", OURS, "C"),
    # ---- stopping
    Rule("infusion.stop-not-confirmed", "A rule requests a stop; only pump or nurse can say that it has stopped. "
         "Until then this is the top alarm.", OURS, "C"),
    Rule("infusion.loss-of-consciousness", "Loss of consciousness interrupts the infusion as the drug's data say.",
         OURS, "C"),
    Rule("infusion.hypoxia", "Hypoxia stops the infusion at once, and it is never resumed: no order may say "
         "otherwise.", OURS, "C"),
    Rule("infusion.excessive-sedation", "Excessive sedation interrupts the infusion until it has resolved; then it "
         "may go on at the same or a lower rate, as the drug's data say.", OURS, "C"),
    Rule("infusion.finding", "What any other finding does is read from the drug's data; where they say nothing, a "
         "clinician decides.", OURS, "C"),
    Rule("infusion.rate-above-plan", "A pump that runs faster than the plan allows, or when it should not run, is "
         "recorded as a deviation and a stop is requested.", OURS, "C"),
    Rule("infusion.dose-limit", "When the most that can have been given reaches the planned total, a stop is "
         "requested. More than that is a high alarm; a low one where it is at most 0.5 % of the total and all of it "
         "lies before words that came late and were within the plan.", OURS, "C"),
    Rule("infusion.plan-complete", "When the plan's time is over, a stop is requested; the course is complete when "
         "the stop is confirmed.", OURS, "C"),
    # ---- devices
    Rule("infusion.oximetry", "Pulse oximetry with alarm runs all the time, in planned sleep too; without it nothing "
         "is started or resumed.", OURS, "C"),
    Rule("infusion.device-silent", "A silent device is a state: what it would say is unknown, and somebody must "
         "look.", OURS, "C"),
    Rule("infusion.not-recorded", "Of a continuous check a reading is recorded within the limit that the site or the "
         "drug's data set. After that nobody knows from the record whether she is watched: somebody looks at her and "
         "records one.", OURS, "C"),
    # ---- deciding
    Rule("infusion.no-limit", "Where nobody has set a limit, the value is recorded and a clinician decides; it is "
         "never called fine.", OURS, "C"),
    Rule("infusion.question", "A question to a clinician stays open until it is answered.", OURS, "C"),
    # ---- resuming
    Rule("infusion.resume", "A stopped infusion goes on only when every finding has resolved, every question is "
         "answered, and no finding bars it for ever.", OURS, "C"),
    Rule("infusion.resume-rate", "It goes on at the same rate as before the stop or a lower one, never above the "
         "plan.", OURS, "C"),
    Rule("infusion.ceiling", "After a resume the rate does not rise above the rate it was resumed at, until a "
         "clinician lets it in a later stair.", OURS, "C"),
    Rule("infusion.clock-runs-on", "A pause does not move the plan: the stairs keep their times, and what was missed "
         "is not made up.", OURS, "C"),
    # ---- what is due
    Rule("infusion.not-confirmed", "A start or a resume is shown until somebody confirms the rate; unconfirmed for "
         "longer than the order allows, it lapses and must be asked for again.", OURS, "C"),
    Rule("infusion.rate-due", "Each stair is confirmed by nurse or pump when its time has come.", OURS, "C"),
    Rule("infusion.check-due", "Each ordered check is due at its time and overdue after it.", OURS, "C"),
    Rule("infusion.sleep", "A check that the order lets rest in planned sleep is not due while she sleeps.",
         OURS, "C"),
    Rule("infusion.bag-due", "A bag is changed before its hanging time is over.", OURS, "C"),
    # ---- the record
    Rule("infusion.late-entry", "A late entry is allowed and marked; it never changes what runs now, but a finding in "
         "it counts as soon as it is known.", OURS, "C"),
    Rule("infusion.correction", "A correction is a new event; it never lifts a stop or a bar, but it can cause one.",
         OURS, "C"),
    Rule("infusion.handover", "The nurse who hands over stays responsible until the receiving nurse has confirmed.",
         OURS, "C"),
    Rule("infusion.discharge", "She is discharged when nothing runs, every finding has resolved, every question is "
         "answered, and the ordered watch after the end is over.", OURS, "C"),
)  # fmt: skip

BY_ID = {rule.id: rule for rule in RULES}
RANK = {rule.id: place for place, rule in enumerate(RULES)}
"""The place of a rule in the table, which is also the order of alarms of one priority."""


def reason(rule_id: str, text: str | None = None, *, said: Sourced | None = None) -> Reason:
    """Why something is refused, by the rule that refuses it; ``said`` is what the order says, with its source."""
    rule = BY_ID[rule_id]
    source = rule if said is None else said
    return Reason(rule.id, Finding.FORBIDS, text or rule.text, source.source, source.grade)


def rule_of(finding: str) -> str:
    """The rule behind a finding: its own where there is one, else the general one."""
    own = "infusion.rate-above-plan" if finding == PUMP_DEVIATION else f"infusion.{finding}"
    return own if own in BY_ID else "infusion.finding"
