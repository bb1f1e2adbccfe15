"""Random numbers that belong to a seed, a name and an index: no order of asking changes them.

A SHA-2 or BLAKE2 digest of the three is cut into uniforms, and Box and Muller make normals of those.  It costs a few
microseconds a number, needs no state, and gives the same everywhere.
"""

from __future__ import annotations

import hashlib
import math
from functools import lru_cache


def uniforms(seed: int, name: str, index: int) -> tuple[float, float]:
    """Two numbers in [0, 1) that belong to this seed, name and index."""
    digest = hashlib.blake2b(f"{seed}/{name}/{index}".encode(), digest_size=14).digest()
    return int.from_bytes(digest[:7]) / 2.0**56, int.from_bytes(digest[7:]) / 2.0**56


def normal(seed: int, name: str, index: int) -> float:
    """One standard normal number that belongs to this seed, name and index."""
    first, second = uniforms(seed, name, index)
    return math.sqrt(-2.0 * math.log(1.0 - first)) * math.cos(2.0 * math.pi * second)


@lru_cache(maxsize=512)
def constant(seed: int, name: str) -> float:
    """One standard normal number for something that stays as it is, such as her resting pulse."""
    return normal(seed, name, 0)


def drift(seed: int, name: str, at_s: float, period_s: float) -> float:
    """A slow wander around 0, mostly within -1 and 1: normals at each period, joined smoothly."""
    place = at_s / period_s
    number = math.floor(place)
    weight = 0.5 - 0.5 * math.cos(math.pi * (place - number))
    return 0.5 * ((1.0 - weight) * _knot(seed, name, number) + weight * _knot(seed, name, number + 1))


@lru_cache(maxsize=4096)
def _knot(seed: int, name: str, number: int) -> float:
    return normal(seed, name, number)
