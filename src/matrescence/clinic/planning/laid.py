"""A plan worked out and drawn once: the same numbers are not asked of the model twice.

What is kept is kept without her name, in this process alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from matrescence.actions.compare import compare
from matrescence.actions.planning import plan
from matrescence.care.eligibility.facts import HealthFacts
from matrescence.care.mother import Mother
from matrescence.clinic.documents import without_style_attributes
from matrescence.formulary import library
from matrescence.handouts.figures.chances import NARROW, WIDE, chances_figure
from matrescence.handouts.page_words import drawings

KEPT = 48
NOBODY = ""
Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Laid:
    """One plan as plain data (the shape of ``plan.json``), and its figures."""

    told: Told
    drawn: Told


def laid_out(mother: Mother, drug: str, regimen: str, health: HealthFacts | None) -> Laid:
    """The plan of one regimen for her, by what is on record of her health.

    Raises:
        InputError: there is no such regimen, or the drug's model needs a fact that is not known of her.
    """
    found = _laid(replace(mother, name=NOBODY), drug, regimen, health)
    return Laid(named(found.told, mother), found.drawn)


def compared(mother: Mother) -> tuple[Told, Mapping[str, Markup]]:
    """Every option side by side for her, and the picture of it in two widths."""
    told, picture = _compared(replace(mother, name=NOBODY))
    return named(told, mother), picture


def named(told: Told, mother: Mother) -> dict[str, Any]:
    """The same with her name in it."""
    return {**told, "mother": {**told["mother"], "name": mother.name}}


@lru_cache(maxsize=KEPT)
def _laid(mother: Mother, drug: str, regimen: str, health: HealthFacts | None) -> Laid:
    told = plan(mother, library.load(drug), regimen_name=regimen, health=health).as_json()
    drawn = drawings(told)
    figures = {name: _safe(value) for name, value in drawn.items() if isinstance(value, dict)}
    return Laid(told, {**drawn, **figures})


@lru_cache(maxsize=KEPT)
def _compared(mother: Mother) -> tuple[Told, Mapping[str, Markup]]:
    told = compare(mother)
    return told, {
        "wide": Markup(chances_figure(told, width=WIDE)),
        "narrow": Markup(chances_figure(told, width=NARROW)),
    }


def _safe(figure: Mapping[str, str]) -> dict[str, Markup]:
    return {width: Markup(without_style_attributes(str(svg))) for width, svg in figure.items()}
