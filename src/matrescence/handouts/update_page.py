"""Her own forecast as one page: before and after on one clock, in plain words, and what it does not mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from matrescence.facts import GRADE_MEANING

Told = Mapping[str, Any]


def update_page(told: Told) -> str:
    """Render what ``matrescence update --json`` tells to one HTML document.

    Raises:
        KeyError: something that belongs there is missing.
    """
    from markupsafe import Markup

    from matrescence.handouts.compare_page import _template, _text
    from matrescence.handouts.heading import is_invented, name_of

    pictures = [
        {"wide": Markup(wide), "narrow": Markup(narrow), "caption": caption}
        for wide, narrow, caption in _pictures(told)
    ]
    return _template("update.html.j2").render(
        css=Markup(_text("plan.css") + _text("compare.css")),
        meaning=GRADE_MEANING,
        name=name_of(told),
        invented=is_invented(told),
        told=told,
        pictures=pictures,
        references=told["references"],
        made=told["made_with"],
    )


def _pictures(told: Told) -> Iterator[tuple[str, str, str]]:
    from matrescence.handouts.figures.before_after import NARROW, WIDE, before_after

    mood = told["mood"]
    if mood is not None:
        points = [(0.0, mood["baseline"]), *((row["at_h"], row["total"]) for row in mood["scores"])]
        drawn = [
            before_after(
                mood,
                points,
                unit=mood["scale"],
                title="Her score, before and now",
                key="mood",
                width=width,
                highest=mood["baseline"],
            )
            for width in (WIDE, NARROW)
        ]
        yield drawn[0], drawn[1], "Her score. Nine of ten scores are expected inside a band. Lower is better."
    for name, pair in (told["levels"] or {"outputs": {}})["outputs"].items():
        found = [m for m in told["measurements"] if m["what"] == "level" and m["of"] == name]
        points = [(m["at_h"], m["value"]) for m in found]
        drawn = [
            before_after(
                pair, points, unit=f"{name}, ng/mL", title=f"Her level in {name}", key=f"level-{name}", width=width
            )
            for width in (WIDE, NARROW)
        ]
        yield drawn[0], drawn[1], f"Her level in {name}. Nine of ten are expected inside a band."
