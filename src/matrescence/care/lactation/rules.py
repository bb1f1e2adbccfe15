"""Every rule of lactation, once: tests, reference pages and SAFETY.md read this table."""

from __future__ import annotations

from collections.abc import Mapping

from matrescence.care.verdict import Rule

OURS = "project-decision"

RULES: tuple[Rule, ...] = (
    Rule(
        "lactation.side_by_side",
        "Every source's advice stands beside the others with its own clock time; where sources differ, she and her "
        "clinician choose, never the program.",
        OURS,
        "C",
    ),
    Rule(
        "lactation.wait_from_end",
        "A waiting time counts elapsed hours from the moment the last drug of a session went in, also in a night when "
        "the clocks change.",
        OURS,
        "C",
    ),
    Rule(
        "lactation.threshold",
        "The model-based plan feeds again when 95 of 100 virtual women like her are below the level in milk that was "
        "published for the drug; it is a forecast and no source's advice.",
        OURS,
        "C",
    ),
    Rule(
        "lactation.threshold_unknown",
        "Where no source names a level in milk, or no model gives one, there is no model-based plan.",
        OURS,
        "C",
    ),
    Rule(
        "lactation.milk_to_store",
        "Milk to store [mL] = intake [mL/kg/d] x the infant's weight [kg] x hours without feeding / 24, for the usual "
        "and for the upper intake of an infant fed on milk alone.",
        OURS,
        "C",
    ),
    Rule(
        "lactation.infant_weight_unknown",
        "Without the infant's weight the amount of milk is unknown; it is never guessed from the age.",
        OURS,
        "C",
    ),
    Rule(
        "lactation.mixed_feeding",
        "An infant who also gets formula or solid food needs less stored milk than the amount shown.",
        OURS,
        "C",
    ),
    Rule("lactation.formula", "An infant fed on formula gets none of the drug through milk.", OURS, "C"),
    Rule("lactation.feeding_unknown", "How the infant is fed is not known: ask before the plan is used.", OURS, "C"),
    Rule(
        "lactation.whole_treatment",
        "Advice against breast milk for the whole treatment lasts until after the last dose; where the source names no "
        "time after it, the hours and the milk are the least they can be.",
        OURS,
        "C",
    ),
    Rule(
        "lactation.no_gap",
        "Where a source's waiting time reaches into the next session, there is no feeding between the two.",
        OURS,
        "C",
    ),
    Rule(
        "lactation.pause",
        "In a pause nothing is given and the clock of the infusion runs on, so the planned end and every time counted "
        "from it stay. Alternative: a site that moves the end by the pause moves these times by as much.",
        OURS,
        "C",
    ),
    Rule(
        "lactation.stopped_early",
        "After an early stop every waiting time counts from the moment the drug stopped; sessions that are no longer "
        "given ask for no waiting.",
        OURS,
        "C",
    ),
    Rule(
        "lactation.pumping_unknown",
        "No source that was read says how often to pump while feeding is paused: ask a lactation nurse.",
        OURS,
        "C",
    ),
    Rule(
        "lactation.watch_infant",
        "The signs to watch the infant for are those of the drug's sources; where there are none, that is said.",
        OURS,
        "C",
    ),
    Rule(
        "lactation.infant_emergency",
        "An infant who is hard to wake, does not feed or breathes badly needs help at once, whatever the cause.",
        OURS,
        "C",
    ),
)

RULE: Mapping[str, Rule] = {rule.id: rule for rule in RULES}
