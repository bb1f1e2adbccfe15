"""Every rule about what devices say, once: tests, the reference page and SAFETY.md read this table."""

from __future__ import annotations

from collections.abc import Mapping

from matrescence.care.verdict import Rule

OURS = "project-decision"

RULES: tuple[Rule, ...] = tuple(
    Rule(f"device.{topic}", text, OURS, "C")
    for topic, text in (
        (
            "bound",
            "What a device says belongs to a mother only while somebody has bound it to her course. Nothing is guessed "
            "from a bed, a name or the last session; what is bound to nobody stays visible as such.",
        ),
        ("demo", "What a device says in demonstration mode is neither shown live nor written into a record."),
        (
            "back_fill",
            "A value that arrives late is charted with its own time and never shown as live. The rules of the infusion "
            "still see it: a late low saturation stops what runs.",
        ),
        (
            "age",
            "A live value carries its time of observation and of receipt. Older than its limit it is greyed and "
            "crossed out; older still it is taken away, and the age is told.",
        ),
        (
            "no_reading",
            "A sentinel, a zero or an empty value is no reading: the number is taken away, and the reason is told.",
        ),
        ("silence", "A device that is watched and not heard is silent, and that is written down and told."),
        ("resend", "The same message again, or messages that overtake each other, change nothing."),
        ("at_once", "A value that meets a limit of the order is recorded at once, once for each episode."),
    )
)
RULE: Mapping[str, Rule] = {rule.id: rule for rule in RULES}
