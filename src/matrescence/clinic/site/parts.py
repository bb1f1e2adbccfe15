"""The parts of the form of settings: each with its inputs, and why it is for the site to set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from matrescence.care.assessment.help_lines import LineRole
from matrescence.care.assessment.scales import Measures, Scale
from matrescence.care.recovery.bill import Item
from matrescence.clinic.inputs import NO, NOT_ASKED, YES, Input
from matrescence.clinic.said import said
from matrescence.clinic.site.values import DAYS
from matrescence.formulary import library
from matrescence.formulary.costs.library import load_items
from matrescence.instruments.library import load, names

LINES = 5
"""So many lines of its own a site can name."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the form: its heading, why it is asked, and its inputs.

    With ``size``, the inputs from ``first`` on belong together row by row, so many to a row.
    """

    name: str
    label: str
    why: str
    inputs: tuple[Input, ...]
    size: int = 0
    first: int = 0

    @property
    def plain(self) -> tuple[Input, ...]:
        """The inputs that stand alone."""
        return self.inputs[: self.first] if self.size else self.inputs

    @property
    def rows(self) -> tuple[tuple[str, tuple[Input, ...]], ...]:
        """The other inputs, ``size`` to a row (a weekday, an item of a bill): the row's label and its inputs."""
        if not self.size:
            return ()
        starts = range(self.first, len(self.inputs), self.size)
        found = [self.inputs[start : start + self.size] for start in starts]
        return tuple((group[0].hint, tuple(replace(item, hint="") for item in group)) for group in found)


def empty() -> tuple[Part, ...]:
    """Every part with nothing filled in."""
    return (_names(), _bedside(), _leaving(), _hours(), _consultations(), _prices(), _help_lines())


def priced() -> Iterator[tuple[str, Item]]:
    """Every item of a bill that comes with the program, drug by drug."""
    for drug in library.names():
        for item in load_items(drug):
            yield drug, item


def sedation_scales() -> tuple[Scale, ...]:
    """The scales of sedation on which one direction is worse: a limit counts in that direction."""
    found = (load(name) for name in names())
    return tuple(s for s in found if s.measures is Measures.SEDATION and s.higher_is_worse is not None)


def _names() -> Part:
    return Part(
        "names",
        _("Names and place"),
        _("These names stand on every paper; they are written down once, and never guessed."),
        (
            Input("setting", _("Name of the setting")),
            Input("pharmacy", _("Name of the pharmacy that dispenses")),
            Input("time_zone", _("Time zone"), hint=_("As America/New_York or Europe/Madrid.")),
        ),
    )


def _bedside() -> Part:
    scales = ((NOT_ASKED, _("not set")), *((scale.name, scale.label) for scale in sedation_scales()))
    not_set = ((YES, _("Yes")), (NO, _("No")), (NOT_ASKED, _("not set")))
    return Part(
        "bedside",
        _("Limits at the bedside"),
        _(
            "No source gives these numbers: the labels say hypoxia or a raised blood pressure, and leave it to the "
            "clinicians of the site which value that is. What is left empty stays unknown, and is shown as unknown."
        ),
        (
            Input("spo2_below", _("Oxygen saturation counts as hypoxia below"), "number", unit="%"),
            Input("systolic_from", _("Systolic blood pressure counts as severe from"), "number", unit="mmHg"),
            Input("diastolic_from", _("Diastolic blood pressure counts as severe from"), "number", unit="mmHg"),
            Input("sedation_scale", _("Scale of sedation that is used here"), "select", choices=scales),
            Input(
                "sedation_score",
                _("Sedation counts as excessive from this score on"),
                "number",
                hint=_("In the direction in which the scale grows worse."),
            ),
            Input("overdue_after_min", _("A check that is due is called overdue after"), "number", unit="min"),
            Input(
                "unrecorded_after_min",
                _("What is watched without a break is asked for when nobody has recorded it for"),
                "number",
                unit="min",
            ),
            Input(
                "two_person", _("Do two people confirm dose plan and pump before a start?"), "yes-no", choices=not_set
            ),
        ),
    )


def _leaving() -> Part:
    return Part(
        "leaving",
        _("Before she leaves"),
        _("They stand in where a drug's folder gives no number, and never loosen one that it gives."),
        (
            Input("observed_h", _("She is watched after the end for at least"), "number", unit="h"),
            Input(
                "pressure_within_mmhg",
                _("Blood pressure may differ from before the treatment by at most"),
                "number",
                unit="mmHg",
            ),
        ),
    )


def _week(what: str) -> tuple[Input, ...]:
    labels = (
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    )
    ends = (("from", _("from")), ("to", _("to")))
    return tuple(
        Input(f"{what}_{day}_{end}", word, "time", hint=label)
        for day, label in zip(DAYS, labels, strict=True)
        for end, word in ends
    )


def _hours() -> Part:
    why = _("When the setting is open. Left empty: closed on that day.")
    return Part("hours", _("Opening hours"), why, _week("open"), 2)


def _consultations() -> Part:
    why = _("The times of which a mother can book one on the public page. Left empty: none on that day.")
    length = Input("slot_min", _("One consultation takes"), "number", unit="min")
    return Part("consultations", _("Consultations that can be booked"), why, (length, *_week("consult")), 2, 1)


def _prices() -> Part:
    why = _("What this site charges, in US dollars. It stands in where no source gives a price, and replaces one.")
    found: list[Input] = []
    for drug, item in priced():
        what = said(item.what) if drug in item.what.lower() else f"{said(library.load(drug).label)}: {said(item.what)}"
        label = f"{what}, {said(f'per {item.per.value}')}"
        name = f"price_{drug}_{item.key}"
        found.append(Input(name, _("Price (US dollars)"), "number", hint=label))
        found.append(Input(f"{name}_dated", _("Of which day"), "date"))
    return Part("prices", _("Prices"), why, tuple(found), 2)


def _help_lines() -> Part:
    why = _("A line named here takes the place of those of the same kind that come with the program, on every page.")
    roles = ((NOT_ASKED, "–"), *((role.value, said(role.value)) for role in LineRole))
    found: list[Input] = []
    for row in range(1, LINES + 1):
        title = _("Line %(n)d") % {"n": row}
        found += [
            Input(f"line_{row}_role", _("For what"), "select", choices=roles, hint=title),
            Input(f"line_{row}_name", _("Name")),
            Input(f"line_{row}_number", _("Number")),
            Input(f"line_{row}_how", _("How, and when")),
        ]
    return Part("lines", _("Help lines of the clinic"), why, tuple(found), 4)
