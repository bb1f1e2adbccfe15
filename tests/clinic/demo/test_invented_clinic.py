"""The invented clinic: every scene is written by the rules, and nothing that is no demonstration is emptied."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from matrescence.care.infusion.state import Phase
from matrescence.care.journey.stages import Status
from matrescence.clinic.clockwork.clock import course_now, now
from matrescence.clinic.demo import runner
from matrescence.clinic.demo.scene import people, scenes
from matrescence.clinic.demo.seed import accounts, anchor, site_and_requests, write
from matrescence.clinic.enrolment.take_over import waiting
from matrescence.clinic.log.courses import open_course
from matrescence.clinic.log.site import open_site
from matrescence.clinic.people.matrix import ROLES
from matrescence.clinic.people.models import User
from matrescence.clinic.welcome.models import ConsultationRequest
from matrescence.reading import InputError

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")


def stages_of(name: str) -> dict[str, Status]:
    scene = next(scene for scene in scenes() if scene.name.startswith(name))
    start = anchor(now(), NEW_YORK, 10) + scene.start
    course = write(scene, start)
    return {stage.name: stage.status for stage in open_course(course).at(course_now(course)).stages}


def test_somebody_works_in_every_role_and_one_password_opens_every_account() -> None:
    accounts(runner.PASSWORD)
    roles = {role for person in people() for role in person["roles"]}
    assert roles == set(ROLES) - {"mother"}  # a mother has no account: she comes through her own link
    assert all(user.check_password(runner.PASSWORD) for user in User.objects.all())


def test_everybody_in_it_is_marked_as_invented() -> None:
    assert all(scene.name.endswith("(invented)") for scene in scenes())
    assert all(person["name"].endswith("(invented)") for person in people())


def test_the_site_is_certified_and_a_mother_asks_for_a_consultation() -> None:
    site_and_requests(now())
    known = open_site().known
    assert set(known.papers) == {"local-protocol", "zulresso"} and known.settings.two_person
    assert ConsultationRequest.objects.get().name == "Bea (invented)"


@pytest.mark.parametrize(
    ("name", "stage", "status"),
    [
        ("Dunya", "assessment", Status.BLOCKED),
        ("Elena", "eligibility", Status.DONE),
        ("Greta", "eligibility", Status.BLOCKED),
        ("Hana", "enrolment", Status.WAITING),
        ("Ines", "enrolment", Status.WAITING),
    ],
)
def test_a_mother_stands_at_the_stage_that_her_scene_is_about(name: str, stage: str, status: Status) -> None:
    assert stages_of(name)[stage] is status


def test_the_infusion_that_runs_is_allowed_to_start_by_every_rule() -> None:
    scene = next(scene for scene in scenes() if scene.runs)
    course = write(scene, now().astimezone(NEW_YORK))
    assert open_course(course).known.state.phase is Phase.STARTING


@pytest.mark.django_db(transaction=True)  # what is committed is kept at hand, and not read again with every record
def test_a_session_of_the_past_is_played_at_the_simulated_bedside_to_its_end() -> None:
    scene = next(scene for scene in scenes() if scene.name.startswith("Fatima"))
    course = write(scene, now().astimezone(NEW_YORK) - timedelta(days=2))
    opened = open_course(course)
    assert opened.known.infusions[0].state.ended is Phase.COMPLETED
    assert opened.known.plan is not None and opened.known.plan.session_number == 2
    late = [e for e in opened.known.entries.values() if e.recorded_at - e.happened_at > timedelta(minutes=5)]
    assert not late


def test_only_a_folder_that_a_demonstration_made_is_emptied(tmp_path: Path) -> None:
    home = tmp_path / "clinic"
    runner.fresh(home)
    (home / "old").write_text("of the last time")
    runner.fresh(home)
    assert not (home / "old").exists()
    (home / runner.MARK).unlink()
    (home / "records").write_text("somebody's")
    with pytest.raises(InputError, match="holds something that is no demonstration"):
        runner.fresh(home)
    assert (home / "records").read_text() == "somebody's"


@pytest.mark.parametrize("name", ["Hana", "Ines", "Ana"])
def test_a_course_holds_the_papers_of_its_site_as_the_site_filed_them(name: str) -> None:
    site_and_requests(now())
    scene = next(scene for scene in scenes() if scene.name.startswith(name))
    hours = 8 if scene.runs else 10
    opened = open_course(write(scene, anchor(now(), NEW_YORK, hours) + scene.start))
    found = waiting(opened, course_now(opened.id))
    assert (found.new, found.clashing) == ((), ())
    assert {record.id for record in found.usable} and all(record.id.startswith("site-") for record in found.usable)
