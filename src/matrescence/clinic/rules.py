"""Every rule of the clinic's own, once: how records are kept, and who may see and write them."""

from __future__ import annotations

from collections.abc import Mapping

from matrescence.care.verdict import Rule

OURS = "project-decision"

RULES: tuple[Rule, ...] = tuple(
    Rule(f"clinic.{topic}", text, OURS, "C")
    for topic, text in (
        ("kept", "A record is acknowledged only when it has been forced to the disk; what was acknowledged is there."),
        ("one_key", "A form carries a key: sent twice, or by two tabs, it is one record."),
        (
            "since",
            "A form that was made before others added records is not written over them: what is new is shown, and what "
            "was typed is kept. At the bedside the rules are asked again instead.",
        ),
        ("append_only", "The database itself refuses to change or remove a record, or to put one in between."),
        ("checkpoint", "A signed checkpoint elsewhere shows when the end of the log was cut off or made anew."),
        ("roles", "Every address is guarded by one action of the matrix; every answer, a refusal too, is audited."),
        ("two_people", "A plan made in the clinic asks for two people unless its site has decided otherwise."),
        (
            "idle",
            "After a while without a request of hers a person says again who she is; a form that she sent is not lost, "
            "and the display of a running infusion stays.",
        ),
        ("link", "A mother's link opens her own pages only, once, in one browser, and for a time."),
        (
            "crisis",
            "An urgent answer on her telephone is recorded at once and followed by the page that says whom to call, "
            "whatever else happens.",
        ),
        ("draft", "What somebody has begun to type into a paper or a questionnaire is kept, and is no record."),
        ("no_monitor", "The live page says that it is no monitor; a lost stream is told by the page's own clock."),
    )
)
RULE: Mapping[str, Rule] = {rule.id: rule for rule in RULES}
