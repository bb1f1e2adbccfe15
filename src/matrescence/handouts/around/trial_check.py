"""The page of the check: every published number beside the model, drawn and as a table, and every miss explained."""

from __future__ import annotations

from matrescence import __version__
from matrescence.handouts.around.content import Figure, Page, Table, Told, rows_of
from matrescence.handouts.digits import plain
from matrescence.handouts.figures.agreement import agreement


def trial_check_content(told: Told) -> Page:
    """What goes on the page of the fit, or of trials predicted by a model that never saw them."""
    first, *misses = told["lines"]
    return Page(
        title="The mood models beside the published record",
        lead=(first,),
        figures=(Figure(agreement(told["rows"]), _CAPTION),),
        tables=(_table(told),),
        notes=(("Does not agree, and why", tuple(line.removeprefix("- ") for line in misses)),) if misses else (),
        references=(),
        made=f"matrescence {__version__}",
    )


_CAPTION = (
    "HAM-D17 for brexanolone, zuranolone, SSRIs and no treatment; MADRS for ketamine. A fitted change must lie within "
    "one standard error of what was published (three points for ketamine), a rate within eight points; a trial that "
    "was not fitted within its 95 % interval."
)


def _table(told: Told) -> Table:
    rows = [
        (
            row["trial"],
            row["arm"],
            row["outcome"],
            f"hour {row['at_h']:g}" if row["at_h"] < 72.0 else f"day {row['at_h'] / 24.0:g}",
            plain(row["published"]),
            plain(row["predicted"], decimals=1),
            f"{plain(row['low'], decimals=1)} to {plain(row['high'], decimals=1)}",
            row["rule"],
            "shown" if row["use"] == "show" else "agrees" if row["agrees"] else "does not",
        )
        for row in told["rows"]
    ]
    head = ("trial", "arm", "outcome", "at", "published", "model", "95 % interval", "accepted", "")
    return Table("Every number", head, rows_of(rows), "", numbers=(4, 5, 6), spare=(7,))
