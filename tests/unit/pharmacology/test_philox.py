"""Philox against the known answers of Random123, and its normals against the normal distribution."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from matrescence.pharmacology.philox import Stream, philox4x32, standard_normals

KNOWN_ANSWERS = [  # Random123 kat_vectors, philox4x32 10 rounds: counter, key, answer
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def words(text: str) -> tuple[np.ndarray, ...]:
    return tuple(np.array([int(word, 16)], dtype=np.uint64) for word in text.split())


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_words_are_the_published_known_answers(counter: str, key: str, answer: str) -> None:
    c, k = words(counter), words(key)
    found = philox4x32((c[0], c[1], c[2], c[3]), (k[0], k[1]))
    assert " ".join(f"{int(word[0]):08x}" for word in found) == answer


def test_normals_are_normal_and_independent() -> None:
    z = standard_normals(seed=7, women=np.arange(20_000), draws=3, stream=Stream.BETWEEN_WOMEN)
    assert z.shape == (3, 20_000)
    for row in z:
        assert stats.kstest(row, "norm").pvalue > 1e-3
    assert np.abs(np.corrcoef(z) - np.eye(3)).max() < 4.0 / np.sqrt(20_000)
    assert abs(np.corrcoef(z[0, :-1], z[0, 1:])[0, 1]) < 4.0 / np.sqrt(20_000)


def test_normals_of_one_woman_are_box_and_muller_of_her_words() -> None:
    zero = np.zeros(1, dtype=np.uint64)
    w = [int(word[0]) for word in philox4x32((zero, zero, zero + np.uint64(1), zero), (zero + np.uint64(9), zero))]
    first, second = ((w[i] >> 5) * 2**26 + (w[i + 1] >> 6) for i in (0, 2))
    radius = np.sqrt(-2.0 * np.log((first + 1) / 2**53))
    z = standard_normals(seed=2**32 + 9, women=np.array([0]), draws=2, stream=Stream.BETWEEN_WOMEN)
    expected = [radius * np.cos(2 * np.pi * second / 2**53), radius * np.sin(2 * np.pi * second / 2**53)]
    np.testing.assert_allclose(z[:, 0], expected, rtol=1e-14)


def test_more_draws_do_not_change_earlier_ones() -> None:
    women = np.array([3, 1_000_000])
    few = standard_normals(seed=1, women=women, draws=3, stream=Stream.RESIDUAL)
    many = standard_normals(seed=1, women=women, draws=40, stream=Stream.RESIDUAL)
    np.testing.assert_array_equal(few, many[:3])


def test_seeds_streams_parts_and_women_all_differ() -> None:
    def one(seed: int = 1, woman: int = 0, stream: Stream = Stream.BETWEEN_WOMEN, part: int = 0) -> float:
        return float(standard_normals(seed=seed, women=np.array([woman]), draws=1, stream=stream, part=part)[0, 0])

    drawn = [one(), one(seed=2), one(seed=2**40), one(woman=1), one(stream=Stream.UNCERTAINTY), one(part=1)]
    assert len(set(drawn)) == len(drawn)


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_seed_that_does_not_fit_is_refused(seed: int) -> None:
    with pytest.raises(ValueError, match="seed"):
        standard_normals(seed=seed, women=np.array([0]), draws=1, stream=Stream.RESIDUAL)


def test_negative_woman_is_refused() -> None:
    with pytest.raises(ValueError, match="index"):
        standard_normals(seed=1, women=np.array([-1]), draws=1, stream=Stream.RESIDUAL)
