"""The same chunks on a running Dask cluster, by the address of its scheduler.

Chunks are pure functions, so a worker that is lost costs time and nothing else: the scheduler gives its chunks to
another one, and the numbers are the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from matrescence.reading import InputError

Work = TypeVar("Work")
Done = TypeVar("Done")

CONNECT_S = 10
RETRIES = 3
_ADDRESS = re.compile(r"(?:(?:tcp|tls|ws|wss)://)?[\w.\-\[\]:]+:\d{1,5}")


def on_cluster(do: Callable[[Work], Done], work: Sequence[Work], *, address: str) -> Iterator[tuple[int, Done]]:
    """Each piece of work with its number, in the order in which they are finished.

    Raises:
        InputError: Dask is not installed, no scheduler answers at the address, or it has no workers.
    """
    try:
        from distributed import as_completed
    except ImportError:
        raise InputError("--cluster needs Dask; install it with: pip install 'matrescence[trials]'.") from None
    client = _client(address)
    try:
        waiting = {client.submit(do, piece, pure=False, retries=RETRIES): number for number, piece in enumerate(work)}
        for future in as_completed(list(waiting), loop=client.loop):
            yield waiting[future], future.result()
    finally:
        client.close()


def _client(address: str) -> Any:
    from distributed import Client

    if not _ADDRESS.fullmatch(address):
        raise InputError(
            f"--cluster {address}: this is no address of a scheduler; give the one it printed when it started, such as "
            "tcp://127.0.0.1:8786."
        )
    try:
        client = Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            f"--cluster {address}: no scheduler answers there ({type(error).__name__}); give the address it printed "
            "when it started, such as tcp://127.0.0.1:8786."
        ) from None
    if not client.scheduler_info()["workers"]:
        client.close()
        raise InputError(f"--cluster {address}: the cluster has no workers; start one with: dask worker {address}.")
    return client
