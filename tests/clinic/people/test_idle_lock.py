"""After a while without her it locks; what she sends then goes on when she has said who she is, and only once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from clinic_examples import PASSWORD, read_step
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from people.doors import Clock, hidden, records, rows

from matrescence.clinic.pages import record
from matrescence.clinic.people.access import page

pytestmark = pytest.mark.django_db
LATER = {"minutes": 5, "seconds": 1}


@page("mother.view", writes="mother.change")
def noted(request: HttpRequest, course_id: str) -> HttpResponse:
    """A form that becomes one record."""
    if request.method == "POST":
        if cache.get("broken"):
            raise ZeroDivisionError
        outcome = record(request, course_id, "eligibility-facts", read_step("health.toml")[1], strict=False)
        return HttpResponse(f"kept {request.POST['text']} {sorted(request.POST)} {outcome.ok}")
    return HttpResponse("a form")


@page("infusion.watch", stays_open=True)
def live(request: HttpRequest, course_id: str) -> HttpResponse:
    """A page that stays open."""
    return HttpResponse("locked" if request.locked else "open")


urlpatterns = [
    path("try/<str:course_id>/", noted),
    path("live/<str:course_id>/", live),
    path("", include("matrescence.clinic.urls")),
]


@pytest.fixture
def nurse(logged_in: Callable[..., Client], clock: Clock, settings: Any) -> Client:
    settings.ROOT_URLCONF = __name__
    return logged_in("nurse", name="N. Urse (invented)")


def test_a_page_asks_who_she_is_and_then_goes_back(nurse: Client, begun: Any, clock: Clock) -> None:
    address = f"/try/{begun()}/"
    clock.pass_by(minutes=4, seconds=55)
    assert nurse.get(address).status_code == 200
    clock.pass_by(**LATER)
    response = nurse.get(f"{address}?tab=2")
    assert response.headers["Location"].startswith("/me/unlock/?next=")
    lock = nurse.get(response.headers["Location"])
    assert lock.status_code == 200 and b"a form" not in lock.content
    back = nurse.post("/me/unlock/", {"unlock-password": PASSWORD, "next": hidden(lock.content, "next")})
    assert back.headers["Location"] == f"{address}?tab=2"
    assert nurse.get(address).content == b"a form"


@pytest.mark.rule("clinic.idle")
@pytest.mark.hazard("seen-by-the-wrong-person", "entry-lost")
def test_what_she_sends_is_kept_and_carried_out_exactly_once(nurse: Client, begun: Any, clock: Clock) -> None:
    course = begun()
    address = f"/try/{course}/"
    clock.pass_by(**LATER)
    lock = nurse.post(address, {"text": "slept well", "key": "k1"})
    assert lock.status_code == 403 and records(course) == ["mother-recorded"]
    assert b"slept well" not in lock.content  # sealed: nobody reads it in the page's source
    sealed = hidden(lock.content, "held-form")
    wrong = nurse.post(address, {"held-form": sealed, "unlock-password": "not hers"})
    assert wrong.status_code == 403 and hidden(wrong.content, "held-form") == sealed
    sent = nurse.post(address, {"held-form": sealed, "unlock-password": PASSWORD})
    assert sent.content.decode().startswith("kept slept well ['key', 'text'] True")
    again = nurse.post(address, {"held-form": sealed, "unlock-password": PASSWORD})
    assert again.status_code == 302
    assert len(rows(action="mother.change", outcome="done")) == 1
    assert records(course) == ["mother-recorded", "eligibility-facts"]


def test_the_same_form_from_a_page_of_before_goes_on_when_another_window_has_unlocked(
    nurse: Client, begun: Any, clock: Clock
) -> None:
    address = f"/try/{begun()}/"
    clock.pass_by(**LATER)
    sealed = hidden(nurse.post(address, {"text": "fed at six"}).content, "held-form")
    nurse.post("/me/unlock/", {"unlock-password": PASSWORD})
    assert nurse.post(address, {"held-form": sealed}).content.decode().startswith("kept fed at six")


def test_a_form_whose_view_broke_can_be_sent_once_more(nurse: Client, begun: Any, clock: Clock) -> None:
    course, nurse.raise_request_exception = begun(), False
    address = f"/try/{course}/"
    clock.pass_by(**LATER)
    sealed = hidden(nurse.post(address, {"text": "x", "key": "k2"}).content, "held-form")
    cache.set("broken", True)
    assert nurse.post(address, {"held-form": sealed, "unlock-password": PASSWORD}).status_code == 500
    cache.delete("broken")
    assert nurse.post(address, {"held-form": sealed, "unlock-password": PASSWORD}).status_code == 200
    assert records(course) == ["mother-recorded", "eligibility-facts"]


@pytest.mark.parametrize("harm", ["cut", "other address", "other person", "too old"])
def test_a_form_that_was_tampered_with_is_not_carried_out(
    harm: str, nurse: Client, begun: Any, clock: Clock, request: pytest.FixtureRequest
) -> None:
    course = begun()
    address, browser = f"/try/{course}/", nurse
    clock.pass_by(**LATER)
    sealed = hidden(nurse.post(address, {"text": "x"}).content, "held-form")
    if harm == "cut":
        sealed = sealed[:-9] + "AAAAAAAA="
    elif harm == "other address":
        address = f"/try/{begun(key='begin-2')}/"
    elif harm == "other person":
        browser = request.getfixturevalue("logged_in")("nurse", name="O. Ther (invented)")
    else:
        request.getfixturevalue("monkeypatch").setattr("matrescence.clinic.people.held.HELD_S", -1)
    response = browser.post(address, {"held-form": sealed, "unlock-password": PASSWORD})
    assert response.status_code == 302
    assert not rows(action="mother.change", outcome="done")


def test_a_form_with_a_file_or_too_much_in_it_is_not_kept_and_says_so(nurse: Client, begun: Any, clock: Clock) -> None:
    address = f"/try/{begun()}/"
    clock.pass_by(**LATER)
    file = SimpleUploadedFile("wording.toml", b"x")
    with_file = nurse.post(address, {"text": "x", "file": file}, headers={"referer": f"http://testserver{address}"})
    assert b"a file cannot be kept" in with_file.content and not hidden(with_file.content, "held-form")
    assert hidden(with_file.content, "next") == f"http://testserver{address}"
    large = nurse.post(address, {"text": "x" * 200_001})
    assert b"too large" in large.content and not hidden(large.content, "held-form")


def test_the_live_page_stays_up_says_that_it_is_locked_and_keeps_nobody_awake(
    nurse: Client, begun: Any, clock: Clock
) -> None:
    course = begun()
    for _ in range(6):
        clock.pass_by(minutes=1)
        nurse.get(f"/live/{course}/")
    assert nurse.get(f"/live/{course}/").content == b"locked"
    assert nurse.get(f"/try/{course}/").status_code == 302


def test_a_form_of_the_live_page_asks_too(nurse: Client, begun: Any, clock: Clock) -> None:
    clock.pass_by(**LATER)
    assert nurse.post(f"/live/{begun()}/", {}).status_code == 403


def test_the_real_live_page_and_its_stream_and_snapshot_stay_open() -> None:
    from people.addresses import addresses

    from matrescence.clinic.infusion.urls import LIVE_NAMES

    found = {address.name: address.view for address in addresses()}
    assert set(found) >= LIVE_NAMES
    assert {name for name, view in found.items() if getattr(view, "stays_open", False)} == set(LIVE_NAMES)


def test_typing_counts_as_being_here(nurse: Client, begun: Any, clock: Clock) -> None:
    course = begun()
    for _ in range(4):
        clock.pass_by(minutes=4)
        assert nurse.get("/me/here/").status_code == 204
    assert nurse.get(f"/try/{course}/").status_code == 200


def test_part_of_a_page_that_a_script_asks_for_leads_to_the_lock(nurse: Client, begun: Any, clock: Clock) -> None:
    course, hx = begun(), {"hx-request": "true", "hx-current-url": "http://testserver/try/x/"}
    clock.pass_by(**LATER)
    part = nurse.get(f"/try/{course}/", headers=hx)
    assert part.status_code == 204
    assert part.headers["HX-Redirect"] == "/me/unlock/?next=http%3A%2F%2Ftestserver%2Ftry%2Fx%2F"
    sent = nurse.post(f"/try/{course}/", {"text": "x"}, headers=hx)
    assert sent.status_code == 200 and sent.headers["HX-Retarget"] == "body"
    assert f'action="/try/{course}/"' in sent.content.decode()


def test_saying_who_she_is_gives_the_session_another_key(nurse: Client, begun: Any, clock: Clock) -> None:
    before = nurse.session.session_key
    clock.pass_by(**LATER)
    nurse.post("/me/unlock/", {"unlock-password": PASSWORD})
    assert nurse.session.session_key != before
    thief = Client()
    thief.cookies["session"] = before
    assert thief.get("/me/").status_code == 302


def test_guessing_at_the_lock_is_slowed_down_and_written_down(nurse: Client, begun: Any, clock: Clock) -> None:
    clock.pass_by(**LATER)
    said = [nurse.post("/me/unlock/", {"unlock-password": f"guess {n}"}).content.decode() for n in range(12)]
    assert "Too many tries" in said[-1]
    assert "Too many tries" in nurse.post("/me/unlock/", {"unlock-password": PASSWORD}).content.decode()
    assert rows(action="account.unlock", outcome="refused", detail="too many tries")


def test_the_lock_leads_to_no_other_site(nurse: Client, begun: Any, clock: Clock) -> None:
    clock.pass_by(**LATER)
    response = nurse.post("/me/unlock/", {"unlock-password": PASSWORD, "next": "https://evil.example/"})
    assert response.headers["Location"] == "/worklist/"


def test_after_twelve_hours_she_logs_in_again_but_a_form_still_arrives(nurse: Client, begun: Any, clock: Clock) -> None:
    course = begun()
    for _ in range(179):
        clock.pass_by(minutes=4)
        nurse.get("/me/here/")
    clock.pass_by(minutes=4, seconds=30)
    assert nurse.post(f"/try/{course}/", {"text": "the last word"}).status_code == 200
    assert nurse.get(f"/try/{course}/").headers["Location"].startswith("/accounts/login/")
    assert rows(detail="session over")
    assert nurse.post(f"/try/{course}/", {"text": "too late"}).status_code == 302
