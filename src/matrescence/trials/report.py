"""Replicates beside what was published: the distribution of each estimate, and where the published one lies in it.

The result is a plain dictionary, ready for JSON; everything else (terminal, figure, table of replicates) is made from
it.  Quantiles are values that did occur (no interpolation), so a median of "not reached" stays what it is.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from matrescence import __version__
from matrescence.formulary.bibliography import read_bibliography
from matrescence.outcomes.library import SHIPPED as TRIAL_FILES
from matrescence.pharmacology.tolerability import rate_per_100
from matrescence.trials.design import Design, Kind, Published
from matrescence.trials.run import Replicates

Floats: TypeAlias = NDArray[np.float64]
Report: TypeAlias = dict[str, Any]

QUANTILES = (("p025", 0.025), ("p05", 0.05), ("p25", 0.25), ("p50", 0.5), ("p75", 0.75), ("p95", 0.95), ("p975", 0.975))
BINS = 36
OWN_CHOICES = ("this design", "project-decision")
"""In place of a source: the number is a choice and no finding."""
HIDDEN = ("se", "p")
"""Quantities that serve the tests and are not reported by themselves."""
WORDS: Mapping[str, tuple[str, str]] = {
    "change": ("change", "points"),
    "difference": ("difference in change", "points"),
    "response": ("response", "%"),
    "remission": ("remission", "%"),
    "risk": ("affected", "%"),
    "odds-ratio": ("odds ratio", ""),
    "log-odds-ratio": ("log odds ratio", ""),
    "risk-ratio": ("risk ratio", ""),
    "hazard-ratio": ("hazard ratio", ""),
    "log-hazard-ratio": ("log hazard ratio", ""),
    "relapsed": ("relapsed", "%"),
    "median-days": ("median time to relapse", "days"),
    "response-ratio": ("response, last against first session", ""),
    "sessions-to-response": ("median sessions to response", ""),
}


def report(found: Replicates) -> Report:
    """Everything there is to say of a run, as JSON-ready values; unknown numbers are ``None``."""
    design = found.design
    printed = {row.key: row for row in design.published}
    shown = [name for name in found.names if name.split("/")[0] not in HIDDEN]
    return {
        "trial": design.name,
        "label": design.label,
        "population": design.population,
        "scale": design.scale if design.plan.method.value in ("mmrm", "ancova", "sessions") else None,
        "arms": [{"name": arm.name, "treatment": arm.treatment, "women": arm.n} for arm in design.arms],
        "analysis": {
            "method": design.plan.method.value,
            "control": design.plan.control,
            "primary": design.primary_key,
            "alpha": design.plan.alpha,
            "engine": found.engine.value,
        },
        "replicates": int(found.values.shape[0]),
        "seed": found.seed,
        "true_effect": "the means" if found.fixed else "one draw for each replicate",
        "deviation": found.deviation.value if design.kind is Kind.MOOD else None,
        "fed_by": design.fed_by,
        "independent": design.independent,
        "borrowed": design.borrowed or None,
        "quantities": [_quantity(design, name, found.of(name), printed.get(name)) for name in shown],
        "power": power_of(found),
        "misses": misses(found),
        "notes": list(design.notes),
        "not_for": list(design.not_for),
        "references": references(design),
        "made_with": {"program": "matrescence", "version": __version__, "seed": found.seed},
    }


def power_of(found: Replicates) -> Report:
    """How often the primary comparison was significant in favour of the treatment, with its Monte Carlo interval."""
    design = found.design
    _, _, rest = design.primary_key.partition("/")
    p, estimate = found.of(f"p/{rest}"), found.of(design.primary_key)
    # Every primary estimate here is better when it is smaller: a fall, a log odds ratio, a log hazard ratio.
    won = int(np.count_nonzero((p < design.plan.alpha) & (estimate < 0.0)))
    rate = rate_per_100(events=won, people=int(p.size))
    return {
        "percent": 100.0 * won / p.size,
        "low": round(rate.low, 3),
        "high": round(rate.high, 3),
        "not_estimable": int(np.count_nonzero(np.isnan(p))),
        "words": (
            f"{won} of {p.size} replicates found a significant advantage of {design.plan.primary} over "
            f"{design.plan.control} (two-sided {design.plan.alpha:g})."
        ),
    }


def misses(found: Replicates) -> list[str]:
    """Each published number outside the middle 90 % of its replicates, in words; none is left out."""
    told = []
    for row in found.design.published:
        if row.key not in found.names:
            continue
        values = known(found.of(row.key))
        place = place_percent(values, row.value)
        if values.size and not 5.0 <= place <= 95.0:
            low, high = quantile(values, 0.05), quantile(values, 0.95)
            told.append(
                f"{described(row.key)}: published {row.value:g}, the middle 90 % of replicates {low:.3g} to {high:.3g}."
            )
    return told


def described(key: str) -> str:
    """A key in words: ``difference/90-placebo@60`` is *difference in change, 90 against placebo, hour 60*."""
    measure, _, rest = key.partition("/")
    who, _, at_h = rest.partition("@")
    hour = f", {in_time(float(at_h))}" if at_h else ""
    arms = ", " + " against ".join(who.rsplit("-", 1) if measure in _COMPARE else [who]) if who else ""
    return WORDS.get(measure, (measure, ""))[0] + arms + hour


def in_time(at_h: float) -> str:
    """Hours up to three days, whole days from there on."""
    return f"day {at_h / 24:g}" if at_h > 72.0 and at_h % 24.0 == 0.0 else f"hour {at_h:g}"


_COMPARE = ("difference", "odds-ratio", "log-odds-ratio", "risk-ratio", "hazard-ratio", "log-hazard-ratio")


def _quantity(design: Design, name: str, values: Floats, printed: Published | None) -> Report:
    measure = name.split("/", maxsplit=1)[0]
    there = known(values)
    quantiles = {key: _plain(quantile(there, share)) if there.size else None for key, share in QUANTILES}
    finite = there[np.isfinite(there)]
    return {
        "key": name,
        "words": described(name),
        "unit": WORDS.get(measure, ("", ""))[1],
        "primary": name == design.primary_key,
        "mean": _plain(float(finite.mean())) if finite.size == there.size and finite.size else None,
        "sd": _plain(float(finite.std())) if finite.size == there.size and finite.size else None,
        **quantiles,
        "not_estimable": int(values.size - there.size),
        "histogram": _histogram(finite),
        "published": None if printed is None else _beside(printed, there),
    }


def _beside(printed: Published, values: Floats) -> Report:
    place = place_percent(values, printed.value)
    middle = quantile(values, 0.5) if values.size else math.nan
    off = (middle - printed.value) / printed.se if printed.se else None
    return {
        "value": printed.value,
        "low": printed.low,
        "high": printed.high,
        "se": printed.se,
        "place_percent": _plain(place),
        "inside_90": 5.0 <= place <= 95.0,
        "inside_95": 2.5 <= place <= 97.5,
        "off_by_se": _plain(off) if off is not None else None,
        "source": printed.sourced.source,
        "at": printed.sourced.at,
        "basis": printed.sourced.basis,
        "grade": printed.sourced.grade,
    }


def references(design: Design) -> list[dict[str, str]]:
    """The papers behind a design's numbers, each once; a key without an entry stands for itself."""
    known_papers = _papers()
    keys = sorted(set(_keys(design)) - set(OWN_CHOICES))
    return [{"key": key, "text": known_papers.get(key, key)} for key in keys]


def _keys(design: Design) -> Iterable[str]:
    for row in design.published:
        yield row.sourced.source
    if design.doubt is not None:
        yield design.doubt.sourced.source
    if design.kind is Kind.SESSIONS:
        from matrescence.outcomes.posterior import session_posterior

        yield from session_posterior().provenance["sources"]
    for arm in design.arms:
        yield from (share.sourced.source for share in arm.completion)
        yield from (change.sourced.source for change in arm.changes)
        yield from (one.sourced.source for one in (arm.risk, arm.ratio) if one is not None)


@cache
def _papers() -> Mapping[str, str]:
    files = [*sorted(TRIAL_FILES.parent.glob("references*.bib")), Path(__file__).parent / "references.bib"]
    return {key: entry.line for file in files for key, entry in read_bibliography(file).items()}


def _histogram(values: Floats) -> Report | None:
    """Counts between the 0.5 % and the 99.5 % quantile, for drawing; nothing where all replicates agree."""
    if values.size < 2 or quantile(values, 0.005) >= quantile(values, 0.995):
        return None
    counts, edges = np.histogram(values, bins=BINS, range=(quantile(values, 0.005), quantile(values, 0.995)))
    return {"low": _plain(float(edges[0])), "high": _plain(float(edges[-1])), "counts": [int(n) for n in counts]}


def place_percent(values: Floats, published: float) -> float:
    """The percentage of replicates below a published value; those equal to it count half."""
    if not values.size:
        return math.nan
    near = np.isclose(values, published, rtol=0.0, atol=1e-6)
    return 100.0 * float(((values < published) & ~near).sum() + 0.5 * near.sum()) / values.size


def known(values: Floats) -> Floats:
    """The replicates in which a quantity could be estimated; infinite ones stay."""
    return np.asarray(values[~np.isnan(values)])


def quantile(values: Floats, share: float) -> float:
    """The smallest value that at least ``share`` of the replicates do not pass."""
    return float(np.quantile(values, share, method="inverted_cdf"))


def replicates_csv(found: Replicates) -> str:
    """One line for each replicate, one column for each quantity; empty where a number could not be estimated."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["replicate", *found.names])
    for number, row in enumerate(found.values):
        writer.writerow([number, *("" if math.isnan(value) else f"{value:.10g}" for value in row)])
    return out.getvalue()


def _plain(value: float) -> float | None:
    """A number that JSON knows, with the digits that are worth keeping."""
    return None if not math.isfinite(value) else float(f"{value:.8g}")
