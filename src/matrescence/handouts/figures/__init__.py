"""The figures of a plan.

``course`` is what is given and the level it leads to, ``mood`` is how the score may go beside placebo, ``milk`` is
the level in milk and when each source says to feed, ``fall`` is what happens after the end; ``parts`` is shared.
Each takes the plan and a width in pixels and gives back one SVG.  Every axis says its unit and every curve its name.
"""

from matrescence.handouts.figures.course import course
from matrescence.handouts.figures.fall import fall, falls_in_milk
from matrescence.handouts.figures.milk import milk
from matrescence.handouts.figures.mood import mood
from matrescence.handouts.figures.parts import NARROW, WIDE

__all__ = ["NARROW", "WIDE", "course", "fall", "falls_in_milk", "milk", "mood"]
