"""Where she is, what is next and what is refused: the rules of the journey one by one, at the level of the core."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from matrescence.actions.course_open import ground_of
from matrescence.care.assessment.history import History, InfantHarm, PsychosisSigns
from matrescence.care.assessment.scoring import Answers, AnswersAs
from matrescence.care.eligibility.facts import HealthFacts
from matrescence.care.enrolment.gate import GateOpen
from matrescence.care.enrolment.programme import Party, Timing
from matrescence.care.enrolment.records import Record, Session
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import events as ev
from matrescence.care.infusion import readings as rd
from matrescence.care.infusion.order import Limit
from matrescence.care.infusion.outcome import Refused
from matrescence.care.infusion.stamp import Cause, Stamp
from matrescence.care.journey import words
from matrescence.care.journey.admit import admit, infused, left
from matrescence.care.journey.fold import fold
from matrescence.care.journey.infuse import AskStart
from matrescence.care.journey.known import Known
from matrescence.care.journey.rules import RULE, RULES
from matrescence.care.journey.view import Journey, look
from matrescence.care.mother import Feeding, LiverClass, Mother
from matrescence.care.recovery.discharge import Leaving, Observed, SiteLimits
from matrescence.care.verdict import Finding
from matrescence.instruments.library import load

START = datetime(2026, 4, 21, 14, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EARLY = START - 8 * DAY
JULIA = Mother("Julia", 31.0, 66.0, START, feeding=Feeding.MIXED, medicines=(), liver=LiverClass.NORMAL)
SESSION = Session("Julia", "here", "julia-1", "Dr Roe")
HEALTHY = HealthFacts(
    pregnant=False,
    psychosis_now=False,
    psychosis_before=False,
    bipolar=False,
    aneurysmal_disease=False,
    uncontrolled_hypertension=False,
    systolic_mmhg=118.0,
    raised_intracranial_pressure=False,
    substance_use=False,
    drinks_alcohol=False,
    hypersensitive_to=(),
    accompanied_with_child=True,
    benzodiazepine_mg_diazepam_per_day=0.0,
)
ALL_ASKED = History(
    signs=PsychosisSigns(False, False, False, False, False, False),
    infant_harm=InfantHarm(False, False, False),
    mania_or_hypomania=False,
    bipolar_disorder=False,
)
KETAMINE = ground_of("ketamine")


def open_programme() -> words.Ground:
    """The clinic's own programme with every form and every term taken out: a record is enough."""
    requirements = {
        name: replace(item, form=None, follows=(), valid_days=None, waived=None)
        for name, item in KETAMINE.programme.requirements.items()
    }
    return replace(KETAMINE, programme=replace(KETAMINE.programme, requirements=requirements))


GROUND = open_programme()


def epds(*scores: int) -> Answers:
    return Answers(load("epds"), AnswersAs.SCORE, {str(n): score for n, score in enumerate(scores, start=1)})


def mdq_no() -> Answers:
    scale = load("mdq")
    return Answers(scale, AnswersAs.SCORE, {item.key: 0 for item in scale.items})


def papers(*, without: str = "", session: Session = SESSION, at: datetime = START - DAY) -> words.Filed:
    needed = [r for r in GROUND.programme.requirements.values() if r.timing is Timing.BEFORE_START and r.id != without]
    records = tuple(
        Record(f"{r.id} {session.session}", r.id, at, "nurse", {p: session.who(p) or "" for p in r.about})
        for r in needed
    )
    return words.Filed(session, records)


def session_record(at: datetime) -> words.Filed:
    about = {p: SESSION.who(p) or "" for p in (Party.MOTHER, Party.SETTING, Party.SESSION)}
    return words.Filed(SESSION, (Record("r", "session.record", at, "nurse", about),))


WELL = words.LeavingChecked(
    Observed(
        sedation_resolved=True,
        readiness_total=10.0,
        pressure_before=rd.BloodPressure(118.0, 74.0),
        pressure_now=rd.BloodPressure(120.0, 78.0),
        responsible_adult=True,
        child_cared_for=True,
    )
)
ASSESSED = words.Assessed((epds(2, 2, 2, 2, 2, 2, 2, 2, 2, 0), mdq_no()), ALL_ASKED, "Julia")


class Course:
    """A course being told, without any file."""

    def __init__(self, ground: words.Ground = GROUND) -> None:
        self.ground = ground
        self.entries: list[words.Entry] = []
        self.now = START - 7 * DAY

    @property
    def known(self) -> Known:
        return fold(self.entries, self.ground)

    def rules(self, what: words.What, *, by: str = "nurse Kim", happened: datetime | None = None) -> set[str]:
        """The rules that refuse a record."""
        entry = words.Entry(len(self.entries) + 1, "x", happened or self.now, self.now, by, what)
        return {reason.rule for reason in admit(self.known, self.ground, entry)}

    def tell(self, *told: words.What, at: datetime | None = None, by: str = "nurse Kim") -> Course:
        for what in told:
            self.now = at or self.now
            assert isinstance(what, words.Infused | words.Left) or not self.rules(what), self.rules(what)
            position = len(self.entries) + 1
            self.entries.append(words.Entry(position, f"k{position}", self.now, self.now, by, what))
        return self

    def ask(self, kind: type[cmd.Asked], *what: object, at: datetime | None = None) -> tuple[ev.Event, ...] | Refused:
        self.now = at or self.now
        stamp = Stamp(self.now, self.now, "nurse Kim")
        command = kind(stamp, f"k{len(self.entries) + 1}", *what)
        return infused(self.known, self.ground, command)  # type: ignore[arg-type]

    def do(self, kind: type[cmd.Asked], *what: object, at: datetime | None = None) -> Course:
        found = self.ask(kind, *what, at=at)
        assert not isinstance(found, Refused), found
        return self.tell(words.Infused(found))

    def leave(self, at: datetime, *follow_ups: datetime) -> Course:
        self.tell(WELL, at=at)
        found = left(self.known, self.ground, cmd.Discharge(Stamp(at, at, "nurse Kim"), f"k{len(self.entries) + 1}"))
        assert not isinstance(found, Refused), found
        return self.tell(words.Left("her sister", follow_ups, found))

    def view(self, at: datetime | None = None) -> Journey:
        return look(self.known, self.ground, at or self.now)

    def stages(self, at: datetime | None = None) -> dict[str, tuple[str, str]]:
        return {stage.name: (stage.status.value, stage.line) for stage in self.view(at).stages}

    def next_rule(self, at: datetime | None = None) -> str | None:
        found = self.view(at).next_step
        return None if found is None else found.rule


def refused_by(found: tuple[ev.Event, ...] | Refused) -> set[str]:
    assert isinstance(found, Refused), found
    return {reason.rule for reason in found.reasons}


def consulted(ground: words.Ground = GROUND) -> words.Consulted:
    return words.Consulted(
        {question.key: question.choices[0] if question.choices else "told" for question in ground.questions}
    )


def begun() -> Course:
    return Course().tell(words.MotherKnown(JULIA))


def ready() -> Course:
    """Everything but the start."""
    course = begun().tell(ASSESSED, consulted(), words.HealthKnown(HEALTHY), words.FeedingChosen(None))
    limit = Limit(rd.Measure.SPO2, "hypoxia", below=90.0)
    course.tell(words.PlanChosen("single", limits=(limit,), leaving=SiteLimits(pressure_within_mmhg=20.0)), papers())
    return course.do(cmd.Open, at=START - HOUR)


def running() -> Course:
    return ready().do(AskStart, at=START).do(cmd.ConfirmRate, 750.0)


def ended() -> Course:
    course = running().do(cmd.RequestStop, "she asks for it", at=START + 10 * MINUTE)
    return course.do(cmd.ConfirmStopped).do(cmd.EndEarly, "she does not want to go on")


# ---- stages --------------------------------------------------------------------------------------------------


@pytest.mark.rule("journey.assessment", "journey.eligibility", "journey.plan", "journey.feeding", "journey.next")
def test_next_walks_through_the_stages_in_the_order_of_the_journey() -> None:
    course = begun()
    assert {status for status, _ in course.stages().values()} == {"not begun"}
    steps: list[tuple[words.What, str]] = [
        (ASSESSED, "journey.assessment"),
        (consulted(), "assessment.consultation_open"),
        (words.HealthKnown(HEALTHY), "journey.eligibility"),
        (words.FeedingChosen(None), "journey.feeding"),
        (papers(without="session.checklist", at=EARLY), "journey.gate"),
    ]
    for what, rule in steps:
        assert course.next_rule() == rule
        course.tell(what)
    assert course.next_rule() == "enrolment.missing"
    assert course.stages()["enrolment"][0] == "waiting"
    course.tell(papers(at=EARLY))
    assert course.next_rule() == "journey.plan"
    course.tell(words.PlanChosen("single"))
    assert course.next_rule() == "journey.gate"
    assert course.stages()["infusion"] == ("not begun", "single, not opened")


def test_an_answer_that_was_not_given_keeps_the_assessment_waiting() -> None:
    course = begun().tell(words.Assessed((epds(1, 1), mdq_no()), ALL_ASKED))
    assert course.stages()["assessment"] == ("waiting", "for 1 answer that could be urgent")
    assert course.next_rule() == "assessment.self_harm_unknown"


def test_a_follow_up_asks_again_only_what_a_follow_up_must_ask() -> None:
    course = begun().tell(ASSESSED, words.Assessed((epds(0, 0),), History(), follow_up=True))
    assert [reason.rule for reason in course.view().stages[0].reasons] == ["assessment.self_harm_unknown"]
    course.tell(words.Assessed((epds(*[0] * 10),), History(), follow_up=True))
    assert course.stages()["assessment"][1].startswith("for the consultation")


def test_steps_of_the_consultation_are_told_when_all_is_answered() -> None:
    answers = dict(consulted().answers) | {"consent": False}
    course = begun().tell(replace(ASSESSED, consultation=answers))
    status, line = course.stages()["assessment"]
    assert status == "done" and "to take before the first infusion" in line


@pytest.mark.rule("journey.start_eligible")
def test_eligibility_blocks_waits_and_is_decided_by_a_clinician() -> None:
    course = begun().tell(words.HealthKnown(replace(HEALTHY, psychosis_now=None)))
    asks = course.view().stages[1]
    assert asks.status.value == "waiting" and asks.reasons
    course.tell(words.ClinicianDecided(True, "seen and talked through"))
    assert course.stages()["eligibility"] == ("done", "nurse Kim decided to go on: seen and talked through")
    # What the decision did not know of opens the question again.
    course.tell(words.HealthKnown(replace(HEALTHY, psychosis_now=None, substance_use=None)))
    assert course.stages()["eligibility"][0] == "waiting"
    course.tell(words.ClinicianDecided(False, "too much is open"))
    assert course.stages()["eligibility"] == ("blocked", "nurse Kim decided against it: too much is open")


def test_what_forbids_blocks_whatever_a_clinician_decided() -> None:
    forbidding = replace(
        GROUND,
        drug=replace(GROUND.drug, criteria=(replace(GROUND.drug.criteria[0], name="pregnancy", finding="forbids"),)),
    )
    course = Course(forbidding).tell(words.MotherKnown(JULIA), words.HealthKnown(replace(HEALTHY, pregnant=True)))
    course.tell(words.ClinicianDecided(True, "we go on"), words.PlanChosen("single"), papers()).do(cmd.Open, at=START)
    assert course.stages()["eligibility"] == ("blocked", "not eligible for ketamine")
    assert "eligibility.pregnancy" in refused_by(course.ask(AskStart))


def test_a_drug_by_mouth_has_no_infusion_and_asks_no_gate() -> None:
    course = Course(ground_of("zuranolone")).tell(words.MotherKnown(JULIA))
    assert course.stages()["enrolment"] == ("done", "taken by mouth: no programme gates it here")
    assert course.stages()["infusion"] == ("done", "taken by mouth: there is no infusion")


def test_what_went_wrong_with_a_paper_blocks_what_is_missing_waits() -> None:
    course = begun().tell(papers(at=START + DAY, without="session.checklist"))
    assert course.stages()["enrolment"][0] == "waiting"  # not yet, and missing
    other = replace(SESSION, mother="Julia", setting="elsewhere")
    course.tell(replace(papers(at=START - 30 * DAY), session=other))
    assert course.stages()["enrolment"][0] == "blocked"


def test_formula_needs_no_feeding_plan() -> None:
    course = Course().tell(words.MotherKnown(replace(JULIA, feeding=Feeding.FORMULA)))
    assert course.stages()["lactation"][0] == "done"
    who = GROUND.drug.lactation.advice[0].who
    assert begun().tell(words.FeedingChosen(who)).stages()["lactation"] == ("done", f"she follows: {who}")


def test_the_infusion_stage_tells_what_the_pump_does() -> None:
    course = ready()
    assert course.stages()["infusion"] == ("waiting", "single, opened, not started")
    course.do(AskStart, at=START)
    assert course.stages()["infusion"] == ("waiting", "starting, 0 ug/kg/h")
    assert course.next_rule() == "infusion.not-confirmed"
    course.do(cmd.ConfirmRate, 750.0)
    assert course.stages()["infusion"] == ("waiting", "running, 750 ug/kg/h")
    assert course.view().next_check is not None
    assert course.stages()["enrolment"] == ("done", "met at the start")
    assert course.next_rule(START + HOUR) == "infusion.dose-limit"
    course.do(cmd.Observe, rd.Oximetry(85.0))
    assert course.stages()["infusion"][0] == "blocked"
    assert course.next_rule() == "infusion.stop-not-confirmed"
    course.do(cmd.ConfirmStopped, at=START + 2 * MINUTE)
    assert course.stages()["infusion"] == ("waiting", "ended early; leaving: stays")
    assert course.next_rule() == "infusion.hypoxia"  # what has not resolved stands before her leaving


@pytest.mark.rule("infusion.not-recorded")
def test_oximetry_that_nobody_records_is_overdue_and_is_next() -> None:
    course = running().do(cmd.Observe, rd.Oximetry(97.0))
    assert course.next_rule(START + 15 * MINUTE) != "infusion.not-recorded"
    late = START + 16 * MINUTE
    assert "infusion.not-recorded" in {item.rule for item in course.view(late).overdue}
    assert course.next_rule(late) == "infusion.not-recorded"


def test_an_infusion_given_to_the_end_is_told_so() -> None:
    course = running().do(cmd.Tick, at=START + 41 * MINUTE).do(cmd.ConfirmStopped)
    assert course.stages()["infusion"][1].startswith("given to the end")
    assert "overdue" in {item.status.value for item in [course.view(START + 3 * HOUR).next_check] if item}
    assert [item.rule for item in course.view(START + 3 * HOUR).overdue]


@pytest.mark.rule("journey.follow_up", "journey.discharge")
def test_follow_ups_are_waited_for_overdue_and_held() -> None:
    course = ended()
    assert course.stages()["recovery"] == ("not begun", "she has not left yet")
    course.leave(START + 3 * HOUR)
    # Where none was agreed the drug's folder names them, counted from the end; where it names none, none is made up.
    assert course.stages()["recovery"] == ("waiting", "for the follow-up of 22 Apr 2026")
    course.ground = replace(GROUND, guidance=replace(GROUND.guidance, visits=()))
    assert course.stages()["recovery"] == ("waiting", "for a follow-up to be agreed")
    course.tell(words.Left("her sister", (START + 14 * DAY, START + 7 * DAY)))
    assert course.stages()["recovery"] == ("waiting", "for the follow-up of 28 Apr 2026")
    late = START + 8 * DAY
    assert course.stages(late)["recovery"] == ("waiting", "for the follow-up of 28 Apr 2026, overdue")
    assert "journey.follow_up" in {item.rule for item in course.view(late).overdue}
    for day in (8, 15):
        course.tell(words.Assessed((epds(*[0] * 10),), History(), follow_up=True), at=START + day * DAY)
    assert course.stages()["recovery"] == ("done", "2 follow-ups held")
    assert course.stages()["infusion"] == ("done", "ended early; discharged")


def test_papers_that_become_due_after_the_session_are_waited_for_and_then_overdue() -> None:
    course = ended().leave(START + 3 * HOUR, START + 20 * DAY)
    assert course.stages()["enrolment"] == ("waiting", "met at the start; 1 paper due since")
    assert not course.view(START + 6 * DAY).overdue
    assert [item.rule for item in course.view(START + 8 * DAY).overdue] == ["enrolment.overdue"]
    course.tell(session_record(START + 4 * DAY), at=START + 4 * DAY)
    assert course.stages()["enrolment"] == ("done", "met at the start")
    assert course.stages()["recovery"][0] == "waiting"


def test_nothing_waits_at_the_end() -> None:
    course = ended().leave(START + 3 * HOUR, START + 7 * DAY)
    course.tell(session_record(START + 4 * HOUR), at=START + 4 * HOUR)
    course.tell(words.Assessed((epds(*[0] * 10),), History(), follow_up=True), at=START + 7 * DAY)
    assert course.view().next_step is None


def test_a_second_session_is_opened_after_the_first_was_left() -> None:
    course = ended().leave(START + 3 * HOUR).do(cmd.Open)
    assert "enrolment.over" in refused_by(course.ask(AskStart))
    course = ended().leave(START + 3 * HOUR)
    course.tell(papers(session=replace(SESSION, session="julia-2"))).do(cmd.Open).do(AskStart)
    opened = [infusion.session.session for infusion in course.known.infusions if infusion.session is not None]
    assert opened == ["julia-1", "julia-2"]


# ---- what is urgent ------------------------------------------------------------------------------------------

URGENT = words.Assessed(
    (epds(0, 0, 0, 0, 0, 0, 0, 0, 0, 2), mdq_no()), replace(ALL_ASKED, signs=PsychosisSigns(confusion=True))
)


@pytest.mark.rule("journey.urgent_first", "journey.disposition")
def test_the_most_pressing_task_comes_first_and_each_leaves_by_its_own_disposition() -> None:
    course = begun().tell(URGENT)
    assert [task.id for task in course.view().urgent] == ["2.1", "2.2"]
    assert course.next_rule() == "assessment.psychosis_sign"
    course.tell(words.Disposed(("2.1",), words.Outcome.NOT_REACHED, "rang twice"))
    assert [(task.id, task.attempts) for task in course.view().urgent] == [("2.1", 1), ("2.2", 0)]
    course.tell(words.Disposed(("2.1",), words.Outcome.ADMITTED, "admitted"))
    assert [task.id for task in course.view().urgent] == ["2.2"]
    assert course.rules(words.Disposed(("2.1", "9.9"), words.Outcome.ADMITTED, "again")) == {"journey.disposition"}
    course.tell(words.Disposed(("2.2",), words.Outcome.ASSESSED, "seen"))
    assert course.rules(words.Disposed(("2.2",), words.Outcome.ADMITTED, "again")) == {"journey.disposition"}
    assert not course.view().urgent


@pytest.mark.rule("journey.correction")
def test_a_correction_neither_closes_nor_doubles_what_is_urgent() -> None:
    course = begun().tell(URGENT).tell(words.Corrected(2, ASSESSED))
    assert [task.id for task in course.view().urgent] == ["2.1", "2.2"]
    assert course.view().trends[0].points[0].total == 18
    course.tell(words.Corrected(2, URGENT))
    assert len(course.view().urgent) == 2


@pytest.mark.rule("journey.correction")
def test_what_was_seen_to_opens_again_when_it_is_said_anew_and_not_when_the_rest_is_added() -> None:
    course = begun().tell(URGENT, words.Disposed(("2.1", "2.2"), words.Outcome.ASSESSED, "seen"))
    assert not course.tell(words.Corrected(2, URGENT)).view().urgent
    course.tell(words.Corrected(2, ASSESSED), words.Corrected(2, URGENT))
    assert [task.id for task in course.view().urgent] == ["6.1", "6.2"]


def test_scores_are_kept_by_scale_and_tiers_have_none() -> None:
    screener = Answers(load("cssrs"), AnswersAs.SCORE, {item.key: 0 for item in load("cssrs").items})
    course = begun().tell(words.Assessed((epds(*[2] * 9, 0), screener), ALL_ASKED, "Julia"))
    course.tell(words.Assessed((epds(1),), History(), follow_up=True))
    assert [(trend.scale.name, trend.change) for trend in course.view().trends] == [("epds", None)]
    course.tell(words.Assessed((epds(*[1] * 9, 0),), History(), follow_up=True))
    assert [(trend.scale.label, trend.change) for trend in course.view().trends] == [("EPDS", -9)]
    assert [point.total for point in course.view().trends[0].points] == [18, None, 9]


def test_an_outcome_is_told_against_the_last_score_before_the_start() -> None:
    course = running()
    assert [trend.outcome for trend in course.view().trends] == [None, None]
    for day, score in ((7, 1), (14, 0)):
        course.tell(words.Assessed((epds(*[score] * 9, 0),), History(), follow_up=True), at=START + day * DAY)
    epds_outcome, mdq_outcome = (trend.outcome for trend in course.view().trends)
    assert mdq_outcome is None
    assert epds_outcome is not None and epds_outcome.baseline is not None
    assert (epds_outcome.baseline.total, epds_outcome.fall_percent, epds_outcome.response) == (18, 100, True)


def test_a_drug_by_mouth_begins_at_its_planned_start() -> None:
    course = Course(ground_of("zuranolone"))
    assert course.view().trends == ()
    told = words.Assessed((epds(*[1] * 9, 0),), History(), follow_up=True)
    assert course.tell(told).view().trends[0].outcome is None
    course.tell(words.MotherKnown(JULIA), told).tell(told, at=START + DAY)
    found = course.view().trends[0].outcome
    assert found is not None and found.response is False


# ---- what is refused -----------------------------------------------------------------------------------------


@pytest.mark.rule("journey.answers")
@pytest.mark.parametrize(
    ("told", "refused"),
    [
        (words.Assessed((), History()), True),
        (words.Assessed((), History(days_since_birth=30, symptoms_began_on_day=14)), True),
        (words.Assessed((epds(),), History()), True),
        (words.Assessed((epds(1),), History()), False),
        (words.Assessed((), History(prior_depression=False)), False),
        (words.Assessed((), replace(History(), infant_harm=InfantHarm(thoughts=True))), False),
    ],
)
def test_an_assessment_holds_at_least_one_answer(told: words.Assessed, refused: bool) -> None:
    assert ("journey.answers" in begun().rules(told)) is refused
    assert ("journey.answers" in begun().tell(ASSESSED).rules(words.Corrected(2, told))) is refused


@pytest.mark.rule("journey.correction")
def test_what_may_be_corrected() -> None:
    course = ended().tell(words.ClinicianDecided(True, "seen"))
    course.tell(words.Corrected(2, ASSESSED))
    for position, entry in course.known.entries.items():
        chosen = type(entry.what) is words.FeedingChosen
        found = course.rules(words.Corrected(position, words.FeedingChosen(None)))
        assert found == (set() if chosen else {"journey.correction"})
    assert course.rules(words.Corrected(99, ASSESSED)) == {"journey.correction"}
    heavier = replace(JULIA, weight_kg=70.0)
    assert course.tell(words.Corrected(1, words.MotherKnown(heavier))).known.mother == heavier


@pytest.mark.rule("journey.time")
def test_nothing_is_recorded_before_it_happened_or_before_what_stands_there() -> None:
    course = begun()
    assert course.rules(ASSESSED, happened=course.now + MINUTE) == {"journey.time"}
    course.now -= MINUTE
    assert course.rules(ASSESSED) == {"journey.time"}
    assert refused_by(course.ask(cmd.Open)) == {"journey.time"}


@pytest.mark.rule("journey.named")
def test_whoever_acts_is_named() -> None:
    course = begun().tell(URGENT)
    for what in (words.Disposed(("2.1",), words.Outcome.ASSESSED, "seen"), words.ClinicianDecided(True, "why")):
        for by in ("not named", "  "):
            assert course.rules(what, by=by) == {"journey.named"}
    stamp = Stamp(course.now, course.now, "not named")
    assert refused_by(infused(course.known, GROUND, cmd.Open(stamp, "k"))) == {"journey.named"}
    assert refused_by(left(course.known, GROUND, cmd.Discharge(stamp, "k"))) == {"journey.named"}


@pytest.mark.rule("journey.whose")
def test_a_record_about_somebody_else_is_refused() -> None:
    course = begun()
    assert course.rules(replace(ASSESSED, name="Hanna")) == {"journey.whose"}
    assert course.rules(papers(session=replace(SESSION, mother="Hanna"))) == {"journey.whose"}
    course.tell(ASSESSED)
    assert course.rules(words.Corrected(2, replace(ASSESSED, name="Hanna"))) == {"journey.whose"}


@pytest.mark.rule("journey.plan", "journey.feeding")
def test_an_unknown_regimen_and_an_unknown_adviser_are_refused() -> None:
    course = begun()
    assert course.rules(words.PlanChosen("label-90")) == {"journey.plan"}
    assert course.rules(words.FeedingChosen("a neighbour")) == {"journey.feeding"}


def test_a_plan_that_gives_no_infusion_opens_none() -> None:
    course = begun().tell(words.PlanChosen("single", session_number=2), papers())
    assert refused_by(course.ask(cmd.Open)) == {"journey.plan"}


@pytest.mark.rule("journey.discharge")
def test_she_is_not_discharged_past_the_rules_of_the_infusion() -> None:
    course = running()
    assert refused_by(course.ask(cmd.Discharge)) == {"journey.discharge"}
    discharge = cmd.Discharge(Stamp(course.now, course.now, "nurse Kim"), "k")
    assert refused_by(left(course.known, GROUND, discharge)) == {"journey.discharge"}
    assert left(begun().known, GROUND, discharge) == ()


def leaves(course: Course, decided: words.Decided | None = None) -> tuple[ev.Event, ...] | Refused:
    return left(course.known, course.ground, cmd.Discharge(Stamp(course.now, course.now, "nurse Kim"), "l"), decided)


@pytest.mark.rule("journey.leaving")
@pytest.mark.hazard("sent-home-too-early")
def test_she_leaves_only_by_a_checklist_filled_after_this_infusion() -> None:
    course = ended()
    assert course.rules(WELL, by="not named") == {"journey.named"}
    assert course.rules(WELL, happened=START) == {"journey.leaving"}
    course.now = START + 3 * HOUR
    told = leaves(course)
    assert isinstance(told, Refused)
    assert {reason.rule for reason in told.reasons} == {"journey.against_checklist", "recovery.not_recorded"}
    assert len(told.reasons) == 6
    course.tell(words.LeavingChecked(replace(WELL.observed, sedation_resolved=False)))
    assert refused_by(leaves(course)) == {"journey.against_checklist", "recovery.sedation"}
    shown = course.view()
    assert shown.leaving is not None and shown.leaving.leaving is Leaving.STAYS
    assert shown.next_step is not None and shown.next_step.text.startswith("Leaving: stays.")
    course.tell(WELL)
    assert course.stages()["infusion"] == ("waiting", "ended early; leaving: may leave")
    assert not isinstance(leaves(course), Refused)
    course.leave(course.now)
    assert course.rules(WELL) == {"journey.leaving"}
    assert course.view().leaving is None


@pytest.mark.rule("journey.leaving")
def test_a_checklist_before_the_time_of_watching_is_over_does_not_let_her_go() -> None:
    course = ended().tell(WELL, at=START + 40 * MINUTE)
    assert refused_by(leaves(course)) == {"infusion.discharge", "journey.against_checklist", "recovery.observed"}


@pytest.mark.rule("journey.against_checklist")
@pytest.mark.hazard("sent-home-too-early")
def test_against_the_checklist_she_leaves_by_the_word_of_a_named_clinician_and_the_course_says_so() -> None:
    course = ended()
    course.now = START + 3 * HOUR
    assert refused_by(leaves(course, words.Decided("not named", "she insists"))) == {"journey.named"}
    decided = words.Decided("Dr Roe", "she insists; her sister is a nurse")
    found = leaves(course, decided)
    assert not isinstance(found, Refused)
    course.tell(words.Left("her sister", (), found, decided))
    status, line = course.stages()["infusion"]
    assert status == "done"
    assert line.endswith("by the word of Dr Roe, not by the checklist: she insists; her sister is a nurse")


@pytest.mark.rule("journey.against_checklist")
def test_the_word_of_a_clinician_does_not_open_the_rules_of_the_infusion() -> None:
    course = ended()
    assert refused_by(leaves(course, words.Decided("Dr Roe", "she insists"))) == {"infusion.discharge"}


@pytest.mark.rule("recovery.site_policy", "journey.leaving")
def test_where_the_site_has_set_no_limit_a_clinician_is_asked() -> None:
    course = ended().tell(words.PlanChosen("single"), WELL, at=START + 3 * HOUR)
    assert course.stages()["infusion"][1].endswith("clinician decides: the site has not set a limit")
    assert refused_by(leaves(course)) == {"journey.against_checklist", "recovery.site_policy"}


def test_an_infusion_that_never_ran_asks_for_no_checklist() -> None:
    course = ready().do(cmd.EndEarly, "she has changed her mind", at=START)
    assert course.stages()["infusion"] == ("waiting", "ended early; waiting for her discharge")
    course.now = START + 3 * HOUR
    assert not isinstance(leaves(course), Refused)


# ---- the start -----------------------------------------------------------------------------------------------


@pytest.mark.rule("journey.gate")
def test_a_start_needs_an_opened_infusion_and_a_session() -> None:
    course = begun()
    brought = GateOpen(("trust me",), course.now, GROUND.programme.name, SESSION)
    assert refused_by(course.ask(cmd.Start, brought)) == {"journey.gate"}
    assert refused_by(course.ask(cmd.Open)) == {"journey.plan"}
    assert refused_by(course.ask(AskStart)) == {"infusion.phase"}
    bare = Course().tell(words.Infused(ready().known.entries[8].what.events))  # type: ignore[union-attr]
    assert "journey.gate" in refused_by(bare.ask(AskStart, at=START))


@pytest.mark.rule("journey.start_urgent", "journey.start_eligible")
def test_a_start_is_refused_for_everything_before_it_at_once() -> None:
    course = ready().tell(URGENT, words.ClinicianDecided(False, "not today"))
    assert {"journey.start_urgent", "journey.start_eligible"} <= refused_by(course.ask(AskStart, at=START))
    course = begun().tell(words.PlanChosen("single"), papers()).do(cmd.Open, at=START - HOUR)
    assert "journey.start_eligible" in refused_by(course.ask(AskStart, at=START))
    course.tell(words.HealthKnown(HealthFacts()))
    assert refused_by(course.ask(AskStart, at=START))


@pytest.mark.rule("journey.plan")
def test_an_infusion_opened_for_another_weight_or_plan_does_not_start() -> None:
    course = ready()
    course.tell(words.MotherKnown(replace(JULIA, weight_kg=58.0)), at=START)
    told = course.ask(AskStart)
    assert isinstance(told, Refused)
    assert [reason.rule for reason in told.reasons] == ["journey.plan"]
    assert "opened for 66 kg" in told.reasons[0].text and "58 kg" in told.reasons[0].text
    course = ready().tell(words.PlanChosen("series-of-six", session_number=9), at=START)
    assert refused_by(course.ask(AskStart)) == {"journey.plan"}


@pytest.mark.rule("journey.start_record")
def test_a_paper_written_down_after_the_start_does_not_open_it() -> None:
    course = begun().tell(words.HealthKnown(HEALTHY), words.PlanChosen("single"), papers(without="session.checklist"))
    course.do(cmd.Open, at=START - HOUR)
    course.tell(papers(), at=START + HOUR)
    late = AskStart(Stamp(START, course.now, "nurse Kim"), "late")
    assert "journey.start_record" in refused_by(infused(course.known, GROUND, late))


@pytest.mark.rule("journey.ungated_start")
def test_a_start_without_an_open_gate_is_shown_above_everything() -> None:
    """A forged log: the events were never given by the rules."""
    course = begun().tell(words.PlanChosen("single"), papers(without="session.checklist")).do(cmd.Open)
    gate = GateOpen(("trust me",), course.now, GROUND.programme.name, SESSION)
    stamp = Stamp(course.now, course.now, "nurse Kim")
    course.tell(words.Infused((ev.StartAuthorised(stamp, Cause("forged", "0"), gate),)))
    view = course.view()
    assert [reason.rule for reason in view.ungated] == ["journey.ungated_start"]
    assert course.next_rule() == "journey.ungated_start"


def forged(*events: ev.Event) -> list[str]:
    """What is shown above everything after events that no rule gave."""
    course = begun().tell(words.PlanChosen("single"), papers())
    course.tell(words.Infused(events))
    return [reason.rule for reason in course.view().ungated]


@pytest.mark.rule("journey.ungated_start")
def test_whatever_other_hands_write_of_a_start_is_shown_above_everything() -> None:
    course = ready()
    stamp, cause = Stamp(course.now, course.now, "nurse Kim"), Cause("forged", "0")
    opened = course.ask(cmd.Open, at=course.now)
    assert isinstance(opened, Refused)
    real = next(e for e in course.entries if isinstance(e.what, words.Infused)).what
    assert isinstance(real, words.Infused)
    rate = ev.RateConfirmed(stamp, cause, 750.0)
    flagged = ["journey.ungated_start"]
    assert forged(*real.events) == []
    assert forged(rate) == flagged  # a rate without any infusion
    assert forged(*real.events, rate) == flagged  # a rate without a start
    assert forged(*real.events, *real.events) == flagged  # a second opening hides the first


@pytest.mark.rule("journey.ungated_start")
def test_a_forged_start_past_an_urgent_task_or_a_contraindication_is_shown_although_the_gate_is_open() -> None:
    for against in (URGENT, words.HealthKnown(replace(HEALTHY, pregnant=True))):
        course = ready().tell(against, at=START)
        gate = GateOpen((), course.now, GROUND.programme.name, SESSION)
        start = ev.StartAuthorised(Stamp(START, START, "nurse Kim"), Cause("forged", "0"), gate)
        course.tell(words.Infused((start,)))
        assert [reason.rule for reason in course.view().ungated] == ["journey.ungated_start"]


def test_every_rule_has_its_own_id_and_speaks() -> None:
    assert len(RULE) == len(RULES)
    assert all(rule.reason(Finding.ASKS).text for rule in RULES)


def test_records_folded_onto_what_was_known_leave_that_as_it_was() -> None:
    """A log is folded in pieces, as it grows: each piece gives what the whole gives, and changes no earlier answer."""
    course = Course().tell(ASSESSED, words.HealthKnown(HEALTHY)).tell(papers())
    for cut in range(len(course.entries) + 1):
        first = fold(course.entries[:cut], GROUND)
        again = fold(course.entries[:cut], GROUND)
        assert fold(course.entries[cut:], GROUND, first) == course.known
        assert first == again


def test_only_steps_at_the_bedside_are_left_out_of_what_was_told() -> None:
    known = Course().tell(ASSESSED).known
    after = fold([words.Entry(2, "k2", START, START, "nurse Kim", words.Infused(()))], GROUND, known)
    assert set(after.entries) == {1, 2}
    assert set(after.told) == {1}
