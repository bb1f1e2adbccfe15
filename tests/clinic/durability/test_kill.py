"""The server is killed 200 times at random moments under load: nothing acknowledged is lost, and nothing is doubled."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from outside import Clinic, clinic_in

KILLS = 200
WRITERS = 4
COURSES = 3
SHORTEST_S, LONGEST_S = 0.05, 0.4

FILL = """
import json
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from clinic_examples import read_step
from matrescence.actions.course import Request
from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.log import courses
from matrescence.clinic.people.idle import BEGAN, SEEN
from matrescence.clinic.people.models import User
by = "N. Silva, RN (invented)"
user = User.objects.create(username="silva", name=by, roles=["nurse"])
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session[BEGAN] = session[SEEN] = now().timestamp()
session.save()
_, mother = read_step("mother.toml")
names = []
for number in range({courses}):
    begin = Request("mother-recorded", {{"drug": "ketamine", "mother": mother}}, id=f"begin-{{number}}", by=by)
    course = courses.begin(begin, now=now()).course.id
    for kind, name in (("plan-chosen", "plan.toml"), ("enrolment", "enrolment.toml"), ("infusion", "open.json")):
        _, payload = read_step(name)
        courses.add(course, Request(kind, payload, id=f"{{kind}}-1", by=by), now=now())
    names.append(course)
print(json.dumps([f"{{settings.SESSION_COOKIE_NAME}}={{session.session_key}}", settings.CSRF_COOKIE_NAME, names]))
"""
KEYS = """
import json
from matrescence.clinic.log.models import Event
print(json.dumps(list(Event.objects.filter(key__startswith="note-").values_list("key", flat=True))))
"""


@dataclass(slots=True)
class Writer:
    """Somebody who writes one note after another, and sends a note again until it is acknowledged."""

    number: int
    port: int
    session: str
    token_name: str
    courses: list[str]
    acknowledged: list[str] = field(default_factory=list)
    resent: int = 0
    refused: list[tuple[int, str | None]] = field(default_factory=list)

    def write(self, over: threading.Event) -> None:
        """Write until it is over; a note in hand is brought to its end."""
        for count in range(1_000_000):
            if over.is_set():
                return
            key, course = f"note-{self.number}-{count}", self.courses[count % len(self.courses)]
            while not self._sent(key, course):
                self.resent += 1
                time.sleep(0.01)
            self.acknowledged.append(key)

    def _sent(self, key: str, course: str) -> bool:
        """Whether the server has said that this note is kept."""
        token = "a" * 32
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "key": key, "text": f"She rests ({key})."})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"{self.session}; {self.token_name}={token}",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", f"/mothers/{course}/infusion/do/write-note/", body, headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return False  # nobody knows: it is sent again
        finally:
            connection.close()
        kept = answer.status == 302 and answer.headers["Location"] == f"/mothers/{course}/infusion/"
        if not kept:
            self.refused.append((answer.status, answer.headers["Location"]))
        return kept


@contextmanager
def _server(clinic: Clinic, port: int) -> Iterator[subprocess.Popen[str]]:
    script = Path(__file__).with_name("forked_server.py")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = subprocess.Popen([sys.executable, str(script), str(port)], env=clinic.environment, text=True, **pipes)
    try:
        yield process
    finally:
        process.stdin.close()
        process.wait(timeout=60)
        process.stdout.close()


def _started(process: subprocess.Popen[str], port: int) -> int:
    process.stdin.write("start\n")
    process.stdin.flush()
    child = int(process.stdout.readline())
    for _ in range(2000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return child
        time.sleep(0.01)
    raise AssertionError("the server does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.rule("clinic.kept")
@pytest.mark.hazard("entry-lost", "written-twice")
@pytest.mark.slow
def test_two_hundred_kills_lose_nothing_acknowledged_and_double_nothing(tmp_path: Path) -> None:
    chance = random.Random(20)
    with clinic_in(tmp_path / "home") as clinic:
        session, token_name, courses = json.loads(clinic.script(FILL.format(courses=COURSES)).splitlines()[-1])
        port, over = _free_port(), threading.Event()
        writers = [Writer(number, port, session, token_name, courses) for number in range(WRITERS)]
        threads = [threading.Thread(target=writer.write, args=(over,)) for writer in writers]
        with _server(clinic, port) as process:
            for kill in range(KILLS + 1):
                child = _started(process, port)
                if kill == 0:
                    for thread in threads:
                        thread.start()
                if kill == KILLS:
                    break
                time.sleep(chance.uniform(SHORTEST_S, LONGEST_S))
                os.kill(child, signal.SIGKILL)
            over.set()
            for thread in threads:
                thread.join(timeout=120)
            os.kill(child, signal.SIGKILL)
        kept = Counter(json.loads(clinic.script(KEYS).splitlines()[-1]))
        said = [key for writer in writers for key in writer.acknowledged]
        assert [key for key in said if kept[key] != 1] == []
        assert [key for key, count in kept.items() if count > 1] == []
        assert [refused for writer in writers for refused in writer.refused] == []
        # The load was real: notes were written all along, and the kills did hit notes on their way.
        assert len(said) > KILLS / 2
        assert sum(writer.resent for writer in writers) > KILLS
        assert "everything is as it was written" in clinic.run("verify")
