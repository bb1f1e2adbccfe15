"""Write the scenes into an empty clinic: accounts, the site, requests, and each mother's course step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from matrescence.actions.course import Request
from matrescence.bedside.nurse import Nurse
from matrescence.bedside.room import Rhythm
from matrescence.care.infusion.state import OVER
from matrescence.care.journey.confirming import confirmations
from matrescence.clinic.clockwork.clock import set_clock
from matrescence.clinic.demo.scene import Scene, Step, document, filled, paper, people, scenes, steps_of
from matrescence.clinic.enrolment.take_over import take_over
from matrescence.clinic.live import port, simulated
from matrescence.clinic.live.associations import KINDS, bind, open_at, unbind
from matrescence.clinic.live.controls import PAUSE
from matrescence.clinic.live.pace import Pace
from matrescence.clinic.log import courses, site
from matrescence.clinic.people.models import User
from matrescence.clinic.site.kinds import RECORD, SETTINGS
from matrescence.clinic.welcome.models import ConsultationRequest
from matrescence.reading import InputError

REPRESENTATIVE = "R. Okafor (invented)"
MORNING_H, LATE_MORNING_H = 8, 10
"""An infusion that runs started in the morning; the other sessions are planned for ten o'clock."""
PLAYED = timedelta(seconds=60)
PLAYED_SPEED = 300.0
"""A past session is played as fast as the computer can; its devices speak once a minute, and are judged by that."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """One scene as it was written: whose, which course, and what it shows."""

    name: str
    course: str
    about: str
    runs: bool


def accounts(password: str) -> tuple[User, ...]:
    """One account for everybody who works here, all with one password."""
    found = []
    for row in people():
        user = User(username=row["user"], name=row["name"], roles=row["roles"])
        user.set_password(password)
        user.save()
        found.append(user)
    return tuple(found)


def site_and_requests(now: datetime) -> None:
    """What the site has set, its papers in both programmes, and a mother who asks for a consultation."""
    site.add(Request(SETTINGS, document("site"), id="settings", by=REPRESENTATIVE), now=now - timedelta(days=70))
    site_papers(now)
    ConsultationRequest.objects.create(
        key="demonstration",
        name="Bea (invented)",
        telephone="+1 555 0142",
        voicemail=True,
        words="My midwife said I should ask. Mornings are best.",
        asked_at=now - timedelta(hours=3),
    )


def site_papers(now: datetime) -> None:
    """What the site has on record for both programmes, where nothing was filed yet: every course takes it over."""
    start = anchor(now, ZoneInfo("America/New_York"), LATE_MORNING_H)
    for programme in ("local-protocol", "zulresso"):
        if site.open_site().known.papers.get(programme):
            continue
        payload = {"programme": programme, **filled(paper(f"site-{programme}"), start, {})}
        request = Request(RECORD, payload, id=f"papers {programme}", by=REPRESENTATIVE)
        site.add(request, now=now - timedelta(days=50))


def seed_scenes(now: datetime, *, say: Callable[[str], None] = lambda _text: None) -> tuple[Seeded, ...]:
    """Write every scene; the clock of what runs is paused at its start.

    Raises:
        InputError: a rule refuses a step; the message names the scene and every reason.
    """
    return tuple(_seed(scene, now, say) for scene in scenes())


def _seed(scene: Scene, now: datetime, say: Callable[[str], None]) -> Seeded:
    zone = ZoneInfo(scene.mother["time_zone"])
    start = anchor(now, zone, MORNING_H if scene.runs else LATE_MORNING_H) + scene.start
    course = write(scene, start)
    if scene.runs or scene.stands_at is not None:
        set_clock(course, course_time=start + (scene.stands_at or timedelta(0)), speed=PAUSE)
    say(f"{scene.name}: {scene.about}")
    return Seeded(scene.name, course, scene.about, scene.runs)


def write(scene: Scene, start: datetime, *, steps: int | None = None) -> str:
    """Write a scene (its first ``steps`` steps, where that is said) with her treatment at ``start``; give her course.

    Raises:
        InputError: a rule refuses a step; the message names it and every reason.
    """
    site_papers(start)
    mother = {**scene.mother, "start": start.replace(tzinfo=None).isoformat(timespec="seconds")}
    told = steps_of(scene, start)[:steps]
    began = start + told[0].at - timedelta(hours=1)
    begin = Request("mother-recorded", {"drug": scene.drug, "mother": mother}, id=f"begin {scene.name}", by=told[0].by)
    course = courses.begin(begin, now=began).course.id
    for number, step in enumerate(told, start=1):
        try:
            _write(course, step, number, start)
        except InputError as error:
            raise InputError(f"{scene.name}, step {number} ({step.kind}): {error}") from None
    return course


def anchor(now: datetime, zone: ZoneInfo, hour: int) -> datetime:
    """The newest moment at which the clock in this zone showed this hour."""
    local = now.astimezone(zone)
    today = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today <= local else today - timedelta(days=1)


def _write(course: str, step: Step, number: int, start: datetime) -> None:
    at = start + step.at
    if step.play_h is not None:
        play(course, at, timedelta(hours=step.play_h))
        return
    payload = _with_digest(course, step.payload) if step.kind == "confirmation" else step.payload
    happened = None if step.happened is None else start + step.happened
    courses.add(course, Request(step.kind, payload, f"step-{number}", happened, step.by), now=at)
    if step.kind == "enrolment":  # as the page does when a session is prepared
        take_over(course, step.by, at)


def _with_digest(course: str, payload: dict[str, Any]) -> dict[str, Any]:
    """A confirmation carries the fingerprint of what holds at that moment."""
    opened = courses.open_course(course)
    found = {item.what.value: item.digest for item in confirmations(opened.known, opened.ground)}
    return {**payload, "digest": found[payload["what"]] or ""}


def play(course: str, begins: datetime, span: timedelta) -> None:
    """Let the simulated bedside play a stretch of the past, in its own time."""
    opened = courses.open_course(course)
    pace = Pace(begins, begins, PLAYED_SPEED, simulated=True)
    room = simulated.room_for(opened, pace, begins, rhythm=Rhythm(oximeter_every_s=60.0, pump_every_s=60.0))
    names = simulated.names_of(course)
    for name, kind in zip(names, KINDS, strict=True):
        bind(course, name, kind, at=begins, by="N. Silva, RN (invented)")
    bedside = simulated.Bedside(room, Nurse(seed=1), 1.0)
    while room.at < begins + span:
        to = min(room.at + PLAYED, begins + span)
        simulated.go_on(course, bedside, to, replace(pace, real=to, at=to), live=False)
    for row in open_at(course):
        unbind(course, row.device, at=room.at)
    port.forget()
    if courses.open_course(course).known.state.phase not in OVER:
        raise InputError("the simulated session did not come to its end")
