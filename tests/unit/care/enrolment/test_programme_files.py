"""The shipped programmes, and every way in which a programme's file can be wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from matrescence.care.enrolment.programme import NCIT_REQUIREMENTS, Status, Timing
from matrescence.formulary import library as drugs
from matrescence.formulary.programmes import library
from matrescence.reading import InputError

ZULRESSO = (library.SHIPPED / "zulresso.toml").read_text(encoding="utf-8")


def test_the_three_shipped_programmes_have_their_standing() -> None:
    standing = {name: library.load(name).status for name in library.names()}
    assert standing == {
        "local-protocol": Status.LOCAL,
        "spravato": Status.IN_FORCE,
        "zulresso": Status.HISTORICAL,
    }
    assert "14 April 2025" in library.load("zulresso").standing.text


def test_no_requirement_is_lost_between_file_and_programme() -> None:
    for name in library.names():
        text = (library.SHIPPED / f"{name}.toml").read_text(encoding="utf-8")
        assert len(library.load(name).requirements) == text.count("[[requirements]]")
        assert len(library.load(name).forms) == text.count("[[forms]]")


def test_every_reference_is_used_and_every_source_has_one() -> None:
    used = {key for name in library.names() for key in library.sources(library.load(name))}
    assert used - {"project-decision"} == set(library.bibliography())


def test_the_facts_of_the_programmes_are_those_that_were_published() -> None:
    spravato, zulresso = library.load("spravato"), library.load("zulresso")
    form = spravato.requirements["session.monitoring-form"].within_days
    audit = zulresso.requirements["setting.audit"].within_days
    after = zulresso.requirements["session.post-infusion-form"].within_days
    assert form is not None and audit is not None and after is not None
    assert (form.value, audit.value, after.value) == (7, 90, None)
    assert spravato.requirements["session.monitoring-form"].waived is not None


def test_only_what_the_programme_asks_before_the_start_uses_a_known_code() -> None:
    codes = {r.code for name in library.names() for r in library.load(name).requirements.values() if r.code}
    assert codes == set(NCIT_REQUIREMENTS)


def test_a_project_decision_is_written_down_for_the_historical_programme() -> None:
    texts = " ".join(statement.text for statement in library.load("zulresso").decisions)
    assert "still gates" in texts and "Alternatives not taken" in texts


def test_every_due_requirement_names_an_event() -> None:
    for name in library.names():
        programme = library.load(name)
        for requirement in programme.requirements.values():
            if requirement.timing is Timing.DUE_AFTER:
                assert programme.requirements[requirement.after or ""].timing is Timing.EVENT


def test_every_programme_that_a_drug_names_is_there() -> None:
    named = {drugs.load(name).programme for name in drugs.names()} - {None}
    assert named and named <= set(library.names())


def test_a_wrong_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(library.UnknownProgramme, match="Did you mean 'zulresso'"):
        library.load("zulreso")


@pytest.mark.parametrize(
    ("pattern", "replacement", "complaint"),
    [
        ('name = "zulresso"', 'name = "other"', "is not the name of its file"),
        ('code = "C128495"', 'code = "C000001"', "C128495"),
        ('stakeholder = "setting"', 'stakeholder = "clinic"', "stakeholder"),
        ('id = "setting.training"', 'id = "setting.representative"', "written twice"),
        ('name = "passed"', 'name = "completed_on"', "written twice"),
        ('follows = \\["setting.training"\\]', 'follows = ["lost"]', "contradicts itself"),
        ('source = "zulresso_rems_2023"', 'source = "lost_2023"', "no entry in references.bib"),
        ('field = "takes_cns_depressants"', 'field = "lost"', "there is no field 'lost'"),
        ('kind = "confirmed"', 'kind = "maybe"', "kind"),
        ('kind = "confirmed"', 'kind = "choice"', "choices belong to"),
        ('signatures = \\["patient", "prescriber"\\]', "signatures = 1", "signatures"),
        ('expiring_within_days = { value = 30, unit = "d", (.*) grade = "C" }',
         'expiring_within_days = { unit = "d", \\1 grade = "U" }', "write a number of days"),
        ('^status = "historical"', 'status = "gone"', "status"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_its_reason(
    pattern: str, replacement: str, complaint: str, tmp_path: Path
) -> None:
    (tmp_path / "references.bib").write_text((library.SHIPPED / "references.bib").read_text())
    changed, count = re.subn(pattern, replacement, ZULRESSO, count=1, flags=re.MULTILINE)
    assert count == 1
    (tmp_path / "zulresso.toml").write_text(changed)
    with pytest.raises(InputError, match=re.escape(complaint)):
        library.load("zulresso", root=tmp_path)


def test_a_waiver_with_a_wrong_key_is_refused(tmp_path: Path) -> None:
    text = (library.SHIPPED / "spravato.toml").read_text().replace('equals = "inpatient"', 'equal = "inpatient"', 1)
    (tmp_path / "spravato.toml").write_text(text)
    with pytest.raises(InputError, match="equals"):
        library.load("spravato", root=tmp_path)
