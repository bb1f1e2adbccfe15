"""Writes the reference pages that nobody writes by hand: ``make docs``.

Each page is a function of the code and the data; ``tests/docs/test_generated_pages.py`` fails when a committed page is
not what its function says today.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
_NOTE = "Written by `make docs` from the code and the data; do not edit by hand."


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """A Markdown table; a vertical bar inside a cell is escaped."""
    yield "| " + " | ".join(headings) + " |"
    yield "|" + "---|" * len(headings)
    for row in rows:
        yield "| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |"


def command_line_page() -> str:
    """Every command with its help text, as the program itself prints it."""
    from matrescence.cli.main import COMMANDS, main

    lines = [
        "# Command line",
        "",
        _NOTE,
        "",
        "Every command answers `--help`, and most answer `--json`. Bad input gets one",
    ]
    lines[-1] += " message that names file, field, value, what is allowed and how to fix it; the exit code is then 2."
    context = click.Context(main, info_name="matrescence", **main.context_settings)
    for name in COMMANDS:
        command = main.get_command(context, name)
        if command is not None:
            lines += _command(command, f"matrescence {name}", context)
    return "\n".join(lines) + "\n"


def _command(command: click.Command, path: str, parent: click.Context) -> Iterator[str]:
    command = copy(command)
    command._help_option = None  # click keeps the one of whoever asked first
    context = click.Context(command, info_name=path.rpartition(" ")[2], parent=parent, terminal_width=100)
    yield from ("", f"## `{path}`", "", "```text", command.get_help(context).rstrip(), "```")
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from _command(inner, f"{path} {name}", context)


def units_page() -> str:
    """The closed table of units."""
    from matrescence.units import UNITS, canonical

    rows = [(f"`{u.code}`", u.kind, f"{u.factor:g} {canonical(u.kind).code}", f"`_{u.suffix}`") for u in UNITS.values()]
    heading = ["# Units", "", _NOTE, "", "Text is converted where it enters; two units convert only within one kind."]
    return "\n".join([*heading, "", *table(("UCUM code", "kind", "is", "names end in"), rows)]) + "\n"


def drug_page(name: str) -> str:
    """One drug: availability, regimens, models with every parameter, side-effect counts, references."""
    from matrescence.formulary.library import load

    drug = load(name)
    lines = [f"# {drug.label}", "", _NOTE, "", f"**{drug.availability.status.capitalize()}.** "]
    lines[-1] += f"{drug.availability.statement.text} [`{drug.availability.statement.source}`]"
    lines += ["", "## Regimens", ""]
    regimens = [(f"`{key}`", r.label, r.schedule.value, f"`{r.source}`", r.grade) for key, r in drug.regimens.items()]
    lines += table(("name", "what", "shape", "source", "grade"), regimens)
    for model in drug.models.values():
        lines += ["", f"## Model `{model.name}`", "", f"{model.label}. Grade {model.grade}.", ""]
        parameters = [
            (f"`{key}`", _number(f.value), f"`{f.unit}`", f.basis, f.grade, f"`{f.source}`, {f.at}")
            for key, f in model.typical.items()
        ]
        lines += table(("parameter", "value", "unit", "basis", "grade", "source"), parameters)
        lines += ["", *(f"- {note}" for note in model.notes)]
    if drug.side_effects:
        counts = [
            (
                e.name,
                e.regimen,
                f"{e.events} of {e.people}",
                _control(e.control, e.control_events, e.control_people),
                e.grade,
            )
            for e in drug.side_effects
        ]
        lines += [
            "",
            "## Side effects, as counts",
            "",
            *table(("effect", "regimen", "drug", "control", "grade"), counts),
        ]
    lines += ["", "## References", "", *(f"- `{key}`: {text}" for key, text in sorted(drug.citations.items()))]
    return "\n".join(lines) + "\n"


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.6g}"


def _control(what: str, events: int | None, people: int | None) -> str:
    return "none" if events is None or people is None else f"{what} {events} of {people}"


def assessment_page() -> str:
    """The rules of assessment with the cases that test them."""
    from matrescence.care.assessment.rules import RULES
    from matrescence.instruments.reference_page import rules_page

    cases = tomllib.loads((ROOT / "tests" / "spec" / "assessment" / "cases.toml").read_text("utf-8"))["cases"]
    return rules_page("Rules of assessment", RULES, cases)


def lactation_page() -> str:
    """The rules of lactation with the cases that test them."""
    from matrescence.care.lactation.rules import RULES
    from matrescence.instruments.reference_page import rules_page

    cases = tomllib.loads((ROOT / "tests" / "spec" / "lactation" / "cases.toml").read_text("utf-8"))["cases"]
    return rules_page("Rules of lactation", RULES, cases)


def recovery_page() -> str:
    """The rules of recovery with the cases that test them."""
    from matrescence.care.recovery.rules import RULES
    from matrescence.instruments.reference_page import rules_page

    cases = tomllib.loads((ROOT / "tests" / "spec" / "recovery" / "cases.toml").read_text("utf-8"))["cases"]
    return rules_page("Rules of recovery", RULES, cases)


def journey_page() -> str:
    """The rules of the journey with the cases that test them."""
    from matrescence.care.journey.rules import RULES
    from matrescence.instruments.reference_page import rules_page

    cases = tomllib.loads((ROOT / "tests" / "spec" / "journey" / "cases.toml").read_text("utf-8"))["cases"]
    return rules_page("Rules of the journey", RULES, cases)


def devices_page() -> str:
    """The rules about what devices say."""
    from matrescence.actions.bedside.rules import RULES
    from matrescence.instruments.reference_page import rules_page

    return rules_page("Rules of the devices", RULES, ())


def clinic_page() -> str:
    """The rules of the clinic's own."""
    from matrescence.clinic.rules import RULES
    from matrescence.instruments.reference_page import rules_page

    return rules_page("Rules of the clinic", RULES, ())


def roles_page() -> str:
    """Who may do what in the clinic."""
    from matrescence.clinic.people.reference_page import roles_page

    return roles_page(_NOTE)


def pages() -> dict[Path, Callable[[], str]]:
    """Every generated page and the function that writes it."""
    from matrescence.actions.gate_pages import eligibility_page, enrolment_page
    from matrescence.actions.infusion_pages import rules_page as infusion_rules_page
    from matrescence.actions.infusion_pages import states_page
    from matrescence.formulary.library import names
    from matrescence.instruments.reference_page import instruments_page

    found: dict[Path, Callable[[], str]] = {
        REFERENCE / "command-line.md": command_line_page,
        REFERENCE / "units.md": units_page,
        REFERENCE / "roles.md": roles_page,
        REFERENCE / "instruments.md": instruments_page,
        REFERENCE / "infusion-states.md": states_page,
        REFERENCE / "rules" / "assessment.md": assessment_page,
        REFERENCE / "rules" / "eligibility.md": eligibility_page,
        REFERENCE / "rules" / "enrolment.md": enrolment_page,
        REFERENCE / "rules" / "infusion.md": infusion_rules_page,
        REFERENCE / "rules" / "lactation.md": lactation_page,
        REFERENCE / "rules" / "recovery.md": recovery_page,
        REFERENCE / "rules" / "journey.md": journey_page,
        REFERENCE / "rules" / "devices.md": devices_page,
        REFERENCE / "rules" / "clinic.md": clinic_page,
    }
    return found | {REFERENCE / "drugs" / f"{name}.md": lambda name=name: drug_page(name) for name in names()}


def main() -> None:
    """Write every page whose text has changed, and say which."""
    for path, page in pages().items():
        text = page()
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
