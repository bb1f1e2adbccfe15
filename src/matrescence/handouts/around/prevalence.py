"""The page on prevalence: mothers a year, positive screens, and the places that a service would need."""

from __future__ import annotations

from matrescence.handouts.around.content import Page, Table, Told, interval, made_with, number, papers, rows_of
from matrescence.handouts.digits import plain


def prevalence_content(told: Told) -> Page:
    """What goes on the page."""
    assumed = told["service"]["assumed"]
    return Page(
        title=f"Depression after birth: {told['place']}, {number(told['births'])} births a year",
        lead=tuple(told["plain"]),
        figures=(),
        tables=(_mothers(told), _screening(told), _beds(told), _chairs(told), _years(told), _groups(told)),
        notes=(
            ("Two figures that do not agree", (told["screening"]["conflict"]["text"], told["screening"]["stands_in"])),
            ("Chosen by this project, not found in a study", _assumed(assumed)),
            ("How places are counted", (told["service"]["method"], told["service"]["availability"]["text"])),
            ("On the figures", tuple(row["text"] for row in told["notes"])),
        ),
        references=papers(told),
        made=made_with(told),
    )


def _mothers(told: Told) -> Table:
    mothers, across, care = told["mothers"], told["mothers_across_places"], told["care"]
    rows = [
        ("expected", number(mothers["expected"]), interval_of(mothers["low"], mothers["high"]), mothers["interval"]),
        (
            f"with the lowest and highest place of {across['year']}",
            "",
            interval_of(across["low"], across["high"]),
            f"{across['low_percent']:g} to {across['high_percent']:g} %",
        ),
        ("of them diagnosed, in a US model", number(care["diagnosed"]["mothers"]), "–", _share(care["diagnosed"])),
        ("of those treated by anything", number(care["treated"]["mothers"]), "–", _share(care["treated"])),
    ]
    return Table("Mothers a year", ("", "mothers", "range", "what the range is"), rows_of(rows), numbers=(1, 2))


def _share(row: Told) -> str:
    return f"{row['value']:g} % ({row['grade']})"


def interval_of(low: float, high: float) -> str:
    """A range of whole numbers, with separators of thousands."""
    return f"{number(low)} to {number(high)}"


def _screening(told: Told) -> Table:
    head = (
        "EPDS",
        "sensitivity %",
        "specificity %",
        "positive",
        "range",
        "found",
        "missed",
        "false alarms",
        "true of 100",
    )
    rows = [_screen(row) for row in told["screening"]["cutoffs"]]
    seen = told["screening"]["observed"]
    range_seen = interval(seen["low"], seen["high"], decimals=1)
    rows.append(
        (
            f"{seen['at_least']} or more, as seen",
            "–",
            "–",
            number(seen["mothers"]),
            f"{range_seen} %",
            *["–"] * 4,
        )
    )
    women = number(seen["women"])
    note = f"'As seen': {seen['value']:g} % of {women} US mothers at 4 to 6 weeks, whatever their diagnosis."
    return Table(
        "Positive screens a year, if all are screened",
        head,
        rows_of(rows),
        note,
        numbers=tuple(range(1, 9)),
        spare=(1, 2, 6),
    )


def _screen(row: Told) -> tuple[str, ...]:
    value = row["predictive_value_percent"]
    return (
        f"{row['at_least']} or more",
        f"{row['sensitivity']['value']:g}",
        f"{row['specificity']['value']:g}",
        number(row["positive"]),
        interval_of(row["positive_low"], row["positive_high"]),
        number(row["found"]),
        number(row["missed"]),
        number(row["false_alarms"]),
        "–" if value is None else plain(value, decimals=0),
    )


def _beds(told: Told) -> Table:
    rows = [
        (f"{row['uptake_percent']:g} %", number(row["courses"]), plain(row["mean_in_use"]), *_places(row))
        for row in told["service"]["beds"]
    ]
    hours = told["service"]["beds"][0]["hours_each"]
    note = f"Each course takes a bed for {hours:g} h, day and night."
    first = told["service"]["beds"][0]
    head = ("uptake", "courses a year", "in use, mean", *_heads(first))
    return Table("60-hour beds (brexanolone)", head, rows_of(rows), note, numbers=tuple(range(1, len(head))))


def _chairs(told: Told) -> Table:
    rows = [
        (
            f"{row['uptake_percent']:g} %",
            f"{row['chair_stay_h']:g}",
            f"{row['open_hours_per_week']:g}",
            number(row["courses"]),
            plain(row["mean_in_use"]),
            *_places(row),
        )
        for row in told["service"]["chairs"]
    ]
    first = told["service"]["chairs"][0]
    head = ("uptake", "h in the chair", "open h a week", "courses a year", "in use, mean", *_heads(first))
    note = f"Each course is {first['sessions_each']} sessions."
    return Table("Infusion chairs (ketamine, series)", head, rows_of(rows), note, numbers=tuple(range(1, len(head))))


def _heads(row: Told) -> tuple[str, ...]:
    full = [f"at {item['occupancy_percent']:g} % full" for item in row["at_occupancy"]]
    return (*full, *(f"{item['turned_away_percent']:g} % turned away" for item in row["queue_free"]))


def _places(row: Told) -> tuple[str, ...]:
    return tuple(str(item["places"]) for item in (*row["at_occupancy"], *row["queue_free"]))


def _years(told: Told) -> Table:
    rows = [
        (
            str(row["year"]),
            "unknown" if row["value"] is None else f"{row['value']:g}",
            f"{row['lowest']['name']} {row['lowest']['percent']:g}",
            f"{row['highest']['name']} {row['highest']['percent']:g}",
            row["label"],
            row["grade"],
        )
        for row in told["us"]
    ]
    head = ("year", "all %", "lowest %", "highest %", "survey", "grade")
    return Table("What mothers report, by year", head, rows_of(rows), numbers=(1,))


def _groups(told: Told) -> Table:
    rows = [
        (row["key"] or "–", row["name"], f"{row['value']:g}", interval(row["low"], row["high"], decimals=1))
        for row in told["groups"]
    ]
    note = f"{told['groups'][0]['year']}, 13 states. Use a key with --group."
    return Table("By group", ("key", "mothers", "%", "95 % interval"), rows_of(rows), note, numbers=(2, 3))


def _assumed(rows: list[Told]) -> tuple[str, ...]:
    if not rows:
        return ("Nothing: every number of the service was given.",)
    return tuple(
        f"{row['name'].replace('_', ' ')}: {', '.join(f'{value:g}' for value in row['values'])}" for row in rows
    )
