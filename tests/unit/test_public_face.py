"""The list of public names is whole, every name is found, and asking for one loads nothing it does not need."""

from __future__ import annotations

import subprocess
import sys

import pytest

import matrescence


@pytest.mark.parametrize("name", matrescence.__all__)
def test_every_public_name_is_found_and_says_what_it_does(name: str) -> None:
    assert getattr(matrescence, name).__doc__


def test_the_list_and_the_homes_are_the_same_names() -> None:
    assert sorted(matrescence._HOMES) == matrescence.__all__


def test_a_name_that_is_not_public_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'dose_anybody'"):
        _ = matrescence.dose_anybody


def test_importing_the_package_loads_no_numerical_library() -> None:
    code = "import sys, matrescence; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
