"""Every rule of enrolment, once: tests, reference pages and SAFETY.md read this table.

What a programme asks comes from its own file, with its own source and grade; these are the rules by which the engine
judges what is on record.  They are the project's own.
"""

from __future__ import annotations

from matrescence.care.verdict import Rule

OURS = "project-decision"

_ROWS: tuple[tuple[str, str], ...] = (
    # The gate.
    ("gate", "An infusion may start only when every requirement of its programme is met at that very instant."),
    ("no_override", "The gate has no override: no parameter, no role and no emergency opens it."),
    (
        "historical",
        "A programme whose approval is gone still gates, and in addition asks for a signed acknowledgement of that, "
        "once for each session.",
    ),
    # Why a requirement is not met.
    ("missing", "Nothing is on record for this requirement."),
    ("unnamed", "The session does not name somebody this requirement is about."),
    ("other", "What is on record is about another mother, setting, prescriber, pharmacy or session."),
    ("not_yet", "The record begins later than the instant asked about."),
    ("incomplete", "The form behind the record is not completely filled and signed; each gap is named."),
    ("out_of_order", "The record was made before a step that has to come first had been met."),
    ("revoked", "The record has been taken back."),
    ("expired", "The record has run out; the last valid instant is the one before its end."),
    ("overdue", "Something that had become due was not done in time; until it is done no further session starts."),
    (
        "deadline_unknown",
        "A form whose deadline nobody could find is due at once: the next session waits until it is filed.",
    ),
    ("over", "A session that has ended never starts again under its name; its checklist is spent."),
    # What belongs to the site.
    (
        "site",
        "A record about the setting, the prescriber or the pharmacy is entered once, for the site. Before a start a "
        "course takes over, unchanged, what counts for its session, and everything by which the site took a record "
        "back; an id under which the course holds something else is told and never copied.",
    ),
    # What else is told.
    ("met", "A record counts for this requirement."),
    ("expiring", "The record runs out soon."),
    ("term_unknown", "How long the record lasts could not be found; it is taken to last until it is revoked."),
    ("pending", "Something has become due and is still in time."),
    ("not_due", "Nothing on record has made this due."),
    ("waived", "The requirement does not apply, by an answer on a certified form; never by anybody's word."),
    ("shown", "The requirement is kept elsewhere, or too little is known of it to check it; it is told, not checked."),
)

RULES: tuple[Rule, ...] = tuple(Rule(f"enrolment.{topic}", text, OURS, "C") for topic, text in _ROWS)

RULE: dict[str, Rule] = {rule.id: rule for rule in RULES}
