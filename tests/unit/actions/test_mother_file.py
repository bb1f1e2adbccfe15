from datetime import datetime, time, timedelta, timezone
from pathlib import Path

import pytest

from matrescence.actions.mother_file import mother_from, read_mother
from matrescence.care.mother import Feeding, LiverClass, Medicine, SleepWindow
from matrescence.reading import InputError

EXAMPLES = Path(__file__).parents[3] / "examples" / "mothers"
LEAST = {"name": "Ana", "age_years": 29, "weight_kg": 70, "start": "2026-06-01T08:00", "time_zone": "America/New_York"}


def complaint(**changes: object) -> str:
    table = {key: value for key, value in {**LEAST, **changes}.items() if value is not None}
    with pytest.raises(InputError) as caught:
        mother_from(table, where="ana.toml")
    return str(caught.value)


def start_of(**changes: object) -> str:
    table = {key: value for key, value in {**LEAST, **changes}.items() if value is not None}
    return mother_from(table, where="ana.toml").start.isoformat()


def test_what_is_left_out_is_not_known() -> None:
    mother = mother_from(LEAST, where="ana.toml")
    left_out = (mother.feeding, mother.liver, mother.medicines, mother.egfr_ml_per_min_1_73m2, mother.height_cm)
    assert left_out == (None,) * 5
    assert mother.sleep == ()


def test_a_full_file_becomes_a_mother() -> None:
    more = {
        "feeding": "mixed",
        "liver": "child-pugh-b",
        "medicines": ["Lorazepam", {"name": "not in any list", "dose_mg_per_day": 5}],
        "planned_sleep": ["22:00-06:00", "13:00-14:30"],
    }
    mother = mother_from({**LEAST, **more}, where="ana.toml")
    assert (mother.feeding, mother.liver) == (Feeding.MIXED, LiverClass.CHILD_PUGH_B)
    assert mother.medicines == (
        Medicine("Lorazepam", ("benzodiazepine", "cns-depressant")),
        Medicine("not in any list", (), 5.0),
    )
    assert mother.sleep == (SleepWindow(time(22), time(6)), SleepWindow(time(13), time(14, 30)))


def test_no_medicines_is_not_the_same_as_medicines_not_known() -> None:
    assert mother_from({**LEAST, "medicines": []}, where="ana.toml").medicines == ()


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_can_be_read_and_says_that_she_is_invented(path: Path) -> None:
    assert "(invented)" in read_mother(path).name
    assert "is invented: nobody with these facts exists" in path.read_text()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"weight_kg": None}, ["weight_kg is missing", "not pounds"]),
        ({"weight_kg": 0}, ["weight_kg = 0", "from 25 to 350 kg"]),
        ({"weight_kg": -70}, ["weight_kg = -70"]),
        ({"weight_kg": 7000}, ["weight_kg = 7000"]),
        ({"weight_kg": float("nan")}, ["weight_kg = NaN"]),
        ({"height_cm": 1.65}, ["height_cm = 1.65", "from 100 to 230 cm", "not metres"]),
        ({"age_years": 290}, ["age_years = 290"]),
        ({"infant_weight_kg": 3400}, ["infant_weight_kg = 3400", "not grams"]),
        ({"days_since_birth": 4.5}, ["days_since_birth = 4.5", "a whole number"]),
        ({"days_since_birth": 3, "gestation_weeks": 38}, ["keep the one that is true"]),
        ({"feeding": "bottle"}, ['feeding = "bottle"', "one of breast, mixed, formula"]),
        ({"liver": "bad"}, ["child-pugh-c"]),
        ({"wieght_kg": 70}, ["'wieght_kg' is not a field here", "Did you mean"]),
        ({"planned_sleep": ["22-6"]}, ['planned_sleep = "22-6"', "22:00-06:00"]),
        ({"planned_sleep": ["22:00-22:00"]}, ["two different times"]),
        ({"planned_sleep": ["22:00-25:00"]}, ["two different times"]),
        ({"planned_sleep": ["22:00"]}, ["two different times"]),
        ({"medicines": "sertraline"}, ["a list"]),
        ({"medicines": ["sertraline", 5]}, ["medicines, number 2", "5 is given where a table"]),
        ({"medicines": [{"name": "sertraline", "dose_mg": 5}]}, ["'dose_mg' is not a field", "'dose_mg_per_day'"]),
        ({"start": None}, ["start is missing; write a date and time such as 2026-03-07T08:00."]),
        ({"start": "2026-06-01T08:00+05:37:21", "time_zone": None}, ["a date and time"]),
        ({"name": "x" * 201}, ["at most 200 characters"]),
        ({"name": "A\x1b[2Jna"}, ["without control characters"]),
        ({"start": "tomorrow"}, ['start = "tomorrow"', "2026-03-07T08:00"]),
        ({"start": "2026-02-30T08:00"}, ["Does the date exist?"]),
        ({"start": "2026-06-01"}, ["a date and time"]),
        ({"start": "2026-06-01T25:00"}, ["a date and time"]),
        ({"start": 20260601}, ["a date and time"]),
        ({"start": "0026-06-01T08:00"}, ["a year from 2000 to 2099"]),
        ({"start": "9999-12-31T23:59"}, ["a year from 2000 to 2099"]),
        ({"time_zone": None}, ["time_zone is missing"]),
        ({"time_zone": "America/New York"}, ["Did you mean 'America/New_York'?"]),
        ({"time_zone": "../etc/passwd"}, ["IANA time zone"]),
        ({"time_zone": "America"}, ["IANA time zone"]),
        (
            {"start": "2026-06-01T08:00-05:00"},
            ["an offset that holds in America/New_York", "2026-06-01T09:00:00-04:00"],
        ),
    ],
)
def test_what_cannot_be_used_is_named_with_what_is_allowed(changes: dict[str, object], words: list[str]) -> None:
    message = complaint(**changes)
    assert message.startswith("ana.toml: ")
    for word in words:
        assert word in message


def test_every_problem_of_a_file_is_told_at_once() -> None:
    message = complaint(weight_kg=-1, feeding="no", start="never", planned_sleep=["x"], medicines=[1])
    assert message.splitlines()[0] == "ana.toml: 5 problems"


def test_a_local_time_that_the_change_of_the_clocks_leaves_out_is_refused() -> None:
    message = complaint(start="2026-03-08T02:30")
    assert "the clocks go forward and leave this one out" in message
    assert "Did you mean 2026-03-08T03:30:00?" in message


def test_a_local_time_that_comes_twice_is_refused_until_its_offset_is_given() -> None:
    message = complaint(start="2026-11-01T01:30")
    assert "the clocks go back and this one comes twice" in message
    assert "2026-11-01T01:30:00-04:00 or 2026-11-01T01:30:00-05:00" in message
    for offset in ("-04:00", "-05:00"):
        assert start_of(start=f"2026-11-01T01:30{offset}") == f"2026-11-01T01:30:00{offset}"


def test_a_start_with_an_offset_needs_no_time_zone() -> None:
    assert start_of(start="2026-06-01T08:00+05:30", time_zone=None) == "2026-06-01T08:00:00+05:30"
    assert start_of(start="2026-06-01T08:00Z", time_zone=None) == "2026-06-01T08:00:00+00:00"


def test_the_date_times_of_toml_itself_are_understood() -> None:
    assert start_of(start=datetime(2026, 6, 1, 8)) == "2026-06-01T08:00:00-04:00"  # noqa: DTZ001 - as TOML gives it
    aware = datetime(2026, 6, 1, 8, tzinfo=timezone(timedelta(hours=-4)))
    assert start_of(start=aware) == "2026-06-01T08:00:00-04:00"
    assert mother_from({**LEAST, "start": aware}, where="").start == aware
