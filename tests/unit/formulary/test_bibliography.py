"""BibTeX is read by a small reader; an independent one must see the same entries."""

from __future__ import annotations

from pathlib import Path

import pytest

from matrescence.formulary import library
from matrescence.formulary.bibliography import read_bibliography
from matrescence.reading import InputError


@pytest.mark.parametrize("name", library.names())
def test_another_reader_sees_the_same_keys(name: str) -> None:
    bibtexparser = pytest.importorskip("bibtexparser")
    text = (library.SHIPPED / name / "references.bib").read_text(encoding="utf-8")
    others = bibtexparser.loads(text) if hasattr(bibtexparser, "loads") else bibtexparser.parse_string(text)
    entries = others.entries
    keys = {entry["ID"] if isinstance(entry, dict) else entry.key for entry in entries}
    assert keys - {"software"} <= set(library.bibliography(name)) | {"matrescence"}
    assert set(library.bibliography(name)) - keys <= {"matrescence"}


@pytest.mark.parametrize("name", library.names())
def test_every_entry_makes_a_readable_line(name: str) -> None:
    for entry in library.bibliography(name).values():
        assert entry.fields["title"]
        assert len(entry.line) > 20
        assert "{" not in entry.line


def test_nested_braces_belong_to_the_value(tmp_path: Path) -> None:
    path = tmp_path / "x.bib"
    path.write_text("@article{a_2020, title = {The {GABA} receptor}, author = {Ng, A and Ito, B}}", encoding="utf-8")
    entry = read_bibliography(path)["a_2020"]
    assert entry.fields["title"] == "The GABA receptor"
    assert entry.line == "Ng, A, Ito, B. The GABA receptor"


@pytest.mark.parametrize(
    ("text", "said"), [("@a{x, title = {y}", "never closed"), ("@a{x, t = {y}}\n@b{x, t = {z}}", "given twice")]
)
def test_a_broken_bibliography_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "x.bib"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_bibliography(path)
