"""The check as a document: every row, every miss with its explanation, and what must not be missed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from matrescence.outcomes.library import fingerprint, trials_of
from matrescence.outcomes.posterior import SHIPPED, mood_posterior, session_posterior
from matrescence.reading import Field, InputError, read_json, read_table, read_toml
from matrescence.trials.check import CheckRow, check, misses
from matrescence.trials.session_check import check_sessions

EXPLAINED = Path(__file__).parent / "explained.toml"
LEFT_OUT = "leave_one_out.json"
_FIELDS = (
    Field("trial", "text", required=True),
    Field("arm", "text", required=True),
    Field("outcome", "text", required=True),
    Field("at_h", "number", required=True),
    Field("why", "text", required=True),
)


def explanations() -> dict[tuple[str, str, str, float], str]:
    """Why each known miss is missed, by trial, arm, outcome and hour.

    Raises:
        InputError: the file of explanations is broken.
    """
    tables = read_toml(EXPLAINED).get("misses", [])
    rows = [read_table(table, _FIELDS, f"{EXPLAINED}: misses {number}") for number, table in enumerate(tables, start=1)]
    return {(row["trial"], row["arm"], row["outcome"], row["at_h"]): row["why"] for row in rows}


def check_table(*, seed: int) -> dict[str, Any]:
    """The shipped posteriors beside every published number: HAM-D17 first, then ketamine on MADRS.

    Raises:
        StalePosterior: a posterior does not belong to the trial files.
    """
    posterior = mood_posterior()
    rows = check(trials_of("HAM-D17"), posterior.draws, posterior.trials, seed=seed)
    rows += check_sessions(trials_of("MADRS"), session_posterior(), seed=seed)
    why = explanations()
    missed = misses(rows)
    unexplained = [row for row in missed if _key(row) not in why]
    must = [row for row in missed if row.must]
    asked = [row for row in rows if row.use != "show"]
    lines = [f"{len(asked) - len(missed)} of {len(asked)} published numbers agree; {len(missed)} do not:"]
    lines += [f"- {_named(row)}: {why.get(_key(row), 'NOT EXPLAINED')}" for row in missed]
    lines += [f"Must agree and does not: {_named(row)}." for row in must]
    return {
        "rows": [row.as_dict() for row in rows],
        "lines": lines,
        "missed": [{**row.as_dict(), "why": why.get(_key(row))} for row in missed],
        "failed": bool(unexplained or must),
    }


def leave_one_out_table(*, again: bool = False, tell: Callable[[str], None] = lambda name: None) -> dict[str, Any]:
    """Each trial predicted by a model that never saw it, as stored, or fitted ``again`` and stored.

    Raises:
        InputError: nothing is stored, or the trial files have changed since.
    """
    trials = trials_of("HAM-D17")
    file = SHIPPED / LEFT_OUT
    if again:
        from matrescence.trials.leave_out import leave_one_out
        from matrescence.writing import write_file

        write_file(file, _text(leave_one_out(trials, tell=tell)))
    if not file.exists():
        raise InputError(
            f"{file}: there is no such file; make it with `matrescence trials check --leave-one-out --again`."
        )
    told = read_json(file)
    if told["trials_sha256"] != fingerprint(trials):
        raise InputError(
            f"{file}: belongs to other trial files; run `matrescence trials check --leave-one-out --again`."
        )
    lines = [f"{told['inside']} of {told['of']} published numbers lie inside the 95 % interval of a trial not seen."]
    return {**told, "lines": lines, "failed": False}


def _text(told: dict[str, Any]) -> str:
    import json

    rows = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in told["rows"])
    rest = {key: value for key, value in told.items() if key != "rows"}
    return json.dumps(rest, ensure_ascii=False, indent=2)[:-2] + f',\n "rows": [\n{rows}\n ]\n}}\n'


def _key(row: CheckRow) -> tuple[str, str, str, float]:
    return row.trial, row.arm, row.outcome, row.at_h


def _named(row: CheckRow) -> str:
    when = f"hour {row.at_h:g}" if row.at_h < 72 else f"day {row.at_h / 24:g}"
    return (
        f"{row.trial}, {row.arm}, {row.outcome} at {when}: published {row.published:g}, predicted {row.predicted:.1f} "
        f"({row.low:.1f} to {row.high:.1f}), accepted {row.rule}"
    )
