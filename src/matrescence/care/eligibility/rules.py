"""Every rule of eligibility, once: tests, reference pages and SAFETY.md read this table.

A reason about one mother carries the source and the grade of the drug's own sentence; the source and grade here are
those of the rule itself, which is the project's way of asking.
"""

from __future__ import annotations

from collections.abc import Mapping

from matrescence.care.verdict import Rule

OURS = "project-decision"

TOPICS: Mapping[str, tuple[str, str]] = {
    "egfr_below": ("kidney", "Kidney function (eGFR) below the drug's threshold."),
    "age_below": ("age", "Age below the drug's threshold."),
    "weight_outside_studied": ("weight", "Body weight outside the range of the women who were studied."),
    "days_since_birth_over": ("days_since_birth", "More days since birth than the drug was studied for."),
    "pregnancy": ("pregnancy", "Pregnancy, by her own word or by weeks of gestation in her file."),
    "breastfeeding": ("breastfeeding", "Her infant has her milk, alone or with formula."),
    "psychosis": ("psychosis", "Psychosis now; psychosis in the past alone is for a clinician to weigh."),
    "bipolar": ("bipolar", "Bipolar disorder, or mania or hypomania in the past."),
    "aneurysmal_disease": ("aneurysm", "Aneurysm, arteriovenous malformation, or bleeding in the brain."),
    "uncontrolled_hypertension": (
        "blood_pressure",
        "High blood pressure that is not controlled; one normal reading does not show control.",
    ),
    "raised_intracranial_pressure": ("intracranial_pressure", "Raised pressure in the head or in the eye."),
    "liver_disease": ("liver", "A liver class that the drug names; where it names none, any known liver disease."),
    "substance_use": ("substance_use", "Misuse of alcohol, medicines or drugs, now or before."),
    "hypersensitivity": ("hypersensitivity", "An allergy to the drug or to something in it."),
    "sole_caregiver": ("accompanied", "Nobody else is with her whenever she is with her children."),
    "cns_depressants": ("cns_depressants", "Medicines that depress the central nervous system, or alcohol."),
    "benzodiazepine_blunting": (
        "benzodiazepine",
        "More benzodiazepine a day, in diazepam equivalents, than the drug's threshold.",
    ),
    "maoi": ("maoi", "A monoamine oxidase inhibitor."),
    "theophylline": ("theophylline", "Theophylline or aminophylline."),
    "psychostimulants": ("psychostimulants", "A psychostimulant."),
    "antidepressants": ("antidepressants", "An antidepressant."),
    "cyp3a4_inducers": ("cyp3a4_inducers", "A medicine that speeds up CYP3A4."),
    "cyp3a4_inhibitors": ("cyp3a4_inhibitors", "A medicine that slows down CYP3A4."),
}
"""Criterion name -> topic of its rule and the rule in one sentence."""

_COMPOSITION: tuple[tuple[str, str], ...] = (
    ("availability", "What became of the drug's approval, or that the use is off label, is said with every verdict."),
    ("unknown", "A fact that is not known is a reason of its own, never a no and never a zero."),
    (
        "verdict",
        "Not eligible when any criterion forbids; otherwise the clinician decides when any criterion asks, or when a "
        "criterion that forbids or asks is unknown; otherwise eligible. Warnings never decide.",
    ),
)

RULES: tuple[Rule, ...] = tuple(
    Rule(f"eligibility.{topic}", text, OURS, "C") for topic, text in (*TOPICS.values(), *_COMPOSITION)
)

RULE: dict[str, Rule] = {rule.id: rule for rule in RULES}

RULE_OF: Mapping[str, Rule] = {name: RULE[f"eligibility.{topic}"] for name, (topic, _) in TOPICS.items()}
"""The rule of each criterion, by the criterion's name."""
