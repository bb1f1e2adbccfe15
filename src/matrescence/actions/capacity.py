"""How many places a service needs: load, occupancy, and how often all places are taken.

Load is the mean number of places in use, ``courses a year x hours each / open hours a year`` (Little's law).  Two
answers are given: places so that they are used no more than a stated share of the time, and places so that a mother
who comes at random is turned away no more often than a stated share (Erlang's loss formula: Erlang AK, Post Office
Electrical Engineers' Journal 1917;10:189-197).  Where places are booked ahead the first is enough; where they are not,
the second.
"""

from __future__ import annotations

import math

HOURS_A_YEAR = 8766.0  # 365.25 days
WEEKS_A_YEAR = 365.25 / 7.0


def load(*, courses_a_year: float, hours_each: float, open_hours_a_year: float) -> float:
    """The mean number of places in use.

    Raises:
        ValueError: a number is negative, or nothing is ever open.
    """
    if courses_a_year < 0.0 or hours_each < 0.0 or open_hours_a_year <= 0.0:
        raise ValueError("courses and hours are not negative, and a service is open at some time")
    return courses_a_year * hours_each / open_hours_a_year


def places_at_occupancy(mean: float, *, occupancy: float) -> int:
    """The fewest places that are used at most ``occupancy`` (0 to 1] of the time.

    Raises:
        ValueError: the occupancy does not lie in (0, 1].
    """
    if not 0.0 < occupancy <= 1.0:
        raise ValueError(f"an occupancy lies above 0 and at most at 1, not {occupancy}")
    # A load that is a whole number but for rounding must not cost a further place.
    return math.ceil(mean / occupancy - 1e-9)


def turned_away(mean: float, *, places: int) -> float:
    """The share of random arrivals that find every place taken: ``B(c) = a B(c-1) / (c + a B(c-1))``, ``B(0) = 1``."""
    share = 1.0
    for place in range(1, places + 1):
        share = mean * share / (place + mean * share)
    return share


def places_for(mean: float, *, turned_away_share: float) -> int:
    """The fewest places at which at most ``turned_away_share`` of random arrivals find no place.

    Raises:
        ValueError: the share does not lie between 0 and 1.
    """
    if not 0.0 < turned_away_share < 1.0:
        raise ValueError(f"a share that is turned away lies between 0 and 1, not {turned_away_share}")
    places, share = 0, 1.0 if mean > 0.0 else 0.0
    while share > turned_away_share:
        places += 1
        share = mean * share / (places + mean * share)
    return places
