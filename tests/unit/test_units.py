"""The closed unit table, held against an independent units library and against its own laws."""

from __future__ import annotations

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matrescence.units import UNITS, UnitError, canonical, convert

# How pint spells what UCUM spells differently; units that only count or score have no outside oracle.
PINT_NAMES = {
    "ug": "microgram", "a": "year", "mo": "month", "g{body}": "g", "wk": "week", "d": "day",
    "ug/kg": "microgram/kg", "ug/kg/h": "microgram/kg/hour", "mg/kg/h": "mg/kg/hour", "ug/kg/min": "microgram/kg/min",
    "mL/min/{1.73_m2}": "mL/min", "ng.h/mL": "ng*hour/mL", "ug.h/L": "microgram*hour/L", "ug/L": "microgram/L",
    "mL/h": "mL/hour", "L/h": "L/hour", "L/h/kg": "L/hour/kg", "/h": "1/hour", "/min": "1/min", "mm[Hg]": "mmHg",
    "ug/kg/d": "microgram/kg/day", "mg/kg/d": "mg/kg/day", "mL/kg/d": "mL/kg/day", "mg/d": "mg/day", "h": "hour",
}  # fmt: skip
REGISTRY = pint.UnitRegistry()
UNMEASURED = {"1", "%", "{score}", "{count}", "[USD]", "{log}", "/min{beat}", "/min{breath}"}


@pytest.mark.parametrize("code", sorted(set(UNITS) - UNMEASURED))
def test_factor_agrees_with_pint(code: str) -> None:
    ours, home = UNITS[code], canonical(UNITS[code].kind)
    theirs = REGISTRY.Quantity(1.0, PINT_NAMES.get(code, code)).to(PINT_NAMES.get(home.code, home.code)).magnitude
    assert ours.factor == pytest.approx(theirs, rel=1e-12)


@given(st.sampled_from(sorted(UNITS)), st.floats(1e-6, 1e6))
def test_conversion_there_and_back_changes_nothing(code: str, value: float) -> None:
    home = canonical(UNITS[code].kind).code
    assert convert(convert(value, code, home), home, code) == pytest.approx(value, rel=1e-12)


def test_a_dose_rate_per_body_weight_is_not_a_rate_constant() -> None:
    with pytest.raises(UnitError, match="dose rate per body weight and '/h' a rate constant"):
        convert(30.0, "ug/kg/h", "/h")


def test_an_unknown_unit_is_refused_with_the_nearest_right_one() -> None:
    with pytest.raises(UnitError, match="did you mean 'ug/kg/h'"):
        convert(30.0, "ug/kg/hr", "ug/kg/h")


def test_every_kind_has_exactly_one_canonical_unit() -> None:
    for row in UNITS.values():
        assert canonical(row.kind).factor == 1.0


def test_a_kind_that_nobody_measures_is_refused() -> None:
    with pytest.raises(UnitError, match="no kind of quantity"):
        canonical("loudness")


def test_a_unit_like_no_other_lists_what_is_allowed() -> None:
    with pytest.raises(UnitError, match="allowed: h, min"):
        convert(1.0, "§§§", "h")
