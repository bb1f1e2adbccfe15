"""Where the tables of prevention, relapse, prevalence and hormone lie, and how one of their files is opened."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matrescence.reading import Field, read_table, read_toml, refuse

HERE = Path(__file__).parent
REFERENCES = HERE / "references_around.bib"
"""The sources of prevention, relapse, prevalence and hormone."""


def read_file(path: Path, fields: Sequence[Field]) -> tuple[dict[str, Any], list[str]]:
    """A TOML file checked against its fields, and an empty list to collect what is wrong further in.

    Raises:
        InputError: the file cannot be read, or a field of its top level is wrong.
    """
    return read_table(read_toml(path), fields, str(path)), []


def finish(path: Path, problems: Sequence[str]) -> None:
    """Raise everything that was found wrong in a file.

    Raises:
        InputError: something was.
    """
    refuse(problems, str(path))
