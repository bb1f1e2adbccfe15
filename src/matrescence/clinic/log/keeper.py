"""While the clinic is served, a checkpoint every few minutes, and one when it stops."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.config import Config
from matrescence.clinic.log.checkpoints import write_checkpoint

EVERY_S = 300.0
_log = logging.getLogger(__name__)


@contextmanager
def keep_checkpoints(config: Config) -> Iterator[None]:
    """Write checkpoints beside whatever runs inside."""
    over = threading.Event()
    keeper = threading.Thread(target=_keep, args=(config, over), name="checkpoints", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join(timeout=10)


def _keep(config: Config, over: threading.Event) -> None:
    while True:
        stopping = over.wait(EVERY_S)
        try:
            write_checkpoint(config.home, config.checkpoints, at=now())
        except Exception:  # a database that is being started again, a disk that is full: the next one may succeed
            _log.exception("A checkpoint could not be written.")
        finally:
            connection.close()
        if stopping:
            return
