"""A disk that is full, and a database that may only be read: a clear page, nothing half written, and on it goes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from outside import Clinic, clinic_in

SCRIPT = """
import glob, json, os, resource
from clinic_examples import NOW, read_step
from django.db import connection
from django.test import Client
from matrescence.actions.course import Request
from matrescence.clinic.bootstrap import config
from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.log import courses
from matrescence.clinic.log.checkpoints import write_checkpoint
from matrescence.clinic.people.models import User
from matrescence.reading import InputError

nina = User.objects.create(username="nina", name="N. Silva, RN (invented)", roles=["nurse"])
_, mother = read_step("mother.toml")
begin = Request("mother-recorded", {"drug": "ketamine", "mother": mother}, id="begin", by=nina.name)
course = courses.begin(begin, now=NOW)
course, home = course.course.id, config().home
browser = Client(raise_request_exception=False)
browser.force_login(nina)
address, told = f"/mothers/{course}/assessment/consultation/", {"answers": [], "acknowledged": []}

def send(number):
    answer = browser.post(address, {"key": f"key-{number}", "hopes": f"to sleep {number} " + "long " * 300})
    told["answers"].append(answer.status_code)
    told["acknowledged"] += [f"key-{number}"] if answer.status_code == 302 else []
    return answer

def limit(most):
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

def checkpoint():
    try:
        return write_checkpoint(home, config().checkpoints, at=now())
    except InputError as error:
        return str(error)

send(0)
told["checkpoint"] = checkpoint()
%s
told["records"] = [line["id"] for line in courses.history(course)[1:]]
print(json.dumps(told))
"""
FULL = """
biggest = max(os.path.getsize(file) for file in glob.glob(f"{home}/clinic.sqlite3*"))
limit(biggest + 20_000)
for number in range(1, 12):
    page = send(number)
told["page"] = page.content.decode()
limit(10)
told["full"] = checkpoint()
limit(resource.RLIM_INFINITY)
told["again"] = checkpoint()
told["afterwards"] = send(number).status_code
"""
READ_ONLY = """
cursor = connection.cursor()
cursor.execute("PRAGMA query_only = 1")
for number in range(1, 3):
    page = send(number)
told["page"] = page.content.decode()
cursor.execute("PRAGMA query_only = 0")
told["afterwards"] = send(number).status_code
"""


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with clinic_in(tmp_path / "home", server="") as made:
        made.environment["MATRESCENCE_HOSTS"] = "*"
        yield made


def _told(clinic: Clinic, trouble: str) -> Any:
    lines = clinic.script(SCRIPT % trouble).splitlines()
    return json.loads(next(line for line in lines if line.startswith('{"answers"')))


@pytest.mark.parametrize("trouble", [FULL, READ_ONLY], ids=["full", "read-only"])
def test_nothing_acknowledged_is_lost_nothing_is_half_written_and_afterwards_it_goes_on(
    trouble: str, clinic: Clinic
) -> None:
    told = _told(clinic, trouble)
    assert 500 in told["answers"] and set(told["answers"]) <= {302, 500, 503}
    assert "may not have been written" in told["page"]
    assert told["afterwards"] == 302
    assert set(told["acknowledged"]) <= set(told["records"])
    assert len(set(told["records"])) == len(told["records"])
    assert "everything is as it was written" in clinic.run("verify")


def test_a_checkpoint_that_finds_no_room_leaves_no_half_line_and_the_next_one_is_written(clinic: Clinic) -> None:
    told = _told(clinic, FULL)
    assert "no checkpoint was written" in told["full"] and told["again"] is True
    assert "2 checkpoints: everything is as it was written" in clinic.run("verify")


SESSION_LOST = """
from django.contrib.sessions.models import Session
from matrescence.clinic.assessment import consulting
plain = consulting.record

def then_logged_out(*args, **more):
    outcome = plain(*args, **more)
    Session.objects.all().delete()
    return outcome

consulting.record = then_logged_out
page = send(1)
told["page"] = page.content.decode()
told["afterwards"] = page.status_code
"""


def test_a_record_is_not_called_unwritten_when_only_the_session_could_not_be_kept(clinic: Clinic) -> None:
    told = _told(clinic, SESSION_LOST)
    assert told["records"] == ["key-0", "key-1"]
    assert "Nothing was written" not in told["page"] and "may not have been written" in told["page"]
