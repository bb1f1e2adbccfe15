"""The figures of the handouts for print: the same SVG, with its look written into it and nothing left to a browser.

The look is that of the page: the ``.chart`` rules of ``plan.css``, in the colours that the page has on paper.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

FONT = "Libertinus Serif"
_SVG = "<svg "
_NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'


def for_print(svg: str) -> str:
    """One drawing that stands alone; an empty text stays empty."""
    if not svg:
        return ""
    opened, rest = svg.replace(_SVG, f"{_SVG}{_NAMESPACE} ", 1).split(">", 1)
    return f"{opened}><style>{_style()}</style>{rest}"


def described(svg: str) -> str:
    """What a drawing says of itself: its title and its description, for those who hear the document."""
    told = re.search(r"<title[^>]*>(.*?)</title><desc[^>]*>(.*?)</desc>", svg, re.DOTALL)
    return "" if told is None else f"{_plain(told[1])}. {_plain(told[2])}"


@lru_cache(maxsize=1)
def _style() -> str:
    css = files("matrescence.handouts").joinpath("plan.css").read_text(encoding="utf-8")
    screen, paper = css.split("@media print", 1)
    colour = dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", screen.split("@media")[0]))
    colour |= dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", paper))
    rules = "".join(re.findall(r"^\.chart .*$", screen, re.MULTILINE))
    rules = re.sub(r"var\(--([a-z-]+)\)", lambda found: colour[found[1]], rules)
    return f'.chart text{{font-family:"{FONT}"}}{rules}'


def _plain(words: str) -> str:
    from html import unescape

    return unescape(words).strip().rstrip(".")
