"""Every rule of the journey, once: tests, reference pages and SAFETY.md read this table."""

from __future__ import annotations

from collections.abc import Mapping

from matrescence.care.verdict import Finding, Reason, Rule

OURS = "project-decision"


def _ours(topic: str, text: str) -> Rule:
    return Rule(f"journey.{topic}", text, OURS, "C")


RULES: tuple[Rule, ...] = (
    # What cannot wait.
    _ours(
        "urgent_first",
        "An open urgent task stands above everything else and leaves only when a disposition is recorded for it; no "
        "later answer and no correction closes it.",
    ),
    _ours(
        "disposition",
        "A disposition names an open task, who acted and what was done. An attempt that did not reach her is recorded "
        "and leaves the task open.",
    ),
    # Before an infusion.
    _ours(
        "gate",
        "A start goes through the gate of the risk programme, asked of this log at the moment of the start. Nobody "
        "brings an answer of the gate along, and there is no override.",
    ),
    _ours(
        "start_record",
        "A start counts what had been written into this log by then; what is written down later does not open the "
        "gate afterwards, but it can show that it was closed.",
    ),
    _ours("start_urgent", "No infusion starts while an urgent task is open."),
    _ours(
        "start_eligible",
        "No infusion starts unless she is eligible by what is known of her then, or a clinician has decided to go on "
        "knowing every open reason.",
    ),
    _ours(
        "two_person_plan",
        "Where the plan asks for two people, nothing starts before two different named people have confirmed the dose "
        "plan that holds now: regimen, weight, rates, bags and limits, for this session. After a new plan or another "
        "weight it is confirmed anew; one person counts once.",
    ),
    _ours(
        "two_person_pump",
        "Where the plan asks for two people, nothing starts before two different named people have confirmed the "
        "programme of the pump, in mL/h as the pump shows it. After a new plan or another weight it is confirmed anew.",
    ),
    _ours("events", "Events of an infusion come only out of the rules of the infusion; nobody writes them directly."),
    _ours(
        "ungated_start",
        "The rules are asked again about every opening and start in the log, and about a rate without a start; what "
        "they would have refused was written by other hands, and is shown above everything.",
    ),
    # The record.
    _ours(
        "time",
        "Nothing is recorded before it has happened, and nothing is recorded before what is already in the log.",
    ),
    _ours(
        "clock",
        "Where the clock stands behind the last record, because it had been ahead, a new record carries the last one's "
        "time and is marked with the clock's own: nothing is kept out, and the order of the log is that of its times. "
        "The course says from then on which times are doubtful. A start is still judged by the times in the log, and a "
        "time that a person hands in is never lifted. The alternative is to refuse all until the clock has caught up.",
    ),
    _ours(
        "answers",
        "An assessment holds at least one answer: of a form, of the consultation, or about signs, thoughts of harming "
        "the baby or her past. When it began and how old the baby is are no answers by themselves.",
    ),
    _ours("whose", "A record that is said to be about somebody else is refused."),
    _ours(
        "named",
        "An urgent disposition, a clinician's decision, a confirmation, the checklist before she leaves and every step "
        "of an infusion name who acts.",
    ),
    _ours(
        "correction",
        "A correction is a new record that names the position it corrects; the old one stays. Records of the risk "
        "programme are taken back by a revocation, readings of an infusion by its own correction.",
    ),
    # Where she is.
    _ours("next", "Next is the first stage, in the order of the journey, that waits for something."),
    _ours(
        "worklist",
        "Of many courses the most pressing stands first: urgent answers, high alarms, what was started past the rules, "
        "what is overdue, a response that was lost, what is due soon, what waits, what is done; among the like, what "
        "has waited longest.",
    ),
    _ours("assessment", "The first stage asks, scores and listens; nothing is decided before."),
    _ours("eligibility", "Eligibility is asked of what is known today; a new fact asks it again."),
    _ours(
        "plan",
        "The plan names the regimen and the session before an infusion is opened; a start goes by the plan and "
        "the weight of that day, or not at all.",
    ),
    _ours("feeding", "How the baby is fed around the infusion is chosen before the start, while milk can be stored."),
    _ours("discharge", "She leaves when the infusion is over and its own rules of discharge are met."),
    _ours(
        "leaving",
        "Whether she may leave is asked of the checklist of the drug's folder, with the site's own limits, by what was "
        "recorded after the end of this infusion; what was not recorded is not met.",
    ),
    _ours(
        "against_checklist",
        "Where the checklist is not met, or leaves it open, she leaves only by the word of a named clinician who says "
        "why, and the course says so from then on. The alternative is to refuse it altogether; but nobody can be kept, "
        "and a log that refuses what has happened goes on without her.",
    ),
    _ours(
        "follow_up",
        "Follow-ups are those agreed when she left, or else those that the drug's folder names. One is held when a "
        "score is recorded; one that has passed without a score is overdue.",
    ),
)

RULE: Mapping[str, Rule] = {rule.id: rule for rule in RULES}


def reason(topic: str, text: str | None = None, finding: Finding = Finding.FORBIDS) -> Reason:
    """What a rule of the journey says; ``text`` is about her."""
    return RULE[f"journey.{topic}"].reason(finding, text)
