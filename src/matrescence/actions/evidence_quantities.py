"""One function for each quantity that a published row may name: the study is simulated, one number comes back.

Every function takes a :class:`Repeat` (the row with its drug, model, women and what they were given) and returns the
predicted number in the unit that the quantity's name ends in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from matrescence.care.drug import Drug, SideEffect
from matrescence.care.infusion.plan import Treatment, plan_treatment, regimen_of
from matrescence.formulary.published import PublishedRow, Study
from matrescence.pharmacology import cohort as cohorts
from matrescence.pharmacology import exposure, milk
from matrescence.pharmacology.cohort import Cohort
from matrescence.pharmacology.model import Model
from matrescence.pharmacology.regimen import Bolus, Regimen
from matrescence.pharmacology.simulate import observe, simulate
from matrescence.reading import InputError

Floats = NDArray[np.float64]

_ANY_START = datetime(2024, 1, 1, 8, tzinfo=UTC)
_USUAL_EGFR = 120.0
_STATISTICS: dict[str, Callable[[Floats], float]] = {
    "typical": lambda values: float(values[0]),
    "median": lambda values: float(np.median(values)),
    "mean": lambda values: float(np.mean(values)),
    "geometric-mean": lambda values: float(np.exp(np.mean(np.log(values)))),
    "p05": lambda values: float(np.quantile(values, 0.05)),
    "p95": lambda values: float(np.quantile(values, 0.95)),
}


@dataclass(frozen=True, slots=True)
class Repeat:
    """One published row, ready to be simulated: the same study, with virtual women."""

    row: PublishedRow
    drug: Drug
    seed: int

    @property
    def study(self) -> Study:
        """The conditions of the study."""
        return self.row.study

    @property
    def model(self) -> Model:
        """The model the row names, or the drug's default.

        Raises:
            InputError: the row names a model that is not there, or the drug has none.
        """
        name = self.study.model or self.drug.default_model
        if name is None or name not in self.drug.models:
            raise InputError(f"{self.drug.name}: row {self.row.id!r} needs a model, and {name!r} is not in models/.")
        return self.drug.models[name]

    @property
    def treatment(self) -> Treatment:
        """The plan for a woman of the study's weight.

        Raises:
            InputError: the row names a regimen that is not there.
        """
        name = self.study.regimen or self.drug.default_regimen
        if name not in self.drug.regimens:
            raise InputError(f"{self.drug.name}: row {self.row.id!r}: there is no regimen {name!r}.")
        plan = self.drug.regimens[name]
        return plan_treatment(plan, self.drug.preparation, (), weight_kg=self.study.weight_kg, start=_ANY_START)

    @property
    def regimen(self) -> Regimen:
        """What was given: the row's own amounts, or the regimen it names."""
        return self.study.given or regimen_of(self.treatment)

    def women(self, *, egfr: float | None = None) -> Cohort:
        """The typical woman, or as many as the study asks for; parameter uncertainty is left out on purpose."""
        covariates = {
            "weight_kg": self.study.weight_kg,
            "egfr_ml_per_min_1_73m2": egfr or self.study.egfr or _USUAL_EGFR,
        }
        if self.study.statistic == "typical":
            return cohorts.typical(self.model, covariates=covariates)
        return cohorts.draw(
            self.model, covariates=covariates, women=self.study.women, seed=self.seed, uncertainty=False
        )

    def sum_up(self, values: Floats) -> float:
        """One number from all women, by the study's statistic."""
        return _STATISTICS[self.study.statistic](np.asarray(values))

    def need(self, name: str) -> float:
        """A condition that this quantity cannot do without.

        Raises:
            InputError: the row does not give it.
        """
        value = getattr(self.study, name)
        if value is None:
            raise InputError(f"{self.drug.name}: row {self.row.id!r}: {name} is missing; {self.row.quantity} needs it.")
        return float(value)


# ---- arithmetic of the plan -----------------------------------------------------------------------------------


def _course_total_ug_per_kg(repeat: Repeat) -> float:
    return 1000.0 * repeat.treatment.total_dose_mg / repeat.study.weight_kg


def _course_total_mg(repeat: Repeat) -> float:
    return repeat.treatment.total_dose_mg


def _pump_rate(repeat: Repeat) -> float:
    at_h = repeat.need("at_h")
    rates = [step.rate_ml_per_h for step in repeat.treatment.steps if step.start_h <= at_h < step.end_h]
    return float("nan") if not rates or rates[0] is None else rates[0]


def _bags(repeat: Repeat) -> float:
    return float(len(repeat.treatment.bags))


def _longest_hang(repeat: Repeat) -> float:
    return max(bag.change_by_h - bag.hang_at_h for bag in repeat.treatment.bags)


# ---- exposure -------------------------------------------------------------------------------------------------


def _auc_inf(repeat: Repeat) -> float:
    return repeat.sum_up(_areas(repeat))


def _areas(repeat: Repeat, *, egfr: float | None = None) -> Floats:
    return exposure.auc_to_infinity(repeat.model, repeat.women(egfr=egfr), repeat.regimen, output=repeat.study.output)


def _given_ug(repeat: Repeat) -> float:
    return repeat.regimen.total_ug * (repeat.study.weight_kg if repeat.regimen.per_kg else 1.0)


def _clearance(repeat: Repeat) -> float:
    """Dose over area, L/h."""
    return repeat.sum_up(_given_ug(repeat) / _areas(repeat))


def _clearance_per_kg(repeat: Repeat) -> float:
    return _clearance(repeat) / repeat.study.weight_kg


def _volume(repeat: Repeat) -> float:
    """Volume at steady state, L: ``dose * AUMC / AUC**2`` after a bolus, the moment taken from the tail areas.

    ``AUMC = integral of (area still to come) dt``, by Simpson's rule on a logarithmic grid of time.
    """
    women, dose_ug = repeat.women(), 1000.0
    bolus = Regimen(boluses=(Bolus(0.0, dose_ug),))
    area = exposure.auc_to_infinity(repeat.model, women, bolus)
    logs = np.linspace(np.log(1e-5), np.log(2000.0), 2001)
    level = simulate(repeat.model, women, bolus, np.exp(logs), outputs=["plasma"]).values["plasma"]
    weights = np.r_[1.0, np.tile([4.0, 2.0], 999), 4.0, 1.0] * (logs[1] - logs[0]) / 3.0
    moment = (level * np.exp(2.0 * logs) * weights).sum(axis=1)
    return repeat.sum_up(dose_ug * moment / area**2)


def _volume_per_kg(repeat: Repeat) -> float:
    return _volume(repeat) / repeat.study.weight_kg


def _half_life(repeat: Repeat) -> float:
    return repeat.sum_up(exposure.terminal_half_life_h(repeat.model, repeat.women(), output=repeat.study.output))


def _cmax(repeat: Repeat) -> float:
    return repeat.sum_up(_peaks(repeat))


def _peaks(repeat: Repeat, *, egfr: float | None = None) -> Floats:
    return exposure.cmax(repeat.model, repeat.women(egfr=egfr), repeat.regimen, output=repeat.study.output)


def _cmax_sampled(repeat: Repeat) -> float:
    """The highest of noisy samples at the study's times: what a trial reports as its peak."""
    course = simulate(repeat.model, repeat.women(), repeat.regimen, repeat.study.sampling_h)
    return repeat.sum_up(observe(repeat.model, course).values[repeat.study.output].max(axis=1))


def _tmax(repeat: Repeat) -> float:
    found = exposure.tmax(repeat.model, repeat.women(), repeat.regimen, output=repeat.study.output)
    return repeat.sum_up(found - (repeat.study.from_h or 0.0))


def _level_at(repeat: Repeat) -> float:
    course = simulate(repeat.model, repeat.women(), repeat.regimen, [repeat.need("at_h")])
    return repeat.sum_up(course.values[repeat.study.output][:, 0])


def _average(repeat: Repeat) -> float:
    return repeat.sum_up(
        exposure.average(
            repeat.model,
            repeat.women(),
            repeat.regimen,
            output=repeat.study.output,
            from_h=repeat.need("from_h"),
            until_h=repeat.need("at_h"),
        )
    )


def _share_below(repeat: Repeat) -> float:
    at_h = repeat.regimen.end_h + repeat.need("after_end_h")
    course = simulate(repeat.model, repeat.women(), repeat.regimen, [at_h])
    return 100.0 * float(np.mean(course.values[repeat.study.output][:, 0] < repeat.need("below")))


def _share_to_come(repeat: Repeat) -> float:
    at_h = repeat.regimen.end_h + repeat.need("after_end_h")
    shares = exposure.share_to_come(repeat.model, repeat.women(), repeat.regimen, output=repeat.study.output, at_h=at_h)
    return 100.0 * repeat.sum_up(shares)


def _time_to_half(repeat: Repeat) -> float:
    """Minutes after a stop at ``at_h`` until plasma has halved."""
    at_h, women = repeat.need("at_h"), repeat.women()
    stopped = repeat.regimen.stopped_at(at_h)
    start = simulate(repeat.model, women, stopped, [at_h]).values["plasma"][:, 0]
    hours = exposure.time_to_fall_below_h(repeat.model, women, stopped, level=start / 2.0, after_h=at_h)
    return 60.0 * repeat.sum_up(hours)


def _auc_ratio(repeat: Repeat) -> float:
    normal = _areas(repeat, egfr=repeat.need("reference_egfr"))
    return repeat.sum_up(_areas(repeat, egfr=repeat.need("egfr")) / normal)


def _cmax_ratio(repeat: Repeat) -> float:
    normal = _peaks(repeat, egfr=repeat.need("reference_egfr"))
    return repeat.sum_up(_peaks(repeat, egfr=repeat.need("egfr")) / normal)


# ---- milk -----------------------------------------------------------------------------------------------------


def _milk_to_plasma(repeat: Repeat) -> float:
    women = repeat.women()
    into_milk = exposure.auc_to_infinity(repeat.model, women, repeat.regimen, output="milk")
    return repeat.sum_up(into_milk / exposure.auc_to_infinity(repeat.model, women, repeat.regimen))


def _relative_infant_dose(repeat: Repeat) -> float:
    percent = milk.relative_infant_dose_percent(
        repeat.model, repeat.women(), repeat.regimen, intake_ml_per_kg_day=repeat.study.intake_ml_per_kg_day
    )
    return repeat.sum_up(percent) * repeat.study.fraction_absorbed


def _peak_day_relative_infant_dose(repeat: Repeat) -> float:
    percent = milk.peak_day_relative_infant_dose_percent(
        repeat.model, repeat.women(), repeat.regimen, intake_ml_per_kg_day=repeat.study.intake_ml_per_kg_day
    )
    return repeat.sum_up(percent)


def _infant_dose(repeat: Repeat) -> float:
    """Over the 24 h from ``from_h``, mg/kg."""
    from_h = repeat.need("from_h")
    dose_ug_per_kg = milk.infant_dose_ug_per_kg(
        repeat.model,
        repeat.women(),
        repeat.regimen,
        from_h=from_h,
        until_h=from_h + 24.0,
        intake_ml_per_kg_day=repeat.study.intake_ml_per_kg_day,
    )
    return repeat.sum_up(dose_ug_per_kg) / 1000.0


# ---- side effects ---------------------------------------------------------------------------------------------


def counted(repeat: Repeat, *, regimen: str | None = None) -> tuple[int, int]:
    """Events and people of the row's arm, from the drug's counts.

    Raises:
        InputError: the drug has no such side effect for this regimen, or no counts for its control arm.
    """
    effect = _side_effect(repeat, regimen or repeat.study.regimen or "any")
    if repeat.study.arm == "drug":
        return effect.events, effect.people
    if effect.control_events is None or effect.control_people is None:
        raise InputError(f"{repeat.drug.name}: {effect.name!r} has no counts for its control arm.")
    return effect.control_events, effect.control_people


def _side_effect(repeat: Repeat, regimen: str) -> SideEffect:
    for effect in repeat.drug.side_effects:
        if effect.name == repeat.study.effect and effect.regimen == regimen:
            return effect
    raise InputError(
        f"{repeat.drug.name}: row {repeat.row.id!r}: no side effect {repeat.study.effect!r} for regimen {regimen!r}."
    )


def _side_effect_per_100(repeat: Repeat) -> float:
    events, people = counted(repeat)
    return 100.0 * events / people


def _side_effect_ratio(repeat: Repeat) -> float:
    events, people = counted(repeat)
    other_events, other_people = counted(repeat, regimen=repeat.study.other_regimen)
    return (events / people) / (other_events / other_people)


PREDICT: dict[str, Callable[[Repeat], float]] = {
    "course_total_ug_per_kg": _course_total_ug_per_kg,
    "course_total_mg": _course_total_mg,
    "pump_rate_ml_per_h": _pump_rate,
    "bags": _bags,
    "longest_hang_h": _longest_hang,
    "clearance_l_per_h": _clearance,
    "clearance_l_per_h_per_kg": _clearance_per_kg,
    "volume_l": _volume,
    "volume_l_per_kg": _volume_per_kg,
    "auc_inf_ng_h_per_ml": _auc_inf,
    "half_life_h": _half_life,
    "cmax_ng_per_ml": _cmax,
    "cmax_sampled_ng_per_ml": _cmax_sampled,
    "tmax_h": _tmax,
    "level_at_ng_per_ml": _level_at,
    "average_ng_per_ml": _average,
    "share_below_percent": _share_below,
    "share_to_come_percent": _share_to_come,
    "milk_to_plasma": _milk_to_plasma,
    "relative_infant_dose_percent": _relative_infant_dose,
    "peak_day_relative_infant_dose_percent": _peak_day_relative_infant_dose,
    "infant_dose_mg_per_kg_day": _infant_dose,
    "time_to_half_min": _time_to_half,
    "auc_ratio": _auc_ratio,
    "cmax_ratio": _cmax_ratio,
    "side_effect_per_100": _side_effect_per_100,
    "side_effect_ratio": _side_effect_ratio,
}
"""Every quantity of ``formulary.published.QUANTITIES`` with its function."""
