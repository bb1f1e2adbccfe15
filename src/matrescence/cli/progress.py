"""How far a run is: a bar on standard error, and only where that is a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def counting(words: str, *, total: int) -> Iterator[Callable[[int], None] | None]:
    """A bar that moves by the number it is told; ``None`` where nobody would see it."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(words, total=total)
        yield lambda done: progress.advance(task, done)


@contextmanager
def sizes(words: str) -> Iterator[Callable[[int, float], None] | None]:
    """A line that names the last size tried and its power; ``None`` where nobody would see it."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    with console.status(words) as status:
        yield lambda people, percent: status.update(f"{words}: {people} people, power {percent:.0f} %")
