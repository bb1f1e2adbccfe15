"""What can be read at the bedside, as forms: one for each kind, with the scales of sedation that are known."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matrescence.care.assessment.scales import Measures
from matrescence.care.infusion.order import Limit
from matrescence.care.infusion.readings import (
    SATISFIES,
    Awareness,
    BloodPressure,
    Consciousness,
    Drawn,
    Measure,
    Oximetry,
    PlasmaLevel,
    Pulse,
    Reading,
    Sedation,
)
from matrescence.care.infusion.state import State
from matrescence.clinic.infusion import fields as f
from matrescence.clinic.infusion.fields import Ask
from matrescence.instruments.library import load, names

KINDS: Mapping[str, str] = {
    "sedation": gettext_lazy("Sedation"),
    "oximetry": gettext_lazy("Oxygen saturation and pulse"),
    "blood-pressure": gettext_lazy("Blood pressure"),
    "pulse": gettext_lazy("Pulse"),
    "consciousness": gettext_lazy("Consciousness"),
    "plasma-level": gettext_lazy("Plasma level"),
}
SAMPLED = frozenset({"plasma-level"})
"""The kinds whose time is that of the sample: it is always asked, because the result comes later."""
KIND_OF: Mapping[type, str] = {**SATISFIES, PlasmaLevel: "plasma-level"}


@cache
def scales() -> Mapping[str, str]:
    """The scales of sedation that the program knows: the name that a record holds, and what people call it."""
    found = (load(name) for name in names())
    return {scale.name: scale.label for scale in found if scale.measures is Measures.SEDATION}


def kinds_for(state: State) -> tuple[str, ...]:
    """The kinds of reading for this order: what it wants checked first, then the others."""
    ordered = [check.kind for check in state.ordered.checks if check.kind in KINDS]
    return tuple(dict.fromkeys([*ordered, *KINDS]))


def reading_asks(kind: str, state: State) -> tuple[Ask, ...]:
    """The fields of one kind of reading; the choice of a kind where none is named."""
    make = {
        "sedation": _sedation,
        "oximetry": _oximetry,
        "blood-pressure": _pressure,
        "pulse": _pulse,
        "consciousness": _consciousness,
        "plasma-level": _level,
    }.get(kind)
    if make is None:
        choices = tuple((name, str(KINDS[name]), "") for name in kinds_for(state))
        return (Ask("reading", _("What do you record?"), "choice", choices=choices),)
    return (Ask("reading", kind="hidden", value=kind), *make(state))


def reading_payload(post: Mapping[str, Any], state: State) -> dict[str, Any]:
    """The reading that was typed, as a record holds it; whether it can be true is asked by the rules.

    Raises:
        FieldError: a field is missing, or no number.
    """
    kind = str(post.get("reading", ""))
    match kind:
        case "sedation":
            return {"reading": kind, **_sedation_said(post, state)}
        case "oximetry":
            found = {"spo2_percent": f.number(post, "spo2_percent", _("Oxygen saturation"))}
            pulse = f.number(post, "pulse_per_min", _("Pulse"), required=False)
            return {"reading": kind, **found} | ({} if pulse is None else {"pulse_per_min": pulse})
        case "blood-pressure":
            names = {"systolic_mmhg": _("Upper value"), "diastolic_mmhg": _("Lower value")}
            return {"reading": kind, **{name: f.number(post, name, label) for name, label in names.items()}}
        case "pulse":
            return {"reading": kind, "pulse_per_min": f.number(post, "pulse_per_min", _("Pulse"))}
        case "consciousness":
            return {"reading": kind, "awareness": f.chosen(post, _consciousness(state)[0])}
        case "plasma-level":
            return {"reading": kind, **_level_said(post, state)}
    raise f.FieldError("reading", _("Choose what you record."))


def kind_of(reading: Reading) -> str:
    """The kind of a reading, by the word that its form uses."""
    return KIND_OF[type(reading)]


def values_of(reading: Reading) -> dict[str, str]:  # noqa: PLR0911 -- one arm for each kind of reading
    """A reading as its form would hold it."""
    match reading:
        case Oximetry(spo2, pulse):
            return {"spo2_percent": f"{spo2:g}", "pulse_per_min": "" if pulse is None else f"{pulse:g}"}
        case Pulse(pulse):
            return {"pulse_per_min": f"{pulse:g}"}
        case BloodPressure(upper, lower):
            return {"systolic_mmhg": f"{upper:g}", "diastolic_mmhg": f"{lower:g}"}
        case Sedation(excessive, scale, score):
            judged = {None: "not-judged", True: "yes", False: "no"}[excessive]
            return {"excessive": judged, "scale": scale or "", "score": "" if score is None else f"{score:g}"}
        case Consciousness(awareness):
            return {"awareness": awareness.value}
        case PlasmaLevel(level, below, drawn):
            number, limit = ("", f"{below:g}") if below is not None else (f"{level:g}", "")
            return {"level_ng_per_ml": number, "below_ng_per_ml": limit, "drawn": "" if drawn is None else drawn.value}
    return {}


# ---- the forms --------------------------------------------------------------------------------------------------


def _sedation(state: State) -> tuple[Ask, ...]:
    judged = (
        ("no", _("Not excessive"), ""),
        ("yes", _("Excessive"), _("A stop is requested, as the order says")),
        ("not-judged", _("Not judged"), _("Then a score is needed below")),
    )
    known = dict.fromkeys([*_scales_with_limit(state), *scales()])
    named = ((name, scales().get(name, name), _limit_words(state, name)) for name in known)
    return (
        Ask("excessive", _("Is she too sedated?"), "choice", choices=judged),
        Ask("scale", _("Score on a scale"), "choice", choices=(("", _("No score"), ""), *named), required=False),
        Ask("score", _("Score"), "number", required=False),
    )


def _scales_with_limit(state: State) -> list[str]:
    return [limit.scale for limit in state.ordered.limits if limit.measure is Measure.SEDATION and limit.scale]


def _limit_words(state: State, scale: str) -> str:
    limits = [one for one in state.ordered.limits if one.scale == scale and one.is_set]
    return "; ".join(_limit(one) for one in limits)


def _limit(limit: Limit) -> str:
    sides = ((limit.below, "<"), (limit.at_or_below, "≤"), (limit.at_or_above, "≥"))
    return ", ".join(f"{sign} {value:g}: {limit.finding}" for value, sign in sides if value is not None)


def _sedation_said(post: Mapping[str, Any], state: State) -> dict[str, Any]:
    judged = f.chosen(post, _sedation(state)[0])
    scale, score = str(post.get("scale", "")).strip(), f.number(post, "score", _("Score"), required=False)
    if judged == "not-judged" and score is None:
        raise f.FieldError("score", _("Judge it, or give a score on a scale."))
    if (score is None) != (not scale):
        raise f.FieldError(
            "score" if scale else "scale", _("A score needs the name of its scale, and a scale its score.")
        )
    said: dict[str, Any] = {} if judged == "not-judged" else {"excessive": judged == "yes"}
    return said if score is None else {**said, "scale": scale, "score": score}


def _oximetry(_state: State) -> tuple[Ask, ...]:
    return (
        Ask("spo2_percent", _("Oxygen saturation (SpO2)"), "number", unit="%"),
        Ask("pulse_per_min", _("Pulse"), "number", unit="/min", required=False),
    )


def _pressure(_state: State) -> tuple[Ask, ...]:
    return (
        Ask("systolic_mmhg", _("Upper value (systolic)"), "number", unit="mmHg"),
        Ask("diastolic_mmhg", _("Lower value (diastolic)"), "number", unit="mmHg"),
    )


def _pulse(_state: State) -> tuple[Ask, ...]:
    return (Ask("pulse_per_min", _("Pulse"), "number", unit="/min"),)


def _consciousness(_state: State) -> tuple[Ask, ...]:
    choices = (
        (Awareness.AWAKE.value, _("Awake"), ""),
        (Awareness.ROUSABLE.value, _("Can be roused"), ""),
        (Awareness.LOST.value, _("Consciousness lost"), _("What the order says follows at once")),
    )
    return (Ask("awareness", _("How does she answer?"), "choice", choices=choices),)


def _level(_state: State) -> tuple[Ask, ...]:
    places = (
        (Drawn.VEIN.value, _("A vein"), ""),
        (Drawn.ARTERY.value, _("An artery"), ""),
        ("", _("Not known"), ""),
    )
    same = _("1 ng/mL is the same as 1 microgram/L.")
    below = _("Only where the laboratory gave no number: the limit of quantification that it lay below.")
    return (
        Ask("level_ng_per_ml", _("Level in plasma"), "number", unit="ng/mL", hint=same, required=False),
        Ask("below_ng_per_ml", _("Or: it lay below"), "number", unit="ng/mL", hint=below, required=False),
        Ask("drawn", _("From where was the blood drawn?"), "choice", choices=places, required=False),
    )


def _level_said(post: Mapping[str, Any], state: State) -> dict[str, Any]:
    """A number, or 0 with the limit that it lay below; never both."""
    number, limit, place = _level(state)
    level = f.number(post, number.name, number.label, required=False)
    below = f.number(post, limit.name, limit.label, required=False)
    if (level is None) == (below is None):
        raise f.FieldError(number.name, _("Give the level, or the limit that it lay below: one of the two."))
    drawn = f.chosen(post, place)
    said: dict[str, Any] = {"level_ng_per_ml": level} if below is None else {"level_ng_per_ml": 0, limit.name: below}
    return said | ({"drawn": drawn} if drawn else {})
