"""One clinic, served as whoever installed it serves it, for every test of this folder."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from outside import Clinic, clinic_in

PASSWORD = "three quiet nights"
INSIDE = Path(__file__).with_name("inside.py")
ANSWERS_WITHIN_S = 60.0


@dataclass(frozen=True, eq=False)
class Served:
    """A clinic that answers at ``address``; ``mothers`` are the courses of the demonstration by first name."""

    clinic: Clinic
    address: str
    inside: subprocess.Popen[str]
    mothers: dict[str, str]

    def ask(self, what: str, **more: Any) -> Any:
        """Have something done inside the clinic (``inside.py``)."""
        return _ask(self.inside, what, **more)

    def lines(self, course: str) -> list[dict[str, Any]]:
        """Every record of a course, the oldest first."""
        return [json.loads(line) for line in self.ask("lines_of", course=course)]

    def export(self, course: str, file: Path) -> Path:
        """Write a course into a file, as ``matrescence course show`` reads it."""
        file.write_text("".join(f"{line}\n" for line in self.ask("lines_of", course=course)))
        return file


@contextmanager
def served_in(home: Path) -> Iterator[Served]:
    """An invented clinic with a mother at every stage, answering on this machine alone."""
    with clinic_in(home) as clinic:
        clinic.run("init")
        with _process(clinic, str(INSIDE), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as inside:
            _ask(inside, "people", password=PASSWORD)
            mothers = _ask(inside, "invented_clinic")
            port = _free_port()
            with _process(clinic, "-m", "matrescence", "clinic", "serve", "--port", str(port)):
                address = f"http://127.0.0.1:{port}"
                _wait_for(address)
                yield Served(clinic, address, inside, mothers)


@contextmanager
def _process(clinic: Clinic, *words: str, **more: Any) -> Iterator[subprocess.Popen[Any]]:
    with (clinic.home.parent / f"{clinic.home.name}-{len(words)}.log").open("a") as log:
        made = {"stdout": log, **more}
        process = subprocess.Popen([sys.executable, *words], env=clinic.environment, stderr=log, **made)
        try:
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=30)


def _ask(inside: subprocess.Popen[str], what: str, **more: Any) -> Any:
    assert inside.stdin is not None and inside.stdout is not None
    inside.stdin.write(json.dumps({"do": what, "with": more}) + "\n")
    inside.stdin.flush()
    told = json.loads(inside.stdout.readline() or '{"error": "it ended"}')
    assert "error" not in told, f"{what}: {told['error']}"
    return told["answer"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str) -> None:
    until = time.monotonic() + ANSWERS_WITHIN_S
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            assert time.monotonic() < until, f"nothing answered at {address} within {ANSWERS_WITHIN_S:g} s"
            time.sleep(0.1)
