"""How the site stands in each programme, in a few words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matrescence.care.drug import Drug
from matrescence.care.enrolment.programme import Programme, Status
from matrescence.care.enrolment.site import SiteStatus, site_session, site_status
from matrescence.care.infusion.ordering import NO_PROGRAMME
from matrescence.clinic.log.site import OpenedSite
from matrescence.formulary import library
from matrescence.formulary.programmes import library as programmes


@dataclass(frozen=True, slots=True)
class Standing:
    """One programme as it stands here; ``drugs`` are those of the formulary whose start it gates."""

    programme: Programme
    drugs: tuple[Drug, ...]
    status: SiteStatus

    @property
    def historical(self) -> bool:
        """Whether the approval it belonged to is gone."""
        return self.programme.status is Status.HISTORICAL


def standings(opened: OpenedSite, at: datetime) -> tuple[Standing, ...]:
    """Every programme, those first that gate a drug of the formulary."""
    settings = opened.known.settings
    session = site_session(settings.setting or "", pharmacy=settings.pharmacy)
    found = [
        Standing(
            programme, _drugs(name), site_status(programme, opened.known.papers.get(name, ()), at, session=session)
        )
        for name in programmes.names()
        for programme in (programmes.load(name),)
    ]
    return tuple(sorted(found, key=lambda item: (not item.drugs, item.historical, item.programme.label)))


def _drugs(programme: str) -> tuple[Drug, ...]:
    known = (library.load(name) for name in library.names())
    return tuple(
        drug for drug in known if drug.preparation is not None and (drug.programme or NO_PROGRAMME) == programme
    )
