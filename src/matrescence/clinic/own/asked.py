"""Questions of our own beside the scales, in plain words: what could be urgent, and what came before.

A *yes* is recorded.  A *no* to a sign of psychosis, or to thoughts about the baby, is not recorded as looked for and
not found: those are asked again in person.  What she says about her past is recorded either way.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

HER_QUESTIONS = "her-questions"
"""The name of this block among the scales of a link."""
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: ``group`` and ``field`` name where a yes goes in an assessment; ``after`` must be yes first."""

    group: str
    field: str
    text: str
    no_counts: bool = False
    after: str = ""

    @property
    def key(self) -> str:
        """Its name in a draft."""
        return f"{self.group}:{self.field}"


ASKED: tuple[Asked, ...] = (
    Asked("signs", "hallucinations", _("Have you been hearing voices, or seeing things, that other people do not?")),
    Asked(
        "signs",
        "delusions",
        _("Have you felt sure that somebody wants to harm you or your baby, or that you have a secret task?"),
    ),
    Asked("signs", "confusion", _("Have you been so confused that you did not know where you were?")),
    Asked(
        "infant_harm",
        "thoughts",
        _("Have you had thoughts of harming your baby? Many mothers have frightening thoughts that they do not want."),
    ),
    Asked(
        "infant_harm",
        "delusional_or_commanded",
        _("Does a voice, or a strong belief, tell you to do it?"),
        after="infant_harm:thoughts",
    ),
    Asked("infant_harm", "intention", _("Do you feel that you might do it?"), after="infant_harm:thoughts"),
    Asked(
        "past",
        "mania_or_hypomania",
        _("Have you ever had days in a row of being far too high, or full of energy with hardly any sleep?"),
        no_counts=True,
    ),
    Asked("past", "bipolar_disorder", _("Has anybody ever told you that you have bipolar disorder?"), no_counts=True),
    Asked("past", "prior_depression", _("Have you had depression before?"), no_counts=True),
    Asked(
        "past",
        "severe_mental_illness",
        _("Have you ever had a severe mental illness, or been in hospital for your mental health?"),
        no_counts=True,
    ),
)
