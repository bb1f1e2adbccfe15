"""The page on prevention: the forest of trials, the pools, reviews beside them, and the trials without counts."""

from __future__ import annotations

from matrescence.handouts.around.content import (
    Figure,
    Page,
    Table,
    Told,
    interval,
    made_with,
    number,
    papers,
    ratios,
    rows_of,
)
from matrescence.handouts.digits import plain
from matrescence.handouts.figures.forest import forest


def prevention_content(told: Told) -> Page:
    """What goes on the page."""
    window = told["window"]
    return Page(
        title=f"Preventing depression after birth with ketamine or esketamine: {window}",
        lead=tuple(told["plain"]),
        figures=(Figure(forest(told), _caption(told)),),
        tables=(_pools(told), _trials(told), _reviews(told), _without_each(told), _other_ways(told), _unread(told)),
        notes=_notes(told),
        references=papers(told),
        made=made_with(told),
    )


def _caption(told: Told) -> str:
    return (
        f"Each trial's {told['measure']} with its 95 % interval; the square grows with its weight. Left of 1 favours "
        "the drug. Filled diamonds are pools made here, the line through them is the wider of the plain interval and "
        "that for few trials; open ones were published. Trials without counts stand below."
    )


def _pools(told: Told) -> Table:
    head = (
        "drug",
        "trials",
        "women",
        told["measure"],
        "95 % interval",
        "for few trials",
        "next trial",
        "I2 %",
        "fewer of 100",
    )
    rows = [_pool(row) for row in told["pools"]]
    note = (
        f"Random effects ({told['between']}). 'For few trials': Hartung and Knapp. 'Next trial': where the effect of "
        "one more such trial is expected. 'Fewer of 100': women with depression, had they the control arms' risk."
    )
    return Table("Pooled", head, rows_of(rows), note, numbers=(1, 2, 3, 4, 5, 6, 7, 8), spare=(2, 7))


def _pool(row: Told) -> tuple[str, ...]:
    if row["ratio"] is None:
        return (row["drug"], "0", "0", "–", "–", "–", "–", "–", "–")
    fewer = row["fewer_per_100"]
    return (
        row["drug"],
        str(row["trials"]),
        number(row["women"]),
        plain(row["ratio"]),
        ratios(row["low"], row["high"]),
        ratios(row["hk_low"], row["hk_high"]),
        ratios(row["prediction_low"], row["prediction_high"]),
        "–" if row["i2_percent"] is None else plain(row["i2_percent"], decimals=0),
        f"{plain(fewer['value'], decimals=0)} ({interval(fewer['low'], fewer['high'], decimals=0)})",
    )


def _trials(told: Told) -> Table:
    head = ("trial", "drug", "outcome", "treated", "control", told["measure"], "95 % interval", "grade", "who")
    rows = [
        (
            row["label"],
            row["drug"],
            row["outcome"],
            f"{row['treated_events']}/{row['treated_people']}",
            f"{row['control_events']}/{row['control_people']}",
            plain(row["ratio"]),
            ratios(row["low"], row["high"]),
            f"{row['grade']} {row['basis']}",
            row["population"],
        )
        for row in told["trials"]
    ]
    return Table("Trials with counts", head, rows_of(rows), numbers=(3, 4, 5, 6), spare=(2, 8))


def _reviews(told: Told) -> Table:
    head = ("review", "drug", "measure", "value", "95 % interval", "trials", "grade", "what it adds")
    rows = [
        (
            row["label"],
            row["drug"],
            row["measure"],
            "–" if row["value"] is None else plain(row["value"]),
            ratios(row["low"], row["high"]),
            row["trials"],
            row["grade"],
            row["text"],
        )
        for row in told["reviews"]
    ]
    return Table("Published reviews of the same question", head, rows_of(rows), numbers=(3, 4), spare=(5, 7))


def _without_each(told: Told) -> Table:
    rows = [(row["without"], plain(row["ratio"]), ratios(row["low"], row["high"])) for row in told["leave_one_out"]]
    return Table(
        "The pool without each trial in turn",
        ("without", told["measure"], "95 % interval"),
        rows_of(rows),
        numbers=(1, 2),
    )


def _other_ways(told: Told) -> Table:
    rows = [
        (
            row["measure"],
            row["between"],
            plain(row["ratio"]),
            ratios(row["low"], row["high"]),
            ratios(row["hk_low"], row["hk_high"]),
        )
        for row in told["other_ways"]
    ]
    head = ("measure", "variance between trials", "ratio", "95 % interval", "for few trials")
    return Table("The same trials, pooled in other ways", head, rows_of(rows), numbers=(2, 3, 4))


def _unread(told: Told) -> Table:
    head = ("trial", "drug", "women", "finding", "what it says", "grade")
    rows = [
        (row["label"], row["drug"], str(row["randomised"]), row["finding"], row["says"], row["grade"])
        for row in told["without_counts"]
    ]
    return Table("Trials that cannot be pooled here", head, rows_of(rows), numbers=(2,), spare=(1, 2))


def _notes(told: Told) -> tuple[tuple[str, tuple[str, ...]], ...]:
    lines = [f"{row['label']}: {note}" for row in (*told["trials"], *told["without_counts"]) for note in row["notes"]]
    return (("On single trials", tuple(lines)),) if lines else ()
