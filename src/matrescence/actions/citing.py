"""The sources behind a plan that was made: its citation keys, looked up in the references of drug and trials."""

from __future__ import annotations

from pathlib import Path

from matrescence.actions.around import sources
from matrescence.formulary import library
from matrescence.formulary.bibliography import Entry
from matrescence.reading import Field, InputError, read_json, read_table, refuse

_PLAN = (Field("drug", "text", required=True), Field("references", "tables", required=True))
_REFERENCE = (Field("key", "text", required=True), Field("text", "text"))


def sources_of(file: Path | str) -> tuple[Entry, ...]:
    """The bibliography entries of exactly the keys that stand in a ``plan.json``, in its order.

    Raises:
        InputError: the file is not a plan, its drug is not in the formulary, or one of its keys is neither in that
            drug's references nor in those of the trials of mood.
    """
    told, where = read_json(file), str(file)
    if not isinstance(told, dict) or not {"drug", "references"} <= set(told):
        raise InputError(f"{where}: this is not a plan; give the plan.json that 'matrescence plan --out' wrote.")
    values = read_table({key: told[key] for key in ("drug", "references")}, _PLAN, where)
    problems: list[str] = []
    rows = [
        read_table(row, _REFERENCE, f"{where}: references, number {number}", problems)
        for number, row in enumerate(values["references"], start=1)
    ]
    refuse(problems, where)
    known = {**sources(), **library.bibliography(values["drug"])}
    missing = [row["key"] for row in rows if row["key"] not in known]
    if missing:
        raise InputError(f"{where}: not among the references of {values['drug']}: {', '.join(missing)}.")
    return tuple(known[row["key"]] for row in rows)
