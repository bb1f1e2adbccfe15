"""Scales in another language: official translations that may travel with the program, ``translations/<language>.toml``.

No translation is made here.  A scale without an official and free one is not there in that language.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from matrescence.care.assessment.scales import Scale
from matrescence.facts import Statement
from matrescence.instruments.library import SHIPPED, load
from matrescence.instruments.wording import fill
from matrescence.reading import Field, read_table, read_toml, refuse
from matrescence.sourced import STATEMENT_FIELDS, statement_of

TRANSLATION = (
    Field("stem", "text", required=True),
    Field("options", "texts", required=True, low=2),
    Field("items", "table", required=True),
    *STATEMENT_FIELDS,
)


def translated(name: str, language: str) -> Scale | None:
    """The scale in this language, ``None`` where there is no official translation that may travel."""
    return _file(language).get(name, (None, None))[0]


def statement(name: str, language: str) -> Statement | None:
    """Where the words of a translation were read, ``None`` where there is none."""
    return _file(language).get(name, (None, None))[1]


@cache
def _file(language: str) -> Mapping[str, tuple[Scale, Statement]]:
    """Every translation into one language.

    Raises:
        InputError: an item lacks its words, or the number of options does not fit its range.
    """
    path = SHIPPED / "translations" / f"{language}.toml"
    if not path.exists():
        return {}
    problems: list[str] = []
    found = {name: _one(name, table, f"{path}: {name}", problems) for name, table in read_toml(path).items()}
    refuse(problems, str(path))
    return found


def _one(name: str, table: Any, where: str, problems: list[str]) -> tuple[Scale, Statement]:
    values = read_table(table, TRANSLATION, where, problems)
    refuse(problems, where)
    items = {key: {"text": text, "options": values["options"]} for key, text in values["items"].items()}
    return fill(load(name), {"stem": values["stem"], "items": items}, where, problems), statement_of(values)
