"""One canonical unit per kind of quantity, and the closed table that converts where text enters.

A general units library cannot guard weight-based dosing: in ``ug/kg/h`` the kilogram of drug cancels against
the kilogram of mother and what is left is ``1/h``, the unit of a rate constant.  Here every unit belongs to a
*kind*, and two units convert only when their kinds are the same.  Units are written in UCUM.
"""

from __future__ import annotations

from dataclasses import dataclass


class UnitError(ValueError):
    """A unit that is not in the table, or a conversion between two kinds of quantity."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A UCUM code, the kind of quantity it measures, its factor to the canonical unit, and its name suffix."""

    code: str
    kind: str
    factor: float
    suffix: str


# The first row of each kind is its canonical unit.  The suffix is what names in the code end in.
_ROWS: tuple[tuple[str, str, float, str], ...] = (
    # code, kind, factor to canonical, suffix
    ("h", "time", 1.0, "h"),
    ("min", "time", 1.0 / 60.0, "min"),
    ("s", "time", 1.0 / 3600.0, "s"),
    ("d", "time", 24.0, "days"),
    ("wk", "time", 168.0, "weeks"),
    ("a", "age", 1.0, "years"),
    ("mo", "age", 1.0 / 12.0, "months"),
    ("kg", "body weight", 1.0, "kg"),
    ("g{body}", "body weight", 1e-3, "g"),
    ("cm", "height", 1.0, "cm"),
    ("m", "height", 100.0, "m"),
    ("ug", "drug mass", 1.0, "ug"),
    ("mg", "drug mass", 1e3, "mg"),
    ("g", "drug mass", 1e6, "g"),
    ("ng", "drug mass", 1e-3, "ng"),
    ("ng/mL", "concentration", 1.0, "ng_per_ml"),
    ("ug/L", "concentration", 1.0, "ug_per_l"),
    ("mg/L", "concentration", 1e3, "mg_per_l"),
    ("nmol/L", "molar concentration", 1.0, "nmol_per_l"),
    ("g/mol", "molar mass", 1.0, "g_per_mol"),
    ("mg/mL", "strength", 1.0, "mg_per_ml"),
    ("ng.h/mL", "exposure", 1.0, "ng_h_per_ml"),
    ("ug.h/L", "exposure", 1.0, "ug_h_per_l"),
    ("mL", "volume", 1.0, "ml"),
    ("L", "volume of distribution", 1.0, "l"),
    ("L/kg", "volume per body weight", 1.0, "l_per_kg"),
    ("mL/h", "pump rate", 1.0, "ml_per_h"),
    ("L/h", "clearance", 1.0, "l_per_h"),
    ("L/min", "clearance", 60.0, "l_per_min"),
    ("mL/min", "clearance", 0.06, "ml_per_min"),
    ("L/h/kg", "clearance per body weight", 1.0, "l_per_h_per_kg"),
    ("mL/min/kg", "clearance per body weight", 0.06, "ml_per_min_per_kg"),
    ("/h", "rate constant", 1.0, "per_h"),
    ("/min", "rate constant", 60.0, "per_min"),
    ("ug/kg", "dose per body weight", 1.0, "ug_per_kg"),
    ("mg/kg", "dose per body weight", 1e3, "mg_per_kg"),
    ("ug/kg/h", "dose rate per body weight", 1.0, "ug_per_kg_h"),
    ("mg/kg/h", "dose rate per body weight", 1e3, "mg_per_kg_h"),
    ("ug/kg/min", "dose rate per body weight", 60.0, "ug_per_kg_min"),
    ("ug/kg/d", "infant dose per body weight", 1.0, "ug_per_kg_day"),
    ("mg/kg/d", "infant dose per body weight", 1e3, "mg_per_kg_day"),
    ("mL/kg/d", "milk intake", 1.0, "ml_per_kg_day"),
    ("mg/d", "daily dose", 1.0, "mg_per_day"),
    ("mL/min/{1.73_m2}", "kidney function", 1.0, "ml_per_min_1_73m2"),
    ("mm[Hg]", "pressure", 1.0, "mmhg"),
    ("/min{beat}", "pulse rate", 1.0, "beats_per_min"),
    ("/min{breath}", "breathing rate", 1.0, "breaths_per_min"),
    ("1", "ratio", 1.0, "ratio"),
    ("%", "percentage", 1.0, "percent"),
    ("{score}", "score", 1.0, "score"),
    ("{count}", "count", 1.0, "count"),
    ("[USD]", "money", 1.0, "usd"),
    ("{log}", "log-scale spread", 1.0, "log"),
)

UNITS: dict[str, Unit] = {code: Unit(code, kind, factor, suffix) for code, kind, factor, suffix in _ROWS}


def unit(code: str) -> Unit:
    """Look a UCUM code up in the closed table.

    Raises:
        UnitError: the code is not in the table; the message names the nearest that is.
    """
    try:
        return UNITS[code]
    except KeyError:
        raise UnitError(f"unit {code!r} is not known; {_suggestion(code)}") from None


def canonical(kind: str) -> Unit:
    """The canonical unit of a kind: the first row of that kind in the table."""
    for row in UNITS.values():
        if row.kind == kind:
            return row
    raise UnitError(f"no kind of quantity is called {kind!r}")


def convert(value: float, from_code: str, to_code: str) -> float:
    """Convert between two units of one kind: ``value * factor(from) / factor(to)``.

    Raises:
        UnitError: a unit is unknown, or the two measure different kinds of quantity.
    """
    source, target = unit(from_code), unit(to_code)
    if source.kind != target.kind:
        raise UnitError(
            f"{from_code!r} is a {source.kind} and {to_code!r} a {target.kind}: they do not convert into each other"
        )
    if source.factor == target.factor:
        return value
    return value * source.factor / target.factor


def _suggestion(code: str) -> str:
    import difflib

    near = difflib.get_close_matches(code, UNITS, n=1, cutoff=0.4)
    return f"did you mean {near[0]!r}?" if near else "allowed: " + ", ".join(UNITS)
