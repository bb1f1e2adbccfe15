"""Triage: urgent paths first, then blues or depression, how severe, and what came before.

Pure: from scores and history to a picture with every reason.  What is not known is a reason of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from matrescence.care.assessment.help_lines import HelpLines
from matrescence.care.assessment.history import History, Onset
from matrescence.care.assessment.rules import RULE
from matrescence.care.assessment.scales import Band, BandTable, Measures, Purpose, Strength
from matrescence.care.assessment.scoring import Score
from matrescence.care.assessment.urgent import UrgentPath, urgent_paths, urgent_unknowns
from matrescence.care.verdict import Finding, Reason

BLUES_FROM_DAY, BLUES_TO_DAY = 2, 14
DEPRESSION_LASTS_DAYS = 14
CLINICAL_ONSET_TO_DAY = 365
DSM_ONSET_TO_DAY = 28
MODERATE_RANK = 2

NOT_YET = "Depression has lasted two weeks or more; this has not, as far as was told."


class Picture(Enum):
    """What it looks like.  A picture is never a diagnosis."""

    BLUES = "baby blues"
    EARLY_AND_GRAVE = "in the days of the blues, but too grave to call it blues"
    DEPRESSION = "looks like depression of childbirth"
    DEPRESSION_OTHER_ONSET = "looks like depression that did not begin with childbirth"
    NOT_YET_TWO_WEEKS = "the screen is positive, but it has not lasted two weeks"
    SCREEN_NEGATIVE = "no screening cut-off is met"
    UNCLEAR = "not enough is known"


NEXT_STEP: dict[Picture, str] = {
    Picture.BLUES: "Reassure her and those at home; arrange sleep and help; screen again at two weeks after birth.",
    Picture.EARLY_AND_GRAVE: "A clinician assesses her fully now; see her again within days.",
    Picture.DEPRESSION: "Full assessment by a clinician; screen for bipolar disorder before any drug is started.",
    Picture.DEPRESSION_OTHER_ONSET: "Full assessment by a clinician; screen for bipolar disorder before any drug.",
    Picture.NOT_YET_TWO_WEEKS: "A clinician looks at it now; screen again when two weeks have passed.",
    Picture.SCREEN_NEGATIVE: "Screen again at the next visit; ask sooner if she or her family is worried.",
    Picture.UNCLEAR: "Ask what is missing, then look again; do not wait with an open urgent path.",
}

URGENT_FIRST = "First what is urgent; nothing else she answered closes it. Then a clinician assesses her fully."
ASK_FIRST = "First ask what could be urgent and has not been asked, before she leaves. Then: "


@dataclass(frozen=True, slots=True)
class Severity:
    """The band one scale puts her in, by which table."""

    scale: str
    band: Band
    table: BandTable


@dataclass(frozen=True, slots=True)
class Triage:
    """The outcome.

    ``to_ask`` is what has not been asked although an answer could open an urgent path.  ``dsm_peripartum_onset``
    stands beside ``clinical_peripartum_onset``; ``None`` means not known.
    """

    urgent: tuple[UrgentPath, ...]
    to_ask: tuple[Reason, ...]
    picture: Picture
    next_step: str
    clinical_peripartum_onset: bool | None
    dsm_peripartum_onset: bool | None
    severity: tuple[Severity, ...]
    reasons: tuple[Reason, ...]


def triage(scores: Sequence[Score], history: History, lines: HelpLines) -> Triage:
    """From answers and history to urgent paths, a picture, and every reason."""
    urgent = urgent_paths(scores, history, lines)
    to_ask = urgent_unknowns(scores, history)
    picture = _picture(scores, history, urgent, to_ask)
    severity = _severity(scores)
    return Triage(
        urgent=urgent,
        to_ask=to_ask,
        picture=picture,
        next_step=_next_step(picture, urgent, to_ask),
        clinical_peripartum_onset=began_within(history, CLINICAL_ONSET_TO_DAY),
        dsm_peripartum_onset=began_within(history, DSM_ONSET_TO_DAY),
        severity=severity,
        reasons=(
            *(path.reason for path in urgent),
            *to_ask,
            *_picture_reasons(picture),
            *_screen_reasons(scores),
            *_onset_reasons(history),
            *_severity_reasons(severity),
            *_past_reasons(history),
            *(reason for score in scores for reason in score.reasons),
        ),
    )


def _next_step(picture: Picture, urgent: Sequence[UrgentPath], to_ask: Sequence[Reason]) -> str:
    """What to do: what is urgent, then what may be urgent for all anybody knows, and only then the picture's own."""
    if urgent:
        return URGENT_FIRST
    ask_first = _unasked(to_ask) and picture is not Picture.UNCLEAR  # "unclear" says by itself to ask
    return (ASK_FIRST if ask_first else "") + NEXT_STEP[picture]


def _unasked(to_ask: Sequence[Reason]) -> bool:
    """Whether something that cannot wait was not asked; a bipolar screen can, until a drug is to be started."""
    return any(reason.rule != "assessment.bipolar_unknown" for reason in to_ask)


def began_within(history: History, day: int) -> bool | None:
    """Whether it began in pregnancy or up to this day after birth; ``None`` when that cannot be told."""
    if history.onset is None:
        return None
    if history.onset is not Onset.AFTER_BIRTH:
        return history.onset is Onset.PREGNANCY
    if history.onset_day is not None:
        return history.onset_day <= day
    if history.days_since_birth is not None and history.days_since_birth <= day:
        return True
    return None


def lasted_two_weeks(history: History) -> bool | None:
    """Whether it has lasted two weeks; what began before birth has lasted at least since birth."""
    if history.lasted_days is not None:
        return history.lasted_days >= DEPRESSION_LASTS_DAYS
    days = history.days_since_birth
    if days is None:
        return None
    if history.onset is Onset.AFTER_BIRTH:
        return False if days < DEPRESSION_LASTS_DAYS else None
    return True if history.onset is not None and days >= DEPRESSION_LASTS_DAYS else None


def in_days_of_blues(history: History) -> bool | None:
    """Whether this is day 2 to 14 after birth, with symptoms that began after birth under two weeks ago."""
    day = history.days_since_birth
    if history.pregnant or (day is not None and not BLUES_FROM_DAY <= day <= BLUES_TO_DAY):
        return False
    if history.onset is not None and history.onset is not Onset.AFTER_BIRTH:
        return False
    if lasted_two_weeks(history):
        return False
    if day is None or history.onset is None or lasted_two_weeks(history) is None:
        return None
    return True


def screen(scores: Sequence[Score], *, strength: Strength | None = None) -> bool | None:
    """Whether any depression cut-off (of this strength, if one is named) is met; ``None`` when answers are missing."""
    met = [
        result.met
        for score in scores
        for result in score.cutoffs
        if result.cutoff.purpose is Purpose.DEPRESSION and strength in (None, result.cutoff.strength)
    ]
    if True in met:
        return True
    return False if met and None not in met else None


def _grave(scores: Sequence[Score], severity: Sequence[Severity]) -> bool | None:
    if any(found.band.rank >= MODERATE_RANK for found in severity):
        return True
    return screen(scores, strength=Strength.PROBABLE)


def _picture(
    scores: Sequence[Score], history: History, urgent: Sequence[UrgentPath], to_ask: Sequence[Reason]
) -> Picture:
    blues = in_days_of_blues(history)
    positive = screen(scores)
    if blues:
        return _early(scores, urgent, to_ask)
    if positive is None or (positive and blues is None):
        return Picture.UNCLEAR
    if not positive:
        return Picture.SCREEN_NEGATIVE
    return _screen_positive(began_within(history, CLINICAL_ONSET_TO_DAY), lasted_two_weeks(history))


def _early(scores: Sequence[Score], urgent: Sequence[UrgentPath], to_ask: Sequence[Reason]) -> Picture:
    grave = _grave(scores, _severity(scores))
    if urgent or grave:
        return Picture.EARLY_AND_GRAVE
    # Blues means reassurance: not before self-harm, psychosis and the baby have been asked about.
    return Picture.UNCLEAR if _unasked(to_ask) or grave is None else Picture.BLUES


def _screen_positive(perinatal: bool | None, two_weeks: bool | None) -> Picture:
    if two_weeks is False:
        return Picture.NOT_YET_TWO_WEEKS
    if perinatal is None or two_weeks is None:
        return Picture.UNCLEAR
    return Picture.DEPRESSION if perinatal else Picture.DEPRESSION_OTHER_ONSET


def _severity(scores: Sequence[Score]) -> tuple[Severity, ...]:
    return tuple(
        Severity(score.scale.label, band, table)
        for score in scores
        if score.scale.measures is Measures.DEPRESSION
        for table, band in score.bands[:1]
    )


_PICTURE_RULES: dict[Picture, tuple[str, Finding]] = {
    Picture.BLUES: ("assessment.blues", Finding.ALLOWS),
    Picture.EARLY_AND_GRAVE: ("assessment.blues_high_score", Finding.ASKS),
    Picture.DEPRESSION: ("assessment.two_weeks", Finding.ASKS),
    Picture.DEPRESSION_OTHER_ONSET: ("assessment.two_weeks", Finding.ASKS),
    Picture.NOT_YET_TWO_WEEKS: ("assessment.two_weeks", Finding.WARNS),
}


def _picture_reasons(picture: Picture) -> Iterator[Reason]:
    if picture in _PICTURE_RULES:
        rule, finding = _PICTURE_RULES[picture]
        text = NOT_YET if picture is Picture.NOT_YET_TWO_WEEKS else None
        yield RULE[rule].reason(finding, text)


def _screen_reasons(scores: Sequence[Score]) -> Iterator[Reason]:
    positive = screen(scores)
    if positive is None:
        yield RULE["assessment.screen_unknown"].reason(Finding.UNKNOWN)
    elif positive:
        yield RULE["assessment.screen_positive"].reason(Finding.ASKS)
    else:
        yield RULE["assessment.screen_negative"].reason(Finding.ALLOWS)


def _onset_reasons(history: History) -> Iterator[Reason]:
    if history.days_since_birth is None and not history.pregnant:
        yield RULE["assessment.day_unknown"].reason(Finding.UNKNOWN)
    clinical = began_within(history, CLINICAL_ONSET_TO_DAY)
    if clinical is None:
        yield RULE["assessment.onset_unknown"].reason(Finding.UNKNOWN)
    elif not clinical:
        yield RULE["assessment.onset_outside"].reason(Finding.ASKS)
    else:
        yield RULE["assessment.onset_perinatal"].reason(Finding.ALLOWS)
        yield RULE["assessment.onset_dsm"].reason(*_dsm(began_within(history, DSM_ONSET_TO_DAY)))


def _dsm(within: bool | None) -> tuple[Finding, str]:
    if within is None:
        return Finding.UNKNOWN, "Whether the DSM specifier (onset in pregnancy or within 28 days) fits is not known."
    fits = "fits" if within else "does not fit; clinical use goes on to 12 months"
    return Finding.ALLOWS, f"The DSM specifier (onset in pregnancy or within 28 days of birth) {fits}."


def _severity_reasons(severity: Sequence[Severity]) -> Iterator[Reason]:
    for found in severity:
        said = found.table.statement
        reason = RULE["assessment.severity"].reason(
            Finding.WARNS, f"{found.scale}: {found.band.label} (bands: {found.table.name})."
        )
        yield replace(reason, source=said.source, grade=said.grade)
    if not severity:
        yield RULE["assessment.severity_unknown"].reason(Finding.UNKNOWN)


def _past_reasons(history: History) -> Iterator[Reason]:
    for told, rule, unknown, finding in (
        (history.prior_depression, "prior_depression", "prior_depression_unknown", Finding.WARNS),
        (history.severe_mental_illness, "severe_illness_history", "severe_illness_unknown", Finding.ASKS),
    ):
        if told is None:
            yield RULE[f"assessment.{unknown}"].reason(Finding.UNKNOWN)
        elif told:
            yield RULE[f"assessment.{rule}"].reason(finding)
