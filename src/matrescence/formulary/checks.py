"""The pharmacist's spell-checker: everything that can be found wrong in a drug folder without knowing the drug.

Reading a folder already refuses unknown keys, missing fields, wrong units and ranges the wrong way round; :func:`check`
collects those complaints and adds what only shows when the parts are laid side by side: values out of bounds, citations
that are missing or never used, gaps and overlaps in a staircase, parameters that the structure uses and nobody gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from matrescence.care.drug import Drug
from matrescence.formulary.bibliography import read_bibliography
from matrescence.formulary.calibration import read_calibration
from matrescence.formulary.check_citations import check_citations
from matrescence.formulary.check_facts import check_facts
from matrescence.formulary.check_model import check_model
from matrescence.formulary.check_regimen import check_regimens
from matrescence.formulary.finding import CheckFinding
from matrescence.formulary.library import SHIPPED, names
from matrescence.formulary.published import PublishedRow, read_published
from matrescence.formulary.read_drug import read_drug
from matrescence.formulary.read_model import read_model
from matrescence.reading import InputError

T = TypeVar("T")

NEEDED = ("drug.toml", "references.bib", "README.md")


def check(root: Path | None = None, *, drugs: tuple[str, ...] = ()) -> tuple[CheckFinding, ...]:
    """Everything wrong in the drug folders of ``root`` (the shipped formulary by default), folder by folder."""
    folder = root or SHIPPED
    return tuple(finding for name in drugs or names(root=root) for finding in check_folder(folder / name))


def check_folder(folder: Path) -> tuple[CheckFinding, ...]:
    """Everything wrong in one drug folder."""
    findings = [
        CheckFinding(str(folder / part), "", "there is no such file", f"write {part} as in another drug's folder")
        for part in NEEDED
        if not (folder / part).is_file()
    ]
    if findings:
        return tuple(findings)
    for path in sorted((folder / "models").glob("*.toml")):
        model = _try(lambda path=path: read_model(path, drug=folder.name), findings)  # type: ignore[misc]
        if model is not None:
            findings += check_model(model, path)
    drug = _try(lambda: read_drug(folder), findings)
    rows = _optional(folder / "published.toml", read_published, findings)
    _optional(folder / "calibration.toml", read_calibration, findings)
    if drug is not None:
        findings += check_regimens(drug, folder / "drug.toml")
        findings += check_rows(rows or (), drug, folder / "published.toml")
    _try(lambda: read_bibliography(folder / "references.bib"), findings)
    findings += check_facts(folder)
    findings += check_citations(folder)
    return tuple(dict.fromkeys(findings))


def check_rows(rows: tuple[PublishedRow, ...], drug: Drug, file: Path) -> Iterator[CheckFinding]:
    """Published rows must name models, regimens, outputs and side effects that are there."""
    effects = {effect.name for effect in drug.side_effects}
    for row in rows:
        named = (
            ("model", row.study.model, set(drug.models)),
            ("regimen", row.study.regimen, {*drug.regimens, "any"}),
            ("effect", row.study.effect, effects),
        )
        for key, name, known in named:
            if name is not None and name not in known:
                fix = f"name one of: {', '.join(sorted(known)) or 'none'}"
                yield CheckFinding(str(file), f"rows.{row.id}.{key}", f"{name!r} is not in this folder", fix)
        model = drug.models.get(row.study.model or drug.default_model or "")
        outputs = [output.name for output in model.structure.outputs] if model else []
        if model is not None and row.study.output not in outputs:
            fix = f"name an output of {model.name}: {', '.join(outputs)}"
            yield CheckFinding(str(file), f"rows.{row.id}.output", f"{row.study.output!r} is not predicted", fix)


def complaints(error: InputError) -> Iterator[CheckFinding]:
    """The complaints of one :class:`InputError` as findings: one for each line, the file taken from the first."""
    head, _, tail = str(error).partition("\n")
    file = next((head[: head.index(end) + len(end)] for end in (".toml", ".bib", ".md") if end in head), "")
    for line in [line.removeprefix("  - ") for line in tail.split("\n")] if tail else [head]:
        said = line.removeprefix(file).removeprefix(": ")
        field, colon, rest = said.partition(": ")
        yield CheckFinding(file, field if colon else "", rest if colon else said, "")


def _optional(path: Path, read: Callable[[Path], T], findings: list[CheckFinding]) -> T | None:
    return _try(lambda: read(path), findings) if path.is_file() else None


def _try(read: Callable[[], T], findings: list[CheckFinding]) -> T | None:
    try:
        return read()
    except InputError as error:
        findings += complaints(error)
        return None
