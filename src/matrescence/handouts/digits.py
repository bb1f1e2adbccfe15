"""Numbers as they are read on a ward: no trailing zeros, aligned on the decimal point, no finer than they are known.

A trailing zero is a known cause of tenfold errors (``5.0`` read as ``50``), so whole numbers are written without
one, and a column is aligned with spaces of the width of a digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

FIGURE_SPACE = "\u2007"
POINT_SPACE = "\u2008"
UNKNOWN = "unknown"


def plain(value: float | None, *, decimals: int = 2) -> str:
    """``4.2``, ``60``, ``0.05``: rounded to ``decimals``, without trailing zeros; ``None`` is said to be unknown."""
    if value is None:
        return UNKNOWN
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def significant(value: float | None) -> str:
    """A prediction, no finer than it is known: ``90``, ``0.86``, ``112``, ``3740``; ``None`` is said to be unknown.

    Two significant digits below 100, three from there on.
    """
    if value is None:
        return UNKNOWN
    return plain(float(f"{value:.{3 if abs(value) >= 99.5 else 2}g}"), decimals=6)


def in_100(value: float | None) -> str:
    """A count out of a hundred women: ``13``, ``2.9``; one digit behind the point below ten."""
    return plain(value, decimals=0 if value is not None and value >= 9.95 else 1)


def aligned(values: Iterable[float | None], *, decimals: int = 2) -> list[str]:
    """A column of numbers padded behind the point, so that right-aligned digits stand under each other."""
    texts = [plain(value, decimals=decimals) for value in values]
    longest = max((len(text.partition(".")[2]) for text in texts), default=0)
    return [_padded(text, longest) for text in texts]


def band(numbers: Mapping[str, Any] | None) -> tuple[str, str, str] | None:
    """The 5 %, 50 % and 95 % values of a forecast as text, or ``None`` when it is unknown; a missing one is ''."""
    if numbers is None or numbers.get("p50") is None:
        return None
    low, middle, high = (numbers.get(key) for key in ("p05", "p50", "p95"))
    return "" if low is None else significant(low), significant(middle), "" if high is None else significant(high)


def hours(value: float) -> str:
    """``4 h``, ``40 min``, ``36.5 h``: minutes when shorter than two hours and not whole hours."""
    if abs(value) < 2 and abs(value - round(value)) > 1e-6:
        return f"{plain(value * 60.0, decimals=0)} min"
    return f"{plain(value, decimals=1)} h"


def _padded(text: str, decimals: int) -> str:
    whole, _, fraction = text.partition(".")
    if not decimals or not whole.lstrip("-").isdigit():
        return text
    return text + (POINT_SPACE if not fraction else "") + FIGURE_SPACE * (decimals - len(fraction))
