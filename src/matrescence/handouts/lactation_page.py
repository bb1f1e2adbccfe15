"""The feeding handout: one self-contained HTML page in plain words, for screen and paper.

No script, no request to anywhere, one inline style sheet; every word is escaped.  Its words are measured: a test keeps
them at the reading grade of an eighth-grade pupil or below.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Template


def lactation_page(told: Mapping[str, Any], *, language: str = "en") -> str:
    """Render what ``matrescence lactation --json`` tells to one HTML document, in the language of one words file.

    Raises:
        InputError: there are no words in that language.
        KeyError: something that belongs there is missing.
    """
    from markupsafe import Markup

    from matrescence.handouts.lactation_words import lactation_words
    from matrescence.handouts.language import language as read_language

    words = read_language(language)

    def say(key: str, **values: object) -> Markup:
        """The words are this program's own; what is filled into them is escaped."""
        return Markup(words.text(key)).format(**values)

    style = Markup(_text("plan.css") + _text("lactation.css"))
    values = lactation_words(told, words)
    return _template().render(css=style, meaning=words.words["grades"], language=words, say=say, **values)


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_text("lactation.html.j2"))


@lru_cache(maxsize=3)
def _text(name: str) -> str:
    return files("matrescence.handouts").joinpath(name).read_text(encoding="utf-8")
