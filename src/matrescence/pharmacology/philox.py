"""Random numbers that belong to a woman, not to a loop.

Philox4x32-10 is a counter-based generator: its output is a pure function of a key and a counter, so woman 4,711 gets
the same numbers whether she is drawn alone, in a chunk, or by another thread.

Here the key is (seed, woman) and the counter is (draw number, stream, ...).  Source: Salmon JK, Moraes MA, Dror RO,
Shaw DE, Parallel random numbers: as easy as 1, 2, 3, SC 2011, doi 10.1145/2063384.2063405.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Words: TypeAlias = NDArray[np.uint64]

_MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
_WEYL = (np.uint64(0x9E3779B9), np.uint64(0xBB67AE85))
_MASK = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_ROUNDS = 10


class Stream(IntEnum):
    """What a draw is for; each purpose has numbers of its own."""

    BETWEEN_WOMEN = 0
    UNCERTAINTY = 1
    RESIDUAL = 2
    INDIVIDUAL = 16
    VIRTUAL_TRIAL = 3


def philox4x32(counter: tuple[Words, Words, Words, Words], key: tuple[Words, Words]) -> tuple[Words, ...]:
    """Ten rounds of Philox4x32; words are 32-bit values held in uint64 arrays of any broadcastable shape."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(_ROUNDS):
        first, second = _MULTIPLIERS[0] * c0, _MULTIPLIERS[1] * c2
        c0, c1, c2, c3 = (second >> _HALF) ^ c1 ^ k0, second & _MASK, (first >> _HALF) ^ c3 ^ k1, first & _MASK
        k0, k1 = (k0 + _WEYL[0]) & _MASK, (k1 + _WEYL[1]) & _MASK
    return c0, c1, c2, c3


def standard_normals(
    *, seed: int, women: NDArray[np.int64], draws: int, stream: Stream, part: int = 0
) -> NDArray[np.float64]:
    """``draws`` standard normal numbers for each woman, shape (draws, women).

    One counter gives two 53-bit uniforms and, by Box and Muller (Ann Math Stat 1958;29:610-611), two normals:
    ``sqrt(-2 ln u1) * (cos, sin)(2 pi u2)`` with ``u1`` in (0, 1].  Draw number ``d`` is the half ``d % 2`` of counter
    ``d // 2``; asking for more draws never changes earlier ones.  ``part`` separates lists within one stream.

    Raises:
        ValueError: the seed or a woman's index is negative or does not fit 64 (32) bits.
    """
    if not 0 <= seed < 2**64:
        raise ValueError(f"seed must lie between 0 and 2**64 - 1, not {seed}")
    if women.size and (women.min() < 0 or women.max() >= 2**32):
        raise ValueError("a woman's index must lie between 0 and 2**32 - 1")
    blocks = (draws + 1) // 2
    counter = np.arange(blocks, dtype=np.uint64)[:, None]
    word = np.uint64
    key = (np.full((1, 1), seed & 0xFFFFFFFF, dtype=word), women.astype(word)[None, :])
    high = np.full((1, 1), seed >> 32, dtype=word)
    r0, r1, r2, r3 = philox4x32((counter, np.full((1, 1), stream, word), high, np.full((1, 1), part, word)), key)
    radius = np.sqrt(-2.0 * np.log(_uniform(r0, r1) + 2.0**-53))
    angle = 2.0 * np.pi * _uniform(r2, r3)
    pairs = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return pairs.reshape(2 * blocks, women.size)[:draws]


def _uniform(high: Words, low: Words) -> NDArray[np.float64]:
    # 53 bits: 27 of one word and 26 of the other; in [0, 1).
    return ((high >> np.uint64(5)).astype(np.float64) * 2.0**26 + (low >> np.uint64(6)).astype(np.float64)) * 2.0**-53
