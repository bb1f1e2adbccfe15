"""Each claim of the two articles has its four cells, and the command that is named shows the number."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from matrescence.cli.main import main

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "explanation" / "claims.md"
QUICK = {"trials run": ["--replicates", "20", "--workers", "1"], "compare": ["--women", "50"]}
"""Fewer repetitions: what is looked for is what was published, and that does not depend on them."""

SEEN = {
    "matrescence prevalence --births 12000": ["12.7", "8.7", "25.4"],
    "matrescence trials run caesarean-654": ["0.66"],
    "matrescence trials prevention": ["median 9 (6 to 13) against 8 (6 to 10)"],
    "matrescence compare examples/mothers/ana.toml": ["54 of 100 against 43 of 100", "40 minutes", "in mice only"],
    "matrescence plan examples/mothers/ana.toml --drug sertraline": ["about 0.5 % of the"],
    "matrescence lactation examples/mothers/fatima_ketamine.toml --drug ketamine": ["Pump and discard for two days"],
    "matrescence evidence ketamine": ["0.34 to 0.57", "0.65"],
    "matrescence formulary show ketamine": ["In mice circuits recover first and new spines keep the effect"],
    "matrescence trials check": ["52.2", "39.8"],
    "matrescence trials run repeated-41": ["59", "-7.7"],
    "matrescence trials relapse": ["half had relapsed by day 18"],
    "matrescence recover examples/recovery/fatima_after_six.toml": ["$663.60 to $829.50", "$2,400.00 to $4,800.00"],
    "matrescence plan examples/mothers/fatima_ketamine.toml --drug ketamine --regimen series-of-six": [
        "106 of 188",
        "67 of 188",
    ],
    "matrescence formulary show brexanolone": ["14 April 2025", "3 of 102", "2 of 38", "0 of 499", "GABA-A"],
    "matrescence hormone": ["3 of 8 sources found lower levels"],
    "matrescence trials run 202B": ["-17.7", "-14"],
    "matrescence trials run 202C": ["-14.69", "-15.23"],
    "matrescence plan examples/mothers/ana.toml --drug brexanolone": ["12 of 102", "3 of 102", "2 of 102"],
    "matrescence enrol zulresso examples/enrolment/zulresso_research.toml": ["ZULRESSO REMS"],
}


def rows() -> list[list[str]]:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "claimed | what" not in line]


@cache
def output(command: str) -> str:
    words = command.split()[1:]
    more = next((given for name, given in QUICK.items() if " ".join(words).startswith(name)), [])
    done = CliRunner(env={"COLUMNS": "200"}).invoke(main, [*words, *more])
    assert done.exit_code == 0, (command, done.output, done.exception)
    return re.sub(r"\s+", " ", done.stdout)


def test_every_claim_says_what_the_source_says_the_number_and_the_command() -> None:
    for row in rows():
        assert len(row) == 4 and all(row), row
        assert re.search(r"\([^)]*[ABCDU][^)]*\)|unknown", row[1]), row
        assert row[3] == "none" or row[3].strip("`") in SEEN, row


def test_every_command_of_the_page_is_checked_and_no_other() -> None:
    assert {row[3].strip("`") for row in rows()} - {"none"} == set(SEEN)


@pytest.mark.parametrize("command", SEEN)
def test_the_command_shows_the_number(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    shown = output(command)
    for said in SEEN[command]:
        assert said in shown, said
