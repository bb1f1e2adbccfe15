"""A form cannot be signed while something in it is missing, and it becomes a record only when everybody has signed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.test import Client
from paper_examples import FORMS, MOTHER, PEOPLE, SETTING, WHO_SIGNS, is_needed, is_of_the_site, of, posted, whole
from paper_fixtures import sign_all, version_at

pytestmark = pytest.mark.django_db
CONSENT = ("local-protocol", "patient.consent")


def url_of(course: str, programme: str, requirement: str) -> str:
    _, item, _ = of(programme, requirement)
    if is_of_the_site(item):
        return f"/site/programmes/{programme}/papers/{requirement}/"
    return f"/mothers/{course}/enrolment/papers/{requirement}/"


def records() -> list[dict[str, object]]:
    """Every paper in every stream of the clinic, as written."""
    import json

    from matrescence.clinic.log.models import Event

    lines = (json.loads(row.line)["payload"] for row in Event.objects.filter(kind__in=("enrolment", "site-record")))
    return [paper for payload in lines for paper in payload.get("records", [])]


def some_subsets(names: list[str], programme: str, requirement: str) -> Iterator[set[str]]:
    """What is left empty: nothing at all filled, each field alone, and some random subsets."""
    dice = random.Random(f"{programme} {requirement}")
    yield set(names)
    yield from ({name} for name in names)
    yield from (set(dice.sample(names, dice.randint(1, len(names)))) for _ in range(4))


@pytest.mark.parametrize(("programme", "requirement"), FORMS)
def test_a_form_is_never_signed_while_a_field_that_it_needs_is_empty(
    prepared: Callable[..., str], staff: dict[str, Client], programme: str, requirement: str
) -> None:
    url = url_of(prepared(programme), programme, requirement)
    _, _, form = of(programme, requirement)
    role = form.signatures[0]
    browser = staff[WHO_SIGNS[role]]
    full = whole(form)
    for number, empty in enumerate(some_subsets(list(full), programme, requirement)):
        typed = {name: text for name, text in full.items() if name not in empty}
        needed = [name for name in empty if is_needed(form, name, typed)]
        if not needed:
            continue
        more = {"do": f"sign:{role}", "her-name": MOTHER, "key": f"key-{number}-{requirement}"}
        answer = browser.post(url, posted(typed, version=version_at(browser, url), **more))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="sign:' not in page
        assert all(f'href="#field-{name}' in page for name in needed)
        assert records() == []


@pytest.mark.parametrize(("programme", "requirement"), FORMS)
def test_a_whole_form_is_filed_when_everybody_has_signed_and_not_before(
    prepared: Callable[..., str], staff: dict[str, Client], programme: str, requirement: str
) -> None:
    url = url_of(prepared(programme), programme, requirement)
    _, _, form = of(programme, requirement)
    typed = whole(form)
    for number, role in enumerate(form.signatures):
        assert len(records()) == 0
        more = {"do": f"sign:{role}", "her-name": MOTHER, "version": str(number), "key": f"k{number}"}
        assert staff[WHO_SIGNS[role]].post(url, posted(typed, **more)).status_code == 302
    (paper,) = records()
    signatures = paper["signatures"]
    assert isinstance(signatures, list)
    assert [item["role"] for item in signatures] == list(form.signatures)
    assert all(datetime.fromisoformat(item["at"]).utcoffset() is not None for item in signatures)


def test_the_button_to_sign_is_offered_only_when_the_saved_draft_is_complete(
    prepared: Callable[..., str], staff: dict[str, Client]
) -> None:
    url = url_of(prepared(), *CONSENT)
    typed = whole(of(*CONSENT)[2])
    doctor = staff["prescriber"]
    assert 'value="sign:' not in doctor.get(url).content.decode()
    doctor.post(url, posted({**typed, "feeding_plan": ""}, do="keep", version="0"))
    half = doctor.get(url).content.decode()
    assert 'value="sign:' not in half and "Not answered yet." in half
    doctor.post(url, posted(typed, do="keep", version="1"))
    assert 'value="sign:prescriber"' in doctor.get(url).content.decode()


def test_what_was_typed_is_kept_as_a_draft_for_whoever_goes_on(
    prepared: Callable[..., str], staff: dict[str, Client]
) -> None:
    url = url_of(prepared(), *CONSENT)
    staff["nurse"].post(url, posted({"feeding_plan": "formula for 12 h"}, do="keep", version="0"))
    page = staff["prescriber"].get(url).content.decode()
    assert "formula for 12 h" in page and PEOPLE["nurse"] in page
    assert records() == []


def test_a_refused_signature_loses_nothing_that_was_typed(
    prepared: Callable[..., str], staff: dict[str, Client]
) -> None:
    url = url_of(prepared(), *CONSENT)
    staff["nurse"].post(url, posted({"feeding_plan": "as before"}, do="sign:prescriber", version="0"))
    assert "as before" in staff["nurse"].get(url).content.decode()


def test_nobody_writes_over_a_draft_that_somebody_else_has_changed(
    prepared: Callable[..., str], staff: dict[str, Client]
) -> None:
    url = url_of(prepared(), *CONSENT)
    staff["nurse"].post(url, posted({"feeding_plan": "first"}, do="keep", version="0"))
    late = staff["prescriber"].post(url, posted({"feeding_plan": "second"}, do="keep", version="0"))
    assert late.status_code == 409
    assert "second" in late.content.decode() and PEOPLE["nurse"] in late.content.decode()
    assert "first" in staff["nurse"].get(url).content.decode()


def test_only_the_role_that_a_form_names_signs_for_it(prepared: Callable[..., str], staff: dict[str, Client]) -> None:
    requirement = "prescriber.assessment"
    url = url_of(prepared(), "local-protocol", requirement)
    typed = whole(of("local-protocol", requirement)[2])
    answer = staff["nurse"].post(url, posted(typed, do="sign:prescriber", version="0"))
    assert answer.status_code == 422
    assert "Only a person with the role prescriber signs as prescriber." in answer.content.decode()
    assert records() == []


def test_one_person_does_not_sign_for_two_roles(
    prepared: Callable[..., str], logged_in: Callable[..., Client], staff: dict[str, Client]
) -> None:
    url = url_of(prepared(), "local-protocol", "session.checklist")
    typed = whole(of("local-protocol", "session.checklist")[2])
    both = logged_in("nurse", "prescriber", name="B. Both (invented)")
    assert both.post(url, posted(typed, do="sign:nurse", version="0")).status_code == 302
    again = both.post(url, posted(typed, do="sign:prescriber", version="1"))
    assert again.status_code == 422 and "is another person" in again.content.decode()
    assert records() == []


def test_she_signs_with_her_own_name_in_front_of_a_witness_who_is_named(
    prepared: Callable[..., str], staff: dict[str, Client]
) -> None:
    url = url_of(prepared(), *CONSENT)
    typed = whole(of(*CONSENT)[2])
    wrong = staff["nurse"].post(url, posted(typed, do="sign:patient", version="0", **{"her-name": "Ana"}))
    assert wrong.status_code == 422 and "She signs by writing her name" in wrong.content.decode()
    sign_all(staff, url, *CONSENT)
    (paper,) = records()
    assert paper["signatures"][0]["name"] == f"{MOTHER}, before {PEOPLE['nurse']}"  # type: ignore[index]


def test_a_signature_falls_when_an_answer_is_changed_afterwards(
    prepared: Callable[..., str], staff: dict[str, Client]
) -> None:
    url = url_of(prepared(), *CONSENT)
    typed = whole(of(*CONSENT)[2])
    staff["nurse"].post(url, posted(typed, do="sign:patient", version="0", **{"her-name": MOTHER}))
    changed = {**typed, "feeding_plan": "something else"}
    staff["nurse"].post(url, posted(changed, do="keep", version="1"))
    answer = staff["prescriber"].post(url, posted(changed, do="sign:prescriber", version="2"))
    assert answer.status_code == 302 and records() == []
    assert "Still needed: patient" in staff["prescriber"].get(url).content.decode()


def test_a_double_click_on_the_last_signature_is_one_record(
    prepared: Callable[..., str], staff: dict[str, Client]
) -> None:
    requirement = "prescriber.assessment"
    url = url_of(prepared(), "local-protocol", requirement)
    body = posted(whole(of("local-protocol", requirement)[2]), do="sign:prescriber", version="0", key="same-key-here")
    assert [staff["prescriber"].post(url, body).status_code for _ in range(2)] == [302, 302]
    assert len(records()) == 1


def test_what_everybody_has_signed_and_could_not_be_filed_is_filed_later(
    prepared: Callable[..., str], staff: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    from matrescence.clinic.enrolment.desk import CourseDesk
    from matrescence.clinic.pages import Outcome

    requirement = "prescriber.assessment"
    url = url_of(prepared(), "local-protocol", requirement)
    typed = whole(of("local-protocol", requirement)[2])
    with monkeypatch.context() as broken:
        broken.setattr(CourseDesk, "file", lambda *_: Outcome(problems=("The disk is full.",)))
        answer = staff["prescriber"].post(url, posted(typed, do="sign:prescriber", version="0"))
        assert answer.status_code == 422 and "The disk is full." in answer.content.decode()
    assert "it is not filed yet" in staff["prescriber"].get(url).content.decode()
    assert staff["nurse"].post(url, posted(typed, do="file", version="1")).status_code == 302
    (paper,) = records()
    assert paper["signatures"][0]["name"] == PEOPLE["prescriber"]  # type: ignore[index]


def test_a_form_that_nobody_has_signed_is_not_filed_by_asking_for_it(
    prepared: Callable[..., str], staff: dict[str, Client]
) -> None:
    url = url_of(prepared(), *CONSENT)
    staff["nurse"].post(url, posted(whole(of(*CONSENT)[2]), do="file", version="0"))
    assert records() == []


def test_a_field_that_was_filled_in_beforehand_says_so_until_it_is_changed(
    prepared: Callable[..., str], staff: dict[str, Client]
) -> None:
    url = url_of(prepared(), *CONSENT)
    assert "Filled in from what is known here." in staff["nurse"].get(url).content.decode()
    staff["nurse"].post(url, posted({"patient_name": MOTHER}, do="keep", version="0"))
    assert "Filled in from what is known here." in staff["nurse"].get(url).content.decode()
    staff["nurse"].post(url, posted({"patient_name": "J. (invented)"}, do="keep", version="1"))
    assert "Filled in from what is known here." not in staff["nurse"].get(url).content.decode()


def test_every_role_that_a_form_names_has_somebody_here_who_may_sign() -> None:
    from matrescence.clinic.enrolment.signing import PATIENT, SIGNERS
    from matrescence.clinic.people.matrix import ROLES

    named = {role for programme, requirement in FORMS for role in of(programme, requirement)[2].signatures}
    assert named - {PATIENT} == set(SIGNERS)
    assert {role for roles in SIGNERS.values() for role in roles} <= set(ROLES)


def test_a_paper_names_whom_it_is_about_from_the_record_and_never_from_the_form(
    prepared: Callable[..., str], staff: dict[str, Client]
) -> None:
    url = url_of(prepared(), *CONSENT)
    sign_all(staff, url, *CONSENT)
    (paper,) = records()
    assert paper["about"] == {"mother": MOTHER, "setting": SETTING}


def test_no_paper_is_filled_before_the_session_is_named(begun: Callable[..., str], staff: dict[str, Client]) -> None:
    answer = staff["nurse"].get(f"/mothers/{begun()}/enrolment/papers/patient.consent/")
    assert answer.status_code == 409 and "First say whom this paper is about" in answer.content.decode()


def test_a_paper_of_the_site_is_not_filled_in_a_course(prepared: Callable[..., str], staff: dict[str, Client]) -> None:
    assert staff["nurse"].get(f"/mothers/{prepared()}/enrolment/papers/setting.protocol/").status_code == 404
