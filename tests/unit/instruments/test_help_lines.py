from __future__ import annotations

from pathlib import Path

import pytest

from matrescence.care.assessment.help_lines import HelpLines, LineRole
from matrescence.instruments.help_lines import load_lines
from matrescence.reading import InputError

LINE = """
[[lines]]
role = "{role}"
name = "Invented line"
number = "{number}"
how = "call"
text = "Invented."
source = "project-decision"
at = "invented"
basis = "site-policy"
grade = "C"
"""


def write(folder: Path, *rows: tuple[str, str]) -> Path:
    path = folder / "lines.toml"
    path.write_text("".join(LINE.format(role=role, number=number) for role, number in rows), "utf-8")
    return path


def test_the_shipped_numbers_are_those_of_the_united_states() -> None:
    lines = load_lines()
    assert [line.number for line in lines.of(LineRole.EMERGENCY)] == ["911"]
    assert [line.number for line in lines.of(LineRole.CRISIS)] == ["988"]
    assert [line.number for line in lines.of(LineRole.SUPPORT)] == ["1-833-852-6262"]


@pytest.mark.hazard("support-line-in-a-crisis")
def test_the_maternal_line_says_that_it_is_not_a_crisis_line() -> None:
    (support,) = load_lines().of(LineRole.SUPPORT)
    assert support.sentence.endswith("It is not a crisis line.")
    assert all("not a crisis line" not in line.sentence for line in load_lines().of(LineRole.CRISIS))


def test_the_number_that_was_to_work_for_one_year_is_not_there() -> None:
    assert all(line.number != "1-833-943-5746" for line in load_lines().lines)


def test_a_clinic_replaces_a_role_and_keeps_the_others(tmp_path: Path) -> None:
    lines = load_lines(write(tmp_path, ("emergency", "112"), ("clinic", "030 1")))
    assert [line.number for line in lines.of(LineRole.EMERGENCY)] == ["112"]
    assert [line.number for line in lines.of(LineRole.CRISIS, LineRole.CLINIC)] == ["988", "030 1"]


def test_an_unknown_role_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one of emergency, crisis, support, clinic"):
        load_lines(write(tmp_path, ("taxi", "1")))


def test_a_file_without_lines_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lines.toml"
    path.write_text("", "utf-8")
    with pytest.raises(InputError, match="lines is missing"):
        load_lines(path)


def test_there_is_no_set_of_lines_without_a_crisis_line() -> None:
    with pytest.raises(ValueError, match="at least one crisis line"):
        HelpLines(load_lines().of(LineRole.EMERGENCY))
