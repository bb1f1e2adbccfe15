"""Read the definitions of response and relapse."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from matrescence.care.recovery.outcome import Definitions
from matrescence.reading import Field, read_table, read_toml, refuse
from matrescence.sourced import read_fact

SHIPPED = Path(__file__).parent / "definitions.toml"
FIELDS = {"response_fall_percent": "%", "relapse_in_a_row": "{count}"}


@cache
def load_definitions(path: Path = SHIPPED) -> Definitions:
    """The definitions of one file.

    Raises:
        InputError: the file cannot be used, or a number in it is unknown.
    """
    where, problems = str(path), list[str]()
    fields = [Field(name, "table", required=True) for name in FIELDS]
    values = read_table(read_toml(path), fields, where)
    facts = {name: read_fact(values[name], f"{where}: {name}", problems, to_unit=unit) for name, unit in FIELDS.items()}
    problems += [f"{name} is unknown; write a number." for name, fact in facts.items() if fact.value is None]
    refuse(problems, where)
    return Definitions(**facts)
