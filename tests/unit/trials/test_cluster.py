"""A running Dask cluster gives the same bytes, also when a worker is killed on the way."""

from __future__ import annotations

import os
import signal

import pytest

from matrescence.reading import InputError
from matrescence.trials import run as running
from matrescence.trials.read_design import load_design
from matrescence.trials.run import run

distributed = pytest.importorskip("distributed")


def test_no_scheduler_at_the_address_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matrescence.trials.cluster.CONNECT_S", 1)
    with pytest.raises(InputError, match=r"--cluster tcp://127\.0\.0\.1:9: no scheduler answers"):
        run(load_design("caesarean-654"), replicates=5, seed=1, cluster="tcp://127.0.0.1:9")


def test_an_address_that_is_none_is_said_in_one_line() -> None:
    with pytest.raises(InputError, match="--cluster"):
        run(load_design("caesarean-654"), replicates=5, seed=1, cluster="nowhere at all")


@pytest.mark.slow
def test_a_worker_that_is_killed_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 10)
    design = load_design("repeated-41")
    here = run(design, replicates=1200, seed=9, workers=1)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        with distributed.Client(cluster, set_as_default=False) as client:
            before = client.run(os.getpid)
        victim = next(iter(before.values()))
        told: list[int] = []

        def kill_one(done: int) -> None:
            told.append(done)
            if len(told) == 3:
                os.kill(victim, signal.SIGKILL)

        there = run(design, replicates=1200, seed=9, cluster=cluster.scheduler_address, told=kill_one)
        assert 3 < len(told) == 120
        with distributed.Client(cluster, set_as_default=False) as client:
            after = client.run(os.getpid)
    assert victim not in after.values()
    assert there.names == here.names
    assert there.values.tobytes() == here.values.tobytes()


@pytest.mark.parametrize("address", ["nonsense", "tcp://", "http://127.0.0.1:8786", "tcp://127.0.0.1:port"])
def test_what_is_no_address_is_refused_before_anybody_is_called(address: str) -> None:
    with pytest.raises(InputError, match="this is no address of a scheduler"):
        run(load_design("caesarean-654"), replicates=2, seed=1, cluster=address)
