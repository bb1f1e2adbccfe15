"""What cannot wait.  These paths are looked for first, each on its own facts, and no other answer closes one.

Each path reads only the facts that open it: there is no branch in which a low total, a missing answer or a "no"
elsewhere could hide an urgent answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from matrescence.care.assessment.help_lines import HelpLine, HelpLines, LineRole
from matrescence.care.assessment.history import History
from matrescence.care.assessment.rules import RULE
from matrescence.care.assessment.scales import Kind, Purpose, SelfHarmItem
from matrescence.care.assessment.scoring import CutoffResult, Score
from matrescence.care.verdict import Finding, Reason


class Urgency(Enum):
    """How soon, from the soonest."""

    NOW = "now: do not leave her alone"
    THIS_VISIT = "this visit: before she leaves"
    BEFORE_DRUG = "before any drug for depression or anxiety is started"


_PRESSING = list(Urgency)


@dataclass(frozen=True, slots=True)
class UrgentPath:
    """One open path: why, how soon, what to do, and whom to call."""

    reason: Reason
    urgency: Urgency
    next_step: str
    lines: tuple[HelpLine, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    urgency: Urgency
    text: str
    roles: tuple[LineRole, ...] = ()


_CALL_NOW = (LineRole.EMERGENCY, LineRole.CRISIS, LineRole.CLINIC)
_CALL_SOON = (LineRole.CRISIS, LineRole.EMERGENCY, LineRole.SUPPORT, LineRole.CLINIC)

_STEPS: dict[str, _Step] = {
    "assessment.self_harm_item": _Step(
        Urgency.THIS_VISIT,
        "Stay with her. Ask how likely, how acute and how severe, agree a safety plan, and hand her over in person to "
        "mental-health care if the danger is more than low. In immediate danger call the emergency number.",
        _CALL_SOON,
    ),
    "assessment.cssrs_high": _Step(
        Urgency.NOW,
        "Do not leave her alone. Safety precautions until a mental-health professional has evaluated her.",
        _CALL_NOW,
    ),
    "assessment.cssrs_moderate": _Step(
        Urgency.THIS_VISIT,
        "A clinician assesses suicide risk and agrees a safety plan with her before she leaves.",
        _CALL_SOON,
    ),
    "assessment.cssrs_low": _Step(
        Urgency.THIS_VISIT,
        "A clinician talks it through with her before she leaves, and arranges mental-health follow-up.",
        _CALL_SOON,
    ),
    "assessment.psychosis_sign": _Step(
        Urgency.NOW,
        "Immediate medical attention. Somebody stays with her and with the baby until a psychiatrist has seen her.",
        _CALL_NOW,
    ),
    "assessment.mania_history": _Step(
        Urgency.BEFORE_DRUG,
        "Have bipolar disorder assessed before a drug for depression or anxiety is started or planned.",
        (LineRole.CLINIC,),
    ),
    "assessment.mdq_positive": _Step(
        Urgency.BEFORE_DRUG,
        "A positive screen is not a diagnosis: have bipolar disorder assessed before a drug is started or planned.",
        (LineRole.CLINIC,),
    ),
    "assessment.infant_harm_emergency": _Step(
        Urgency.NOW,
        "Somebody else holds the baby now. Do not leave her alone; she is seen by a psychiatrist now.",
        _CALL_NOW,
    ),
    "assessment.infant_harm": _Step(
        Urgency.THIS_VISIT,
        "Talk it through without blame, in this visit: unwanted frightening thoughts are common in anxiety. Ask about "
        "voices, commands and intention.",
        _CALL_SOON,
    ),
}


def urgent_paths(scores: Sequence[Score], history: History, lines: HelpLines) -> tuple[UrgentPath, ...]:
    """Every urgent path that is open, the most pressing first.

    Of equal urgency in this order: self-harm item, suicide screener, signs of psychosis, mania or a positive bipolar
    screen, harm to the infant.
    """
    found = (
        *_self_harm(scores),
        *_suicide_screener(scores),
        *_psychosis(history),
        *_bipolar(scores, history),
        *_infant(history),
    )
    paths = (_path(reason, lines) for reason in found)
    return tuple(sorted(paths, key=lambda path: _PRESSING.index(path.urgency)))


def _path(reason: Reason, lines: HelpLines) -> UrgentPath:
    step = _STEPS[reason.rule]
    return UrgentPath(reason, step.urgency, step.text, lines.of(*step.roles))


def _asking(scores: Sequence[Score]) -> tuple[tuple[Score, SelfHarmItem], ...]:
    return tuple((score, score.scale.self_harm) for score in scores if score.scale.self_harm is not None)


def _self_harm(scores: Sequence[Score]) -> Iterator[Reason]:
    for score, asked in _asking(scores):
        given = score.item_scores.get(asked.item)
        if given is not None and given >= asked.at_least:
            yield RULE["assessment.self_harm_item"].reason(
                Finding.ASKS,
                f"{score.scale.label} {score.scale.item(asked.item).name} scores {given}: any score above zero is "
                "acted on in this visit, whatever the total.",
            )


def _suicide_screener(scores: Sequence[Score]) -> Iterator[Reason]:
    for score in scores:
        if score.tier is not None:
            yes = ", ".join(score.scale.item(key).name for key in score.tier.any_of if score.item_scores.get(key, 0))
            yield RULE[score.tier.rule].reason(Finding.ASKS, f"{score.scale.label}: {score.tier.label} (yes to {yes}).")


def _psychosis(history: History) -> Iterator[Reason]:
    if history.signs.seen:
        yield RULE["assessment.psychosis_sign"].reason(
            Finding.ASKS, f"Signs of psychosis: {', '.join(history.signs.seen)}. This is an emergency."
        )


def _bipolar(scores: Sequence[Score], history: History) -> Iterator[Reason]:
    if history.mania_or_hypomania or history.bipolar_disorder:
        yield RULE["assessment.mania_history"].reason(Finding.ASKS)
    for score, result in _bipolar_results(scores):
        if result.met:
            yield RULE["assessment.mdq_positive"].reason(
                Finding.ASKS, f"{score.scale.label}: {result.cutoff.label} is met. A screen is not a diagnosis."
            )


def _bipolar_results(scores: Sequence[Score]) -> Iterator[tuple[Score, CutoffResult]]:
    """The first bipolar cut-off of each scale: in its description the one for mothers comes before the general one."""
    for score in scores:
        results = [result for result in score.cutoffs if result.cutoff.purpose is Purpose.BIPOLAR]
        if results:
            yield score, results[0]


def _infant(history: History) -> Iterator[Reason]:
    harm = history.infant_harm
    if harm.delusional_or_commanded or harm.intention:
        yield RULE["assessment.infant_harm_emergency"].reason(Finding.ASKS)
    elif harm.thoughts:
        yield RULE["assessment.infant_harm"].reason(Finding.ASKS)


def urgent_unknowns(scores: Sequence[Score], history: History) -> tuple[Reason, ...]:
    """What has not been asked although an answer could open an urgent path; each is a reason of its own."""
    return (*_self_harm_unknown(scores), *_screener_unknown(scores), *_history_unknown(scores, history))


def _self_harm_unknown(scores: Sequence[Score]) -> Iterator[Reason]:
    rule = RULE["assessment.self_harm_unknown"]
    asking = _asking(scores)
    for score, asked in asking:
        if asked.item not in score.item_scores:
            name = f"{score.scale.label} {score.scale.item(asked.item).name}"
            yield rule.reason(Finding.UNKNOWN, f"{name} has no answer. Ask it again before she leaves.")
    if not asking and not any(score.scale.kind is Kind.TIERS for score in scores):
        yield rule.reason(Finding.UNKNOWN, "No scale with a question on self-harm was given. Ask before she leaves.")


def _screener_unknown(scores: Sequence[Score]) -> Iterator[Reason]:
    for score in scores:
        worse = {key for tier in score.scale.tiers if _is_worse(tier.rank, score) for key in tier.any_of}
        unanswered = [key for key in score.missing if key in worse]
        if unanswered:
            names = ", ".join(score.scale.item(key).name for key in unanswered)
            yield RULE["assessment.cssrs_unknown"].reason(
                Finding.UNKNOWN, f"{score.scale.label}: no answer to {names}, which could raise the tier. Ask it."
            )


def _is_worse(rank: int, score: Score) -> bool:
    return score.tier is None or rank > score.tier.rank


def _history_unknown(scores: Sequence[Score], history: History) -> Iterator[Reason]:
    if history.signs.not_recorded:
        yield RULE["assessment.psychosis_unknown"].reason(
            Finding.UNKNOWN, f"Not recorded: {', '.join(history.signs.not_recorded)}. Look and ask before she leaves."
        )
    if not _bipolar_answered(scores, history):
        yield RULE["assessment.bipolar_unknown"].reason(Finding.UNKNOWN)
    if _infant_unknown(history):
        text = None
        if history.infant_harm.thoughts:
            text = (
                "She has thoughts of harming the baby; whether voices, commands, delusions or an intention belong to "
                "them has not been recorded: ask before she leaves."
            )
        yield RULE["assessment.infant_harm_unknown"].reason(Finding.UNKNOWN, text)


def _bipolar_answered(scores: Sequence[Score], history: History) -> bool:
    known = history.mania_or_hypomania or history.bipolar_disorder
    return bool(known) or any(result.met is not None for _, result in _bipolar_results(scores))


def _infant_unknown(history: History) -> bool:
    harm = history.infant_harm
    if harm.delusional_or_commanded or harm.intention:
        return False
    undecided = None in (harm.delusional_or_commanded, harm.intention)
    return harm.thoughts is None or (harm.thoughts and undecided)
