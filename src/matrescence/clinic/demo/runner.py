"""Make the invented clinic anew, say how to get in, and serve it."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from matrescence.clinic.config import DEMO, HOME, HOSTS, HTTPS
from matrescence.reading import InputError

if TYPE_CHECKING:
    from matrescence.clinic.demo.seed import Seeded

PASSWORD = "three quiet nights"
"""It opens every account of the demonstration, which answers on this computer alone."""
MARK = "INVENTED-CLINIC"
HOST = "127.0.0.1"
BEGIN_WITHIN_S = 60.0


def run(home: Path, *, port: int, speed: float, say: Callable[[str], None]) -> None:
    """Seed an invented clinic into ``home`` and serve it until it is stopped.

    Raises:
        InputError: the folder holds something that is no demonstration, or the port is taken.
    """
    _free(port)
    fresh(home)
    os.environ |= {HOME: str(home), HTTPS: "0", DEMO: "1", HOSTS: f"{HOST},localhost"}
    from matrescence.clinic import bootstrap

    bootstrap.ready()
    from matrescence.clinic.clockwork.clock import now
    from matrescence.clinic.demo import seed

    say("Writing an invented clinic; this takes half a minute or so ...")
    seed.accounts(PASSWORD)
    seed.site_and_requests(now())
    seeded = seed.seed_scenes(now(), say=lambda text: say(f"  {text}"))
    for line in _welcome(seeded, port, speed):
        say(line)
    running = [scene.course for scene in seeded if scene.runs]
    threading.Thread(target=_begin, args=(running, port, speed), daemon=True).start()
    bootstrap.serve(HOST, port)


def fresh(home: Path) -> None:
    """An empty folder for the demonstration; only one that a demonstration made is emptied.

    Raises:
        InputError: it holds something else.
    """
    if home.exists() and any(home.iterdir()) and not (home / MARK).exists():
        raise InputError(f"{home}: this folder holds something that is no demonstration. Name another with --home.")
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    (home / MARK).write_text("Everybody in this clinic is invented. The demonstration empties this folder.\n")


def _free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise InputError(f"--port {port}: something else answers there. Name another port.") from None


def _begin(courses: list[str], port: int, speed: float) -> None:
    """Let the clocks of the running courses go, once somebody can look at them."""
    until = time.monotonic() + BEGIN_WITHIN_S
    while time.monotonic() < until and not _answers(port):
        time.sleep(0.1)
    from matrescence.clinic.clockwork.clock import course_now, set_clock

    for course in courses:
        set_clock(course, course_time=course_now(course), speed=speed)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HOST, port)) == 0


def _welcome(seeded: tuple[Seeded, ...], port: int, speed: float) -> list[str]:
    address = f"http://{HOST}:{port}"
    lines = [
        "",
        f"The clinic is at {address}/worklist/",
        f"Log in as nina (nurse), amelie (prescriber), per, carla, ruth or audun; the password is: {PASSWORD}",
    ]
    for scene in seeded:
        if scene.runs:
            page = f"{address}/mothers/{scene.course}/infusion/"
            lines.append(f"{scene.name} runs at {speed:g} times the clock: {page}")
            lines.append(f"What goes wrong there is yours to choose: {page}simulator/")
    return [*lines, "Everybody in it is invented. Stop it with Ctrl-C.", ""]
