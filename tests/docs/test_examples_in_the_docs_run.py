"""Every Python example and every console line in README and docs is run, and a console line must exit as shown."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```(python|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(page: Path, language: str) -> list[str]:
    return [text for kind, text in FENCE.findall(page.read_text(encoding="utf-8")) if kind == language]


def python_examples() -> Iterator[object]:
    for page in PAGES:
        for number, code in enumerate(blocks(page, "python"), start=1):
            yield pytest.param(code, id=f"{page.relative_to(ROOT)}:{number}")


def console_pages() -> Iterator[object]:
    """A page is one session: a later command may read what an earlier one wrote."""
    for page in PAGES:
        if session := blocks(page, "console"):
            yield pytest.param(session, id=str(page.relative_to(ROOT)))


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder that looks like a checkout, so that examples may write beside it without touching the real one."""
    for name in ("examples", "src"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


@pytest.mark.parametrize("code", list(python_examples()))
def test_python_example_runs(code: str, desk: Path) -> None:
    done = subprocess.run([sys.executable, "-c", code], cwd=desk, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("session", list(console_pages()))
def test_console_examples_of_a_page_run_and_exit_as_shown(session: list[str], desk: Path) -> None:
    """Lines that start with ``$ matrescence`` are run in order; ``# exit N`` at their end says the expected code."""
    for line in "".join(session).splitlines():
        assert line.startswith("$ matrescence"), f"not a command of this program, so it proves nothing: {line}"
        command, _, expected = line[2:].partition("# exit ")
        arguments = [sys.executable, "-m", "matrescence", *shlex.split(command)[1:]]
        done = subprocess.run(
            arguments, cwd=desk, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "120"}
        )
        assert done.returncode == int(expected or 0), f"{line}\n{done.stdout}\n{done.stderr}"
