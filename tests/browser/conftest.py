"""What the browser tests share: one served clinic for all of them, and one Chromium for each file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from chromium import Browsers, browsers_at
from served import Served, served_in
from states import mothers_of

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With ``--dist loadgroup`` all of them go to one worker, which serves one clinic."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The invented clinic, served until the last test has gone."""
    with served_in(tmp_path_factory.mktemp("browser") / "clinic") as found:
        yield found


@pytest.fixture(scope="session")
def mothers(served: Served) -> Mapping[str, str]:
    """The course of each mother in the table of states, by her first name."""
    return mothers_of(served)


@pytest.fixture(scope="module")
def chromium(served: Served) -> Iterator[Browsers]:
    """A browser; a file's own, since its event loop would stand in the way of tests that use a database directly."""
    with browsers_at(served) as found:
        yield found


@pytest.fixture
def browsers(chromium: Browsers) -> Iterator[Browsers]:
    """Windows that are closed after the test; no test sees how often another one has knocked."""
    chromium.served.ask("forget_counts")
    yield chromium
    chromium.close()
