"""Many streams at once: one account does not take the live page from the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from matrescence.clinic.infusion import bedside_views
from matrescence.clinic.live.hub import Viewer

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


@pytest.fixture
def crowd() -> Any:
    """A hub at which one account has opened as many streams as it may."""
    bedside_views.hub.cache_clear()
    hub = bedside_views.hub()

    def fill(account: int) -> None:
        viewers = (Viewer("x", "en", lambda: True, account=account) for _ in range(bedside_views.STREAMS_AN_ACCOUNT))
        hub._viewers.update(viewers)

    yield fill
    hub._thread.shutdown()
    bedside_views.hub.cache_clear()


def test_one_account_has_so_many_streams_and_no_more(
    crowd: Make,
    running: Make,
    logged_in: Make,
    person: Make,
) -> None:
    course, greedy = running(), person("nurse", name="N. Greedy, RN (invented)")
    crowd(greedy.pk)
    address = f"/mothers/{course}/infusion/"
    assert logged_in(name=greedy.name).get(f"{address}stream").status_code == 429
    assert logged_in(name=greedy.name).get(f"{address}snapshot").status_code == 200
    assert logged_in("nurse").get(f"{address}stream").status_code == 200
