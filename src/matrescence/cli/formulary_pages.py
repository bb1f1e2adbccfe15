"""What ``matrescence formulary`` prints: the list, one drug, and a fit beside its targets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from matrescence.care.drug import Drug, RegimenPlan, Schedule
from matrescence.facts import Fact, Statement

if TYPE_CHECKING:
    from matrescence.formulary.calibrate import Fit

_STATUS_STYLE = {"withdrawn": "bold red", "off-label": "yellow", "approved": "green"}


def drug_table(drugs: Sequence[Drug]) -> Table:
    """All drugs, one line each."""
    table = Table(title="Formulary", title_justify="left")
    for heading in ("drug", "status", "since", "regimens (* default)", "models (* default)"):
        table.add_column(heading, overflow="fold")
    for drug in drugs:
        table.add_row(
            drug.name,
            Text(drug.availability.status, style=_STATUS_STYLE[drug.availability.status]),
            drug.availability.as_of.isoformat(),
            _starred(drug.regimens, drug.default_regimen),
            _starred(drug.models, drug.default_model) or "none: levels are not forecast",
        )
    return table


def drug_page(drug: Drug) -> Iterator[Table | Text | str]:
    """One drug, section by section; every line ends in its source and grade."""
    style = _STATUS_STYLE[drug.availability.status]
    yield Text.assemble((drug.label, "bold"), "  ", (drug.availability.status.upper(), style))
    yield _cited(drug.availability.statement)
    yield _cited(drug.mechanism)
    yield from _regimens(drug)
    yield from _statements("Preparation", drug.preparation.recipe if drug.preparation else ())
    yield from _statements("What is watched", [item.statement for item in drug.observations])
    yield from _statements("What stops it", [item.statement for item in drug.interruptions])
    yield from _criteria(drug)
    yield from _side_effects(drug)
    yield from _lactation(drug)
    yield from _models(drug)
    yield from _limits(drug)
    yield from _statements("To know", drug.notes)
    yield from _references(drug)


def fit_tables(found: Fit) -> Iterator[Table]:
    """The fitted values, and every target beside what they give."""
    values = Table(title="Fitted values", title_justify="left")
    for name in found.values:
        values.add_column(name, justify="right")
    values.add_row(*(f"{value:g}" for value in found.values.values()))
    yield values
    table = Table(title="Targets", title_justify="left")
    table.add_column("target", overflow="fold")
    for heading in ("wanted", "fitted", "off by (s.e.)"):
        table.add_column(heading, justify="right")
    table.add_column("source")
    for row in found.compared:
        table.add_row(row.what, f"{row.target:.4g}", f"{row.fitted:.4g}", f"{row.off_by:+.2f}", row.source)
    yield table


def _starred(names: object, default: str | None) -> str:
    return ", ".join(f"{name}*" if name == default else str(name) for name in names)  # type: ignore[attr-defined]


def _cited(statement: Statement) -> str:
    return f"{escape(statement.text)} [dim]({statement.source}, {escape(statement.at)}; {statement.grade})[/dim]"


def _statements(title: str, statements: Sequence[Statement]) -> Iterator[str]:
    if statements:
        yield f"\n[bold]{title}[/bold]"
        yield from (f"- {_cited(statement)}" for statement in statements)


def _regimens(drug: Drug) -> Iterator[Table]:
    table = Table(title="\nRegimens", title_justify="left")
    for heading in ("name", "what", "for", "given", "source"):
        table.add_column(heading, overflow="fold")
    for plan in drug.regimens.values():
        mark = "*" if plan.name == drug.default_regimen else ""
        table.add_row(plan.name + mark, plan.label, plan.use, _given(plan), f"{plan.source}, {plan.at}; {plan.grade}")
    yield table


def _given(plan: RegimenPlan) -> str:
    if plan.schedule is Schedule.STAIRCASE:
        steps = (f"{s.start_h:g}-{s.end_h:g} h: {s.rate_ug_per_kg_h:g} ug/kg/h" for s in plan.staircase)
        return "\n".join(steps)
    if plan.schedule is Schedule.SESSIONS:
        days = ", ".join(f"{day:g}" for day in plan.session_days)
        return f"{plan.dose_mg_per_kg:g} mg/kg over {plan.duration_min:g} min on day {days}"
    return f"{plan.dose_mg:g} mg every {plan.every_h:g} h, {plan.doses} times"


def _criteria(drug: Drug) -> Iterator[str]:
    for finding, title in (("forbids", "Forbids"), ("asks", "A clinician decides"), ("warns", "Warnings")):
        found = [item.statement for item in drug.criteria if item.finding == finding]
        yield from _statements(title, found)


def _side_effects(drug: Drug) -> Iterator[Table]:
    if not drug.side_effects:
        return
    table = Table(title="\nSide effects, as counts", title_justify="left")
    table.add_column("what", overflow="fold")
    for heading in ("regimen", "events", "control", "source"):
        table.add_column(heading)
    for item in drug.side_effects:
        control = (
            "" if item.control_events is None else f"{item.control_events} of {item.control_people} {item.control}"
        )
        source = f"{item.source}; {item.grade}"
        table.add_row(item.name, item.regimen, f"{item.events} of {item.people}", control, source)
    yield table


def _lactation(drug: Drug) -> Iterator[str]:
    yield "\n[bold]Lactation[/bold]"
    milk = drug.lactation
    yield f"- milk to plasma: {_fact(milk.milk_to_plasma)}"
    yield f"- published level: {_fact(milk.published_level_ng_per_ml)}"
    for advice in milk.advice:
        cited = f"{advice.statement.source}, {escape(advice.statement.at)}; {advice.statement.grade}"
        yield f"- {advice.who}: {escape(advice.advice)} [dim]({cited})[/dim]"


def _models(drug: Drug) -> Iterator[Table | str]:
    if not drug.models:
        yield "\n[bold]Models[/bold]\n- none: levels are not forecast"
        return
    table = Table(title="\nModels", title_justify="left")
    for heading in ("name", "what", "sampling", "people", "grade"):
        table.add_column(heading, overflow="fold")
    for model in drug.models.values():
        mark = "*" if model.name == drug.default_model else ""
        people = str(model.studied.count or "") if model.studied else ""
        table.add_row(
            model.name + mark, model.label, model.studied.sampling if model.studied else "", people, model.grade
        )
    yield table


def _limits(drug: Drug) -> Iterator[Table]:
    if not drug.limits:
        return
    table = Table(title="\nLimits and open questions", title_justify="left")
    for heading in ("what", "value", "source"):
        table.add_column(heading, overflow="fold")
    for name, fact in drug.limits.items():
        table.add_row(name.replace("_", " "), _value(fact), f"{fact.source}, {fact.at}; {fact.grade}")
    yield table


def _references(drug: Drug) -> Iterator[str]:
    yield "\n[bold]References[/bold]"
    yield from (f"- [dim]{key}[/dim] {escape(line)}" for key, line in drug.citations.items())


def _fact(fact: Fact | None) -> str:
    if fact is None:
        return "not known"
    return f"{_value(fact)} [dim]({fact.source}, {escape(fact.at)}; {fact.grade})[/dim]"


def _value(fact: Fact) -> str:
    if fact.value is None:
        return "unknown"
    between = f" ({fact.low:g} to {fact.high:g})" if fact.low is not None and fact.high is not None else ""
    return f"{fact.value:g} {'' if fact.unit == '1' else fact.unit}".strip() + between
