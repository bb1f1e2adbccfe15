"""Every rule of assessment, once: tests, reference pages and SAFETY.md read this table."""

from __future__ import annotations

from matrescence.care.verdict import Rule

OURS = "project-decision"

RULES: tuple[Rule, ...] = (
    # Urgent paths, in the order in which they are shown.
    Rule(
        "assessment.self_harm_item",
        "Any score above zero on a self-harm item opens the urgent path, whatever the total and whatever else is "
        "missing: ask now, in this visit, how likely, how acute and how severe.",
        "acog_cpg4_2023",
        "A",
    ),
    Rule(
        "assessment.self_harm_unknown",
        "A self-harm item without an answer is asked again before she leaves; it is never read as zero.",
        OURS,
        "C",
    ),
    Rule(
        "assessment.cssrs_high",
        "Intent (question 4 or 5, past month) or any suicidal behaviour in the past three months is the highest tier: "
        "safety precautions until a mental-health professional has seen her.",
        "cssrs_triage",
        "A",
    ),
    Rule(
        "assessment.cssrs_moderate",
        "A method without intent (question 3) is the moderate tier; this project puts behaviour earlier than three "
        "months ago there too, because no source was found that ranks it.",
        "spier_cssrs",
        "B",
    ),
    Rule(
        "assessment.cssrs_low",
        "A wish to be dead or unspecific thoughts (questions 1 and 2) alone are the low tier: still the same visit.",
        "spier_cssrs",
        "B",
    ),
    Rule(
        "assessment.cssrs_unknown",
        "A question of the suicide screener without an answer could raise the tier: ask it before she leaves.",
        OURS,
        "C",
    ),
    Rule(
        "assessment.psychosis_sign",
        "Hallucinations, delusions, confusion, disorganised behaviour, elation or severe agitation in pregnancy or "
        "after birth are an emergency: immediate medical attention.",
        "acog_cpg4_2023",
        "A",
    ),
    Rule(
        "assessment.psychosis_unknown",
        "Whether she shows a sign of psychosis has not been recorded: look and ask before she leaves.",
        OURS,
        "C",
    ),
    Rule(
        "assessment.mania_history",
        "Past mania or hypomania, or known bipolar disorder: bipolar disorder is assessed before any drug for "
        "depression or anxiety is started.",
        "acog_cpg4_2023",
        "A",
    ),
    Rule(
        "assessment.mdq_positive",
        "Around birth, seven or more of the thirteen answers of the mood disorder questionnaire count as positive "
        "without its two further questions; she is assessed for bipolar disorder before any drug is started.",
        "frey_2012",
        "A",
    ),
    Rule(
        "assessment.bipolar_unknown",
        "She has not been screened for bipolar disorder: do so before a drug for depression or anxiety is started.",
        "acog_cpg4_2023",
        "A",
    ),
    Rule(
        "assessment.infant_harm_emergency",
        "Thoughts of harming the baby with a delusion or a command are an emergency; an intention is counted with them "
        "by this project.",
        "aap_perinatal",
        "A",
    ),
    Rule(
        "assessment.infant_harm",
        "Any thought of harming the baby is talked through in this visit by somebody who knows the difference between "
        "unwanted frightening thoughts, which are common in anxiety, and danger.",
        OURS,
        "C",
    ),
    Rule(
        "assessment.infant_harm_unknown",
        "Whether she has thoughts of harming the baby has not been recorded: ask kindly before she leaves.",
        OURS,
        "C",
    ),
    # What it looks like.
    Rule(
        "assessment.blues",
        "Low, tearful, changeable mood from day 2 to day 14 after birth that has lasted under two weeks, with nothing "
        "urgent open or unasked: blues; reassure, and screen again at two weeks.",
        "aap_perinatal",
        "A",
    ),
    Rule(
        "assessment.blues_high_score",
        "In the days of the blues, an open urgent path or a score in the probable or at least moderate range is not "
        "put down to blues: a clinician decides, and she is seen again within days.",
        OURS,
        "C",
    ),
    Rule(
        "assessment.two_weeks",
        "Depression has lasted two weeks or more.",
        "aap_perinatal",
        "A",
    ),
    Rule(
        "assessment.onset_perinatal",
        "In clinical use the depression of childbirth begins in pregnancy or within 12 months (365 days) of birth.",
        "gastaldon_2022",
        "A",
    ),
    Rule(
        "assessment.onset_dsm",
        "The DSM specifier 'with peripartum onset' asks for a beginning in pregnancy or within 4 weeks (28 days) of "
        "birth; it is reported beside the clinical use, and never decides who is treated.",
        "gastaldon_2022",
        "A",
    ),
    Rule(
        "assessment.onset_outside",
        "A beginning before pregnancy or later than 12 months after birth is depression, but not of childbirth: full "
        "assessment all the same.",
        "gastaldon_2022",
        "A",
    ),
    Rule(
        "assessment.onset_unknown",
        "When it began is not known: ask, because blues and depression part there.",
        OURS,
        "C",
    ),
    Rule("assessment.day_unknown", "How many days ago she gave birth is not known.", OURS, "C"),
    Rule(
        "assessment.screen_positive",
        "A screening cut-off for depression is met: full assessment. A screen is not a diagnosis.",
        "acog_cpg4_2023",
        "A",
    ),
    Rule(
        "assessment.screen_negative",
        "No screening cut-off for depression is met. How she seems still counts; screen again at the next visit.",
        "acog_cpg4_2023",
        "A",
    ),
    Rule(
        "assessment.screen_unknown", "Whether a depression cut-off is met cannot be told from these answers.", OURS, "C"
    ),
    Rule(
        "assessment.severity",
        "Severity is read from the bands of the scale that was used; bands of different scales are not converted.",
        OURS,
        "C",
    ),
    Rule(
        "assessment.severity_unknown", "No scale with severity bands could be scored: severity is unknown.", OURS, "C"
    ),
    Rule(
        "assessment.prior_depression",
        "Earlier depression makes depression after birth more likely.",
        "abm_18_2015",
        "A",
    ),
    Rule("assessment.prior_depression_unknown", "Whether she has been depressed before is not known.", OURS, "C"),
    Rule(
        "assessment.severe_illness_history",
        "Past severe mental illness, psychosis after birth included: refer to secondary mental-health care even when "
        "she is well.",
        "nice_cg192",
        "A",
    ),
    Rule("assessment.severe_illness_unknown", "Whether she has had a severe mental illness is not known.", OURS, "C"),
    # Scoring.
    Rule(
        "assessment.missing_item",
        "A missing answer is a reason, never a zero: the total is withheld and the range it must lie in is shown.",
        OURS,
        "C",
    ),
    Rule(
        "assessment.prorated",
        "Where the scale itself allows it, the mean of the answered items stands in for one or two missing ones; the "
        "total is then called an estimate.",
        "nhs_data_dictionary_phq9",
        "A",
    ),
    Rule(
        "assessment.contradiction",
        "Answers that cannot both be true are shown; the graver one counts.",
        OURS,
        "C",
    ),
    # The visit before an infusion.
    Rule(
        "assessment.consultation_open",
        "A question of the consultation that nobody has answered stays on the list.",
        "bespoke_ppd_ketamine",
        "B",
    ),
    Rule(
        "assessment.consultation_follow_up",
        "An answer that needs a step before the first infusion says which step.",
        OURS,
        "C",
    ),
)

RULE: dict[str, Rule] = {rule.id: rule for rule in RULES}
