"""Three processes with eight threads each write at once: one chain, each key once, nobody is turned away."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from outside import Clinic, clinic_in

PROCESSES, THREADS, ROUNDS = 3, 8, 4

BEGIN = """
from clinic_examples import NOW, read_step
from matrescence.actions.course import Request
from matrescence.clinic.log import courses
from matrescence.clinic.people.models import User
User.objects.create(username="nina", name="N. Silva, RN (invented)", roles=["nurse"])
_, mother = read_step("mother.toml")
request = Request("mother-recorded", {"drug": "ketamine", "mother": mother}, id="begin", by="N. Silva, RN (invented)")
print(courses.begin(request, now=NOW).course.id)
"""
WORK = """
import sys, threading
from collections import Counter
from matrescence.clinic.bootstrap import setup
setup()
from django.db import connection
from django.test import Client
from matrescence.actions.course import Request
from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.log import courses
from matrescence.clinic.people.models import User
course, process, threads, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
nina, answers = User.objects.get(username="nina"), Counter()

def write(key):
    request = Request("consultation", {"hopes": f"to sleep ({key})"}, id=key, by=nina.name)
    return "already" if courses.add(course, request, now=now()).already else "written"

def work(number):
    browser = Client(raise_request_exception=False)
    browser.force_login(nina)
    for turn in range(rounds):
        for key in (f"{process}-{number}-{turn}", f"shared-{turn}"):
            answers[write(key)] += 1
        for address in (f"/mothers/{course}/", "/worklist/"):
            answers[str(browser.get(address).status_code)] += 1
    connection.close()

crew = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
[one.start() for one in crew]
[one.join() for one in crew]
import json
print(json.dumps(answers))
"""
SHOW = """
from matrescence.clinic.log.models import Event
print(sorted(Event.objects.values_list("key", flat=True)), end="|")
print(list(Event.objects.order_by("seq").values_list("position", flat=True)))
"""


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with clinic_in(tmp_path / "home") as made:
        made.environment["MATRESCENCE_HOSTS"] = "*"
        yield made


def test_each_key_is_one_record_the_chain_is_whole_and_nobody_meets_an_error(clinic: Clinic) -> None:
    course = clinic.script(BEGIN).strip()
    words = [sys.executable, "-c", WORK, course]
    crew = [
        subprocess.Popen(
            [*words, str(number), str(THREADS), str(ROUNDS)],
            env=clinic.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for number in range(PROCESSES)
    ]  # fmt: skip
    answers: Counter[str] = Counter()
    for one in crew:
        said, complaint = one.communicate(timeout=180)
        assert one.returncode == 0, complaint
        answers.update(json.loads(said.splitlines()[-1]))
    each = PROCESSES * THREADS * ROUNDS
    assert answers == {"written": each + ROUNDS, "already": each - ROUNDS, "200": 2 * each}
    keys, positions = clinic.script(SHOW).strip().split("|")
    wanted = [f"{p}-{n}-{t}" for p in range(PROCESSES) for n in range(THREADS) for t in range(ROUNDS)]
    assert json.loads(keys.replace("'", '"')) == sorted([*wanted, *(f"shared-{t}" for t in range(ROUNDS)), "begin"])
    assert json.loads(positions) == list(range(1, each + ROUNDS + 2))
    assert "everything is as it was written" in clinic.run("verify")
