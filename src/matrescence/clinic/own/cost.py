"""What her treatment is charged with, in the clinic's own prices where it has them; not what she pays herself."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from matrescence.actions.planning import regimen_of
from matrescence.care.recovery.bill import Line, Per
from matrescence.care.recovery.money import Amount
from matrescence.clinic.log.courses import open_course
from matrescence.clinic.own.access import her_page, her_render
from matrescence.clinic.recovery.prices import bill_of
from matrescence.clinic.said import said
from matrescence.clinic.site.settings import site_settings

UNITS = {
    Per.COURSE: gettext_noop("for the whole course"),
    Per.SESSION: gettext_noop("for each session"),
    Per.VIAL: gettext_noop("for each vial"),
    Per.HOUR: gettext_noop("for each hour"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of the bill in her language."""

    what: str
    per: str
    quantity: Decimal | None
    price: str
    charge: str
    dated: str
    source: str
    grade: str


@her_page("cost.view")
@require_safe
def cost(request: HttpRequest, token: str) -> HttpResponse:
    """The bill of the whole course as it is planned; a price that nobody has told is not known."""
    opened = open_course(request.link.stream)
    mother, plan, drug = opened.known.mother, opened.known.plan, opened.ground.drug
    if mother is None:
        return her_render(request, "own/feeding_none.html")
    regimen = regimen_of(drug, None if plan is None else plan.regimen)
    found = bill_of(mother, drug, regimen.name, site_settings().prices)
    return her_render(request, "own/cost.html", lines=[_line(line) for line in found.lines], total=money(found.total))


def _line(line: Line) -> Shown:
    price = line.item.price
    known = price.low is not None and price.high is not None
    told = price.statement
    return Shown(
        what=said(line.item.what),
        per=_(UNITS[line.item.per]),
        quantity=line.quantity,
        price=money(Amount(price.low, price.high)) if known else _("not known"),  # type: ignore[arg-type]
        charge=money(line.charge) if line.known else _("not known"),
        dated=price.dated or "",
        source=told.source,
        grade=told.grade,
    )


def money(amount: Amount) -> str:
    """An amount in dollars; a sum in which something is unknown is *at least*."""
    least = f"${amount.least:,.2f}"
    if amount.most is None:
        return _("at least %(least)s") % {"least": least}
    if amount.exact is not None:
        return least
    return _("%(least)s to %(most)s") % {"least": least, "most": f"${amount.most:,.2f}"}
