"""The page for the wall: one self-contained HTML file made from a plan, for screen and paper.

No script, no request to anywhere, one inline style sheet; every word of the plan is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from matrescence.facts import GRADE_MEANING

if TYPE_CHECKING:
    from jinja2 import Template

Plan = Mapping[str, Any]


def plan_page(plan: Plan) -> str:
    """Render a plan, as it stands in ``plan.json``, to one HTML document.

    Raises:
        KeyError: the plan lacks something that ``plan.schema.json`` requires.
    """
    from matrescence.handouts.mood_words import mood_words
    from matrescence.handouts.page_words import drawings, page_words

    words = page_words(plan) | {"mood": mood_words(plan)}
    return _template().render(css=_style(plan), meaning=GRADE_MEANING, drawn=drawings(plan), **words)


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string(_text("plan.html.j2"))


def _style(plan: Plan) -> Any:
    from markupsafe import Markup

    from matrescence.handouts.heading import running_foot

    name = _css_text(running_foot(plan))
    foot = f'@page{{@bottom-left{{content:{name}}}@bottom-right{{content:counter(page) " / " counter(pages)}}}}'
    margins = "@page{@bottom-left{%s}@bottom-right{%s}}" % ((_FOOT_LOOK,) * 2)
    return Markup(_text("plan.css") + margins + foot)


_FOOT_LOOK = 'font:7.5pt "Helvetica Neue",Helvetica,Arial,"Liberation Sans",sans-serif;color:#444a50;white-space:nowrap'


def _css_text(words: str) -> str:
    """A CSS string in which everything but letters and digits is an escape, so that no name can end it."""
    return '"' + "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in words) + '"'


@lru_cache(maxsize=2)
def _text(name: str) -> str:
    return files("matrescence.handouts").joinpath(name).read_text(encoding="utf-8")
