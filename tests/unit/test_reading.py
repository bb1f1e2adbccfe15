import os

import pytest

from matrescence.reading import Field, InputError, parse_json, read_json_lines, read_table, read_text, read_toml

FIELDS = (
    Field("weight_kg", "number", "kg", 25, 350, required=True, help="Weigh her again."),
    Field("feeding", "text", choices=("breast", "formula")),
    Field("children", "integer", low=0, high=20),
    Field("pregnant", "boolean"),
    Field("sleep", "texts", low=0, high=2),
)


def complaint(table: object) -> str:
    with pytest.raises(InputError) as caught:
        read_table(table, FIELDS, "her.toml")
    return str(caught.value)


def test_a_good_table_is_returned_with_numbers_as_floats() -> None:
    table = {"weight_kg": 70, "feeding": " breast ", "children": 2, "pregnant": False, "sleep": []}
    assert read_table(table, FIELDS, "her.toml") == {**table, "weight_kg": 70.0, "feeding": "breast"}


def test_a_missing_file_offers_its_nearest_neighbour(tmp_path) -> None:
    (tmp_path / "ana.toml").write_text("")
    with pytest.raises(InputError, match=r"ana\.tml: there is no such file\. Did you mean 'ana\.toml'\?"):
        read_toml(tmp_path / "ana.tml")


def test_a_directory_is_not_a_file(tmp_path) -> None:
    with pytest.raises(InputError, match="this is a directory"):
        read_toml(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="everything is readable to the superuser")
def test_an_unreadable_file_says_so(tmp_path) -> None:
    file = tmp_path / "a.toml"
    file.write_text("")
    file.chmod(0)
    with pytest.raises(InputError, match="may not be read"):
        read_toml(file)


def test_a_path_that_no_system_accepts_says_so() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_text("a\0b")


def test_a_file_that_is_not_utf8_names_the_byte(tmp_path) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes(b'name = "\xff"')
    with pytest.raises(InputError, match=r"not UTF-8 text \(byte 9\)"):
        read_toml(file)


def test_a_byte_order_mark_does_no_harm(tmp_path) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes(b'\xef\xbb\xbfname = "Ana"\r\n')
    assert read_toml(file) == {"name": "Ana"}


@pytest.mark.parametrize("text", ["a = \n", "a = 1\na = 2\n", "[a\n", "start = 2026-02-30T08:00\n", "a = 1 b = 2\n"])
def test_broken_toml_names_the_line(tmp_path, text: str) -> None:
    file = tmp_path / "a.toml"
    file.write_text(text)
    with pytest.raises(InputError, match=r"broken TOML: .*at (line \d+, column \d+|end of document)"):
        read_toml(file)


def test_toml_nested_beyond_reason_is_refused_in_one_sentence(tmp_path) -> None:
    file = tmp_path / "a.toml"
    file.write_text("a = " + "[" * 20_000)
    with pytest.raises(InputError, match="broken TOML"):
        read_toml(file)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": NaN}', "NaN is not a number"),
        ('{"a": -Infinity}', "-Infinity is not a number"),
        ('{"a": 1, "a": 2}', "the key 'a' is written twice"),
        ('{"a": 1,\n}', "at line 2"),
        ("[" * 20_000, "broken JSON"),
        ('{"a": ' + "9" * 5000 + "}", "broken JSON"),
        ("", "broken JSON"),
    ],
)
def test_json_that_cannot_be_trusted_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse_json(text, where="plan.json")


def test_json_lines_keep_their_line_numbers(tmp_path) -> None:
    file = tmp_path / "log.jsonl"
    file.write_text('{"a": 1}\n\n{"a": 2}\n{"a": \n')
    lines = read_json_lines(file)
    assert [next(lines), next(lines)] == [(1, {"a": 1}), (3, {"a": 2})]
    with pytest.raises(InputError, match=r"log\.jsonl, line 4: broken JSON"):
        next(lines)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({}, ["weight_kg is missing", "a number from 25 to 350 kg", "Weigh her again."]),
        ({"weight_kg": -3}, ["weight_kg = -3", "from 25 to 350 kg"]),
        ({"weight_kg": float("nan")}, ["weight_kg = NaN", "a number"]),
        ({"weight_kg": float("inf")}, ["weight_kg = Infinity"]),
        ({"weight_kg": 10**400}, ["weight_kg = 1000"]),
        ({"weight_kg": True}, ["weight_kg = true", "a number"]),
        ({"weight_kg": "70"}, ['weight_kg = "70"', "a number"]),
        ({"weight_kg": 70, "children": 1.5}, ["children = 1.5", "a whole number from 0 to 20"]),
        ({"weight_kg": 70, "children": True}, ["children = true"]),
        ({"weight_kg": 70, "feeding": "brest"}, ["one of breast, formula", "Did you mean 'breast'?"]),
        ({"weight_kg": 70, "feeding": ""}, ['feeding = ""']),
        ({"weight_kg": 70, "feeding": "bre\x1b[31mast"}, ['feeding = "bre\\u001b[31mast"']),
        ({"weight_kg": 70, "pregnant": 1}, ["pregnant = 1", "true or false"]),
        ({"weight_kg": 70, "sleep": ["a", "b", "c"]}, ["sleep = ", "a list of texts, at most 2 items"]),
        ({"weight_kg": 70, "sleep": "22:00-06:00"}, ["a list of texts"]),
        ([], ["[] is given where a table of fields is needed"]),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(table: object, words: list[str]) -> None:
    message = complaint(table)
    assert message.startswith("her.toml: ")
    for word in words:
        assert word in message


def test_an_unknown_key_offers_the_nearest_one_that_is_still_free() -> None:
    assert "'wieght_kg' is not a field here. Did you mean 'weight_kg'?" in complaint({"wieght_kg": 70})
    assert "'Feeding' is not a field here. Did you mean 'feeding'?" in complaint({"weight_kg": 70, "Feeding": "breast"})


def test_an_unknown_key_like_none_lists_what_is_allowed() -> None:
    assert "Allowed: weight_kg, feeding, children" in complaint({"weight_kg": 70, "xyzzy": 1})


def test_all_problems_of_a_table_are_told_at_once() -> None:
    message = complaint({"wieght_kg": 70, "children": -1, "pregnant": "no"})
    assert message.splitlines()[0] == "her.toml: 4 problems"
    assert len(message.splitlines()) == 5


@pytest.mark.parametrize("hidden", ["\x00", "\x07", "\x1b[31m", "\x7f", "\u202e", "\u2066", "a\rb"])
def test_a_text_that_would_be_shown_as_another_is_refused_and_the_complaint_shows_it_harmlessly(hidden: str) -> None:
    with pytest.raises(InputError) as caught:
        read_table({"name": f"Ana{hidden}"}, [Field("name", "text")], "her.toml")
    assert "without control characters" in str(caught.value)
    assert hidden not in str(caught.value)


@pytest.mark.parametrize("name", ["Zoë", "👩🏽‍🍼", "O'Neil & Co", "one\ntwo", "one\r\ntwo", "<script>", "[bold]"])
def test_any_other_text_is_taken_as_it_is(name: str) -> None:
    assert read_table({"name": name}, [Field("name", "text")], "her.toml")["name"] == name


def test_a_text_may_have_a_longest_length() -> None:
    field = Field("name", "text", high=5)
    assert read_table({"name": "Carla"}, [field], "her.toml")["name"] == "Carla"
    with pytest.raises(InputError, match="at most 5 characters"):
        read_table({"name": "Fatima"}, [field], "her.toml")
