from __future__ import annotations

from dataclasses import replace

import pytest

from matrescence.care.assessment.scales import Kind, Purpose, Scale
from matrescence.care.assessment.scoring import AnswerError, Answers, AnswersAs, Score, score
from matrescence.instruments.library import load


def answered(name: str, given: dict[str, int | None], answers_as: AnswersAs = AnswersAs.SCORE) -> Score:
    return score(Answers(load(name), answers_as, given))


def every(name: str, number: int, **changes: int | None) -> dict[str, int | None]:
    return {item.key: number for item in load(name).items} | changes


def cutoffs(found: Score) -> dict[str, bool | None]:
    return {result.cutoff.key: result.met for result in found.cutoffs}


@pytest.mark.parametrize(
    ("given", "answers_as", "total"),
    [
        (every("epds", 0), AnswersAs.SCORE, 0),
        (every("epds", 3), AnswersAs.SCORE, 30),
        # First printed answer everywhere: 0 for items 1, 2, 4 and 3 for the seven others.
        (every("epds", 1), AnswersAs.PRINTED_OPTION, 21),
        # Last printed answer everywhere: 3 for items 1, 2, 4 and 0 for the seven others.
        (every("epds", 4), AnswersAs.PRINTED_OPTION, 9),
    ],
)
def test_epds_totals_by_hand(given: dict[str, int | None], answers_as: AnswersAs, total: int) -> None:
    assert answered("epds", given, answers_as).total == total


def test_the_anxiety_part_of_epds_is_items_3_4_and_5() -> None:
    found = answered("epds", every("epds", 0, **{"3": 3, "4": 2, "5": 1}))
    (anxiety,) = found.subscales
    assert (anxiety.total, found.total) == (6, 6)
    assert cutoffs(found)["anxiety-5"] is True
    assert cutoffs(found)["possible"] is False


def test_an_open_item_of_the_anxiety_part_leaves_its_total_open() -> None:
    (anxiety,) = answered("epds", every("epds", 0, **{"3": 2, "4": None})).subscales
    assert (anxiety.total, anxiety.lowest, anxiety.highest) == (None, 2, 5)


def test_a_cutoff_is_met_open_or_not_met_when_an_answer_is_missing() -> None:
    found = answered("epds", every("epds", 1, **{"1": 3, "7": None}))  # 3 + 8 = 11; at most 14
    assert (found.total, found.lowest, found.highest) == (None, 11, 14)
    assert {key: cutoffs(found)[key] for key in ("possible", "best-balance", "probable")} == {
        "possible": True,
        "best-balance": True,
        "probable": None,
    }


@pytest.mark.parametrize(("missing", "total"), [((), 9.0), (("1",), 9.0), (("1", "2"), 9.0), (("1", "2", "3"), None)])
def test_phq9_allows_two_missing_answers(missing: tuple[str, ...], total: float | None) -> None:
    found = answered("phq9", every("phq9", 1, **dict.fromkeys(missing)))
    assert found.total == total
    assert found.estimated is (0 < len(missing) < 3)


def test_the_estimate_puts_the_mean_of_the_others_in() -> None:
    found = answered("phq9", every("phq9", 2, **{"1": None, "2": 0}))  # 14 over 8 answers
    assert found.total == pytest.approx(14 + 14 / 8)
    assert [band.label for _, band in found.bands] == ["moderately severe"]


@pytest.mark.parametrize(
    ("total", "label"),
    [(0, "minimal"), (4, "minimal"), (5, "mild"), (9.9, "mild"), (10, "moderate"), (15, "moderately severe"),
     (20, "severe"), (27, "severe")],
)  # fmt: skip
def test_a_band_begins_at_its_lower_end(total: float, label: str) -> None:
    assert load("phq9").band_tables[0].band_of(total).label == label


def test_hamilton_is_read_by_both_tables() -> None:
    found = answered("hamd17", every("hamd17", 1))  # 17
    assert [(table.name, band.label) for table, band in found.bands] == [
        ("as used in trials", "moderate"),
        ("as in CamCOPS", "moderate"),
    ]


@pytest.mark.parametrize(("given", "met"), [({}, True), ({"1": 1}, True), ({"1": 4, "2": 4}, False)])
def test_remission_is_seven_or_less(given: dict[str, int | None], met: bool) -> None:
    assert cutoffs(answered("hamd17", every("hamd17", 0, **given)))["remission"] is met


def test_remission_is_open_when_a_missing_answer_decides() -> None:
    assert cutoffs(answered("hamd17", every("hamd17", 0, **{"1": 4, "2": None})))["remission"] is None


@pytest.mark.parametrize(
    ("yes", "same_time", "problem", "perinatal", "standard"),
    [
        (7, 0, 0, True, False),
        (7, 1, 2, True, True),
        (7, 1, 1, True, False),
        (6, 1, 3, False, False),
        (7, None, 2, True, None),
        (7, None, 0, True, False),
    ],
)
def test_the_bipolar_screen_by_both_rules(
    yes: int, same_time: int | None, problem: int | None, perinatal: bool, standard: bool | None
) -> None:
    given: dict[str, int | None] = {str(n): int(n <= yes) for n in range(1, 14)}
    found = answered("mdq", given | {"same_time": same_time, "problem": problem})
    assert cutoffs(found) == {"perinatal": perinatal, "standard": standard}
    assert [result.cutoff.purpose for result in found.cutoffs] == [Purpose.BIPOLAR, Purpose.BIPOLAR]


def test_questions_that_the_screener_skips_are_not_missing() -> None:
    found = answered("cssrs", {"1": 0, "2": 0, "6": 0})
    assert found.missing == ()
    assert found.not_asked == ("3", "4", "5", "6_3_months")
    assert found.total is None
    assert found.tier is None


def test_questions_behind_an_unanswered_one_are_missing() -> None:
    assert answered("cssrs", {"1": 0, "6": 0}).missing == ("2", "3", "4", "5")


@pytest.mark.parametrize("level", range(-5, 5))
def test_a_scale_of_one_level_is_its_level(level: int) -> None:
    found = answered("rass", {"level": level})
    assert (found.total, load("rass").kind) == (level, Kind.LEVEL)


def test_the_highest_printed_level_of_rass_is_the_first() -> None:
    assert answered("rass", {"level": 1}, AnswersAs.PRINTED_OPTION).total == 4
    assert answered("rass", {"level": 10}, AnswersAs.PRINTED_OPTION).total == -5


@pytest.mark.parametrize(
    ("given", "answers_as", "message"),
    [
        ({"1": 4}, AnswersAs.SCORE, "item '1': 4 is not a score; allowed: 0 to 3"),
        ({"1": -1}, AnswersAs.SCORE, "allowed: 0 to 3"),
        # A zero among printed places betrays a sheet of scores.
        ({"1": 0}, AnswersAs.PRINTED_OPTION, "0 is not a printed answer counted from 1; allowed: 1 to 4"),
        ({"1": 5}, AnswersAs.PRINTED_OPTION, "allowed: 1 to 4"),
        ({"11": 1}, AnswersAs.SCORE, "epds has no item '11'"),
    ],
)
def test_an_impossible_answer_is_refused(given: dict[str, int | None], answers_as: AnswersAs, message: str) -> None:
    with pytest.raises(AnswerError, match=message):
        answered("epds", given, answers_as)


def test_the_same_numbers_mean_different_things_as_scores_and_as_places() -> None:
    given = every("epds", 1)
    assert answered("epds", given).total == 10
    assert answered("epds", given, AnswersAs.PRINTED_OPTION).total == 21


def test_a_scale_without_items_left_out_is_not_prorated_beyond_its_rule() -> None:
    phq9 = load("phq9")
    strict: Scale = replace(phq9, missing=replace(phq9.missing, at_most=1))
    given = every("phq9", 1, **{"1": None, "2": None})
    assert score(Answers(strict, AnswersAs.SCORE, given)).total is None
