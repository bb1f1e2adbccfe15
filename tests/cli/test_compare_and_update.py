"""``compare`` and ``update`` from the command line: every option, what is unknown, bad input, the pages."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from matrescence.actions import mood, update_mood
from matrescence.cli.main import main
from matrescence.outcomes.options import options, unshown
from matrescence.outcomes.posterior import PARAMETERS, MoodPosterior
from matrescence.reading import InputError

ROOT = Path(__file__).parents[2]
MOTHERS = ROOT / "examples" / "mothers"
UPDATES = ROOT / "examples" / "updates"
ANA = MOTHERS / "ana.toml"


def invented_posterior() -> MoodPosterior:
    """Draws of an invented posterior, so that these tests stand on no fit."""
    middle = {
        "placebo_size": 1.1,
        "placebo_more_if_moderate": 0.1,
        "placebo_shape": 0.7,
        "placebo_infusion_h": 12.0,
        "placebo_tablets_h": 150.0,
        "untreated_size": 0.6,
        "untreated_h": 1000.0,
        "drug_size": [0.6] * 5,
        "onset_h": [24.0, 48.0, 480.0],
        "fading_severe_per_h": 0.0005,
        "fading_moderate_per_h": 0.002,
        "residual": 0.4,
    }
    rng = np.random.default_rng(1)
    draws = {}
    for name in PARAMETERS:
        value = np.asarray(middle.get(name, 0.9 if name.startswith("spread") else 0.15))
        draws[name] = value * np.exp(0.05 * rng.normal(size=(300, *value.shape)))
    return MoodPosterior(draws=draws, provenance={"trial_effects": ["invented"], "trials": ["invented"], "sources": []})


@pytest.fixture(autouse=True)
def posterior(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (mood, update_mood):
        monkeypatch.setattr(room, "posterior_or_reason", lambda: (invented_posterior(), ""))


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [*map(str, words)])


def told(*words: str | Path) -> dict[str, Any]:
    found = run(*words, "--json")
    assert found.exit_code == 0, found.output
    document: dict[str, Any] = json.loads(found.stdout)
    return document


# ---- compare ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(MOTHERS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_mother_sees_every_option_in_the_same_order(path: Path) -> None:
    document = told("compare", path, "--women", "50")
    assert [row["key"] for row in document["options"]] == [option.key for option in options()]
    assert [row["key"] for row in document["unshown"]] == list(unshown())
    assert run("compare", path, "--women", "50").exit_code == 0


def test_nothing_is_ranked_and_every_line_that_no_trial_has_shown_is_said() -> None:
    page = run("compare", ANA, "--women", "50").output
    assert "is no ranking" in page
    for said in unshown().values():
        assert said.text in page
    assert not re.search(r"\b(best|winner|recommended|most effective|first choice)\b", page, re.IGNORECASE)


def test_ketamine_after_birth_is_unknown_and_what_is_borrowed_says_so() -> None:
    rows = {row["key"]: row for row in told("compare", ANA, "--women", "50")["options"]}
    for key, sessions in (("ketamine-single", 1), ("ketamine-series", 6)):
        size = rows[key]["size"]
        assert "no randomised trial" in size["unknown"]
        assert (size["scale"], size["against"], size["sessions"]) == ("MADRS", "saline", sessions)
        assert size["in_whom"] == "treatment-resistant depression"
        assert size["elsewhere"]["text"].startswith("In other people")
        assert (rows[key]["grade"], size["grade"]) == ("C", "C")


def test_six_sessions_reach_the_published_change_and_lose_it_as_responders_did() -> None:
    """Singh 2016: -17.7 and -18.4 on day 15; Murrough 2013: half relapsed by day 18 (12 to 30 accepted)."""
    size = next(r["size"] for r in told("compare", ANA, "--women", "50")["options"] if r["key"] == "ketamine-series")
    (day_15,) = (row for row in size["forecast"] if row["label"] == "day 15")
    assert day_15["change"]["p50"] == pytest.approx(-18.0, abs=1.5)
    stopped, weekly = size["relapse"]["stopped"], size["relapse"]["weekly"]
    assert stopped["median_days"]["low"] <= 18.0 <= stopped["median_days"]["high"]
    assert weekly["lost_by_then"]["p50"] < stopped["lost_by_then"]["p50"]
    assert {row["source"] for row in size["relapse"]["maintenance"]} == {"phillips_2019", "daly_2019"}


def test_the_scale_of_sessions_stands_apart_in_the_picture(tmp_path: Path) -> None:
    assert run("compare", ANA, "--women", "50", "--out", tmp_path).exit_code == 0
    html = (tmp_path / "compare.html").read_text("utf-8")
    assert html.index("HAM-D17, women with depression after birth") < html.index(
        "MADRS, people with treatment-resistant"
    )
    assert "cannot be laid beside each other" in html


def test_after_a_single_session_nothing_is_told_of_going_on() -> None:
    rows = {row["key"]: row for row in told("compare", ANA, "--women", "50")["options"]}
    assert rows["ketamine-single"]["size"]["relapse"]["weekly"] is None


def test_her_own_scores_are_taken_from_her_file_unless_others_are_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "mother.toml"
    file.write_text("hamd17 = 24\nmadrs = 38\n" + ANA.read_text("utf-8"), "utf-8")
    own = told("compare", file, "--women", "50")
    asked = told("compare", file, "--women", "50", "--hamd17", "30", "--madrs", "30")
    series = [next(r for r in d["options"] if r["key"] == "ketamine-series")["size"] for d in (own, asked)]
    assert [d["baseline"]["score"] for d in (own, asked)] == [24, 30]
    assert [size["baseline"] for size in series] == [{"score": 38, "assumed": False}, {"score": 30, "assumed": False}]


def test_a_dose_costs_what_its_price_file_says_and_unknown_prices_stay_unknown() -> None:
    rows = {row["key"]: row for row in told("compare", ANA, "--women", "50")["options"]}
    assert rows["ketamine-single"]["cost"]["words"] == "$400.00 to $800.00"
    assert rows["ketamine-series"]["cost"]["words"] == "$2,400.00 to $4,800.00"
    assert rows["zuranolone-50"]["cost"]["words"] == "$15,902.00"
    assert rows["sertraline"]["cost"]["total"] is None
    assert rows["zuranolone-50"]["milk"]["relative_infant_dose_percent"] is None


def test_counted_sedation_comes_from_the_arms_of_the_label() -> None:
    rows = {row["key"]: row for row in told("compare", ANA, "--women", "50")["options"]}
    names = [item["name"] for item in rows["brexanolone-60"]["sedation"]["counted"]]
    assert "Sedation or somnolence" in names and "Loss of consciousness" in names
    assert rows["sertraline"]["sedation"] == {
        "counted": [],
        "unknown": "No count of sedation was found in a source.",
    }


def test_a_score_that_is_not_known_is_assumed_and_said_to_be() -> None:
    assumed, given = told("compare", ANA, "--women", "50"), told("compare", ANA, "--women", "50", "--hamd17", "22")
    assert assumed["baseline"] == {
        "scale": "HAM-D17",
        "score": pytest.approx(28.7),  # 28.6, 29.0 and 28.4 in the three arms of 202B
        "assumed": True,
        "source": "zulresso_label_2019",
    }
    assert given["baseline"]["assumed"] is False
    assert given["baseline"]["score"] == 22


def test_every_source_of_a_comparison_is_a_paper_that_can_be_read() -> None:
    document = told("compare", ANA, "--women", "50")
    assert all(row["text"] != row["key"] for row in document["references"])


def test_chances_are_percentages_with_their_range_around_them() -> None:
    for row in told("compare", ANA, "--women", "50")["options"]:
        for found in row["size"]["forecast"] or []:
            for name in ("response", "remission", "placebo_response", "placebo_remission"):
                share = found[name]
                assert 0.0 <= share["low"] <= share["p50"] <= share["high"] <= 100.0


def test_a_posterior_that_cannot_be_used_leaves_the_size_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    def stale() -> MoodPosterior:
        raise InputError("was fitted to other trial files")

    monkeypatch.setattr(mood, "mood_posterior", stale)
    rows = {row["key"]: row for row in told("compare", ANA, "--women", "50")["options"]}
    assert "other trial files" in rows["brexanolone-90"]["size"]["unknown"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--hamd17", "60"], "allowed: 8 to 52"),
        (["--madrs", "11"], "allowed: 12 to 60"),
        (["--women", "0"], "women"),
        (["--seed", "-1"], "seed"),
        (["--out", " "], "--out"),
    ],
)
def test_a_wrong_option_of_a_comparison_is_refused_in_one_message(words: list[str], said: str) -> None:
    found = run("compare", ANA, *words)
    assert found.exit_code == 2
    assert said in found.stderr


# ---- update ----------------------------------------------------------------------------------------------------

GOOD = [path for path in sorted(UPDATES.glob("*.toml")) if path.stem != "wrong_unit"]


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_every_example_gives_her_forecast_and_never_advises_a_dose(path: Path) -> None:
    document = told("update", path, "--relapse-risk", "20")
    assert "does not exist" in path.read_text("utf-8").splitlines()[0]
    assert any("it does not say to change a dose" in line for line in document["plain"])
    assert run("update", path).exit_code == 0
    assert all(row["text"] != row["key"] for row in document["references"])


def test_levels_that_her_course_holds_go_into_her_forecast(tmp_path: Path) -> None:
    """Three levels from the veins; the record of a fourth, below what the laboratory could see, is named."""
    course = tmp_path / "julia.jsonl"
    course.write_bytes((ROOT / "examples" / "courses" / "julia.jsonl").read_bytes())
    assert told("update", course)["levels"] is None
    for number, (happened, reading) in enumerate(
        (
            ("2026-04-21T10:15:00-04:00", {"level_ng_per_ml": 95, "drawn": "vein"}),
            ("2026-04-21T10:25:00-04:00", {"level_ng_per_ml": 70, "drawn": "vein"}),
            ("2026-04-21T12:00:00-04:00", {"level_ng_per_ml": 14, "drawn": "vein"}),
            ("2026-04-21T12:20:00-04:00", {"level_ng_per_ml": 0, "below_ng_per_ml": 1}),
        )
    ):
        content = tmp_path / "level.json"
        content.write_text(json.dumps({"command": "observe", "reading": {"reading": "plasma-level", **reading}}))
        put = ("--kind", "infusion", "--from", content, "--id", f"level-{number}", "--by", "laboratory (invented)")
        when = ("--happened", happened, "--at", "2026-04-29T09:00:00-04:00")
        assert run("course", "add", course, *put, *when).exit_code == 0
    found = told("update", course)
    rows = [(row["at"], row["value"]) for row in found["measurements"] if row["what"] == "level"]
    assert rows == [  # drawn at 10:15, 10:25 and 12:00 in New York
        ("2026-04-21T14:15:00+00:00", 95),
        ("2026-04-21T14:25:00+00:00", 70),
        ("2026-04-21T16:00:00+00:00", 14),
    ]
    before, after = (found["levels"]["outputs"]["plasma"][key] for key in ("before", "after"))
    assert np.mean(np.subtract(after["p95"], after["p05"])) < np.mean(np.subtract(before["p95"], before["p05"]))
    assert any(
        "plasma level below 1 ng/mL, the limit of quantification, at hour 2.317, means" in line
        for line in found["unknown"]
    )


def test_her_levels_narrow_the_band_and_each_round_is_told() -> None:
    levels = told("update", UPDATES / "ana_levels_and_scores.toml")["levels"]
    before, after = (levels["outputs"]["plasma"][key] for key in ("before", "after"))
    wide, narrow = (np.mean(np.array(band["p95"]) - np.array(band["p05"])) for band in (before, after))
    assert narrow < wide
    assert all(row["low"] < row["hers"] < row["high"] for row in levels["parameters"])
    assert levels["rounds"][-1]["worth"] > 100


def test_a_score_far_off_is_said_to_be_and_one_on_course_is_not() -> None:
    off = told("update", UPDATES / "ana_off_course.toml")["mood"]["off_course"]
    on = told("update", UPDATES / "ana_levels_and_scores.toml")["mood"]["off_course"]
    assert off["off"] and off["side"] == "higher" and off["as_far"] < 0.1
    assert not on["off"]
    assert "not the chance that the treatment has failed" in run("update", UPDATES / "ana_off_course.toml").output


def test_the_next_session_follows_the_published_median() -> None:
    """At a risk of one half the constant-risk curve gives the published median: 18 days."""
    due = told("update", UPDATES / "fatima_after_six.toml", "--relapse-risk", "50")["next_session"]
    murrough = next(row for row in due["by_study"] if row["source"] == "murrough_2013")
    assert murrough["days"] == pytest.approx(18.0)
    assert "treatment-resistant" in murrough["population"]
    assert due["in_whom"] == "Nobody in this study had depression after birth."
    assert due["responded"] is True


def test_without_a_stated_risk_or_a_study_the_next_session_is_unknown() -> None:
    ketamine = told("update", UPDATES / "fatima_after_six.toml")
    brexanolone = told("update", UPDATES / "ana_off_course.toml", "--relapse-risk", "20")
    assert ketamine["next_session"] is None and "which risk of relapse is accepted" in " ".join(ketamine["unknown"])
    assert brexanolone["next_session"] is None and "no study followed" in " ".join(brexanolone["unknown"])


def test_her_madrs_around_sessions_narrows_a_course_of_its_own_scale() -> None:
    document = told("update", UPDATES / "fatima_after_six.toml", "--relapse-risk", "30")
    mood = document["mood"]
    assert (mood["scale"], mood["in_whom"]) == ("MADRS", "treatment-resistant depression")
    assert [row["total"] for row in mood["scores"]] == [20, 14]
    wide, narrow = (np.mean(np.subtract(mood[key]["p95"], mood[key]["p05"])) for key in ("before", "after"))
    assert narrow < wide
    assert max(mood["after"]["p95"]) <= 60
    assert mood["rounds"][-1]["enough"]
    due = document["next_session"]["by_her_course"]
    assert 0.5 < due["days"] <= due["by_days"]
    assert "By the model of her own course" in " ".join(document["plain"])


def test_a_greater_accepted_risk_makes_the_next_session_due_later() -> None:
    days = [
        told("update", UPDATES / "fatima_after_six.toml", "--relapse-risk", risk)["next_session"]["by_her_course"][
            "days"
        ]
        for risk in ("10", "30", "60")
    ]
    assert days[0] < days[1] < days[2]


def test_scores_of_a_scale_without_a_model_are_kept_and_not_converted(tmp_path: Path) -> None:
    file = tmp_path / "her.toml"
    rows = '{ at_h = -1, what = "hamd17", value = 28 }, { at_h = 60, what = "madrs", value = 14 }'
    file.write_text(f'mother = "{ANA}"\ndrug = "brexanolone"\nmeasurements = [{rows}]\n', "utf-8")
    document = told("update", file)
    assert document["mood"]["scale"] == "HAM-D17" and document["mood"]["scores"] == []
    assert any("madrs" in line for line in document["unknown"])


def test_every_mistake_of_a_file_is_named_at_once() -> None:
    found = run("update", UPDATES / "wrong_unit.toml")
    assert found.exit_code == 2
    for said in ("4 problems", "Did you mean 'hamd17'?", "unit", "at_h or time", "0 to 52"):
        assert said in found.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('at_h = 24, what = "level", value = 0, unit = "ng/mL"', "above zero"),
        ('at_h = -3, what = "level", value = 9, unit = "ng/mL"', "nothing has been given"),
        ('at_h = 24, what = "level", of = "milk", value = 9, unit = "ng/mL"', "no residual error"),
        ('at_h = 24, what = "level", value = 9', "unit is missing"),
        ('at_h = 24, time = 2026-03-08T08:00:00-05:00, what = "hamd17", value = 9', "either at_h or time"),
        ('at_h = 24, what = "hamd17", value = 9.5', "whole total"),
    ],
)
def test_a_measurement_that_cannot_be_used_is_refused(tmp_path: Path, change: str, said: str) -> None:
    file = tmp_path / "her.toml"
    file.write_text(f'mother = "{ANA}"\ndrug = "brexanolone"\nmeasurements = [{{ {change} }}]\n', "utf-8")
    found = run("update", file)
    assert found.exit_code == 2
    assert said in found.stderr


@pytest.mark.parametrize("words", [["--relapse-risk", "0"], ["--seed", "-1"], ["--out", ""]])
def test_a_wrong_option_of_an_update_is_refused(words: list[str]) -> None:
    assert run("update", UPDATES / "ana_off_course.toml", *words).exit_code == 2


def test_a_file_that_is_not_there_is_said_to_be_missing() -> None:
    found = run("update", UPDATES / "nobody.toml")
    assert found.exit_code == 2 and "no such file" in found.stderr


def test_the_log_of_a_course_serves_as_well_as_a_file(tmp_path: Path) -> None:
    log = tmp_path / "course.jsonl"
    assert run("course", "new", log, "--mother", ANA, "--drug", "brexanolone").exit_code == 0
    document = told("update", log)
    assert document["drug"] == "brexanolone"
    assert document["given_as_recorded"] is False
    assert any("no HAM-D17 was taken" in line for line in document["unknown"])


# ---- pages -----------------------------------------------------------------------------------------------------


def test_both_pages_are_whole_documents_without_script_or_request(tmp_path: Path) -> None:
    assert run("compare", ANA, "--women", "50", "--out", tmp_path / "a").exit_code == 0
    assert run("update", UPDATES / "ana_levels_and_scores.toml", "--out", tmp_path / "b").exit_code == 0
    for page in (tmp_path / "a" / "compare.html", tmp_path / "b" / "update.html"):
        html = page.read_text("utf-8")
        assert html.count("<svg") >= 2 and "</html>" in html
        assert "<script" not in html and "src=" not in html
        assert "INVENTED EXAMPLE" in html
        assert json.loads((page.parent / page.name.replace("html", "json")).read_text("utf-8"))


def test_a_name_cannot_break_the_page(tmp_path: Path) -> None:
    file = tmp_path / "mother.toml"
    file.write_text(ANA.read_text("utf-8").replace("Ana", "<b>&Ana"), "utf-8")
    assert run("compare", file, "--women", "50", "--out", tmp_path / "o").exit_code == 0
    assert "<b>&Ana" not in (tmp_path / "o" / "compare.html").read_text("utf-8")
