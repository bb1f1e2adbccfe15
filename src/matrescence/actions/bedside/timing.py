"""When was it?  A device's own time, our time of receipt, and what the two together allow to be said.

- The clocks agree: the value belongs to the device's own time, and never to a time after its receipt.
- The device is *ahead*: nobody can say when the value was measured.  It is charted at its receipt and is not live.
- It was observed long before it was received: *late*, a back-filled value, or a clock that is behind; nobody can tell
  these apart.  It is charted where the device puts it and is not live.
- It is older than what was already seen: *overtaken*.  It is charted and is not live.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matrescence.actions.bedside.association import Binding
from matrescence.actions.bedside.policy import Policy
from matrescence.actions.bedside.report import DeviceReport


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a report belongs in time.

    ``at`` is never after the receipt.  ``lag_s`` is how long before now the device says it was (negative: after its
    receipt).
    """

    at: datetime
    lag_s: float
    newest: bool
    late: bool
    ahead: bool
    bound: bool

    @property
    def current(self) -> bool:
        """Whether it may be shown as what is now."""
        return self.newest and self.bound and not self.late and not self.ahead


def place(report: DeviceReport, binding: Binding, newest_at: datetime | None, policy: Policy, now: datetime) -> Placed:
    """Place a report in time; ``newest_at`` is the newest instant this device has spoken of."""
    own = binding.own_time(report)
    early_s = (own - report.received_at).total_seconds()
    ahead = early_s > policy.ahead_after_s
    at = min(own, report.received_at)
    waited_s = (max(now, report.received_at) - at).total_seconds()
    return Placed(
        at=at,
        lag_s=-early_s if ahead else waited_s,
        newest=newest_at is None or at > newest_at,
        late=waited_s > policy.late_after_s,
        ahead=ahead,
        bound=binding.holds(report.received_at),
    )
