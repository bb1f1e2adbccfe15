"""What the four commands around the treatment share: JSON, terminal, or a page in a directory."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from matrescence.handouts.around.content import Page


def answer(
    told: dict[str, Any], content: Callable[[dict[str, Any]], Page], *, name: str, as_json: bool, out: str | None
) -> None:
    """Write ``name``.json, .html and the drawings to ``out`` if it is given, and print JSON or tables.

    Raises:
        InputError: the directory cannot be written; nothing is then written.
    """
    from matrescence.actions.plan_json import text_of

    written = () if out is None else write_page(told, content(told), name=name, out=out)
    if as_json:
        click.echo(text_of(told), nl=False)
        return
    from rich.console import Console

    from matrescence.handouts.around.terminal import show

    show(content(told), Console(highlight=False))
    for path in written:
        click.echo(f"wrote {path}")


def write_page(told: dict[str, Any], page: Page, *, name: str, out: str) -> tuple[Any, ...]:
    """Write ``name``.json, .html and .svg together.

    Raises:
        InputError: the directory cannot be written; nothing is then written.
    """
    from matrescence.actions.plan_json import text_of
    from matrescence.handouts.around.page import drawing, evidence_page
    from matrescence.reading import InputError
    from matrescence.writing import write_files

    if not out.strip():
        raise InputError('--out = "" cannot be used; name a directory, or "." for this one.')
    files: dict[str, bytes | str] = {f"{name}.json": text_of(told), f"{name}.html": evidence_page(page)}
    files |= {f"{name}.svg": drawing(figure) for figure in page.figures}
    return write_files(out, files)
