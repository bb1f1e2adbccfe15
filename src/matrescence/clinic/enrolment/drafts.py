"""Keep what was typed into a form until it is signed: nothing is lost, and nobody writes over anybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from matrescence.care.enrolment.forms import Form
from matrescence.clinic.enrolment.answers import digest_of
from matrescence.clinic.enrolment.models import Draft
from matrescence.clinic.enrolment.signing import Signed, signed_from


@dataclass(frozen=True, slots=True)
class Paper:
    """Which form a draft is of: the course (or the site), the requirement, and the session where it is about one."""

    stream: str
    programme: str
    requirement: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a form; version 0 where nothing is."""

    typed: Mapping[str, str]
    signed: tuple[Signed, ...] = ()
    version: int = 0
    by: str = ""
    at: datetime | None = None


class ChangedError(Exception):
    """Somebody else has changed the draft since the page was shown."""

    def __init__(self, kept: Kept) -> None:
        super().__init__(kept.by)
        self.kept = kept


def kept_draft(paper: Paper) -> Kept | None:
    """The draft of a form, if there is one."""
    found = _rows(paper).first()
    return None if found is None else _kept(found)


def keep(
    paper: Paper, form: Form, typed: Mapping[str, str], signed: Sequence[Signed], *, version: int, by: str, at: datetime
) -> Kept:
    """Keep what was typed; a signature that was given to other answers falls.

    Raises:
        ChangedError: the draft is no longer the one of this version.
    """
    digest = digest_of(form, typed)
    values = {
        "answers": dict(typed),
        "signatures": [item.as_json() for item in signed if item.digest == digest],
        "version": version + 1,
        "changed_by": by,
        "changed_at": at,
    }
    if version and _rows(paper).filter(version=version).update(**values):
        return _kept(_rows(paper).get())
    if not version and _made(paper, values):
        return _kept(_rows(paper).get())
    found = _rows(paper).first()
    raise ChangedError(Kept({}) if found is None else _kept(found))


def drop(paper: Paper) -> None:
    """Forget the draft: it was signed and stands in the log, or is not wanted."""
    _rows(paper).delete()


def drafts_of(stream: str, programme: str) -> dict[tuple[str, str], Kept]:
    """Every draft of a course or of the site, by requirement and subject."""
    rows = Draft.objects.filter(stream=stream, programme=programme)
    return {(row.requirement, row.subject): _kept(row) for row in rows}


def _made(paper: Paper, values: Mapping[str, object]) -> bool:
    try:
        with transaction.atomic():
            Draft.objects.create(**_named(paper), **values)
    except IntegrityError:
        return False
    return True


def _rows(paper: Paper):  # type: ignore[no-untyped-def]  # a query set
    return Draft.objects.filter(**_named(paper))


def _named(paper: Paper) -> dict[str, str]:
    return {
        "stream": paper.stream,
        "programme": paper.programme,
        "requirement": paper.requirement,
        "subject": paper.subject,
    }


def _kept(row: Draft) -> Kept:
    return Kept(row.answers, signed_from(row.signatures), row.version, row.changed_by, row.changed_at)
