"""The comparison as one page with one picture: self-contained HTML, no script, every word escaped."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from matrescence.facts import GRADE_MEANING

if TYPE_CHECKING:
    from jinja2 import Template


def compare_page(told: Mapping[str, Any]) -> str:
    """Render what ``matrescence compare --json`` tells to one HTML document.

    Raises:
        KeyError: something that belongs there is missing.
    """
    from markupsafe import Markup

    from matrescence.handouts.compare_words import cells, keys_of
    from matrescence.handouts.figures.chances import NARROW, WIDE, chances_figure
    from matrescence.handouts.heading import is_invented, name_of

    rows = [{**row, "cells": cells(row), "keys": keys_of(row)} for row in told["options"]]
    return _template("compare.html.j2").render(
        css=Markup(_text("plan.css") + _text("compare.css")),
        meaning=GRADE_MEANING,
        name=name_of(told),
        invented=is_invented(told),
        rows=rows,
        picture={
            "wide": Markup(chances_figure(told, width=WIDE)),
            "narrow": Markup(chances_figure(told, width=NARROW)),
        },
        number={reference["key"]: index for index, reference in enumerate(told["references"], start=1)},
        unshown=told["unshown"],
        baseline=told["baseline"],
        plain=told["plain"][:4],
        references=told["references"],
        made=told["made_with"],
    )


@lru_cache(maxsize=4)
def _template(name: str) -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_text(name))


@lru_cache(maxsize=6)
def _text(name: str) -> str:
    return files("matrescence.handouts").joinpath(name).read_text(encoding="utf-8")
