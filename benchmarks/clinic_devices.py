"""Ten oximeters at 1 Hz through the clinic's port for devices, from a process of their own, until told to stop.

Prints, as JSON, how many reports were taken, how many came more than a second late, and the processor time.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from datetime import UTC, datetime

from matrescence.clinic.bootstrap import setup


def stream(devices: list[str]) -> dict[str, float]:
    """One report of each device every second, evenly spread over it."""
    setup()
    from matrescence.actions.bedside.report import Lane, OximeterReport
    from matrescence.clinic.live.port import accept

    over: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: over.append(number))
    began, count, late, slowest = time.monotonic(), 0, 0, 0.0
    while not over:
        due = began + count / len(devices)
        time.sleep(max(due - time.monotonic(), 0.0))
        at, started = datetime.now(UTC), time.monotonic()
        accept(
            OximeterReport(
                device=devices[count % len(devices)],
                message_id=str(count),
                observed_at=at,
                received_at=at,
                lane=Lane.LIVE,
                spo2_percent=float(96 + count % 3),
                pulse_per_min=float(68 + count % 7),
            )
        )
        slowest, late = max(slowest, time.monotonic() - started), late + (time.monotonic() - due > 1.0)
        count += 1
    seconds = time.monotonic() - began
    return {"reports": count, "late": late, "per_s": count / seconds, "slowest_ms": 1e3 * slowest,
            "cpu_share": time.process_time() / seconds}  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(stream(json.loads(sys.argv[1]))))
