"""Many replicates of one design: in this process, on all cores, or on a cluster; the same numbers every time.

Replicates are cut into chunks.  A chunk is a pure function of the design, what its replicates take as true, the seed
and the replicate numbers, so it does not matter who computes it, in which order, or how often.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from matrescence.reading import InputError
from matrescence.trials.analysis import Engine
from matrescence.trials.design import Design
from matrescence.trials.measures import measure
from matrescence.trials.truth import Deviation, Truth, truths
from matrescence.trials.women import see

if TYPE_CHECKING:
    from matrescence.outcomes.posterior import MoodPosterior

Floats: TypeAlias = NDArray[np.float64]
Told: TypeAlias = Callable[[int], None]

CHUNK = 50
"""Replicates in one piece of work: long enough to be worth sending, short enough to be lost without harm."""
MOST_REPLICATES = 1_000_000
DIGITS = 9
"""Decimals kept: machines differ in the last digits of a sum, and the same seed must give the same bytes."""


@dataclass(frozen=True, slots=True)
class Replicates:
    """What came out: ``values`` is (replicates, quantities), NaN where a number could not be estimated."""

    design: Design
    seed: int
    fixed: bool
    deviation: Deviation
    engine: Engine
    names: tuple[str, ...]
    values: Floats

    def of(self, name: str) -> Floats:
        """One quantity in every replicate.

        Raises:
            KeyError: the replicates do not give this quantity.
        """
        try:
            return np.asarray(self.values[:, self.names.index(name)])
        except ValueError:
            raise KeyError(f"{self.design.name} gives no {name!r}: {', '.join(self.names)}") from None


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of work; pickled when it is sent to another process."""

    design: Design
    truths: tuple[Truth, ...]
    seed: int
    first: int
    engine: Engine


def run(
    design: Design,
    *,
    replicates: int,
    seed: int,
    fixed: bool = False,
    deviation: Deviation = Deviation.NEW,
    workers: int | None = None,
    cluster: str | None = None,
    engine: Engine = Engine.EXACT,
    posterior: MoodPosterior | None = None,
    pool: ProcessPoolExecutor | None = None,
    told: Told | None = None,
) -> Replicates:
    """Repeat a trial; ``told`` is called with the number of replicates done after each chunk.

    ``workers`` is the number of processes here, all cores when it is left out, and ``pool`` one that is already there;
    ``cluster`` is the address of a running Dask scheduler, whose workers must have this program.  With ``fixed`` every
    replicate takes the means as true; ``deviation`` says whether it is a new trial or the old one again.

    Raises:
        InputError: an impossible number of replicates, workers or a negative seed; no cluster at the address.
    """
    _check(replicates, seed, workers)
    _need_scipy()
    given: dict[str, Any] = {"seed": seed, "fixed": fixed, "deviation": deviation, "posterior": posterior}
    work = [*_chunks(design, replicates, seed=seed, engine=engine, draw=partial(truths, design, **given))]
    if cluster is not None:
        from matrescence.trials.cluster import on_cluster

        done = on_cluster(run_chunk, work, address=cluster)
    else:
        done = _here(work, workers=workers or os.cpu_count() or 1, pool=pool)
    found: dict[int, tuple[tuple[str, ...], Floats]] = {}
    for number, result in done:
        found[number] = result
        if told is not None:
            told(result[1].shape[0])
    names = found[0][0]
    values = np.concatenate([found[number][1] for number in range(len(work))])
    return Replicates(design, seed, fixed, deviation, engine, names, values)


def run_chunk(chunk: Chunk) -> tuple[tuple[str, ...], Floats]:
    """The quantities of each replicate of a chunk: their names, and (replicates, quantities)."""
    rows = []
    for place, truth in enumerate(chunk.truths):
        seen = see(chunk.design, truth, seed=chunk.seed, replicate=chunk.first + place)
        rows.append(measure(chunk.design, seen, engine=chunk.engine))
    return tuple(rows[0]), np.round(np.array([list(row.values()) for row in rows]), DIGITS)


def _check(replicates: int, seed: int, workers: int | None) -> None:
    if not 1 <= replicates <= MOST_REPLICATES:
        raise InputError(f"--replicates {replicates} cannot be used; allowed: 1 to {MOST_REPLICATES}.")
    if not 0 <= seed < 2**64:
        raise InputError(f"--seed {seed} cannot be used; allowed: 0 to 2**64 - 1.")
    if workers is not None and not 1 <= workers <= 1024:
        raise InputError(f"--workers {workers} cannot be used; allowed: 1 to 1024.")


def _need_scipy() -> None:
    if find_spec("scipy") is None:
        raise InputError("virtual trials need SciPy; install it with: pip install 'matrescence[trials]'.")


def _chunks(
    design: Design, replicates: int, *, seed: int, engine: Engine, draw: Callable[..., list[Truth]]
) -> Iterator[Chunk]:
    for first in range(0, replicates, CHUNK):
        drawn = draw(replicates=range(first, min(first + CHUNK, replicates)))
        yield Chunk(design, tuple(drawn), seed, first, engine)


def _here(
    work: Sequence[Chunk], *, workers: int, pool: ProcessPoolExecutor | None
) -> Iterator[tuple[int, tuple[tuple[str, ...], Floats]]]:
    if workers == 1 or len(work) == 1:
        yield from ((number, run_chunk(chunk)) for number, chunk in enumerate(work))
        return
    with processes(min(workers, len(work))) if pool is None else nullcontext(pool) as at_work:
        waiting = {at_work.submit(run_chunk, chunk): number for number, chunk in enumerate(work)}
        yield from ((waiting[done], done.result()) for done in as_completed(waiting))


def processes(workers: int) -> ProcessPoolExecutor:
    """Worker processes, each a fresh interpreter: a fork of a process that has threads may hang."""
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
