"""The page of measurements: each script keeps a section of it under a heading of its own."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from pathlib import Path

HEAD = """# Benchmarks

Written by `make bench WRITE=docs/reference/benchmarks.md`, each section by a script of `benchmarks/`.
"""


def put(page: Path, heading: str, lines: Sequence[str]) -> None:
    """Replace one section of the page, or add it at the end; the others stay as they are."""
    text = page.read_text(encoding="utf-8") if page.exists() else HEAD
    section = "\n".join([f"## {heading}", "", *lines]).rstrip() + "\n"
    found = re.search(rf"^## {re.escape(heading)}\n.*?(?=^## |\Z)", text, flags=re.MULTILINE | re.DOTALL)
    if found is None:
        text = text.rstrip() + "\n\n" + section
    else:
        text = text[: found.start()] + section + ("\n" if text[found.end() :] else "") + text[found.end() :]
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, encoding="utf-8")


def circumstances() -> str:
    """The machine and how busy it was: a number without them cannot be judged."""
    cpus = len(os.sched_getaffinity(0))
    return (
        f"{_cpu()}, {cpus} CPUs, Python {platform.python_version()}; load at the end {os.getloadavg()[0]:.1f} "
        "(1 or 2 when nothing else runs; above it the machine was shared, and the minimum is the number to read)."
    )


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
