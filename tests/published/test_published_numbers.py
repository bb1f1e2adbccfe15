"""Every published number of every drug folder, found automatically: a new row is a new test."""

from __future__ import annotations

import pytest

from matrescence.actions.evidence import Checked, Verdict, check_row
from matrescence.formulary import library
from matrescence.formulary.published import PublishedRow, published

ROWS = [(name, row) for name in library.names() for row in published(name)]

# Rows that a good simulation should meet and ours does not; each is explained in its drug's README.
KNOWN_TO_BE_OUT = {("ketamine", "stepped-norketamine-5h")}


@pytest.mark.parametrize(("name", "row"), ROWS, ids=[f"{name}-{row.id}" for name, row in ROWS])
def test_a_published_number_is_reproduced(name: str, row: PublishedRow) -> None:
    checked = check_row(row, library.load(name))
    if row.expect == "should" and (name, row.id) in KNOWN_TO_BE_OUT:
        assert checked.verdict is Verdict.OUT, "it is in by now: take it off the list, and out of the README"
    elif row.expect == "should":
        assert checked.verdict is Verdict.IN, _told(checked)
    assert not checked.fails, _told(checked)


@pytest.mark.parametrize("name", library.names())
def test_every_row_says_why_it_accepts_what_it_accepts(name: str) -> None:
    for row in published(name):
        assert len(row.why) > 5
        assert row.source in library.load(name).citations


# The rows marked A in the project's evidence that concern pharmacokinetics, milk, dose arithmetic and side effects.
REQUIRED = {
    "brexanolone": {
        "course-total-90", "course-total-60", "pump-30", "pump-60", "pump-90", "bags-89kg", "bags-90kg", "bag-hang",
        "cmax", "tmax", "auc-inf", "half-life", "clearance", "milk-to-plasma", "milk-36h", "milk-72h", "rid-label",
        "rid-model", "sedation-90", "sedation-60", "sedation-placebo", "loc-90", "loc-60", "loc-placebo",
        "loc-after-approval", "interrupted", "interrupted-placebo", "interrupted-sedation", "stopped",
        "stopped-placebo", "recovery", "no-dose-response", "sbecd-auc", "sbecd-cmax",
    },
    "ketamine": {
        "clearance", "volume", "peak-venous", "auc-identity", "s-ketamine-arterial-1", "s-ketamine-arterial-2",
        "rid-im-half", "rid-im-one", "rid-iv", "infant-dose-low", "infant-dose-high", "hypertension",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", REQUIRED)
def test_no_required_row_has_gone_missing(name: str) -> None:
    assert REQUIRED[name] <= {row.id for row in published(name)}


def _told(checked: Checked) -> str:
    return f"{checked.predicted} outside {checked.accept_low} to {checked.accept_high}: {checked.why}"
