"""The pharmacist's spell-checker: everything that can be found wrong in a drug folder without knowing the drug.

Reading a folder already refuses unknown keys, missing fields, wrong units, values out of bounds and ranges the wrong way
round; :func:`check` collects those complaints and adds what only shows when the parts are laid side by side: citations
that are missing or never used, gaps and overlaps in a staircase, parameters that the structure uses and nobody gives.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matrescence.care.drug import Drug
from matrescence.formulary.bibliography import read_bibliography
from matrescence.formulary.check_citations import check_citations
from matrescence.formulary.check_model import check_model
from matrescence.formulary.check_regimen import check_regimens
from matrescence.formulary.finding import CheckFinding
from matrescence.formulary.library import SHIPPED, names
from matrescence.formulary.published import PublishedRow, read_published
from matrescence.formulary.read_drug import read_drug, read_models
from matrescence.reading import InputError


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and what was found wrong with it."""

    drugs: tuple[str, ...]
    findings: tuple[CheckFinding, ...]


def check(root: Path | None = None, *, drugs: tuple[str, ...] = ()) -> tuple[CheckFinding, ...]:
    """Everything wrong in the drug folders of ``root`` (the shipped formulary by default), file by file."""
    folder = root or SHIPPED
    return tuple(finding for name in drugs or names(root=root) for finding in check_folder(folder / name))


def check_folder(folder: Path) -> tuple[CheckFinding, ...]:
    """Everything wrong in one drug folder."""
    findings: list[CheckFinding] = []
    findings += [
        CheckFinding(str(folder / part), "file", "missing", f"write {part}; another drug's folder shows how")
        for part in ("drug.toml", "references.bib", "README.md")
        if not (folder / part).is_file()
    ]
    drug: Drug | None = _try(lambda: read_drug(folder), findings)
    if drug is None:
        _try(lambda: read_bibliography(folder / "references.bib"), findings)
        for path in sorted((folder / "models").glob("*.toml")):
            _try(lambda path=path: read_models_one(path), findings)  # type: ignore[misc]
    rows: tuple[PublishedRow, ...] = ()
    if (folder / "published.toml").is_file():
        rows = _try(lambda: read_published(folder / "published.toml"), findings) or ()
    if drug is not None:
        findings += check_regimens(drug, folder / "drug.toml")
        for model in drug.models.values():
            findings += check_model(model, folder / "models" / f"{model.name}.toml")
        findings += check_rows(rows, drug, folder / "published.toml")
    findings += check_citations(folder)
    return tuple(dict.fromkeys(findings))


def read_models_one(path: Path) -> None:
    """Read one model file for its complaints alone."""
    from matrescence.formulary.read_model import read_model

    read_model(path, drug=path.parent.parent.name)


def check_rows(rows: tuple[PublishedRow, ...], drug: Drug, file: Path) -> Iterator[CheckFinding]:
    """Published rows must name models, regimens, outputs and side effects that are there."""
    effects = {effect.name for effect in drug.side_effects}
    for row in rows:
        where = f"rows.{row.id}"
        named = (("model", row.study.model, drug.models), ("regimen", row.study.regimen, {*drug.regimens, "any"}))
        for key, name, known in named:
            if name is not None and name not in known:
                yield CheckFinding(str(file), f"{where}.{key}", name, f"name one of: {', '.join(known) or 'none'}")
        if row.study.effect is not None and row.study.effect not in effects:
            yield CheckFinding(str(file), f"{where}.effect", row.study.effect, "name a side effect of drug.toml")
        model = drug.models.get(row.study.model or drug.default_model or "")
        if model is not None and row.study.output not in {output.name for output in model.structure.outputs}:
            yield CheckFinding(str(file), f"{where}.output", row.study.output, f"name an output of {model.name}")


def _try(read: Callable[[], Any], findings: list[CheckFinding]) -> Any:
    try:
        return read()
    except InputError as error:
        findings += complaints(error)
        return None


_COMPLAINT = re.compile(r"^(?P<file>.*?\.(?:toml|bib))(?::\s*(?P<field>[\w .()'\-]+?))?:\s*(?P<text>.*)$", re.DOTALL)


def complaints(error: InputError) -> Iterator[CheckFinding]:
    """The complaints of one :class:`InputError` as findings: one for each line."""
    text = str(error)
    head, _, tail = text.partition("\n")
    lines = [line.removeprefix("  - ") for line in tail.split("\n")] if tail else [text]
    match = _COMPLAINT.match(head)
    file = match["file"] if match else head.split(":")[0]
    for line in lines:
        rest = line.removeprefix(f"{file}: ")
        field, _, said = rest.partition(": ")
        yield CheckFinding(file, field if said else "", said or rest, "")
