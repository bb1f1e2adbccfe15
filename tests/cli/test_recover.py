from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from matrescence.cli.main import main

EXAMPLES = Path(__file__).parents[2] / "examples" / "recovery"
MOTHERS = [path for path in sorted(EXAMPLES.glob("*.toml")) if path.stem != "site_prices"]


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["recover", *map(str, words)])


def as_json(path: Path) -> dict[str, Any]:
    found = run(path, "--json")
    assert found.exit_code == 0, found.output
    document: dict[str, Any] = json.loads(found.stdout)
    return document


@pytest.mark.parametrize("path", MOTHERS, ids=lambda path: path.stem)
def test_every_example_runs_and_says_that_it_is_invented(path: Path) -> None:
    assert run(path).exit_code == 0
    document = as_json(path)
    assert "(invented)" in document["mother"]
    assert "invented" in path.read_text("utf-8").splitlines()[0]
    assert all(row["text"] != row["key"] for row in document["references"])


def test_vials_by_weight_hours_of_the_site_and_her_share() -> None:
    cost = as_json(EXAMPLES / "ana_after_infusion.toml")["cost"]
    charges = {line["key"]: line["charge"]["least"] for line in cost["lines"]}
    assert charges == {"drug": "37250.00", "facility": "11501.00"}
    assert cost["total"]["words"] == "$48,751.00"
    assert cost["hers"]["words"] == "$5,900.00"
    assert cost["insurer"]["words"] == "$42,851.00"
    assert sum(float(line["hers"]) for line in cost["lines"]) == pytest.approx(5900)


def test_without_the_sites_prices_the_total_is_at_least(tmp_path: Path) -> None:
    text = (EXAMPLES / "ana_after_infusion.toml").read_text("utf-8").replace('prices = "site_prices.toml"', "")
    path = tmp_path / "ana.toml"
    path.write_text(text, "utf-8")
    cost = as_json(path)["cost"]
    assert cost["total"]["words"] == "at least $37,250.00"
    assert cost["lines"][1]["charge"] is None
    assert "Monitored stay, 62 x hour: unknown" in run(path).stdout


def test_a_responder_after_six_sessions_goes_on_as_the_protocol_says() -> None:
    document = as_json(EXAMPLES / "fatima_after_six.toml")
    assert document["discharge"]["leaving"] == "may leave"
    assert (document["outcome"]["response"], document["outcome"]["remission"]) == (True, False)
    assert document["next_session"]["what"] == "a maintenance session"
    assert document["next_session"]["at"] == "2026-10-08T10:00:00-06:00"
    assert document["driving"]["not_before"] == "2026-10-02T00:00:00-06:00"
    assert document["cost"]["hers"]["words"] == "$2,400.00 to $4,800.00"
    assert document["cost"]["insurer"]["words"] == "$0.00"
    assert document["cost"]["tax_saved"]["words"] == "$663.60 to $829.50"


def test_gaps_are_said_and_a_relapse_is_found() -> None:
    shown = run(EXAMPLES / "relapse_and_gaps.toml").stdout
    assert "Leaving: stays" in shown
    assert "relapse: yes" in shown
    assert "Tax saved" not in shown
    assert "Her share: $0.00 to $800.00" in shown


HEAD = 'drug = "brexanolone"\ntime_zone = "Europe/Paris"\nnow = "2026-05-04T20:00"\n'
MOTHER = '[mother]\nname = "Ida (invented)"\nweight_kg = 60\n'
COURSE = '[course]\nsessions = ["2026-05-01T08:00"]\nended = "2026-05-03T20:00"\n'
GOOD = HEAD + MOTHER + COURSE


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "her.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_file_with_nothing_but_the_course_has_visits_and_a_bill(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    document = as_json(path)
    assert (document["discharge"], document["outcome"]) == (None, None)
    assert document["cost"]["hers"] is None
    assert document["cost"]["lines"][1]["quantity"] == "60"
    assert run(path).stdout.startswith("Ida (invented): brexanolone, label-90")


def test_an_account_without_insurance_terms_is_not_passed_over(tmp_path: Path) -> None:
    account = '[account]\nkind = "fsa"\nplan_year = 2027\ncoverage = "self"\ncontribution = 3000\n'
    cost = as_json(write(tmp_path, f"{GOOD}{account}tax_rate_percent = 30\n"))["cost"]
    assert cost["tax_saved"]["least"] == "0.00"
    rules = {reason["rule"] for reason in cost["reasons"]}
    assert {"recovery.cover_unknown", "recovery.plan_year_unknown"} <= rules


def test_oral_treatment_has_no_hours_and_nothing_to_leave_from(tmp_path: Path) -> None:
    told = '[discharge]\nsedation_resolved = true\n[insurance]\nout_of_pocket_max = "100.50"\n'
    path = write(tmp_path, GOOD.replace("brexanolone", "zuranolone") + told)
    document = as_json(path)
    assert document["discharge"]["leaving"].startswith("no criteria are known")
    assert document["driving"]["not_before"] == "2026-05-04T08:00:00+02:00"
    assert document["next_session"]["what"].startswith("no session")


def test_no_scores_after_treatment_is_not_a_failure(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD + '[scores]\nscale = "madrs"\nbaseline = { on = 2026-04-01, total = 30 }\n')
    assert as_json(path)["outcome"]["response"] is None
    assert "30 before, unknown at the last score" in run(path).stdout


def test_instants_with_an_offset_are_read_in_the_zone(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace('"2026-05-03T20:00"', '"2026-05-03T18:00+00:00"'))
    assert as_json(path)["ended"] == "2026-05-03T20:00:00+02:00"


SCORES = '[scores]\nscale = "madrs"\n'
ACCOUNT = '[insurance]\n[account]\nkind = "fsa"\nplan_year = 2026\ncoverage = "self"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "drug is missing"),
        (GOOD.replace("Europe/Paris", "Europe/Pariss"), "Did you mean 'Europe/Paris'"),
        (GOOD.replace("brexanolone", "brexanolon"), "Did you mean 'brexanolone'"),
        (HEAD + 'regimen = "90"\n' + MOTHER + COURSE, "has no regimen '90'"),
        (HEAD + "[mother]\n" + COURSE, "mother: name is missing"),
        (GOOD.replace('ended = "2026-05-03T20:00"', 'ended = "2026-04-03T20:00"'), "after the last session began"),
        (GOOD.replace('now = "2026-05-04T20:00"', 'now = "2026-05-02T20:00"'), "ended"),
        (GOOD.replace('now = "2026-05-04T20:00"', 'now = "soon"'), "a date and time such as"),
        (GOOD.replace('now = "2026-05-04T20:00"', 'now = "2026-10-25T02:30"'), "once that day"),
        (GOOD.replace('["2026-05-01T08:00"]', '["2026-05-01T08:00", "2026-05-01T08:00"]'), "begin at the same moment"),
        (GOOD + '[scores]\nscale = "aldrete"\n', "name a depression scale"),
        (GOOD + '[scores]\nscale = "cssrs"\n', "name a depression scale"),
        (GOOD + '[scores]\nscale = "madr"\n', "Did you mean 'madrs'"),
        (GOOD + "[scores]\n", "scale is missing"),
        (GOOD + SCORES + "later = [{ on = 2026-05-04, total = 61 }]\n", "0 to 60 for MADRS"),
        (GOOD + SCORES + "later = [{ total = 61 }]\n", "on is missing"),
        (GOOD + SCORES + "later = [{ on = 2026-05-04, total = 6 }, { on = 2026-05-04, total = 7 }]\n", "the same day"),
        (
            GOOD + SCORES + "baseline = { on = 2026-05-04, total = 6 }\nlater = [{ on = 2026-05-01, total = 7 }]\n",
            "older than the baseline",
        ),
        (GOOD + '[insurance]\ndeductible = "many"\n', "US dollars"),
        (GOOD + "[insurance]\ncovers = { drug = 1 }\n", "covers.drug = 1 cannot be used"),
        (GOOD + "[insurance]\ncoinsurance_percent = 120\n", "from 0 to 100 %"),
        (GOOD + ACCOUNT, "contribution is missing"),
        (GOOD + ACCOUNT + "contribution = -5\n", "US dollars"),
        (GOOD + "[discharge]\npressure_now = [120]\n", "a list of numbers"),
        (GOOD + '[site]\nprices = "nobody.toml"\n', "there is no such file"),
        (GOOD + "[leaving]\n", "'leaving' is not a field here"),
    ],
)
def test_bad_input_is_one_message_and_status_2(tmp_path: Path, text: str, message: str) -> None:
    found = run(write(tmp_path, text))
    assert found.exit_code == 2
    assert found.stdout == ""
    assert message in found.stderr
