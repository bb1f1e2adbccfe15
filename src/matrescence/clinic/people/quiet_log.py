"""What goes to the console: one line of text for each message, without secrets of links and without what people wrote.

An exception's own words may repeat a field of a form.  Its kind and the places it passed are enough to find the fault.
"""

from __future__ import annotations

import logging
import re
import traceback
from types import TracebackType

_SECRETS = re.compile(r"(/s/|/me/password/)[^\s?]+")

Told = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def masked(text: str) -> str:
    """The same on one line, with the secret of every link left out."""
    return _SECRETS.sub(r"\1…", text).replace("\r", "\\r").replace("\n", "\\n")


class QuietFormatter(logging.Formatter):
    """One line a message; under an exception its kind and its places, a line each."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 -- the name it has in logging
        """The line, masked."""
        return masked(super().formatMessage(record))

    def formatException(self, ei: Told) -> str:  # noqa: N802 -- the name it has in logging
        """Kind and places, never the words."""
        kind, _, passed = ei
        places = [f"  {place.filename}:{place.lineno} in {place.name}" for place in traceback.extract_tb(passed)]
        return "\n".join([f"  {kind.__name__ if kind else 'no exception'}", *places])
