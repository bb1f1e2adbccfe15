"""Schedules: stairs without a gap or an overlap, sessions in order, every name that is pointed at."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from matrescence.care.drug import Drug, RateInterval, RegimenPlan
from matrescence.formulary.finding import CheckFinding


def check_regimens(drug: Drug, file: Path) -> Iterator[CheckFinding]:
    """Everything wrong with the schedules of one drug."""
    for regimen in drug.regimens.values():
        yield from _stairs(regimen, file)
        yield from _sessions(regimen, file)
    known = {*drug.regimens, "any"}
    for number, effect in enumerate(drug.side_effects, start=1):
        if effect.regimen not in known:
            yield CheckFinding(
                str(file),
                f"side_effects {number}.regimen",
                f"{effect.regimen!r} is not a regimen",
                f"name one of: {', '.join(sorted(known))}",
            )


def _stairs(regimen: RegimenPlan, file: Path) -> Iterator[CheckFinding]:
    where = f"regimens.{regimen.name}.steps"
    for number, stair in enumerate(regimen.staircase, start=1):
        yield from _stair(stair, f"{where} {number}", file)
    for number, (before, after) in enumerate(pairwise(regimen.staircase), start=2):
        if after.start_h > before.end_h:
            what, fix = "a gap before it", f"begin at {before.end_h:g}"
        elif after.start_h < before.end_h:
            what, fix = "an overlap with the stair before", f"begin at {before.end_h:g}"
        else:
            continue
        yield CheckFinding(str(file), f"{where} {number}.start_h", f"{after.start_h:g} leaves {what}", fix)
    if regimen.staircase and regimen.staircase[0].start_h != 0:
        first = regimen.staircase[0].start_h
        yield CheckFinding(str(file), f"{where} 1.start_h", f"{first:g} is not 0", "the first stair begins at 0")


def _stair(stair: RateInterval, where: str, file: Path) -> Iterator[CheckFinding]:
    if stair.end_h <= stair.start_h:
        fix = f"a stair ends after it starts ({stair.start_h:g} h)"
        yield CheckFinding(str(file), f"{where}.end_h", f"{stair.end_h:g} is the wrong way round", fix)
    if stair.lower_ug_per_kg_h is not None and stair.lower_ug_per_kg_h >= stair.rate_ug_per_kg_h:
        fix = f"the lower rate lies below {stair.rate_ug_per_kg_h:g}"
        yield CheckFinding(str(file), f"{where}.lower_ug_per_kg_h", f"{stair.lower_ug_per_kg_h:g} is not lower", fix)


def _sessions(regimen: RegimenPlan, file: Path) -> Iterator[CheckFinding]:
    days = regimen.session_days
    where = f"regimens.{regimen.name}.session_days"
    if list(days) != sorted(set(days)):
        yield CheckFinding(str(file), where, f"{list(days)} is not in order", "write each day once, in order")
    if days and days[0] != 0:
        yield CheckFinding(str(file), where, f"{list(days)} does not begin at 0", "the first session is day 0")
