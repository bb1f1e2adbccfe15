"""When a document is printed: the one clock that the printing commands read."""

from __future__ import annotations

import os
from datetime import UTC, datetime


def printed_at() -> datetime:
    """Now, to the second; ``SOURCE_DATE_EPOCH`` (seconds since 1970) takes its place where bytes must not change.

    Raises:
        InputError: that variable is not a whole number of seconds.
    """
    from matrescence.reading import InputError

    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    if fixed is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(fixed), UTC)
    except (ValueError, OverflowError, OSError):
        raise InputError(
            f"SOURCE_DATE_EPOCH={fixed!r} is not a whole number of seconds; write one, or unset it."
        ) from None
