"""Designs are read with their evidence, and a wrong one is refused by the name of its field."""

from __future__ import annotations

from pathlib import Path

import pytest

from matrescence.reading import InputError
from matrescence.trials.design import Kind
from matrescence.trials.read_design import DESIGNS, UnknownDesign, design_names, load_design, read_design

EXAMPLES = Path(__file__).parents[3] / "examples" / "designs"
NAMED = ("202A", "202B", "202C", "caesarean-654", "mothers-364", "repeated-41", "robin", "skylark")

SOUND = """
label = "An invented design"
kind = "score"
scale = "MADRS"
highest = 60
visits_h = [24, 168]
fed_by = "Invented."
not_for = ["anything"]
[analysis]
method = "mmrm"
control = "placebo"
primary = "drug"
at_h = 168
[[arms]]
name = "drug"
treatment = "a drug"
n = 30
baseline = { mean = 32, sd = 4, low = 25, high = 50 }
changes = [
  { at_h = 24, beyond_control = -3, se = 1, sd = 9, source = "this design", at = "-", basis = "derived", grade = "C" },
  { at_h = 168, beyond_control = -5, se = 1, sd = 9, source = "this design", at = "-", basis = "derived", grade = "C" },
]
[[arms]]
name = "placebo"
treatment = "placebo"
n = 30
baseline = { mean = 32, sd = 4, low = 25, high = 50 }
changes = [
  { at_h = 24, mean = -6, se = 1, sd = 9, source = "this design", at = "-", basis = "derived", grade = "C" },
  { at_h = 168, mean = -9, se = 1, sd = 9, source = "this design", at = "-", basis = "derived", grade = "C" },
]
"""


def test_every_named_trial_is_there_and_can_be_read() -> None:
    assert design_names() == tuple(sorted(NAMED))
    for name in design_names():
        design = load_design(name)
        assert design.not_for
        assert design.fed_by
        assert design.published


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_can_be_read(path: Path) -> None:
    assert load_design(str(path)).borrowed == "treatment-resistant depression"


def test_a_trial_is_found_whatever_its_capitals() -> None:
    assert load_design("202b") == load_design("202B")


def test_numbers_of_a_named_trial_come_from_its_own_file() -> None:
    design = load_design("202B")
    assert {arm.name: arm.n for arm in design.arms} == {"placebo": 43, "60": 38, "90": 41}
    keys = {row.key: row.value for row in design.published}
    assert keys["change/90@60"] == -17.72
    assert keys["difference/90-placebo@60"] == -3.7
    caesarean = load_design("caesarean-654")
    assert caesarean.kind is Kind.EVENTS
    assert sum(arm.n for arm in caesarean.arms) == 654


def test_an_unknown_trial_offers_the_nearest() -> None:
    with pytest.raises(UnknownDesign, match="Did you mean 'skylark'"):
        load_design("skylrk")


def test_the_sound_design_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sound.toml"
    path.write_text(SOUND)
    assert read_design(path).name == "sound"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "score"', 'kind = "scores"', "kind = "),
        ('method = "mmrm"', 'method = "cox"', "method = 'cox' does not suit kind 'score'"),
        ('control = "placebo"', 'control = "placbo"', "Did you mean 'placebo'"),
        ('primary = "drug"', 'primary = "placebo"', "is also the control"),
        ("at_h = 168\n[[arms]]", "at_h = 100\n[[arms]]", "visits_h: there is no visit at hour 100"),
        ("n = 30", "n = 1", "n = 1 cannot be used"),
        ("mean = 32", "mean = 24", "baseline"),
        ("high = 50", "high = 70", "above the scale"),
        ("sd = 4, low = 25", "sd = 12, low = 25", "widen low to high"),
        ("mean = -9, se = 1, sd = 9", "mean = -33, se = 1, sd = 9", "cannot come out"),
        ("beyond_control = -5", "beyond_controll = -5", "Did you mean 'beyond_control'"),
        ("mean = -6,", "beyond_control = -6,", "beyond_control cannot be used in the control arm"),
        ('name = "placebo"', 'name = "drug"', "given twice"),
        ('not_for = ["anything"]', "", "not_for is missing"),
        ("n = 30", "n = 30\nsize = 3", "'size' is not a field here"),
    ],
)
def test_a_wrong_design_is_refused_by_the_name_of_its_field(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "wrong.toml"
    assert old in SOUND
    path.write_text(SOUND.replace(old, new, 1))
    with pytest.raises(InputError) as refused:
        read_design(path)
    assert said in str(refused.value)
    assert "wrong.toml" in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('treatment = "ketamine"', 'treatment = "ketamin"', "Did you mean 'ketamine'"),
        ("sessions_at_h = [0]", "sessions_at_hh = [0]", "Did you mean 'sessions_at_h'"),
        ("sessions_at_h = [0]\n", "", "sessions_at_h is missing in the arm 'midazolam'"),
        ("sessions_at_h = [0]", "sessions_at_h = [-24]", "lies before the start"),
        ("highest = 60", "highest = 52", "whose scale is MADRS"),
        ('kind = "sessions"', 'kind = "session"', "kind = "),
    ],
)
def test_a_wrong_design_of_sessions_is_refused_by_the_name_of_its_field(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    shipped = (DESIGNS / "repeated-41.toml").read_text(encoding="utf-8")
    assert old in shipped
    path = tmp_path / "wrong.toml"
    path.write_text(shipped.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_design(path)
    assert said in str(refused.value)


def test_doubt_belongs_to_sessions_only(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    doubt = '[doubt]\nsd = 0.3\nsource = "this design"\nat = "-"\nbasis = "derived"\ngrade = "C"\n'
    path.write_text(SOUND.replace("[analysis]", doubt + "[analysis]"), encoding="utf-8")
    with pytest.raises(InputError, match="doubt cannot be used with kind 'score'"):
        read_design(path)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("202B", 'evidence = "brexanolone-202b"', 'evidence = "brexanolone-202x"', "there is no trial"),
        ("caesarean-654", 'evidence = "ma-2019"', 'evidence = "ma-2018"', "Did you mean 'ma-2019'"),
        ("caesarean-654", "at_h = 1008", "at_h = 24", "has no counts at hour 24"),
        ("caesarean-654", 'drugs = ["ketamine", "esketamine"]', 'drugs = ["ketamin"]', "drugs"),
        ("202B", "people = 37, of = 38", "people = 39, of = 38", "people = 39 is more than of = 38"),
    ],
)
def test_a_wrong_repetition_is_refused(tmp_path: Path, name: str, old: str, new: str, said: str) -> None:
    shipped = Path(__file__).parents[3] / "src" / "matrescence" / "trials" / "designs" / f"{name}.toml"
    path = tmp_path / "wrong.toml"
    path.write_text(shipped.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_design(path)
    assert said in str(refused.value)
