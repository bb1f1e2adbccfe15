"""The one place that calls typst: a layout and its data in, a tagged PDF out.

The document is PDF/UA-1 and PDF/A-2a: tagged for screen readers, and readable for as long as a record is kept.  The
same data and the same ``created_at`` give the same bytes: fonts are those inside the package, and no clock is read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from types import ModuleType
from typing import Any

from matrescence.reading import InputError

STANDARDS = ("ua-1", "a-2a")
_SHARED = "paper.typ"
_NO_GLYPH = "could not be displayed with"

Data = Mapping[str, Any]


def compile_pdf(layout: str, data: Data, *, created_at: datetime) -> bytes:
    """Lay ``data`` out with ``layout`` (such as ``plan.typ``) as one PDF, dated ``created_at``.

    A name in a script that the package's own fonts do not hold is set in a font of this computer.  Where there is
    none either, the document is still made, without the seal of PDF/UA and PDF/A, and shows an empty box for that
    letter: a ward needs its sheet.

    Raises:
        InputError: typst is not installed.
        ValueError: ``created_at`` has no time zone.
    """
    return _compile(layout, data, created_at, format="pdf")[0]


def compile_pages(layout: str, data: Data, *, created_at: datetime, ppi: float = 110.0) -> tuple[bytes, ...]:
    """The pages of the same document as PNG pictures, for looking at.

    Raises:
        InputError: typst is not installed.
        ValueError: ``created_at`` has no time zone.
    """
    return _compile(layout, data, created_at, format="png", ppi=ppi)


def _compile(layout: str, data: Data, created_at: datetime, **how: Any) -> tuple[bytes, ...]:
    if created_at.tzinfo is None:
        raise ValueError(f"created_at {created_at.isoformat()} has no time zone; add its UTC offset")
    typst = _typst()
    sources = {"main.typ": _text(layout), _SHARED: _text(_SHARED), "data.json": _json(data)}
    how |= {"timestamp": int(created_at.timestamp())}
    for system_fonts, standards in ((False, STANDARDS), (True, STANDARDS)):
        try:
            return _pages(typst.compile(sources, font_paths=_fonts(system_fonts), pdf_standards=[*standards], **how))
        except typst.TypstError as error:
            if _NO_GLYPH not in str(error):
                raise
    return _pages(typst.compile(sources, font_paths=_fonts(system=True), **how))


def _pages(made: bytes | list[bytes]) -> tuple[bytes, ...]:
    return (made,) if isinstance(made, bytes) else tuple(made)


def _typst() -> ModuleType:
    try:
        import typst
    except ImportError:
        raise InputError(
            "no PDF was written: the package typst is not installed. "
            'Install it with: pip install "matrescence[clinic]". The HTML page prints without it.'
        ) from None
    return typst


@lru_cache(maxsize=2)
def _fonts(system: bool) -> Any:
    return _typst().Fonts(include_system_fonts=system, include_embedded_fonts=True)


def _json(data: Data) -> bytes:
    return json.dumps(data, ensure_ascii=False, allow_nan=False, sort_keys=True).encode()


@lru_cache(maxsize=8)
def _text(name: str) -> bytes:
    return files("matrescence.handouts.print").joinpath(name).read_bytes()
