"""The page on the hormone: levels that were read, the infusion beside them, and the studies that disagree."""

from __future__ import annotations

from matrescence.handouts.around.content import Figure, Page, Table, Told, interval, made_with, papers, rows_of
from matrescence.handouts.digits import plain, significant
from matrescence.handouts.figures.allopregnanolone import allopregnanolone

_CAPTION = (
    "Levels of allopregnanolone that were read (mean and one SD) and the level expected under the infusion (half of "
    "women, and the band of nine in ten). Filled: radioimmunoassay; open: assay not read. Points are not joined, "
    "because nothing was read between them and the methods differ."
)


def hormone_content(told: Told) -> Page:
    """What goes on the page."""
    unit = plain(told["conversion"]["nmol_per_l_of_1_ng_per_ml"])
    return Page(
        title="Allopregnanolone around birth, and the infusion beside it",
        lead=tuple(told["plain"]),
        figures=(Figure(allopregnanolone(told), _CAPTION),),
        tables=(_points(told, unit), _infusion(told), _course(told), _studies(told)),
        notes=(("What is unknown", (told["why_no_curve"], *told["unknown"])), ("What it acts on", _modulation(told))),
        references=papers(told),
        made=made_with(told),
    )


def _points(told: Told, unit: str) -> Table:
    head = ("when and who", "assay", "women", "nmol/L", "ng/mL", "one SD, ng/mL", "grade")
    rows = [
        (
            row["label"],
            row["assay"],
            str(row["women"]),
            plain(row["level"]["nmol_per_l"], decimals=1),
            significant(row["level"]["ng_per_ml"]),
            interval(row["low"]["ng_per_ml"], row["high"]["ng_per_ml"], decimals=1),
            row["grade"],
        )
        for row in told["points"]
    ]
    return Table("Levels that were read", head, rows_of(rows), f"1 ng/mL is {unit} nmol/L.", numbers=(2, 3, 4, 5))


def _infusion(told: Told) -> Table:
    head = ("regimen", "highest at hour", "ng/mL, half of women", "nine in ten", "nmol/L", "grade")
    rows = [
        (
            row["label"],
            plain(row["peak_h"], decimals=0),
            significant(row["peak_ng_per_ml"]["p50"]),
            interval(row["peak_ng_per_ml"]["p05"], row["peak_ng_per_ml"]["p95"], decimals=0),
            plain(row["peak_nmol_per_l"], decimals=0),
            row["grade"],
        )
        for row in told["infusion"]
    ]
    return Table("Expected under the infusion", head, rows_of(rows), told["never_a_dose"], numbers=(1, 2, 3, 4))


def _course(told: Told) -> Table:
    rows = [(row["stage"], row["assay"], row["text"], row["grade"]) for row in told["course"]]
    return Table("Its course, in words", ("stage", "assay", "what was found", "grade"), rows_of(rows))


def _studies(told: Told) -> Table:
    head = ("study", "when", "assay", "women", "found", "what", "grade")
    rows = [
        (
            row["label"],
            row["when"],
            row["assay"],
            "–" if row["women"] is None else str(row["women"]),
            row["finding"],
            row["text"],
            row["grade"],
        )
        for row in told["studies"]
    ]
    note = "Studies are listed, not weighed; they differ in assay, time and question."
    return Table("Does the level differ with depression?", head, rows_of(rows), note, numbers=(3,), spare=(1, 2))


def _modulation(told: Told) -> tuple[str, ...]:
    half = told["modulation"]["half_effect_nmol_per_l"]["value"]
    level = (
        "The concentration for half of the effect is unknown."
        if half is None
        else f"Half of the effect: {half} nmol/L."
    )
    return (told["modulation"]["text"], level, "So no level here is translated into an effect at the receptor.")
