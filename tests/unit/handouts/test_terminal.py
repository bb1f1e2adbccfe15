from __future__ import annotations

import io
from typing import Any

from rich.console import Console

from matrescence.handouts.dosing import Curves
from matrescence.handouts.page_words import page_words
from matrescence.handouts.terminal import show, sparkline

Plan = dict[str, Any]


def printed(plan: Plan, *, encoding: str = "utf-8", colour: bool = False) -> str:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    show(plan, Console(file=out, width=100, force_terminal=colour, color_system="truecolor" if colour else None))
    out.flush()
    return raw.getvalue().decode(encoding)


def test_piped_output_has_no_colour_codes_and_stays_within_a_hundred_columns(any_plan: Plan) -> None:
    text = printed(any_plan)
    assert "\x1b" not in text
    assert max(len(line) for line in text.splitlines()) <= 100


def test_an_old_pipe_that_knows_only_ascii_gets_the_whole_plan(any_plan: Plan) -> None:
    assert "Unknown" in printed(any_plan, encoding="ascii")


def test_availability_and_warnings_come_before_the_pump(ana: Plan) -> None:
    text = printed(ana)
    assert text.index("WITHDRAWN on 14 April 2025") < text.index("Warnings") < text.index("Pump")


def test_the_terminal_says_what_the_page_says(ana: Plan) -> None:
    text = " ".join(printed(ana).split())
    for words in (
        "INVENTED EXAMPLE, NOT A PATIENT",
        "Sun 8 Mar 09:00 24–52 90 6.3",
        "5 Mon 9 Mar 09:00 Mon 9 Mar 21:00 50.4",
        "All the time: pulse oximetry with alarm",
        "13 of 102",
        "Stop the infusion",
        "feed again from Wed",
        "the bedside monitor and the pump keep the primary alarms",
        "predictions, not measurements",
    ):
        assert words in text, words


def test_a_name_is_never_read_as_markup(ana: Plan) -> None:
    ana["mother"]["name"] = "[red]Ana[/red]"
    ana["lactation"][0]["who"] = "[bold]Somebody"
    text = printed(ana)
    assert "[red]Ana[/red]" in text and "[bold]Somebody" in text


def test_colour_changes_no_word(ana: Plan) -> None:
    import re

    plain = re.sub(r"\x1b\[[0-9;]*m", "", printed(ana, colour=True))
    assert plain == printed(ana)


def test_a_drug_without_a_model_says_that_its_levels_are_unknown(zuranolone: Plan) -> None:
    assert "No model of this drug can be simulated: its levels are unknown." in printed(zuranolone)


def test_the_line_of_blocks_rises_and_falls_with_the_level() -> None:
    rise = Curves(at_h=(0.0, 1.0, 2.0), low=(0, 0, 0), middle=(0.0, 8.0, 0.0), high=(9, 9, 9))
    line = sparkline(rise, until_h=2.0, width=5)
    assert line == "▁▅█▅▁"


def test_of_a_series_the_time_to_feed_again_is_told_after_each_session_and_never_as_one_long_pause(six: Plan) -> None:
    row = next(row for row in page_words(six)["lactation"] if row["wait_h"] == 12)
    assert row["again"].replace("\u00a0", " ") == (
        "after each session, feed again from: Mon 14 Sep 22:40, Thu 17 Sep 22:40, Mon 21 Sep 22:40, "
        "Thu 24 Sep 22:40, Mon 28 Sep 22:40, Thu 1 Oct 22:40"
    )
