"""Specification of rows in registers: arithmetic on all topics at once, as numpy does it one by one."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit

from rare_topics.topics._registers import larger, load, magnitude, plain, store, table, total

WIDTHS = [1, 8, 9, 50]


@njit
def arithmetic(rows, number):
    """Rows 0 and 1 in; their sum, difference, product and so on out, and the sum of row 0."""
    one, other = load(rows, np.uint64(0)), load(rows, np.uint64(1))
    results = one + other, one - other, one * other, larger(one, other), one * number, magnitude(one)
    for place, row in enumerate(results):
        store(rows, np.uint64(2 + place), row)
    return total(one)


@pytest.fixture(params=WIDTHS)
def rows(request) -> np.ndarray:
    values = table(8, request.param)
    plain(values)[:, : request.param] = np.random.default_rng(0).normal(size=(8, request.param))
    return values


def test_rows_add_subtract_multiply_and_compare(rows):
    number = np.float32(1.7)
    arithmetic(rows, number)
    one, other, *found = plain(rows)
    expected = [one + other, one - other, one * other, np.maximum(one, other), one * number, np.abs(one)]
    np.testing.assert_array_equal(found, expected)


def test_a_row_is_summed_register_on_register_then_half_on_half(rows):
    """The order of the sum is part of the promise of same bits everywhere."""
    width = plain(rows).shape[1]
    lanes = 8 if width == 8 else 16
    registers = list(plain(rows)[0].reshape(-1, lanes).copy())
    while len(registers) > 1:
        pairs = len(registers) // 2
        registers = [registers[2 * p] + registers[2 * p + 1] for p in range(pairs)] + registers[2 * pairs :]
    numbers = registers[0]
    while len(numbers) > 1:
        numbers = numbers[: len(numbers) // 2] + numbers[len(numbers) // 2 :]
    assert arithmetic(rows, np.float32(0)) == numbers[0]


@pytest.mark.parametrize(("n_topics", "width"), [(1, 8), (8, 8), (9, 16), (16, 16), (50, 64)])
def test_rows_fill_whole_registers_and_start_at_zero(n_topics, width):
    rows = table((2, 3), n_topics)
    assert plain(rows).shape == (2, 3, width)
    assert not plain(rows).any()
