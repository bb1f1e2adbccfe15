"""One self-contained HTML page of evidence: no script, no request to anywhere, one inline style sheet."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from matrescence.facts import GRADE_MEANING
from matrescence.handouts.around.content import Figure, Page

if TYPE_CHECKING:
    from jinja2 import Template


def evidence_page(page: Page) -> str:
    """Render a page to one HTML document; every word is escaped, the drawings are our own."""
    from markupsafe import Markup

    drawn = [(Markup(figure.svg), figure.caption) for figure in page.figures]
    style = Markup(_text("plan.css") + _text("around/around.css"))
    return _template().render(page=page, drawn=drawn, css=style, meaning=GRADE_MEANING)


def drawing(figure: Figure) -> str:
    """One figure as an SVG file of its own: the drawing with the style sheet inside it."""
    style = f"<style>{_text('plan.css')}{_text('around/around.css')}</style>"
    opening, closing, rest = figure.svg.partition(">")
    return f'{opening} xmlns="http://www.w3.org/2000/svg"{closing}{style}{rest}'


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_text("around/around.html.j2"))


@lru_cache(maxsize=3)
def _text(name: str) -> str:
    return files("matrescence.handouts").joinpath(*name.split("/")).read_text(encoding="utf-8")
