"""Every rule of recovery, once: tests, reference pages and SAFETY.md read this table.

Where a drug's folder or a scale has its own source for a rule, the reason carries that source and grade.
"""

from __future__ import annotations

from collections.abc import Mapping

from matrescence.care.verdict import Rule

OURS = "project-decision"


def _ours(topic: str, text: str) -> Rule:
    return Rule(f"recovery.{topic}", text, OURS, "C")


RULES: tuple[Rule, ...] = (
    # Leaving.
    _ours("observed", "She is watched after the end for at least as long as the drug's folder, or the site, says."),
    _ours("sedation", "She leaves only when sedation has gone."),
    _ours("readiness", "Where a readiness scale is used, she leaves only at or above that scale's own cut-off."),
    _ours("blood_pressure", "Blood pressure is back within the site's distance of what it was before."),
    _ours("accompanied", "She leaves with a responsible adult."),
    _ours("child_care", "Somebody else looks after the child until she is herself again."),
    _ours("not_recorded", "What was not recorded before discharge is never taken as met: she stays until it is."),
    _ours(
        "site_policy", "A threshold that no source gives is the site's own; while it is not set a clinician decides."
    ),
    _ours("driving", "Driving waits as long as the drug's folder says; where it names no hours, none are made up."),
    _ours("follow_up", "Visits are counted from the end of treatment, at the same hour of the day."),
    # Getting well, and staying so.
    _ours("response", "Response: the score has fallen by at least the scale's own share of the baseline (50 %)."),
    _ours("remission", "Remission: the score is at or below the scale's own cut-off; without one it is unknown."),
    _ours("reliable_change", "A change counts as reliable from the scale's own score on; without one it is unknown."),
    _ours("no_baseline", "Without a baseline above zero, response, reliable change and relapse are unknown."),
    _ours("no_score", "Without a score after treatment there is no outcome; it is not taken as no response."),
    _ours(
        "relapse",
        "Relapse: after a response, two scores in a row have again fallen by less than the share for response. "
        "Alternatives: one score, or a fixed score; trials differ.",
    ),
    _ours("relapse_possible", "One score that has lost the response is not yet a relapse: measure again soon."),
    # The next session.
    _ours("next_in_series", "The next session of a series follows its planned day; a missed one is due now."),
    _ours("maintenance", "Maintenance follows the protocol it was studied in, for those it was studied in."),
    _ours("maintenance_unknown", "Where no protocol was found for what comes next, that is said; a clinician decides."),
    _ours("non_response", "No response after as many sessions as the drug's source names: talk about going on."),
    # Cost.
    _ours("unknown_price", "A price that no source gives is left to the site; the total is then 'at least'."),
    _ours("price_range", "A price that is known as a range gives a total as a range."),
    _ours(
        "share",
        "Her share of covered charges: what is left of the deductible, then her percentage of the rest, never above "
        "what is left of the out-of-pocket maximum and never above the charge.",
    ),
    _ours("not_covered", "What the plan does not cover she pays in full; it counts towards no maximum."),
    _ours("cover_unknown", "Where the plan's terms are not known, her share is shown as the range it must lie in."),
    _ours("limit", "Money put into an account counts up to the plan year's limit; above it, it is left out."),
    _ours("plan_year_unknown", "Limits are kept by plan year; a year that is not kept has unknown limits."),
    _ours("not_high_deductible", "A health savings account needs a high-deductible plan within the year's bounds."),
    _ours("legal_maximum", "An out-of-pocket maximum above the year's legal one is looked at again."),
    _ours("pre_tax", "Pre-tax saving = the smaller of what was put in and her share, times the tax rate she gives."),
    _ours("tax_rate_unknown", "The tax rate is hers to give; without it the saving is unknown."),
)

RULE: Mapping[str, Rule] = {rule.id: rule for rule in RULES}
