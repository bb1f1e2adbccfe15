"""The verdict as the page shows it: every reason in its group, and what would change the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matrescence.care.eligibility.decide import Eligibility, Judged, Outcome, verdict
from matrescence.care.verdict import Finding

OUTCOMES = {
    Outcome.ELIGIBLE: (gettext_lazy("Eligible by what is known"), "open"),
    Outcome.CLINICIAN_DECIDES: (gettext_lazy("A prescriber decides"), "asks"),
    Outcome.NOT_ELIGIBLE: (gettext_lazy("Not eligible"), "forbids"),
}
GROUPS = (
    (Finding.FORBIDS, gettext_lazy("Forbids it"), "high"),
    (Finding.ASKS, gettext_lazy("Asks a prescriber"), "medium"),
    (Finding.UNKNOWN, gettext_lazy("Not known"), "medium"),
    (Finding.WARNS, gettext_lazy("Worth knowing"), "low"),
    (Finding.ALLOWS, gettext_lazy("Nothing against it"), "good"),
)
IF_MET = {
    Finding.FORBIDS: gettext_lazy("would forbid it"),
    Finding.ASKS: gettext_lazy("would ask a prescriber"),
    Finding.WARNS: gettext_lazy("would be a warning"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One reason, and what it would mean if what is not known turned out to be so."""

    judged: Judged
    if_met: Promise | str


@dataclass(frozen=True, slots=True)
class Group:
    """The reasons of one kind, in the order of the core."""

    finding: str
    label: Promise
    shape: str
    reasons: tuple[Told, ...]


def grouped(found: Eligibility) -> tuple[Group, ...]:
    """Every reason in its group; a group without one is left out."""
    return tuple(
        Group(finding.name.lower(), label, shape, reasons)
        for finding, label, shape in GROUPS
        if (reasons := tuple(_told(item) for item in found.judged if item.reason.finding is finding))
    )


def what_would_change_it(found: Eligibility) -> tuple[str, ...]:
    """Plain sentences, worked out by asking the core for the verdict again without what stands in the way."""
    forbids = _of(found, Finding.FORBIDS)
    open_ones = [item for item in found.judged if item.outcome is Outcome.CLINICIAN_DECIDES]
    unknown = [item for item in open_ones if item.reason.finding is Finding.UNKNOWN]
    asks = [item for item in open_ones if item.reason.finding is Finding.ASKS]
    if forbids:
        rest = verdict(item for item in found.judged if item not in forbids)
        return (
            _("Only if what forbids it were no longer so. Without it the verdict would be: %(verdict)s.")
            % {"verdict": OUTCOMES[rest][0]},
        )
    return (*_answers(found, unknown), *_decision(asks, unknown))


def _answers(found: Eligibility, unknown: Sequence[Judged]) -> tuple[str, ...]:
    if not unknown:
        return ()
    best = verdict(item for item in found.judged if item not in unknown)
    could_forbid = sum(item.if_met is Finding.FORBIDS for item in unknown)
    sentences = [
        _("Answers to what is not known (%(n)d): if each is answered and none speaks against it: %(verdict)s.")
        % {"n": len(unknown), "verdict": OUTCOMES[best][0]}
    ]
    if could_forbid:
        sentences.append(_("%(n)d of these answers could forbid it.") % {"n": could_forbid})
    return tuple(sentences)


def _decision(asks: Sequence[Judged], unknown: Sequence[Judged]) -> tuple[str, ...]:
    if not asks and not unknown:
        return ()
    return (_("A prescriber who knows every open reason may decide; the decision is about exactly these reasons."),)


def _of(found: Eligibility, finding: Finding) -> list[Judged]:
    return [item for item in found.judged if item.reason.finding is finding]


def _told(item: Judged) -> Told:
    return Told(item, IF_MET.get(item.if_met, "") if item.reason.finding is Finding.UNKNOWN else "")
