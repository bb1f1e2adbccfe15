"""Plans, forecasts and documents infusion treatment of postpartum depression; read in the order of her journey.

The public face is the list below.  A name is imported when it is first used, so that asking for one drug does not
wait for the numerical engine.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matrescence.actions.mother_file import read_mother
    from matrescence.actions.planning import plan
    from matrescence.formulary.library import load as load_drug
    from matrescence.formulary.library import names as drug_names
    from matrescence.pharmacology.cohort import draw, typical
    from matrescence.pharmacology.exposure import auc_to_infinity, cmax, terminal_half_life_h
    from matrescence.pharmacology.regimen import Bolus, RateStep, Regimen
    from matrescence.pharmacology.simulate import observe, simulate

__version__ = "0.1.0"

__all__ = [
    "Bolus",
    "RateStep",
    "Regimen",
    "auc_to_infinity",
    "cmax",
    "draw",
    "drug_names",
    "load_drug",
    "observe",
    "plan",
    "read_mother",
    "simulate",
    "terminal_half_life_h",
    "typical",
]

_HOMES = {
    "Bolus": ("pharmacology.regimen", "Bolus"),
    "RateStep": ("pharmacology.regimen", "RateStep"),
    "Regimen": ("pharmacology.regimen", "Regimen"),
    "auc_to_infinity": ("pharmacology.exposure", "auc_to_infinity"),
    "cmax": ("pharmacology.exposure", "cmax"),
    "draw": ("pharmacology.cohort", "draw"),
    "drug_names": ("formulary.library", "names"),
    "load_drug": ("formulary.library", "load"),
    "observe": ("pharmacology.simulate", "observe"),
    "plan": ("actions.planning", "plan"),
    "read_mother": ("actions.mother_file", "read_mother"),
    "simulate": ("pharmacology.simulate", "simulate"),
    "terminal_half_life_h": ("pharmacology.exposure", "terminal_half_life_h"),
    "typical": ("pharmacology.cohort", "typical"),
}


def __getattr__(name: str) -> Any:
    """Import a public name from its home when it is first used."""
    try:
        module, original = _HOMES[name]
    except KeyError:
        raise AttributeError(f"module 'matrescence' has no attribute {name!r}") from None
    return getattr(importlib.import_module(f"matrescence.{module}"), original)
