"""Specification of `simd_rows`: compiled arithmetic on whole rows gives what numpy gives, to the bit."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit

from rare_topics.topics.simd_rows import as_array, load_row, row_abs, row_max, row_sum, store_row, zero_rows

WIDTHS = [1, 8, 9, 50]


@njit
def arithmetic(rows, number):
    """Write sum, difference, product and so on of rows 0 and 1 into the rows after them; return the sum of row 0."""
    one, other = load_row(rows, np.uint64(0)), load_row(rows, np.uint64(1))
    results = one + other, one - other, one * other, row_max(one, other), one * number, row_abs(one)
    for position, row in enumerate(results):
        store_row(rows, np.uint64(2 + position), row)
    return row_sum(one)


@pytest.fixture(params=WIDTHS)
def rows(request) -> np.ndarray:
    values = zero_rows(8, request.param)
    as_array(values)[:, : request.param] = np.random.default_rng(0).normal(size=(8, request.param))
    return values


def test_rows_add_subtract_multiply_and_compare(rows):
    number = np.float32(1.7)
    arithmetic(rows, number)
    one, other, *found = as_array(rows)
    expected = [one + other, one - other, one * other, np.maximum(one, other), one * number, np.abs(one)]
    np.testing.assert_array_equal(found, expected)


def test_a_row_is_summed_register_on_register_then_half_on_half(rows):
    """The order is fixed, so that the bits of a sum are the same on every processor."""
    width = as_array(rows).shape[1]
    lanes = 8 if width == 8 else 16
    registers = list(as_array(rows)[0].reshape(-1, lanes).copy())
    while len(registers) > 1:
        pairs = len(registers) // 2
        registers = [registers[2 * p] + registers[2 * p + 1] for p in range(pairs)] + registers[2 * pairs :]
    numbers = registers[0]
    while len(numbers) > 1:
        numbers = numbers[: len(numbers) // 2] + numbers[len(numbers) // 2 :]
    assert arithmetic(rows, np.float32(0)) == numbers[0]


@pytest.mark.parametrize(("n_topics", "width"), [(1, 8), (8, 8), (9, 16), (16, 16), (50, 64)])
def test_rows_fill_whole_registers_and_start_at_zero(n_topics, width):
    rows = zero_rows((2, 3), n_topics)
    assert as_array(rows).shape == (2, 3, width)
    assert not as_array(rows).any()
