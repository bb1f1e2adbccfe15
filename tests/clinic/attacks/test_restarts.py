"""What runs beside the pages outlives a database that is started again, and ends well when the server is told to."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import OperationalError
from outside import clinic_in

from matrescence.clinic.config import Config
from matrescence.clinic.live import simulated
from matrescence.clinic.log import keeper

BREAKS = OperationalError("server closed the connection unexpectedly")


def _eventually(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + 60
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    return holds()


@pytest.mark.django_db(transaction=True)
def test_the_simulated_bedsides_go_on_after_the_database_broke(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    def breaks_at_first() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise BREAKS

    monkeypatch.setattr(simulated, "close_old_connections", breaks_at_first)
    monkeypatch.setattr(simulated.SimulatedClock.objects, "values_list", lambda *_names, **_more: [])
    rooms = simulated.Rooms()
    rooms.start()
    try:
        assert _eventually(lambda: len(tries) > 2)
    finally:
        rooms.end()


def test_checkpoints_go_on_after_the_database_broke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    def breaks_at_first(*_where: Path, at: object) -> bool:
        tries.append(1)
        if len(tries) == 1:
            raise BREAKS
        return True

    monkeypatch.setattr(keeper, "write_checkpoint", breaks_at_first)
    monkeypatch.setattr(keeper, "EVERY_S", 0.05)
    config = Config(tmp_path, {}, (), https=False, demo=False, checkpoints=tmp_path)
    with keeper.keep_checkpoints(config):
        assert _eventually(lambda: len(tries) > 2)


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_stop_writes_its_last_checkpoint(told: signal.Signals, tmp_path: Path) -> None:
    with clinic_in(tmp_path / "home") as clinic:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        words = [sys.executable, "-m", "matrescence", "clinic", "serve", "--port", str(port)]
        server = subprocess.Popen(words, env=clinic.environment, stderr=subprocess.PIPE, text=True)
        try:
            assert _eventually(lambda: _audited(port)), "it does not answer"
            server.send_signal(told)
            _, complaint = server.communicate(timeout=60)
        finally:
            server.kill()
        assert server.returncode == 0, complaint
        assert "1 checkpoints: everything is as it was written" in clinic.run("verify")


def _audited(port: int) -> bool:
    """Ask for a page that is refused and written down."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/worklist/", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
