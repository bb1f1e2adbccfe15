"""After treatment: may she leave, and drive; when is she seen again; is she well; what comes next; what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from matrescence import __version__
from matrescence.actions.plan_json import Json, exact, keys_used, reason_json
from matrescence.actions.recovery_file import RecoverySheet, read_recovery_file
from matrescence.care.infusion.plan import Treatment, plan_treatment
from matrescence.care.recovery.accounts import Saving, pre_tax_saving
from matrescence.care.recovery.bill import Bill, Line, Quantities, bill
from matrescence.care.recovery.cover import Cover, Share, share
from matrescence.care.recovery.discharge import Discharge, discharge
from matrescence.care.recovery.follow_up import Appointment, DrivingAnswer, driving, follow_up
from matrescence.care.recovery.money import Amount
from matrescence.care.recovery.next_session import NextSession, next_session
from matrescence.care.recovery.outcome import Outcome, outcome
from matrescence.facts import Statement
from matrescence.formulary.bibliography import read_bibliography
from matrescence.formulary.costs.library import load_items, load_plan_years, references, with_site_prices
from matrescence.formulary.outcomes.library import load_definitions
from matrescence.formulary.read_recovery import load_guidance
from matrescence.instruments.library import SHIPPED as INSTRUMENTS
from matrescence.instruments.library import load as load_scale

NOT_PAPERS = {"project-decision": "A decision of this project.", "site-policy": "The site's own."}
"""Sources that are no papers, in words."""

NOT_A_DECISION = (
    "This informs and documents. Whether she leaves, and what comes next, her clinician decides; prices are not offers."
)


@dataclass(frozen=True, slots=True)
class Cost:
    """The bill, who pays it, and what pre-tax money saves; ``None`` where the file tells nothing of it."""

    bill: Bill
    share: Share | None
    saving: Saving | None


@dataclass(frozen=True, slots=True)
class Recovery:
    """Everything found for one mother; a part of which her file tells nothing is ``None``."""

    sheet: RecoverySheet
    discharge: Discharge | None
    driving: DrivingAnswer
    visits: tuple[Appointment, ...]
    outcome: Outcome | None
    next: NextSession
    cost: Cost

    def as_json(self) -> Json:
        """The same as plain data, money as text with two decimals; unknown is ``null``."""
        sheet = self.sheet
        told: Json = {
            "mother": sheet.name,
            "about": sheet.about,
            "drug": sheet.drug.name,
            "regimen": sheet.regimen.name,
            "now": sheet.now.isoformat(),
            "ended": sheet.ended.isoformat(),
            "discharge": None if self.discharge is None else _discharge(self.discharge),
            "driving": {
                "not_before": None if self.driving.not_before is None else self.driving.not_before.isoformat(),
                **reason_json(self.driving.reason),
            },
            "follow_up": [_visit(item) for item in self.visits],
            "outcome": None if self.outcome is None else _outcome(self.outcome),
            "next_session": {
                "what": self.next.what.value,
                "at": None if self.next.at is None else self.next.at.isoformat(),
                "reasons": [reason_json(reason) for reason in self.next.reasons],
            },
            "cost": _cost(self.cost),
        }
        known = {**sheet.drug.citations, **scale_references(), **references(), **NOT_PAPERS}
        keys = sorted({*keys_used(told)})
        told["references"] = [{"key": key, "text": known.get(key, key)} for key in keys]
        told["note"] = NOT_A_DECISION
        told["made_with"] = {"program": "matrescence", "version": __version__}
        return told


def scale_references() -> dict[str, str]:
    """One readable line for each source of the rating scales."""
    return {key: entry.line for key, entry in read_bibliography(INSTRUMENTS / "references.bib").items()}


def recover(path: Path) -> Recovery:
    """Read one mother's recovery file and look at every part of it.

    Raises:
        InputError: the file, or the site's price file that it names, cannot be used.
    """
    sheet = read_recovery_file(path)
    guidance = load_guidance(sheet.drug.name)
    names = {item.scale for item in guidance.discharge if item.scale is not None}
    scales = {name: load_scale(name) for name in names}
    judged = None
    if sheet.scores is not None:
        of = sheet.scores
        judged = outcome(of.scale, baseline=of.baseline, later=of.later, definitions=load_definitions())
    response = None if judged is None else judged.response
    return Recovery(
        sheet=sheet,
        discharge=None
        if sheet.observed is None
        else discharge(guidance.discharge, sheet.observed, site=sheet.site, scales=scales),
        driving=driving(guidance.driving, end=sheet.ended),
        visits=follow_up(guidance.visits, end=sheet.ended),
        outcome=judged,
        next=next_session(sheet.regimen, guidance, done=sheet.sessions, response=response),
        cost=_cost_of(sheet),
    )


def _cost_of(sheet: RecoverySheet) -> Cost:
    items = load_items(sheet.drug.name)
    if sheet.prices is not None:
        items = with_site_prices(items, sheet.prices)
    found = bill(items, _quantities(sheet))
    if sheet.cover is None and sheet.savings is None:
        return Cost(found, None, None)
    cover = sheet.cover or Cover()  # an account without insurance terms: her share is the range it must lie in
    shared = share(found, cover)
    if sheet.savings is None:
        return Cost(found, shared, None)
    year = load_plan_years().get(sheet.plan_year or 0)
    return Cost(found, shared, pre_tax_saving(sheet.savings, year, hers=shared.hers, cover=cover))


def _quantities(sheet: RecoverySheet) -> Quantities:
    """Of the whole course as the regimen plans it; the hours of the infusions where the site gives no hours."""
    treatment = plan_treatment(
        sheet.regimen, sheet.drug.preparation, (), weight_kg=sheet.weight_kg, start=sheet.sessions[0]
    )
    hours = sheet.facility_hours
    return Quantities(
        sessions=len(treatment.sessions),
        vials=None if treatment.vials is None else treatment.vials.total,
        hours=_hours(treatment) if hours is None else hours,
    )


def _hours(treatment: Treatment) -> Decimal | None:
    if not treatment.steps:
        return None
    return Decimal(repr(round(sum(step.end_h - step.start_h for step in treatment.steps), 4)))


# ---- plain data -----------------------------------------------------------------------------------------------


def _discharge(found: Discharge) -> Json:
    return {"leaving": found.leaving.value, "reasons": [reason_json(reason) for reason in found.reasons]}


def _visit(found: Appointment) -> Json:
    return {"name": found.visit.name, "at": found.at.isoformat(), **_said(found.visit.statement)}


def _said(said: Statement) -> Json:
    return {"text": said.text, "source": said.source, "at_source": said.at, "grade": said.grade}


def _outcome(found: Outcome) -> Json:
    return {
        "scale": found.scale.name,
        "label": found.scale.label,
        "baseline": None if found.baseline is None else found.baseline.total,
        "latest": None if found.latest is None else found.latest.total,
        "latest_on": None if found.latest is None else found.latest.on.isoformat(),
        "fall_percent": exact(found.fall_percent),
        "response": found.response,
        "remission": found.remission,
        "change": None if found.change is None else found.change.value,
        "relapse": None if found.relapse is None else found.relapse.value,
        "relapsed_on": None if found.relapsed_on is None else found.relapsed_on.isoformat(),
        "reasons": [reason_json(reason) for reason in found.reasons],
    }


def _cost(found: Cost) -> Json:
    reasons = [*found.bill.reasons]
    reasons += found.share.reasons if found.share is not None else ()
    reasons += found.saving.reasons if found.saving is not None else ()
    return {
        "currency": "USD",
        "lines": [_line(line, found.share) for line in found.bill.lines],
        "total": _amount(found.bill.total),
        "hers": None if found.share is None else _amount(found.share.hers),
        "insurer": None if found.share is None else _amount(found.share.insurer),
        "covered": None if found.share is None else _amount(found.share.covered),
        "not_covered": None if found.share is None else _amount(found.share.not_covered),
        "pre_tax_money": None if found.saving is None else _amount(found.saving.counted),
        "tax_saved": None if found.saving is None or found.saving.saved is None else _amount(found.saving.saved),
        "reasons": [reason_json(reason) for reason in reasons],
    }


def _line(line: Line, shared: Share | None) -> Json:
    item = line.item
    code = item.code
    hers = None if shared is None else shared.by_line.get(item.key)
    return {
        "key": item.key,
        "what": item.what,
        "per": item.per.value,
        "quantity": None if line.quantity is None else f"{line.quantity.normalize():f}",
        "price": {"low": _text(item.price.low), "high": _text(item.price.high), "dated": item.price.dated}
        | _said(item.price.statement),
        "charge": _amount(line.charge) if line.known else None,
        "hers": _text(hers),
        "code": None
        if code is None
        else {"system": code.system, "code": code.code, "means": code.means, **_said(code.statement)},
    }


def _amount(amount: Amount) -> Json:
    return {"least": _text(amount.least), "most": _text(amount.most), "words": in_words(amount)}


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def in_words(amount: Amount) -> str:
    """``$450.00``, ``$400.00 to $800.00``, ``at least $400.00``."""
    if amount.most is None:
        return f"at least ${amount.least:,.2f}"
    if amount.exact is not None:
        return f"${amount.least:,.2f}"
    return f"${amount.least:,.2f} to ${amount.most:,.2f}"
