"""The rules a plan is made by and the warnings it may carry, once: tests, reference pages and SAFETY.md read this.

A warning that rests on a drug's criterion carries the source and grade of the drug's own sentence; the source and grade
here are those of the rule itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from matrescence.care.eligibility.rules import TOPICS
from matrescence.care.verdict import Rule

PROJECT = "matrescence"
"""The citation key of what this project decided itself."""

_RENAMED = {"weight": "weight_outside_studied"}

_OWN: tuple[tuple[str, str], ...] = (
    ("withdrawn", "The drug's approval was withdrawn: said with every plan."),
    ("off_label", "The use is off label: said with every plan."),
    ("looks_like_pounds", "A weight that gives an unlikely body mass index, and an ordinary one when read in pounds."),
    ("age_outside_studied", "An age outside the range of the people the model was built on."),
    ("prevention", "A regimen for prevention at caesarean section, and none is planned or it is not known."),
    ("not_evening", "A regimen that is taken in the evening, and her file starts it before 17:00 or after midnight."),
    ("already_taken", "She takes the planned drug already."),
    ("medicines_not_known", "Her medicines are not known, so nothing was checked against them."),
    ("medicine_not_listed", "A medicine that is not in the program's list was checked against nothing."),
    ("sleep_not_planned", "No planned sleep is given, so checks run around the clock."),
    ("not_asked", "Criteria of the drug that a mother's file does not hold are passed on as questions."),
    ("pump_rate", "Pump rate = rate per kg x weight / concentration; without a known concentration it is unknown."),
    (
        "bags",
        "A bag is changed when empty or at its hang time, whichever comes first; the label's extra bag is planned.",
    ),
    ("checks", "Continuous, interval and timed checks by elapsed time; those that spare sleep are left out in it."),
    ("feeding", "Every source's advice stands side by side with its own clock time; none is chosen."),
)

RULES: tuple[Rule, ...] = (
    *(Rule(f"plan.{_RENAMED.get(topic, topic)}", text, PROJECT, "C") for topic, text in TOPICS.values()),
    *(Rule(f"plan.{topic}", text, PROJECT, "C") for topic, text in _OWN),
)

RULE: Mapping[str, Rule] = {rule.id: rule for rule in RULES}

RULE_OF: Mapping[str, Rule] = {name: RULE[f"plan.{_RENAMED.get(topic, topic)}"] for name, (topic, _) in TOPICS.items()}
"""The rule of each criterion, by the criterion's name in a drug's folder."""
