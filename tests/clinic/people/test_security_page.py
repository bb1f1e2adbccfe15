"""The page on security leaves out no requirement of ASVS 5.0 level 2 in its chapters, and names only real tests."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "reference" / "security.md").read_text("utf-8")
LEVEL_2 = {
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
}  # fmt: skip
"""How many requirements of levels 1 and 2 each section has; they are the first of each section (ASVS 5.0)."""

ROWS = re.findall(r"^\| (\d+\.\d+\.\d+) \| (\d) \| (.+?) \| (.+?) \| (.+?) \|$", PAGE, flags=re.MULTILINE)
TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


@cache
def functions(file: Path) -> frozenset[str]:
    """The names of the functions of a file."""
    found = ast.walk(ast.parse(file.read_text("utf-8")))
    return frozenset(node.name for node in found if isinstance(node, ast.FunctionDef))


def test_every_requirement_of_level_2_has_one_row() -> None:
    asked = [f"{section}.{number}" for section, count in LEVEL_2.items() for number in range(1, count + 1)]
    told = [number for number, level, *_ in ROWS if level in "12"]
    assert sorted(told) == sorted(asked)


def test_every_row_is_proved_or_says_why_it_does_not_apply() -> None:
    for number, _, _, _, proof in ROWS:
        assert "`tests/" in proof or proof.startswith("not applicable: "), number


@pytest.mark.parametrize(("file", "name"), TESTS, ids=lambda part: part.rpartition("/")[2])
def test_the_test_it_names_exists(file: str, name: str) -> None:
    assert (ROOT / file).exists() and name in functions(ROOT / file)


def test_the_numbers_it_tells_are_those_of_the_settings() -> None:
    from django.conf import settings

    assert (
        f"**{settings.IDLE_LOCK_S // 60} minutes**" in PAGE
        and f"**{settings.SESSION_LONGEST_S // 3600} hours**" in PAGE
    )
    assert f"{(settings.SESSION_LONGEST_FORM_S - settings.SESSION_LONGEST_S) // 60} minutes more" in PAGE
    assert settings.ACCOUNT_RATE_LIMITS["login"] == "30/m/ip" and "30 tries a minute from one address" in PAGE
    assert settings.ACCOUNT_RATE_LIMITS["login_failed"] == "10/m/ip,5/5m/key"
    assert f"{settings.DATA_UPLOAD_MAX_NUMBER_FIELDS} fields" in PAGE
    assert settings.PASSWORD_RESET_TIMEOUT == 3 * 24 * 3600 and "within three days" in PAGE
