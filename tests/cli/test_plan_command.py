import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from matrescence import __version__
from matrescence.cli.main import COMMANDS, main

ROOT = Path(__file__).parents[2]
ANA = str(ROOT / "examples" / "mothers" / "ana.toml")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def refused(*arguments: str) -> str:
    """The one message of a refused command, which ends with status 2 and prints nothing else."""
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr


def test_the_version_is_printed() -> None:
    assert __version__ in run("--version").stdout


def test_help_lists_every_command_in_the_order_of_the_journey_without_importing_any() -> None:
    code = "import sys, matrescence.cli.main as m\ntry: m.main(['--help'])\nexcept SystemExit: pass\n"
    code += "print(sorted(n for n in sys.modules if n.startswith('matrescence.cli.')), 'numpy' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.splitlines()[-1] == "['matrescence.cli.main'] False"
    assert [told.index(f"\n  {name} ") for name in COMMANDS] == sorted(told.index(f"\n  {name} ") for name in COMMANDS)


def test_a_plan_loads_nothing_heavy() -> None:
    code = f"import sys, matrescence.cli.main as m\ntry: m.main(['plan', {ANA!r}, '--drug', 'brexanolone'])\n"
    code += "except SystemExit: pass\n"
    heavy = ["scipy", "xarray", "jax", "numba", "icalendar", "jinja2", "pandas"]
    code += f"print([n for n in {heavy!r} if n in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.splitlines()[-1] == "[]"


def test_a_plan_is_shown_on_the_terminal() -> None:
    told = run("plan", ANA, "--drug", "brexanolone", "--women", "50")
    assert told.exit_code == 0
    assert "WITHDRAWN" in told.stdout


def test_json_is_the_plan_and_nothing_else() -> None:
    told = json.loads(run("plan", ANA, "--drug", "brexanolone", "--women", "50", "--json").stdout)
    assert (told["drug"], told["regimen"], told["forecast"]["women"]) == ("brexanolone", "label-90", 50)


def test_the_files_of_a_plan_are_written_together_and_the_same_twice(tmp_path) -> None:
    first, second = tmp_path / "a", tmp_path / "b" / "c"
    for out in (first, second):
        result = run("plan", ANA, "--drug", "brexanolone", "--women", "50", "--out", str(out))
        assert result.exit_code == 0, result.output
        assert sorted(path.name for path in out.iterdir()) == ["calendar.ics", "plan.html", "plan.json"]
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()


def test_cite_prints_the_bibtex_of_exactly_the_references(tmp_path) -> None:
    run("plan", ANA, "--drug", "brexanolone", "--women", "50", "--out", str(tmp_path))
    keys = [reference["key"] for reference in json.loads((tmp_path / "plan.json").read_text())["references"]]
    told = run("cite", str(tmp_path / "plan.json")).stdout
    assert re.findall(r"^@\w+\{([^,\s]+)", told, flags=re.MULTILINE) == keys
    rows = json.loads(run("cite", str(tmp_path / "plan.json"), "--json").stdout)
    assert [row["key"] for row in rows] == keys


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--drug", "brexanalone"], "drug 'brexanalone' is not in the formulary. Did you mean 'brexanolone'?"),
        (["--drug", "../brexanolone"], "is not in the formulary"),
        (["--drug", ""], "is not in the formulary"),
        (["--drug", "brexanolone", "--regimen", "label90"], "Did you mean 'label-90'?"),
        (["--drug", "brexanolone", "--women", "0"], "women = 0 cannot be used"),
        (["--drug", "brexanolone", "--women", "many"], "Invalid value for '--women'"),
        (["--drug", "brexanolone", "--seed", "-1"], "seed = -1 cannot be used"),
        (["--drug", "brexanolone", "--colour"], "No such option"),
        ([], "Missing option '--drug'"),
    ],
)
def test_an_argument_that_cannot_be_used_gets_one_message_and_status_2(
    tmp_path, arguments: list[str], words: str
) -> None:
    assert words in refused("plan", ANA, *arguments, "--out", str(tmp_path / "out"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("wieght_kg = 70\n", "Did you mean 'weight_kg'?"),
        ("weight_kg = nan\n", "weight_kg = NaN cannot be used"),
        ("weight_kg = -70\n", "allowed: a number from 25 to 350 kg"),
        ("weight_kg = \n", "broken TOML"),
        ("", "weight_kg is missing"),
        ('start = "2026-02-30T08:00"\n', "Does the date exist?"),
    ],
)
def test_a_file_that_cannot_be_used_gets_one_message_and_status_2(tmp_path, content: str, words: str) -> None:
    file = tmp_path / "her.toml"
    file.write_text(content)
    message = refused("plan", str(file), "--drug", "brexanolone", "--out", str(tmp_path / "out"))
    assert words in message
    assert "her.toml" in message
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_not_there_and_a_directory_are_refused(tmp_path) -> None:
    assert "there is no such file" in refused("plan", str(tmp_path / "no.toml"), "--drug", "brexanolone")
    assert "this is a directory" in refused("plan", str(tmp_path), "--drug", "brexanolone")


def test_an_output_that_cannot_be_written_is_refused_before_anything_is_shown(tmp_path) -> None:
    (tmp_path / "taken").write_text("mine")
    message = refused("plan", ANA, "--drug", "brexanolone", "--women", "5", "--out", str(tmp_path / "taken"))
    assert "nothing was written here" in message
    assert (tmp_path / "taken").read_text() == "mine"


def test_an_empty_name_of_a_directory_does_not_mean_this_one(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert '--out = "" cannot be used' in refused("plan", ANA, "--drug", "brexanolone", "--out", "")
    assert list(tmp_path.iterdir()) == []


def test_154_kg_at_165_cm_is_planned_with_a_warning(tmp_path) -> None:
    file = tmp_path / "her.toml"
    file.write_text(Path(ANA).read_text().replace("weight_kg = 70", "weight_kg = 154"))
    told = json.loads(run("plan", str(file), "--drug", "brexanolone", "--women", "5", "--json").stdout)
    assert "plan.looks_like_pounds" in {warning["rule"] for warning in told["warnings"]}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{}", "this is not a plan"),
        ("[]", "this is not a plan"),
        ("{", "broken JSON"),
        ('{"drug": "brexanolone", "references": 5}', "references = 5 cannot be used"),
        ('{"drug": "brexanolone", "references": [{"kye": "a"}]}', "Did you mean 'key'?"),
        ('{"drug": "brexanolone", "references": [{"key": "nobody_2020"}]}', "nobody_2020"),
        ('{"drug": "nothing", "references": []}', "is not in the formulary"),
    ],
)
def test_cite_refuses_what_is_not_a_plan(tmp_path, content: str, words: str) -> None:
    (tmp_path / "plan.json").write_text(content)
    assert words in refused("cite", str(tmp_path / "plan.json"))


def test_a_misspelt_command_offers_the_nearest() -> None:
    assert "there is no command 'paln'. Did you mean 'plan'?" in refused("paln", ANA)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_output_that_has_no_room_is_told_in_one_line(more: tuple[str, ...]) -> None:
    command = [
        sys.executable,
        "-m",
        "matrescence.cli.main",
        "plan",
        ANA,
        "--drug",
        "brexanolone",
        "--women",
        "20",
        *more,
    ]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stderr.strip() == (
        "matrescence: the answer could not be written out: no space left on device. Send it where there is room."
    )


def test_a_width_that_was_asked_for_is_kept_in_a_pipe_too() -> None:
    told = CliRunner().invoke(main, ["plan", ANA, "--drug", "brexanolone", "--women", "20"], env={"COLUMNS": "60"})
    assert told.exit_code == 0
    assert 50 < max(len(line) for line in told.stdout.splitlines()) <= 60
