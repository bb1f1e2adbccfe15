"""The page of a virtual trial: each estimate's distribution beside the published one, power, misses, and the limits."""

from __future__ import annotations

from matrescence.handouts.around.content import UNKNOWN, Figure, Page, Table, Told, made_with, papers, rows_of
from matrescence.handouts.digits import in_100, plain
from matrescence.handouts.figures.strips import said, strips


def virtual_trial_content(told: Told) -> Page:
    """What goes on the page of one run."""
    return Page(
        title=f"{told['label']}: run {told['replicates']:,} times",
        lead=_lead(told),
        figures=(Figure(strips(told), _caption(told)),),
        tables=(_table(told),),
        notes=_notes(told),
        references=papers(told),
        made=f"{made_with(told)}, seed {told['seed']}",
    )


def power_content(told: Told) -> Page:
    """What goes on the page of a search for the number of women."""
    rows = [
        (
            str(row["people"]),
            ", ".join(f"{n} {arm}" for arm, n in row["arms"].items()),
            plain(row["percent"], decimals=1),
            f"{plain(row['low'], decimals=1)} to {plain(row['high'], decimals=1)}",
        )
        for row in told["tried"]
    ]
    note = f"Each size {told['replicates']:,} times, the effect taken as known, seed {told['seed']}."
    table = Table(
        "Sizes that were tried", ("people", "arms", "power %", "95 % interval"), rows_of(rows), note, (0, 2, 3)
    )
    return Page(
        title=f"How many women: {told['label']}",
        lead=tuple(told["plain"]),
        figures=(),
        tables=(table,),
        notes=_limits(told),
        references=papers(told),
        made=f"{made_with(told)}, seed {told['seed']}",
    )


def _lead(told: Told) -> tuple[str, ...]:
    power = told["power"]
    first = f"{power['words']} That is a power of {in_100(power['percent'])} %."
    kind = (
        "This trial's own results were kept out of what is drawn here: it is a prediction."
        if told["independent"]
        else "This trial's own results are part of what is drawn here: it is a check, no prediction."
    )
    beside = [row for row in told["quantities"] if row["published"]]
    inside = sum(row["published"]["inside_90"] for row in beside)
    count = f"{inside} of {len(beside)} published numbers lie in the middle 90 % of the repetitions."
    borrowed = (f"The effect is borrowed from {told['borrowed']}.",) if told["borrowed"] else ()
    return (first, kind, *((count,) if beside else ()), *borrowed)


def _caption(told: Told) -> str:
    where = {"new": ", in a new trial", "own": ", in this very trial"}.get(told["deviation"], "")
    return (
        f"{told['replicates']:,} repetitions, seed {told['seed']}; taken as true: {told['true_effect']}{where}. "
        "'% below' is the share of repetitions whose estimate was lower than the published one: far from 50 means that "
        "the published result would be unusual."
    )


def _table(told: Told) -> Table:
    head = ("estimate", "unit", "middle", "90 % of repetitions", "published", "its interval", "% below", "grade")
    rows = []
    for row in told["quantities"]:
        printed = row["published"]
        rows.append(
            (
                row["words"],
                row["unit"],
                _or_never(row["p50"], row["unit"]),
                f"{_or_never(row['p05'], row['unit'])} to {_or_never(row['p95'], row['unit'])}",
                "–" if printed is None else plain(printed["value"]),
                _interval(printed),
                "–" if printed is None else _place(printed),
                "–" if printed is None else printed["grade"],
            )
        )
    return Table("Estimates", head, rows_of(rows), "", numbers=(2, 3, 4, 5, 6), spare=(1, 5, 7))


def _or_never(value: float | None, unit: str) -> str:
    return "not reached" if value is None else said(value, unit)


def _interval(printed: Told | None) -> str:
    if printed is None or printed["low"] is None:
        return "–"
    return f"{plain(printed['low'])} to {plain(printed['high'])}"


def _place(printed: Told) -> str:
    if printed["place_percent"] is None:
        return UNKNOWN
    return plain(printed["place_percent"], decimals=0) + ("" if printed["inside_90"] else " !")


def _notes(told: Told) -> tuple[tuple[str, tuple[str, ...]], ...]:
    missed = tuple(told["misses"])
    return ((("Outside the middle 90 %", missed),) if missed else ()) + _limits(told)


def _limits(told: Told) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        ("What it rests on", (told["fed_by"], *told["notes"])),
        ("Not for", tuple(told["not_for"])),
    )
