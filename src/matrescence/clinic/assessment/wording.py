"""The printed words of a scale in a language: those that come with the program, or those that the site has put in.

The site's own wording is a record of the site (``clinic/site/kinds.py``); it is in English, as the wards write it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from matrescence.care.assessment.scales import Measures, Rater, Scale
from matrescence.clinic.log.site import open_site
from matrescence.instruments.library import load, names
from matrescence.instruments.translations import translated

ENGLISH = "en"
SCREENING = frozenset({Measures.DEPRESSION, Measures.ANXIETY, Measures.SUICIDE_RISK, Measures.BIPOLAR})
"""What an assessment asks about; sedation, dissociation and readiness belong to the bedside."""


@dataclass(frozen=True, slots=True)
class Sendable:
    """A scale she may answer by herself in one language, or why she cannot: ``why`` is empty when she can."""

    scale: Scale
    why: str = ""


def wording_of(scale: str, language: str) -> Scale | None:
    """The scale with its printed words in this language; ``None`` where nobody has supplied any.

    Raises:
        UnknownScale: there is no such scale.
    """
    found = load(scale)
    if found.licence.wording_ships:
        return found if language == ENGLISH else translated(scale, language)
    own = open_site().known.wordings.get(scale)
    return own.scale if own is not None and language == ENGLISH else None


def screening_scales() -> tuple[Scale, ...]:
    """The scales of an assessment: those she answers herself first, then those a clinician rates."""
    found = [scale for scale in map(load, names()) if scale.measures in SCREENING]
    return tuple(sorted(found, key=lambda scale: (scale.rater is not Rater.SELF, scale.label)))


def sendable(language: str) -> tuple[Sendable, ...]:
    """Every scale of an assessment with whether it can be sent to her in this language, and why not."""
    return tuple(Sendable(scale, _why_not(scale, language)) for scale in screening_scales())


def _why_not(scale: Scale, language: str) -> str:
    if scale.rater is not Rater.SELF:
        return _("A clinician rates it; she does not answer it alone.")
    if wording_of(scale.name, language) is not None:
        return ""
    if scale.licence.wording_ships:
        return _("There is no official wording in this language that may be shown.")
    return _("Its wording may not come with the program. The site has not put in its own in this language.")
