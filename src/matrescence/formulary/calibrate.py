"""Fit a two-compartment model per kg to published summaries, reproducibly.

Least squares over log parameters (trust region, ``scipy``).  The virtual women of the fit are a fixed low-discrepancy
set, so the same targets give the same bytes.  The covariance of the typical values is the inverse of ``J' J``, with the
spreads and the error integrated out: what the targets do not decide keeps the width of its prior.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matrescence.care.drug import RegimenPlan
from matrescence.formulary.calibration import PARAMETERS, Calibration, Target, read_calibration
from matrescence.formulary.library import SHIPPED, folder_of
from matrescence.formulary.read_drug import read_drug
from matrescence.pharmacology.cohort import Cohort
from matrescence.pharmacology.exposure import auc_to_infinity, terminal_half_life_h
from matrescence.pharmacology.model import Model
from matrescence.pharmacology.regimen import RateStep, Regimen
from matrescence.pharmacology.simulate import simulate
from matrescence.reading import InputError

Floats = NDArray[np.float64]
TYPICAL = ("cl", "v1", "q", "v2")


@dataclass(frozen=True, slots=True)
class Compared:
    """One target beside what the fitted model gives; ``off_by`` is the difference in standard errors."""

    id: str
    what: str
    target: float
    fitted: float
    off_by: float
    source: str


@dataclass(frozen=True, slots=True)
class Fit:
    """The fitted parameters, the log covariance of the four typical values, and the comparison with every target."""

    values: dict[str, float]
    covariance: tuple[tuple[float, ...], ...]
    compared: tuple[Compared, ...]


@dataclass(frozen=True, slots=True)
class _Sample:
    """What the virtual women of one set of parameters show."""

    auc_inf: Floats
    half_life: Floats
    cmax_sampled: Floats
    milk: dict[float, Floats]
    values: dict[str, float]


def calibrate(name: str, *, root: Path | None = None) -> Fit:
    """Fit one drug to the targets in its folder.

    Raises:
        InputError: the drug has no ``calibration.toml``, or it cannot be used.
        UnknownDrug: there is no such drug.
    """
    folder = folder_of(name, root=root)
    if not (folder / "calibration.toml").exists():
        raise InputError(f"{folder}: there is no calibration.toml; {name} has nothing to calibrate.")
    drug = read_drug(folder)
    calibration = read_calibration(folder / "calibration.toml")
    if calibration.writes not in drug.models:
        raise InputError(f"{folder / 'calibration.toml'}: writes = {calibration.writes!r} names no model in models/.")
    return fit(calibration, drug.models[calibration.writes], drug.regimens[calibration.regimen])


def fit(calibration: Calibration, model: Model, plan: RegimenPlan) -> Fit:
    """Minimise the sum of squared differences in standard errors over the log parameters."""
    from scipy.optimize import least_squares

    women = _virtual_women(calibration)
    regimen = _regimen(plan)

    def residuals(log_values: Floats) -> Floats:
        sample = _show(dict(zip(PARAMETERS, np.exp(log_values), strict=True)), calibration, model, regimen, women)
        return np.array([row.off_by for target in calibration.targets for row in _compare(target, sample)])

    start = np.log([calibration.start[name] for name in PARAMETERS])
    found = least_squares(
        residuals, start, method="trf", x_scale=1.0, xtol=1e-12, ftol=1e-12, gtol=1e-12, diff_step=1e-3
    )
    values = {name: round_to(value, 4) for name, value in zip(PARAMETERS, np.exp(found.x), strict=True)}
    sample = _show(values, calibration, model, regimen, women)
    covariance = np.linalg.inv(found.jac.T @ found.jac)[: len(TYPICAL), : len(TYPICAL)]
    return Fit(
        values,
        tuple(tuple(round_to(float(item), 3) for item in row) for row in covariance),
        tuple(row for target in calibration.targets for row in _compare(target, sample)),
    )


def round_to(value: float, digits: int) -> float:
    """Round to significant digits, so that the written file does not change with the last bit of a processor."""
    return float(f"{value:.{digits}g}")


# ---- what the women show --------------------------------------------------------------------------------------


def _virtual_women(calibration: Calibration) -> Floats:
    """Standard normals (women, 3 + samples) from an unscrambled Sobol sequence, shifted off its corner at zero."""
    from scipy.special import ndtri
    from scipy.stats import qmc

    size = calibration.women
    points = qmc.Sobol(3 + len(calibration.sampling_h), scramble=False).random(size)
    normals: Floats = ndtri(points * (1.0 - 1.0 / size) + 0.5 / size)
    return normals


def _regimen(plan: RegimenPlan) -> Regimen:
    steps = [RateStep(step.start_h, step.end_h, step.rate_ug_per_kg_h) for step in plan.staircase]
    return Regimen(steps=tuple(steps), per_kg=True)


def _show(values: dict[str, float], calibration: Calibration, model: Model, regimen: Regimen, women: Floats) -> _Sample:
    cohort = _cohort(values, model, women)
    late_h = [t.after_end_h for t in calibration.targets if t.after_end_h is not None]
    times = [*calibration.sampling_h, *(regimen.end_h + hours for hours in late_h)]
    course = simulate(model, cohort, regimen, times)
    count = len(calibration.sampling_h)
    noise = 1.0 + values["proportional_error"] * women[:, 3 : 3 + count]
    return _Sample(
        auc_inf=auc_to_infinity(model, cohort, regimen),
        half_life=terminal_half_life_h(model, cohort),
        cmax_sampled=(course.values["plasma"][:, :count] * noise).max(axis=1),
        milk={hours: course.values["milk"][:, count + n] for n, hours in enumerate(late_h)},
        values=values,
    )


def _cohort(values: dict[str, float], model: Model, women: Floats) -> Cohort:
    """Women of one kilogram: everything is per kg, so weight drops out."""
    size = women.shape[0]
    one = np.ones(size)
    parameters = {name: one * (fact.value or 0.0) for name, fact in model.typical.items()}
    parameters["cl"] = values["cl"] * np.exp(values["spread_cl"] * women[:, 0])
    parameters["v1"] = values["v1"] * np.exp(values["spread_v"] * women[:, 1])
    parameters["v2"] = values["v2"] * np.exp(values["spread_v"] * women[:, 2])
    parameters["q"] = one * values["q"]
    return Cohort(women=size, seed=0, weight_kg=one, parameters=parameters, covariates={"weight_kg": one})


# ---- how far from the targets ---------------------------------------------------------------------------------


def _compare(target: Target, sample: _Sample) -> list[Compared]:
    """One row for a single value; two for the interval of a mean: its middle, and the spread between women."""
    if target.people is None:
        return [_row(target, _SINGLE[target.quantity](target, sample), target.value, target.log_standard_error(1.0))]
    from scipy.stats import t as student

    logs = np.log(getattr(sample, target.quantity))
    error = target.log_standard_error(float(student.ppf(0.975, target.people - 1)))
    spread = error * math.sqrt(target.people)
    # The standard error of the log of a standard deviation is 1 / sqrt(2 (n - 1)).
    spread_error = 1.0 / math.sqrt(2.0 * (target.people - 1))
    return [
        _row(target, math.exp(logs.mean()), target.value, error),
        _row(
            target,
            float(logs.std()),
            spread,
            spread_error,
            id_=f"{target.id}-spread",
            what="  spread between women, log scale",
        ),
    ]


def _row(target: Target, fitted: float, wanted: float, log_error: float, *, id_: str = "", what: str = "") -> Compared:
    off_by = math.log(fitted / wanted) / log_error
    return Compared(id_ or target.id, what or target.what, wanted, fitted, off_by, target.source)


def _milk_quantile(target: Target, sample: _Sample) -> float:
    return float(np.quantile(sample.milk[target.after_end_h or 0.0], target.share or 0.0))


_SINGLE: dict[str, Callable[[Target, _Sample], float]] = {
    "milk_quantile": _milk_quantile,
    "volume": lambda _target, sample: sample.values["v1"] + sample.values["v2"],
    "prior": lambda target, sample: sample.values[target.parameter or ""],
}


# ---- the file that is written ---------------------------------------------------------------------------------


def written(name: str, found: Fit, *, root: Path | None = None) -> tuple[Path, str]:
    """The model file with the fitted numbers put in place: its path and its new text.

    Only the four typical values and the blocks ``between_women``, ``uncertainty`` and ``residual`` change.
    """
    folder = (root or SHIPPED) / name
    path = folder / "models" / f"{read_calibration(folder / 'calibration.toml').writes}.toml"
    lines = path.read_text(encoding="utf-8").split("\n")
    numbers = _fitted_lines(found)
    kept: list[str] = []
    section = ""
    for line in lines:
        section = line.strip("[]") if line.startswith("[") else section
        key = line.split(" = ")[0]
        if section in _BLOCKS and not line.startswith("["):
            continue
        if section == "typical" and key in TYPICAL:
            kept.append(numbers[key])
        else:
            kept += [line, *_block(section, found)] if line == f"[{section}]" and section in _BLOCKS else [line]
    return path, "\n".join(kept).rstrip("\n") + "\n"


_BLOCKS = ("between_women", "uncertainty", "residual")
_UNITS = {"cl": "L/h/kg", "v1": "L/kg", "q": "L/h/kg", "v2": "L/kg"}


def _fitted_lines(found: Fit) -> dict[str, str]:
    at = "fit to the targets of calibration.toml"
    return {
        key: f'{key} = {{ value = {found.values[key]}, unit = "{_UNITS[key]}", source = "matrescence", '
        f'at = "{at}", basis = "calibrated", grade = "C" }}'
        for key in TYPICAL
    }


def _block(section: str, found: Fit) -> list[str]:
    if section == "residual":
        return [f"plasma = {{ proportional = {found.values['proportional_error']} }}", ""]
    names: tuple[str, ...] = TYPICAL
    covariance: Any = found.covariance
    if section == "between_women":
        names = ("cl", "v1", "v2")
        spreads = (found.values["spread_cl"], found.values["spread_v"], found.values["spread_v"])
        covariance = [[round_to(s * s, 4) if i == j else 0.0 for j in range(3)] for i, s in enumerate(spreads)]
    rows = [f"  [{', '.join(str(item) for item in row)}]," for row in covariance]
    listed = ", ".join(f'"{item}"' for item in names)
    return [f"names = [{listed}]", "covariance = [", *rows, "]", ""]
