"""What each kind of record of the site tells, read one after another in the order of its stream."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from matrescence.actions.course_payload import with_dates
from matrescence.actions.enrolment_file import enrolment_from
from matrescence.care.assessment.scales import Scale
from matrescence.care.enrolment.programme import Programme
from matrescence.care.enrolment.records import Record
from matrescence.care.enrolment.site import Filed, is_of_the_site
from matrescence.clinic.site.values import SiteSettings, settings_from
from matrescence.formulary.programmes import library as programmes
from matrescence.instruments.wording import wording_from
from matrescence.reading import Field, InputError, nearest, read_table

Table = dict[str, Any]
RECORD, SETTINGS, WORDING = "site-record", "site-settings", "wording"

PAPERS = (
    Field("programme", "text", required=True),
    Field("records", "tables"),
    Field("revocations", "tables"),
)
UPLOADED = (
    Field("scale", "text", required=True),
    Field("permission", "text", high=2000, help="Who allowed the use of this wording, when, and where that is kept."),
    Field("file", "text", high=200),
    Field("table", "table"),
    Field("withdrawn", "text", high=2000, help="Why the wording is withdrawn."),
)


@dataclass(frozen=True, slots=True)
class Wording:
    """A clinic's own text of one scale, as it stands now: filled slots, permission, and who uploaded it when."""

    scale: Scale
    permission: str
    file: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """Settings as they stand: the plain table they came from, and who set them when."""

    settings: SiteSettings
    table: Mapping[str, Any]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SiteKnown:
    """Everything the site's records say together.

    ``tables`` and ``papers`` hold the papers of each programme by its name: as written, and as read.
    """

    tables: Mapping[str, Table] = field(default_factory=dict)
    papers: Mapping[str, tuple[Filed, ...]] = field(default_factory=dict)
    told: Told | None = None
    wordings: Mapping[str, Wording] = field(default_factory=dict)

    @property
    def settings(self) -> SiteSettings:
        """The newest settings; nothing is set where there are none."""
        return SiteSettings() if self.told is None else self.told.settings


def tell(known: SiteKnown, line: Mapping[str, Any], *, where: str) -> SiteKnown:
    """What is known after one more record.

    Raises:
        InputError: the kind is not known, or the payload cannot be used.
    """
    kind = line["kind"]
    if kind not in READERS:
        raise InputError(f"{where}: there is no kind {kind!r}.{nearest(kind, READERS)} Allowed: {', '.join(READERS)}.")
    return READERS[kind](known, line, where)


# ---- papers ----------------------------------------------------------------------------------------------------------


def _papers(known: SiteKnown, line: Mapping[str, Any], where: str) -> SiteKnown:
    values = read_table(line["payload"], PAPERS, where)
    programme = programmes.load(values["programme"])
    before = known.tables.get(programme.name, {"records": [], "revocations": []})
    table = {name: [*before[name], *values.get(name, [])] for name in ("records", "revocations")}
    found = papers_from(table, programme, where=where)
    return replace(
        known, tables={**known.tables, programme.name: table}, papers={**known.papers, programme.name: found}
    )


def papers_from(table: Table, programme: Programme, *, where: str) -> tuple[Filed, ...]:
    """The papers of a site in one programme; only what is about setting, prescriber or pharmacy is one.

    Raises:
        InputError: a paper cannot be used, or is about a mother or a session.
    """
    nobody = {"mother": "nobody", "setting": "the site", "session": "none"}
    file = enrolment_from(with_dates({"session": nobody, **table}, programme), programme, where=where)
    for item in file.records:
        if isinstance(item, Record) and not is_of_the_site(programme.requirements[item.requirement]):
            raise InputError(f"{where}: {item.requirement} is about a mother or a session; file it in her course.")
    return file.records


# ---- settings and wording --------------------------------------------------------------------------------------------


def _settings(known: SiteKnown, line: Mapping[str, Any], where: str) -> SiteKnown:
    settings = settings_from(line["payload"], where=where)
    return replace(known, told=Told(settings, line["payload"], line["by"], _at(line)))


def _wording(known: SiteKnown, line: Mapping[str, Any], where: str) -> SiteKnown:
    values = read_table(line["payload"], UPLOADED, where)
    name = values["scale"]
    if "withdrawn" in values:
        if name not in known.wordings:
            raise InputError(f"{where}: no wording of {name!r} is in use; there is nothing to withdraw.")
        return replace(known, wordings={key: item for key, item in known.wordings.items() if key != name})
    document = {"permission": values.get("permission", ""), name: values.get("table", {})}
    scale = wording_from(document, where=where)[name]
    uploaded = Wording(scale, values["permission"], values.get("file", ""), line["by"], _at(line))
    return replace(known, wordings={**known.wordings, name: uploaded})


def _at(line: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(line["recorded_at"])


READERS: Mapping[str, Callable[[SiteKnown, Mapping[str, Any], str], SiteKnown]] = {
    RECORD: _papers,
    SETTINGS: _settings,
    WORDING: _wording,
}
"""The closed list of kinds."""
