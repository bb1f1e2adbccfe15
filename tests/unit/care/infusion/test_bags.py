"""Vials where the recipe is not known: nothing is made up."""

from dataclasses import replace

import pytest

from matrescence.care.drug import Preparation
from matrescence.care.infusion.bags import Bag, Vials, vials_for
from matrescence.formulary.library import load

BAGS = (Bag(1, 0.0, 12.0, 50.0, "hang time"), Bag(2, 12.0, 24.0, 50.0, "end of infusion"))


def known() -> Preparation:
    found = load("brexanolone").preparation
    assert found is not None
    return found


def test_each_bag_takes_whole_vials() -> None:
    # 100 mL at 1 mg/mL from vials of 100 mg: one each.
    assert vials_for(BAGS, known()) == Vials(1, 2)


@pytest.mark.parametrize("field", ["bag_ml", "concentration_mg_per_ml", "vial_mg"])
def test_where_a_number_of_the_recipe_is_not_known_no_vials_are_counted(field: str) -> None:
    fact = replace(getattr(known(), field), value=None, low=None, high=None, grade="U", basis="site-policy")
    assert vials_for(BAGS, replace(known(), **{field: fact})) is None


def test_without_bags_or_a_recipe_no_vials_are_counted() -> None:
    assert vials_for((), known()) is None
    assert vials_for(BAGS, None) is None
