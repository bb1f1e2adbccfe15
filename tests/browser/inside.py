"""Runs inside the clinic that the browser tests look at: one line of JSON in, one line of JSON out.

It does what no person can do at a page: write courses that have a past, set the simulated clock, speak as a device.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from matrescence.clinic.bootstrap import setup

setup()

from dataclasses import replace  # noqa: E402
from zoneinfo import ZoneInfo  # noqa: E402

from django.core.cache import cache  # noqa: E402
from django.db import connections  # noqa: E402

from matrescence.actions.bedside.report import Lane, OximeterReport  # noqa: E402
from matrescence.actions.course import Request  # noqa: E402
from matrescence.clinic.clockwork.clock import course_now, now, set_clock  # noqa: E402
from matrescence.clinic.demo import seed  # noqa: E402
from matrescence.clinic.demo.scene import scenes  # noqa: E402
from matrescence.clinic.live.associations import bind  # noqa: E402
from matrescence.clinic.live.controls import PAUSE  # noqa: E402
from matrescence.clinic.live.port import accept  # noqa: E402
from matrescence.clinic.log import courses  # noqa: E402
from matrescence.clinic.log.models import Event  # noqa: E402
from matrescence.clinic.own.asked import HER_QUESTIONS  # noqa: E402
from matrescence.clinic.own.tokens import make_link  # noqa: E402
from matrescence.clinic.people.models import MotherLink  # noqa: E402

NURSE = "N. Silva, RN (invented)"
_numbers = count(1)


def people(password: str) -> None:
    """An account for everybody who works here, and what the site has set."""
    seed.accounts(password)
    seed.site_and_requests(now())


def invented_clinic() -> dict[str, str]:
    """Everything that the demonstration shows; each mother's course by her first name."""
    return {found.name.split()[0]: found.course for found in seed.seed_scenes(now())}


def begin(name: str, *, like: str = "Elena", steps: int = 0) -> str:
    """A course with the first steps of a scene; who she is is always the first."""
    scene = next(one for one in scenes() if one.name.startswith(like))
    hers = replace(scene, name=name, mother={**scene.mother, "name": name})
    zone = ZoneInfo(scene.mother["time_zone"])
    if steps:
        return seed.write(hers, now().astimezone(zone) + scene.start, steps=steps)
    start = (now().astimezone(zone) + timedelta(days=2)).replace(tzinfo=None).isoformat(timespec="minutes")
    told = {"drug": hers.drug, "mother": {**hers.mother, "start": start}}
    return courses.begin(Request("mother-recorded", told, id=f"begin {name}", by=NURSE), now=now()).course.id


def before_start(name: str, *, like: str = "Ana", starts_in_min: float = 0.0, without_last: int = 0) -> str:
    """A course whose infusion is open and could start, with everybody's papers; ``like`` names the scene."""
    scene = next(one for one in scenes() if one.name.startswith(like))
    hers = replace(scene, name=f"{name} (invented)", mother={**scene.mother, "name": f"{name} (invented)"})
    steps = next(n for n, step in enumerate(hers.steps) if step.get("payload", {}).get("command") == "start")
    start = now().replace(microsecond=0) + timedelta(minutes=starts_in_min)
    return seed.write(hers, start.astimezone(ZoneInfo(scene.mother["time_zone"])), steps=steps - without_last)


def running(name: str, *, like: str = "Ana", for_min: float = 60.0) -> str:
    """A course that has run for so long at its first rate."""
    course = before_start(name, like=like, starts_in_min=-for_min)
    said = now() - timedelta(minutes=for_min)
    say(course, "start", at=said.isoformat())
    rate = courses.open_course(course).known.state.ordered.stairs[0].rate_ug_per_kg_h
    say(course, "confirm-rate", at=(said + timedelta(minutes=1)).isoformat(), rate_ug_per_kg_h=rate)
    return course


def over(name: str) -> str:
    """A course whose infusion has run to its end three hours ago."""
    course = running(name, like="Fatima", for_min=225)
    say(course, "confirm-stopped", at=(now() - timedelta(minutes=180)).isoformat())
    return course


def say(course: str, command: str, *, at: str = "", by: str = NURSE, **more: Any) -> None:
    """Write one command of the bedside."""
    when = datetime.fromisoformat(at) if at else course_now(course)
    asked = Request("infusion", {"command": command, **more}, id=f"{command}-{when.timestamp()}", by=by)
    courses.add(course, asked, now=when)


def note(course: str, kind: str, payload: dict[str, Any], *, by: str = NURSE) -> None:
    """Write one record of any kind."""
    asked = Request(kind, payload, id=f"{kind}-{now().timestamp()}", by=by)
    courses.add(course, asked, now=course_now(course))


def jump(course: str, *, hours: float = 0.0, speed: float = PAUSE) -> None:
    """Let a course be a simulation from now on, so many hours later; its clock stands still unless told."""
    set_clock(course, course_time=course_now(course) + timedelta(hours=hours), speed=speed)


def oximeter_at(course: str, device: str) -> None:
    """Bind an oximeter to a course."""
    bind(course, device, "oximetry", at=now() - timedelta(seconds=5), by=NURSE)


def oximeter_says(device: str, spo2: float, pulse: float = 78.0) -> None:
    """One message of an oximeter, measured just now."""
    at = now()
    number = f"{next(_numbers)}-{at.timestamp()}"
    measured = at - timedelta(milliseconds=300)
    values = {"lane": Lane.LIVE, "spo2_percent": spo2, "pulse_per_min": pulse}
    accept(OximeterReport(device=device, message_id=number, observed_at=measured, received_at=at, **values))


def link(course: str, *, purpose: str = "screening", language: str = "en") -> str:
    """The address of a new link to her own pages."""
    scales = ["phq9", HER_QUESTIONS] if purpose != MotherLink.HANDOUT else []
    asked = {"purpose": purpose, "scales": scales, "language": language}
    return f"/s/{make_link(course, **asked, made_by=NURSE, at=now(), valid_for=timedelta(days=3)).token}/"


def forget_counts() -> None:
    """No test sees how often another one has knocked."""
    cache.clear()


def course_named(name: str) -> str:
    """The course of a mother by her whole name."""
    return next(one for one in courses.course_ids() if courses.open_course(one).known.mother.name == name)  # type: ignore[union-attr]


def lines_of(course: str) -> list[str]:
    """Every record of a course: the very lines of a course file."""
    return list(Event.objects.filter(stream_id=course).order_by("position").values_list("line", flat=True))


def main() -> None:
    """Answer one request a line until the input ends."""
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            told: dict[str, Any] = {"answer": globals()[asked["do"]](**asked["with"])}
        except Exception as error:
            told = {"error": f"{type(error).__name__}: {error}"}
        connections.close_all()
        print(json.dumps(told, default=str), flush=True)


if __name__ == "__main__":
    main()
