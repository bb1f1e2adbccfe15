"""The page of the live infusion, and every act at it: a form to look at, and a form that is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from matrescence.care.infusion.events import PumpDeviated, StopRequested
from matrescence.care.infusion.log import from_dict
from matrescence.care.infusion.state import Phase
from matrescence.care.infusion.timeline import sentence
from matrescence.care.journey.confirming import confirmations, pump_programme
from matrescence.care.journey.planned import order_of, treatment_of
from matrescence.care.journey.words import Confirmable
from matrescence.clinic.clockwork.clock import course_now
from matrescence.clinic.enrolment.take_over import take_over
from matrescence.clinic.infusion.acts import ACTS, Act, Group, against_resuming, offered
from matrescence.clinic.infusion.context import context_of
from matrescence.clinic.infusion.face import Face, face_of
from matrescence.clinic.infusion.fields import Ask, FieldError, filled, happened
from matrescence.clinic.infusion.forms import Bedside, asks_for, payload_of
from matrescence.clinic.infusion.readings import KINDS, SAMPLED, kinds_for, values_of
from matrescence.clinic.infusion.summary import summary_of
from matrescence.clinic.live.models import UnboundDevice
from matrescence.clinic.live.simulated import shown_pace
from matrescence.clinic.log.chain import writing
from matrescence.clinic.log.courses import Added, Opened
from matrescence.clinic.pages import Outcome, course_page, opened_or_404, record, zone_of
from matrescence.clinic.people.access import page
from matrescence.clinic.people.matrix import Cell, matrix
from matrescence.clinic.people.models import User

PARTS = ("phase", "alarms", "rate", "signs", "due", "level", "dose", "bags", "nurse", "latest")
"""The parts of the page that a stream brings anew; each is a template of its own."""


MAIN = (
    "request-stop",
    "confirm-stopped",
    "start",
    "confirm-rate",
    "resume",
    "report-finding",
    "report-resolved",
    "answer",
    "accept-handover",
)
"""The acts with large buttons, in this order."""
HIDDEN = ("open", "acknowledge", "correct-observation")
"""Acts that stand where they belong instead: beside the plan, an alarm, a reading."""


@page("infusion.watch", stays_open=True)
def show(request: HttpRequest, course_id: str) -> HttpResponse:
    """The live page; before an infusion is open, what is still missing."""
    opened = opened_or_404(course_id)
    pace = shown_pace(course_id)
    context = context_of(opened, pace)
    return course_page(
        request,
        "infusion/show.html",
        opened,
        **{**context, **opening(opened), **choices(request, context)},
        here="infusion",
        unbound=UnboundDevice.objects.count(),
        locked=getattr(request, "locked", False),
        server_ms=int(pace.real.timestamp() * 1000),
    )


@page("infusion.watch", stays_open=True)
def acts(request: HttpRequest, course_id: str) -> HttpResponse:
    """The links to every act that is offered now, alone: the page takes them when something has changed."""
    opened = opened_or_404(course_id)
    context = context_of(opened, shown_pace(course_id))
    return render(request, "infusion/acts.html", {**context, **opening(opened), **choices(request, context)})


def choices(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The acts that are offered now and that this person may do, by group."""
    user = request.user
    roles = user.known_roles if isinstance(user, User) else ()
    may = {group for group in Group if matrix()[f"infusion.{group.value}"].best(roles) is Cell.YES}
    acts_now = [ACTS[name] for name in context.get("offers", ()) if ACTS[name].group in may]
    face = context["face"]
    large = () if face is None else large_acts(face, waits=bool(context["against"]))
    return {
        "acts": [act for act in acts_now if act.name not in {*MAIN, *HIDDEN}],
        "main": [(act, _style(act, large)) for act in sorted(acts_now, key=_place(large)) if act.name in MAIN],
        "kinds": () if face is None or not acts_now else [(kind, KINDS[kind]) for kind in kinds_for(face.state)],
    }


def large_acts(face: Face, *, waits: bool) -> tuple[str, ...]:
    """The acts that are done next, the first one the largest; a stop is always among them while the pump may run."""
    match face.phase:
        case Phase.STOP_REQUESTED:
            return ("confirm-stopped", "request-stop")
        case Phase.STARTING | Phase.RESUMING:
            return ("request-stop", "confirm-rate")
        case Phase.RUNNING:
            return ("request-stop", "confirm-rate") if face.next is not None and face.next.late else ("request-stop",)
        case Phase.STOPPED:
            return ("report-resolved",) if waits else ("resume",)
    return ("start",)


def _style(act: Act, large: tuple[str, ...]) -> str:
    """How the button of an act is drawn."""
    size = "huge" if large and act.name == large[0] else "" if act.name in large else "second"
    return f"stop {size}" if act.name == "request-stop" else size


def _place(large: tuple[str, ...]) -> Callable[[Act], int]:
    order = (*large, *(name for name in MAIN if name not in large))
    return lambda act: order.index(act.name) if act.name in order else len(order)


def opening(opened: Opened) -> dict[str, Any]:
    """Before a start: what would be opened, who has confirmed it, and the stairs of the pump."""
    known, ground = opened.known, opened.ground
    before = known.between_infusions or known.state.phase is Phase.OPENED
    if known.plan is None or known.mother is None or not ground.infused or not before:
        return {"opening": None}
    order = order_of(known, ground)
    return {
        "opening": {
            "plan": known.plan,
            "regimen": ground.drug.regimens[known.plan.regimen],
            "reasons": getattr(order, "reasons", ()),
            "treatment": treatment_of(known.mother, known.plan.regimen, ground),
            "confirmations": {item.what.value: item for item in confirmations(known, ground)},
            "asked": known.plan.two_person,
            "programme": pump_programme(known, ground),
            "stairs": _stairs(opened),
        },
        "may_open": known.between_infusions,
    }


def _stairs(opened: Opened) -> list[dict[str, float]]:
    """Each line of the pump's programme beside the rate that it stands for."""
    order = order_of(opened.known, opened.ground)
    lines = pump_programme(opened.known, opened.ground)
    rates = [stair.rate_ug_per_kg_h for stair in getattr(order, "stairs", ())]
    return [
        {
            "start_h": line.start_h,
            "end_h": line.end_h,
            "rate_ml_per_h": line.rate_ml_per_h,
            "rate_ug_per_kg_h": rates[place] if place < len(rates) else None,
        }
        for place, line in enumerate(lines)
    ]


# ---- acts -------------------------------------------------------------------------------------------------------


@page("infusion.watch", writes="infusion.run")
def run(request: HttpRequest, course_id: str, name: str) -> HttpResponse:
    """What a nurse or a prescriber does at the bedside."""
    return _act(request, course_id, name, Group.RUN)


@page("infusion.watch", writes="infusion.decide")
def decide(request: HttpRequest, course_id: str, name: str) -> HttpResponse:
    """What a prescriber decides."""
    return _act(request, course_id, name, Group.DECIDE)


@page("infusion.watch", writes="infusion.handover")
def handover(request: HttpRequest, course_id: str, name: str) -> HttpResponse:
    """One nurse hands over to another."""
    return _act(request, course_id, name, Group.HANDOVER)


def _act(request: HttpRequest, course_id: str, name: str, group: Group) -> HttpResponse:
    act = ACTS.get(name)
    if act is None or act.group is not group:
        raise Http404(name)
    opened = opened_or_404(course_id)
    if request.method != "POST":
        return _form(request, opened, act)
    return _sent(request, opened, act)


def _form(
    request: HttpRequest,
    opened: Opened,
    act: Act,
    outcome: Outcome | None = None,
    error: FieldError | None = None,
) -> HttpResponse:
    bedside = _bedside(request, opened)
    asks = () if bedside is None else _filled(request, act, bedside, error)
    offers = ("open",) if bedside is None else offered(bedside.state, bedside.face.at)
    fragment = request.headers.get("X-Fragment") == "form" and request.method != "POST"
    context: dict[str, Any] = {
        "act": act,
        "title": _title(act, bedside),
        "asks": asks,
        "offered": act.name in offers or (act.name == "open" and opened.known.between_infusions),
        "face": None if bedside is None else bedside.face,
        "happened": {name: request.POST.get(name, "") for name in ("happened_date", "happened_time")},
        "happened_error": str(error) if error is not None and error.field.startswith("happened") else "",
        "sampled": _is_sampled(act, bedside),
        "outcome": outcome,
        "fragment": fragment,
        "course_id": opened.id,
        **_around(act, opened, bedside),
    }
    status = 200 if error is None and outcome is None else 422 if outcome is None else outcome.status
    template = "infusion/act_form.html" if fragment else "infusion/act.html"
    response = course_page(request, template, opened, here="infusion", status=status, **context)
    if fragment:
        response.headers["X-Fragment"] = "form"
    return response


def _title(act: Act, bedside: Bedside | None) -> str:
    """What the form is called: a reading by its kind."""
    kind = "" if bedside is None else str(bedside.said.get("reading", ""))
    return str(KINDS[kind]) if act.name == "observe" and kind in KINDS else act.title


def _is_sampled(act: Act, bedside: Bedside | None) -> bool:
    """Whether the time that is asked is that of a sample."""
    return act.name == "observe" and bedside is not None and bedside.said.get("reading") in SAMPLED


def _around(act: Act, opened: Opened, bedside: Bedside | None) -> dict[str, Any]:
    """What stands beside the form of some acts: the summary of a handover, the plan, why it may not go on."""
    if act.name in {"offer-handover", "accept-handover"} and bedside is not None:
        return {"summary": summary_of(opened, bedside.face)}
    if act.name in {"open", "start"}:
        return opening(opened)
    if act.name == "resume" and bedside is not None:
        return {"against": against_resuming(bedside.state, bedside.face.at)}
    return {}


def _filled(request: HttpRequest, act: Act, bedside: Bedside, error: FieldError | None) -> tuple[Ask, ...]:
    asks = asks_for(act.name, bedside)
    if request.method == "POST":
        return filled(asks, request.POST, error)
    if act.name == "correct-observation":
        wrong = next((seen for seen in bedside.state.observations if seen.key == request.GET.get("of")), None)
        return asks if wrong is None else filled(asks, values_of(wrong.reading))
    return asks


def _bedside(request: HttpRequest, opened: Opened) -> Bedside | None:
    face = face_of(opened.known.state, course_now(opened.id))
    if face is None:
        return None
    nurses = [user.name for user in User.objects.filter(is_active=True).order_by("name") if "nurse" in user.roles]
    return Bedside(face, request.POST if request.method == "POST" else request.GET, tuple(nurses))


def _sent(request: HttpRequest, opened: Opened, act: Act) -> HttpResponse:
    bedside = _bedside(request, opened)
    try:
        payload = {"command": act.name} if bedside is None else payload_of(act.name, bedside)
        at = happened(request.POST, zone_of(opened), course_now(opened.id))
        if at is None and _is_sampled(act, bedside):
            raise FieldError("happened_time", _("Say when the blood was drawn."))
    except FieldError as error:
        return _form(request, opened, act, error=error)
    with writing():
        if act.name == "start":  # what the site has filed or taken back counts for this start; nothing comes in between
            take_over(opened.id, request.actor.name, course_now(opened.id))
        outcome = record(request, opened.id, "infusion", payload, strict=False, happened_at=at)
    if outcome.written is None:
        return _form(request, opened_or_404(opened.id), act, outcome=outcome)
    _tell(request, outcome.written)
    return redirect("infusion:show", course_id=opened.id)


def _tell(request: HttpRequest, written: Added) -> None:
    """Say what was written, in the record's own words; loudly where a stop follows from it."""
    line = written.line
    if line is None:
        messages.success(request, _("Nothing had to be changed."))
        return
    events = [from_dict(event) for event in line["payload"].get("events", [])]
    said = "; ".join(sentence(event) for event in events)
    loud = any(isinstance(event, StopRequested | PumpDeviated) for event in events)
    (messages.warning if loud else messages.success)(request, said[:1].upper() + said[1:] + ".")


# ---- two people -------------------------------------------------------------------------------------------------


@page("infusion.watch", writes="plan.confirm")
def confirm_plan(request: HttpRequest, course_id: str) -> HttpResponse:
    """One of two people confirms the dose plan."""
    return _confirm(request, course_id, Confirmable.DOSE_PLAN)


@page("infusion.watch", writes="pump.confirm")
def confirm_pump(request: HttpRequest, course_id: str) -> HttpResponse:
    """One of two people confirms the programme of the pump, stair by stair in mL/h."""
    return _confirm(request, course_id, Confirmable.PUMP_PROGRAMME)


def _confirm(request: HttpRequest, course_id: str, what: Confirmable) -> HttpResponse:
    opened = opened_or_404(course_id)
    outcome: Outcome | None = None
    problem = ""
    if request.method == "POST":
        if request.POST.get("compared") != "yes":
            problem = _("Tick that you have compared it yourself.")
        else:
            payload = {"what": what.value, "digest": request.POST.get("digest", "")}
            outcome = record(request, course_id, "confirmation", payload, strict=False)
            if outcome.ok:
                messages.success(request, _CONFIRMED[what]())
                return redirect("infusion:show", course_id=course_id)
            opened = opened_or_404(course_id)
    found = next(item for item in confirmations(opened.known, opened.ground) if item.what is what)
    context = {**opening(opened), "item": found, "what": what.value, "outcome": outcome, "problem": problem}
    status = outcome.status if outcome is not None else 422 if problem else 200
    return course_page(request, "infusion/confirm.html", opened, here="infusion", status=status, **context)


_CONFIRMED: dict[Confirmable, Callable[[], str]] = {
    Confirmable.DOSE_PLAN: lambda: _("You have confirmed the dose plan."),
    Confirmable.PUMP_PROGRAMME: lambda: _("You have confirmed the programme of the pump."),
}
