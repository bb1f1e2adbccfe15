"""The printing options: a PDF only when asked for, the language of the handout, and what is said when it cannot be."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from matrescence.cli.main import main

ROOT = Path(__file__).parents[2]
ANA = ROOT / "examples" / "mothers" / "ana.toml"
LOG = ROOT / "examples" / "infusions" / "hypoxia.jsonl"
BREX = ("--drug", "brexanolone", "--women", "50")


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [*map(str, words)], env={"SOURCE_DATE_EPOCH": "1772805900"})


def test_a_plan_is_printed_only_when_asked_for(tmp_path: Path) -> None:
    assert run("plan", ANA, *BREX, "--out", tmp_path).exit_code == 0
    assert not (tmp_path / "plan.pdf").exists()
    found = run("plan", ANA, *BREX, "--out", tmp_path, "--pdf")
    assert found.exit_code == 0, found.output
    assert "plan.pdf" in found.stdout
    first = (tmp_path / "plan.pdf").read_bytes()
    assert first.startswith(b"%PDF-") and b"D:20260306140500" in first
    run("plan", ANA, *BREX, "--out", tmp_path, "--pdf")
    assert (tmp_path / "plan.pdf").read_bytes() == first


def test_the_handout_is_printed_in_the_language_that_is_named(tmp_path: Path) -> None:
    found = run("lactation", ANA, *BREX, "--out", tmp_path, "--pdf", "--language", "es")
    assert found.exit_code == 0, found.output
    assert '<html lang="es-US">' in (tmp_path / "lactation.html").read_text("utf-8")
    assert b"/Lang(es-US)" in (tmp_path / "lactation.pdf").read_bytes()
    told = json.loads((tmp_path / "lactation.json").read_text("utf-8"))
    assert told["lactation"][0]["advice"].startswith("No reason to stop breastfeeding")  # the data stay as they are


def test_the_report_of_a_session_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    found = run("infusion", "report", LOG, "--out", tmp_path / "report.pdf", "--at", "2026-03-10T17:06:30")
    assert found.exit_code == 0, found.output
    assert found.stdout == f"wrote {tmp_path / 'report.pdf'}\n"
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("plan", ANA, *BREX, "--pdf"), "--pdf writes a file; add --out DIR."),
        (("lactation", ANA, *BREX, "--pdf"), "--pdf writes a file; add --out DIR."),
        (("lactation", ANA, *BREX, "--language", "fr"), "language 'fr' is not known. Allowed: en, es."),
        (("infusion", "report", LOG, "--out", "nowhere/at/all/x.pdf"), "nothing was written here"),
        (("infusion", "report", LOG, "--out", "x.pdf", "--at", "2020-01-01"), "before the infusion was opened"),
        (("infusion", "report", ANA, "--out", "x.pdf"), "not one JSON object"),
    ],
)
def test_bad_input_is_one_message_and_status_2(
    words: tuple[str | Path, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = run(*words)
    assert (found.exit_code, found.stdout) == (2, "")
    assert message in found.stderr
    assert not list(tmp_path.iterdir())


def test_a_time_of_printing_that_is_no_number_is_refused(tmp_path: Path) -> None:
    words = ["infusion", "report", str(LOG), "--out", str(tmp_path / "x.pdf")]
    found = CliRunner().invoke(main, words, env={"SOURCE_DATE_EPOCH": "noon"})
    assert found.exit_code == 2 and "SOURCE_DATE_EPOCH='noon'" in found.stderr


def test_without_typst_nothing_is_written_and_the_way_to_install_it_is_said(tmp_path: Path) -> None:
    code = f"import sys; sys.modules['typst'] = None; from matrescence.cli.main import main; main({_words(tmp_path)!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and 'pip install "matrescence[clinic]"' in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_plan_without_print_never_imports_typst(tmp_path: Path) -> None:
    words = [word for word in _words(tmp_path) if word != "--pdf"]
    code = (
        "import sys; from matrescence.cli.main import main\n"
        f"main({words!r}, standalone_mode=False)\n"
        "print(sorted(name for name in sys.modules if name == 'typst' or 'handouts.print' in name))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def _words(out: Path) -> list[str]:
    return ["plan", str(ANA), *BREX, "--out", str(out), "--pdf"]
