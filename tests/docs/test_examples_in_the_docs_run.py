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


def examples(language: str) -> Iterator[object]:
    for page in PAGES:
        for number, match in enumerate(FENCE.finditer(page.read_text(encoding="utf-8")), start=1):
            if match.group(1) == language:
                name = f"{page.relative_to(ROOT)}:{number}"
                yield pytest.param(match.group(2), id=name)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder that looks like a checkout, so that examples may write beside it without touching the real one."""
    for name in ("examples", "src"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


@pytest.mark.parametrize("code", list(examples("python")))
def test_python_example_runs(code: str, desk: Path) -> None:
    done = subprocess.run([sys.executable, "-c", code], cwd=desk, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("session", list(examples("console")))
def test_console_example_runs_and_exits_as_shown(session: str, desk: Path) -> None:
    """Lines that start with ``$ matrescence`` are run in order; ``# exit N`` at their end says the expected code."""
    ran = 0
    for line in session.splitlines():
        if not line.startswith("$ matrescence"):
            continue
        command, _, expected = line[2:].partition("# exit ")
        arguments = [sys.executable, "-m", "matrescence", *shlex.split(command)[1:]]
        done = subprocess.run(
            arguments, cwd=desk, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "120"}
        )
        assert done.returncode == int(expected or 0), f"{line}\n{done.stdout}\n{done.stderr}"
        ran += 1
    assert ran, "a console block without a matrescence command proves nothing: use a plain fence"
