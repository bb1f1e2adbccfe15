"""The page on relapse: curves of staying well, in whom, and the published numbers they must agree with."""

from __future__ import annotations

from matrescence.handouts.around.content import Figure, Page, Table, Told, interval, made_with, papers, rows_of
from matrescence.handouts.digits import plain, significant
from matrescence.handouts.figures.staying_well import staying_well

_CAPTION = (
    "Share still well after response. Solid: published median, or median and hazard ratio, at a constant risk; dashed: "
    "the two ways to read the same paper. A curve ends where its follow-up ended. Nobody in these studies had "
    "depression after birth, and the studies are not a comparison of treatments."
)


def relapse_content(told: Told) -> Page:
    """What goes on the page."""
    return Page(
        title="Relapse after response, with and without maintenance",
        lead=tuple(told["plain"]),
        figures=(Figure(staying_well(told), _CAPTION),),
        tables=(_curves(told), _checks(told), _studies(told)),
        notes=(("On single studies", _notes(told)),),
        references=papers(told),
        made=made_with(told),
    )


def _curves(told: Told) -> Table:
    head = ("study and arm", "curve", "median, days", "interval", "30 d", "90 d", "180 d", "365 d", "20 % by day")
    rows = []
    for study in told["studies"]:
        for arm in study["arms"]:
            who = f"{study['short']}: {arm['label']}"
            rows += [_curve(who, curve) for curve in arm["curves"]]
            rows += [(who, arm["unknown"], *["–"] * 7)] if arm["unknown"] else []
    note = "Columns 30 to 365 d: percent relapsed. 'Contradicted': another number of the same paper speaks against it."
    return Table("Curves", head, rows_of(rows), note, numbers=(2, 3, 4, 5, 6, 7, 8), spare=(3, 4, 6))


def _curve(who: str, curve: Told) -> tuple[str, ...]:
    by = [plain(row["percent"], decimals=0) for row in curve["relapsed_by"]]
    day = next(row["days"] for row in curve["day_of_risk"] if row["percent"] == 20.0)
    how = curve["how"] if curve["fits"] else f"{curve['how']} (contradicted: {curve['why_not']})"
    ends = interval(curve["median_low"], curve["median_high"], decimals=0)
    return (who, how, plain(curve["median_days"], decimals=0), ends, *by, significant(day))


def _checks(told: Told) -> Table:
    head = ("row", "what", "published", "accepted", "predicted", "is", "made from it")
    rows = [
        (
            row["row"],
            row["what"],
            significant(row["published"]),
            interval(row["accept_low"], row["accept_high"], decimals=0),
            significant(row["predicted"]),
            "in" if row["inside"] else "out",
            "yes" if row["fitted"] else "no",
        )
        for row in told["checks"]
    ]
    note = "A curve made from a number agrees with it, which shows a faithful curve and no more."
    return Table("Against published numbers", head, rows_of(rows), note, numbers=(2, 3, 4))


def _studies(told: Told) -> Table:
    rows = [(study["short"], study["population"], study["in_whom"]) for study in told["studies"]]
    return Table("In whom", ("study", "followed", "and"), rows_of(rows))


def _notes(told: Told) -> tuple[str, ...]:
    return tuple(f"{study['short']}: {note}" for study in told["studies"] for note in study["notes"])
