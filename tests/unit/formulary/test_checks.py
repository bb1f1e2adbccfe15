"""One fault is planted in a copy of a drug folder; the check must find it, name its place, and say how to mend it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from matrescence.formulary import library
from matrescence.formulary.checks import check

DRUG, MODEL = "drug.toml", "models/calibrated_2026.toml"


class Fault(NamedTuple):
    """What is wrong; the file; what stands there and what is put instead; a word of the field and of what is said."""

    name: str
    file: str
    there: str
    instead: str
    field: str
    said: str


FAULTS = [
    Fault(
        "a unit that does not exist",
        DRUG,
        'unit = "mg/mL"',
        'unit = "mg/mLL"',
        "preparation concentration",
        "did you mean",
    ),
    Fault(
        "a unit of another kind",
        DRUG,
        'vial = { value = 100, unit = "mg"',
        'vial = { value = 100, unit = "h"',
        "vial",
        "h",
    ),
    Fault(
        "a slipped decimal point", MODEL, "cl = { value = 1.085", "cl = { value = 108.5", "typical.cl", "out of bounds"
    ),
    Fault(
        "a percentage above a hundred",
        DRUG,
        "value = 5, high = 5,",
        "value = 500, high = 500,",
        "oral",
        "out of bounds",
    ),
    Fault(
        "a citation that is missing",
        DRUG,
        'source = "garafola_2023"',
        'source = "garafola_2032"',
        "source",
        "garafola_2023",
    ),
    Fault(
        "a range the wrong way round",
        DRUG,
        "value = 60, low = 15, high = 60",
        "value = 60, low = 60, high = 15",
        "recovery",
        "low",
    ),
    Fault(
        "a value outside its own range",
        DRUG,
        "value = 60, low = 15, high = 60",
        "value = 90, low = 15, high = 60",
        "recovery",
        "high",
    ),
    Fault(
        "a gap in the staircase",
        DRUG,
        "{ start_h = 4, end_h = 24",
        "{ start_h = 5, end_h = 24",
        "label-90.steps 2",
        "gap",
    ),
    Fault(
        "an overlap in the staircase",
        DRUG,
        "{ start_h = 24, end_h = 52",
        "{ start_h = 20, end_h = 52",
        "label-90.steps 3",
        "overlap",
    ),
    Fault(
        "a stair that ends before it starts",
        DRUG,
        "{ start_h = 52, end_h = 56",
        "{ start_h = 52, end_h = 50",
        "steps 4.end_h",
        "wrong way",
    ),
    Fault(
        "a lower rate that is higher",
        DRUG,
        "lower_ug_per_kg_h = 60",
        "lower_ug_per_kg_h = 95",
        "lower_ug_per_kg_h",
        "lower",
    ),
    Fault("an unknown covariate form", MODEL, 'form = "per_kg"', 'form = "per_kilo"', "form", "per_kg"),
    Fault(
        "an unknown covariate", MODEL, 'covariate = "weight_kg"', 'covariate = "weigth_kg"', "covariate", "weight_kg"
    ),
    Fault(
        "a parameter nobody gives", MODEL, 'rate = "cl / v1"', 'rate = "clearance / v1"', "typical.clearance", "missing"
    ),
    Fault("a parameter nobody uses", MODEL, 'rate = "cl / v1"', 'rate = "q / v1"', "typical.cl", "unused"),
    Fault("a state that does not exist", MODEL, 'to = "peripheral"', 'to = "peripherall"', "flows", "peripherall"),
    Fault("a program in a rate", MODEL, 'rate = "cl / v1"', 'rate = "exp(cl) / v1"', "flows", "cannot be used"),
    Fault(
        "a spread over no parameter",
        MODEL,
        'names = ["cl", "v1", "v2"]',
        'names = ["cl", "v1", "v3"]',
        "between_women",
        "v3",
    ),
    Fault(
        "a covariance that is none", MODEL, "[0.05726, 0.0, 0.0]", "[0.05726, 0.9, 0.0]", "between_women", "symmetric"
    ),
    Fault(
        "a default regimen that is missing",
        DRUG,
        'default_regimen = "label-90"',
        'default_regimen = "label-9"',
        "default_regimen",
        "label-90",
    ),
    Fault(
        "a default model that is missing",
        DRUG,
        'default_model = "calibrated_2026"',
        'default_model = "calibrated"',
        "default_model",
        "calibrated_2026",
    ),
    Fault("a misspelt key", DRUG, "may_resume = true", "may_resum = true", "interruptions", "may_resume"),
    Fault("a field left out", DRUG, 'needs = "never resumed"\n', "", "interruptions", "needs"),
    Fault(
        "a number without a grade",
        DRUG,
        'at = "s. 12.1"\nbasis = "read"\ngrade = "A"',
        'at = "s. 12.1"\nbasis = "read"',
        "mechanism",
        "grade",
    ),
    Fault(
        "an unknown number that is graded",
        DRUG,
        'hypoxia_saturation = { unit = "%"',
        'hypoxia_saturation = { value = 90, unit = "%"',
        "hypoxia",
        "unknown",
    ),
    Fault(
        "more events than people",
        DRUG,
        "events = 13\npeople = 102",
        "events = 130\npeople = 102",
        "side_effects 1",
        "people",
    ),
    Fault(
        "a side effect of no regimen",
        DRUG,
        'regimen = "label-90"\nevents = 13',
        'regimen = "label-95"\nevents = 13',
        "side_effects 1",
        "label-90",
    ),
    Fault(
        "a resume rate after never",
        DRUG,
        "may_resume = false",
        'may_resume = false\nresume_rate = "lower"',
        "interruptions",
        "resume_rate",
    ),
    Fault(
        "a published row without its model",
        "published.toml",
        'model = "calibrated_2026"',
        'model = "calibrated_2062"',
        "model",
        "calibrated_2026",
    ),
    Fault(
        "a published range the wrong way round",
        "published.toml",
        "accept = [74.19, 108.39]",
        "accept = [108.39, 74.19]",
        "cmax",
        "wrong way",
    ),
    Fault(
        "a published quantity nobody predicts",
        "published.toml",
        'quantity = "tmax_h"',
        'quantity = "tmax"',
        "tmax",
        "tmax_h",
    ),
    Fault("an unclosed brace", "references.bib", "year = {2018},", "year = {2018,", "", "brace"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "brexanolone"
    shutil.copytree(library.SHIPPED / "brexanolone", copied)
    return copied


def test_the_shipped_formulary_has_nothing_to_put_right() -> None:
    assert [str(finding) for finding in check()] == []


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_a_planted_fault_is_found(folder: Path, fault: Fault) -> None:
    path = folder / fault.file
    text = path.read_text(encoding="utf-8")
    assert fault.there in text
    path.write_text(text.replace(fault.there, fault.instead, 1), encoding="utf-8")
    found = [finding for finding in check(folder.parent) if finding.file == str(path) and fault.field in finding.field]
    assert any(fault.said in str(finding) for finding in found), "\n".join(map(str, check(folder.parent)))


def test_an_entry_that_nothing_cites_is_found(folder: Path) -> None:
    bib = folder / "references.bib"
    bib.write_text(bib.read_text(encoding="utf-8") + "\n@misc{nobody_2020, title = {Unread}}\n", encoding="utf-8")
    assert [(finding.field, finding.value) for finding in check(folder.parent)] == [("nobody_2020", "unused")]


def test_every_fault_of_a_file_is_found_in_one_go(folder: Path) -> None:
    path = folder / DRUG
    text = (
        path.read_text(encoding="utf-8")
        .replace('unit = "mg/mL"', 'unit = "mgg"')
        .replace("value = 12,", 'value = "12",')
    )
    path.write_text(text, encoding="utf-8")
    fields = {finding.field for finding in check(folder.parent)}
    assert {"preparation concentration", "preparation hang"} <= fields


def test_a_folder_without_its_page_is_found(folder: Path) -> None:
    (folder / "README.md").unlink()
    assert [Path(finding.file).name for finding in check(folder.parent)] == ["README.md"]
