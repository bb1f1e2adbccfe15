"""A clinic at work, written before it is measured: 30 courses, ten long infusions that run, people with sessions.

The first long infusion goes through the rules record by record.  What they decided at its bedside is then appended to
all of them, chained anew for each: at her bedside every one of these mothers is the same invented one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from matrescence.clinic.bootstrap import ready

NURSE = "N. Silva, RN (invented)"
BEGUN_H = 50.0
"""How long the long infusions have run."""
HOURLY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Home:
    """What the measurement needs to know of the clinic: courses, devices, cookies."""

    running: list[str]
    others: list[str]
    devices: list[str]
    sessions: list[str]
    session_cookie: str
    token_cookie: str
    records: int


def fill(*, courses: int, running: int, people: int, hours: float = BEGUN_H) -> Home:
    """Write everything into an empty clinic."""
    ready()
    from django.conf import settings

    from matrescence.clinic.clockwork.clock import now
    from matrescence.clinic.live.associations import bind
    from matrescence.clinic.log.models import Event

    at = now().replace(microsecond=0)
    runs = _running(running, at, hours)
    devices = [f"oximeter {number + 1}" for number in range(running)]
    for course, device in zip(runs, devices, strict=True):
        bind(course, device, "oximetry", at=at, by=NURSE)
    return Home(
        running=runs,
        others=_others(courses - running, at),
        devices=devices,
        sessions=[_session(number) for number in range(people)],
        session_cookie=settings.SESSION_COOKIE_NAME,
        token_cookie=settings.CSRF_COOKIE_NAME,
        records=Event.objects.count(),
    )


# ---- long infusions ---------------------------------------------------------------------------------------------


def _running(count: int, at: datetime, hours: float) -> list[str]:
    from matrescence.clinic.demo.scene import scenes

    scene = next(scene for scene in scenes() if scene.runs)
    start = at - timedelta(hours=hours)
    names = [_opened(_called(scene, number), start) for number in range(count)]
    records = list(_decided(names[0], start, at))
    for name in names:
        _append(name, records)
    return names


def _called(scene: Any, number: int) -> Any:
    """The scene with a mother of another name."""
    name = f"{scene.name} {number + 1}"
    return replace(scene, name=name, mother={**scene.mother, "name": name})


def _opened(scene: Any, start: datetime) -> str:
    """Her course up to the open infusion, through the rules."""
    from django.db import transaction

    from matrescence.clinic.demo.seed import write

    before = next(n for n, step in enumerate(scene.steps) if step.get("payload", {}).get("command") == "start")
    with transaction.atomic():
        return write(scene, start.astimezone(ZoneInfo(scene.mother["time_zone"])), steps=before)


def _decided(course: str, start: datetime, at: datetime) -> Iterator[dict[str, Any]]:
    """What the rules make of two days at the bedside: records that lack nothing but their place in a chain."""
    from matrescence.actions.course import Request, settle
    from matrescence.care.journey.fold import step
    from matrescence.care.journey.written import Written
    from matrescence.clinic.log.courses import open_course

    opened = open_course(course)
    reader, known = opened.reader.copy(), opened.known
    for when, payload, key, by in _bedside(known.state.ordered, start, at):
        asked = Request("infusion", payload, id=key, happened_at=when, by=by)
        settled = settle(opened.ground, reader, known, asked, written=Written(when, when), where="benchmark")
        if settled.record is not None and settled.entry is not None:
            known = step(known, settled.entry, opened.ground)
            yield settled.record


def _bedside(order: Any, start: datetime, at: datetime) -> Iterator[tuple[datetime, dict[str, Any], str, str]]:
    """One reading of the oximeter a minute, every stair confirmed, every bag hung, a check each hour."""
    things = [
        (start, {"command": "start"}),
        *((start + timedelta(hours=s.start_h, minutes=1), _rate(s.rate_ug_per_kg_h)) for s in order.stairs),
        *(
            (start + timedelta(hours=b.hang_at_h, minutes=2), {"command": "hang-bag", "number": b.number})
            for b in order.bags
        ),
    ]
    for hour in range(1, int((at - start) / HOURLY) + 1):
        when = start + hour * HOURLY
        things.append((when, _seen({"reading": "sedation", "score": 0, "scale": "POSS", "excessive": False})))
        things.append((when, _seen({"reading": "blood-pressure", "systolic_mmhg": 112, "diastolic_mmhg": 71})))
    minutes = int((at - start) / timedelta(minutes=1))
    for minute in range(2, minutes):
        reading = {"reading": "oximetry", "spo2_percent": 96 + minute % 4, "pulse_per_min": 70 + minute % 9}
        things.append((start + timedelta(minutes=minute, seconds=30), _seen(reading)))
    for number, (when, payload) in enumerate(sorted(things, key=lambda thing: thing[0])):
        device = payload.get("reading", {}).get("reading") == "oximetry"
        if when < at:
            yield when, payload, f"{'oximeter/' if device else ''}bedside-{number}", "oximeter" if device else NURSE


def _rate(rate_ug_per_kg_h: float) -> dict[str, Any]:
    return {"command": "confirm-rate", "rate_ug_per_kg_h": rate_ug_per_kg_h}


def _seen(reading: dict[str, Any]) -> dict[str, Any]:
    return {"command": "observe", "reading": reading}


def _append(course: str, records: list[dict[str, Any]]) -> None:
    """Append decided records to one course, all in one transaction."""
    from django.db import transaction

    from matrescence.clinic.log.append import chained, locked_head
    from matrescence.clinic.log.cards import keep_card
    from matrescence.clinic.log.courses import open_course
    from matrescence.clinic.log.models import Event, Head

    with transaction.atomic():
        head, opened = locked_head(Head.EVENTS), open_course(course)
        position, previous, rows = opened.position, opened.last_hash, []
        for record in records:
            position += 1
            row = chained(head, course, record, position=position, previous=previous)
            previous = row.hash
            rows.append(row)
        Event.objects.bulk_create(rows, batch_size=500)
        head.save()
    after = open_course(course)
    keep_card(course, after.known, after.ground, after.position)


# ---- the others -------------------------------------------------------------------------------------------------


def _others(count: int, at: datetime) -> list[str]:
    """Mothers at the other stages, as the demonstration has them."""
    from django.db import transaction

    from matrescence.clinic.demo.scene import scenes
    from matrescence.clinic.demo.seed import write

    kinds = [one for one in scenes() if not one.runs and not any("play_h" in step for step in one.steps)]
    names = []
    for number in range(count):
        scene = kinds[number % len(kinds)]
        start = at.astimezone(ZoneInfo(scene.mother["time_zone"])) + scene.start
        with transaction.atomic():
            names.append(write(_called(scene, number), start))
    return names


def _session(number: int) -> str:
    """Somebody who works here and has logged in just now."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from matrescence.clinic.clockwork.clock import now
    from matrescence.clinic.people.idle import BEGAN, SEEN
    from matrescence.clinic.people.models import User

    roles = ["nurse", "prescriber"]
    user = User.objects.create(username=f"user{number}", name=f"Person {number} (invented)", roles=roles)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[BEGAN] = session[SEEN] = now().timestamp()
    session.save()
    return str(session.session_key)


if __name__ == "__main__":
    import json

    print(json.dumps(asdict(fill(courses=int(sys.argv[1]), running=int(sys.argv[2]), people=int(sys.argv[3])))))
