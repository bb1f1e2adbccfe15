"""Keep the secret of a link out of the server's log: whoever reads a log must not open her pages."""

from __future__ import annotations

import logging
import re

_LINK = re.compile(r"/s/[^/\s?#]+")
HIDDEN = "/s/(hidden)"


class HideLinks(logging.Filter):
    """Write a hidden address where a line of the log would hold one of her links."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line passes; only its words may change."""
        said = record.getMessage()
        if "/s/" in said:
            record.msg, record.args = _LINK.sub(HIDDEN, said), ()
        return True
