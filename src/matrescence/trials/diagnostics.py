"""Whether the chains can be trusted: R-hat, effective sample size, divergences, and a refusal where they cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matrescence.reading import InputError

WORST_R_HAT = 1.01
LEAST_EFFECTIVE = 400.0


class BadFit(InputError):  # noqa: N818 - it names what is wrong
    """The chains did not agree well enough to be published."""


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """The worst R-hat and the least effective sample size over all parameters, with their names, and divergences."""

    r_hat: float
    r_hat_of: str
    effective: float
    effective_of: str
    divergences: int

    @property
    def complaints(self) -> tuple[str, ...]:
        """What stands in the way of publishing; empty when nothing does."""
        found = []
        if not self.r_hat < WORST_R_HAT:
            found.append(f"R-hat of {self.r_hat_of} is {self.r_hat:.3f}; allowed: below {WORST_R_HAT}.")
        if not self.effective > LEAST_EFFECTIVE:
            found.append(f"{self.effective_of} has {self.effective:.0f} effective draws; allowed: over 400.")
        if self.divergences:
            found.append(f"{self.divergences} transitions diverged; allowed: none.")
        return tuple(found)

    def as_dict(self) -> dict[str, Any]:
        """The five numbers by name."""
        return asdict(self)


def diagnose(draws: Mapping[str, NDArray[np.float64]], *, divergences: int) -> Diagnostics:
    """Diagnostics of draws by name, each (chains, draws, ...): split R-hat and effective sample size of every number.

    Source: Gelman A et al., Bayesian Data Analysis, 3rd ed. 2013, s. 11.4 and 11.5, as NumPyro computes them.
    """
    from numpyro.diagnostics import summary

    table = summary(dict(draws), prob=0.9, group_by_chain=True)
    r_hats = {name: float(np.max(row["r_hat"])) for name, row in table.items()}
    sizes = {name: float(np.min(row["n_eff"])) for name, row in table.items()}
    worst, least = max(r_hats, key=lambda name: r_hats[name]), min(sizes, key=lambda name: sizes[name])
    return Diagnostics(r_hats[worst], worst, sizes[least], least, divergences)


def refuse_bad_fit(found: Diagnostics) -> None:
    """Let a good fit pass.

    Raises:
        BadFit: the chains disagree, have too few effective draws, or diverged.
    """
    if found.complaints:
        raise BadFit(
            "this fit is not published: " + " ".join(found.complaints) + " Run longer chains, or another seed."
        )
