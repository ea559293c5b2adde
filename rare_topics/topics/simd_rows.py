"""Arithmetic on whole rows of topics, for the compiled loops of `_kernels`.

What it is for. A processor adds or multiplies 8 or 16 float32 numbers in one instruction, if they
lie in one of its vector registers (SIMD). numba translates a loop ``for k in range(K)`` by means
of LLVM, a compiler that finds such instructions by itself in simple loops, but not reliably in
the loops of LDA. So this file gives numba a new kind of value, a row of K' numbers, which
compiled code uses as numpy code uses an array::

    row = load_row(rows, index)              # rows[index]
    row = row_max(row - other, eta) * row    # + - * and the functions below, on all topics at once
    store_row(rows, index, row)              # rows[index] = row

K' is the number of topics, padded with zeros to whole registers (`zero_rows`). The order in
which `row_sum` adds is written down, so its bits depend neither on the number of threads, nor on
where arrays lie in memory, nor on the processor.

Plain numba loops were tried instead, on the generated corpus of benchmarks/speed_lda.py and one
thread: a pass took 1.7 times as long at K = 10 and K = 50 with ``fastmath``, whose sums depend on
the processor, and 2.3 to 4 times as long with the order of the sums written down.

How it works. numba first asks a function below for the types it takes and gives (`signature`), and
later has it append instructions to the program under construction (`build`, with LLVM's
`builder`: ``fadd`` is an addition, ``load`` reads memory, ``shuffle_vector`` picks numbers of
vectors by position). For LLVM, a row is an array of vectors of 8 or 16 float32 numbers each, one
per register; each operation here is a Python loop over these registers.

Rows are stored in a structured array with one field, so that its type says how long a row is, and
numba compiles the loops for each length by itself.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic, models, overload, register_model
from numpy.typing import NDArray

# numba and llvmlite have no static types.
Untyped = Any
Build = Callable[..., Untyped]

FIELD = "topics"
FLOAT, INDEX, LANE = ir.FloatType(), ir.IntType(64), ir.IntType(32)


def zero_rows(shape: int | tuple[int, ...], n_topics: int) -> NDArray[Any]:
    """Make rows of zeros.

    Parameters
    ----------
    shape
        Number of rows, or shape of an array of rows.
    n_topics
        Topics per row, K; each row has as many more numbers as fill whole registers.

    Returns
    -------
    structured ndarray of that shape
        Its only field holds K' float32 numbers per row; see `as_array`.
    """
    lanes = _lanes_per_register(n_topics)
    width = -(-n_topics // lanes) * lanes
    return np.zeros(shape, np.dtype([(FIELD, np.float32, (width,))]))


def as_array(rows: NDArray[Any]) -> NDArray[np.float32]:
    """View rows as an ordinary array, whose last axis is the topics."""
    return np.asarray(rows[FIELD])


def _lanes_per_register(width: int) -> int:
    """Numbers per register: 512 bits, or 256 where these hold all topics; LLVM splits what a processor lacks."""
    return 8 if width <= 8 else 16  # noqa: PLR2004 -- the two sizes


class RowType(types.Type):
    """numba's type of a row of `width` numbers, held in `width` / `lanes` registers."""

    def __init__(self, width: int) -> None:
        self.lanes = _lanes_per_register(width)
        self.registers = width // self.lanes
        super().__init__(name=f"Row({width})")  # type: ignore[no-untyped-call]


@register_model(RowType)
class _RowModel(models.PrimitiveModel):
    def __init__(self, manager: Untyped, row: RowType) -> None:
        registers = ir.ArrayType(ir.VectorType(FLOAT, row.lanes), row.registers)
        super().__init__(manager, row, registers)  # type: ignore[no-untyped-call]


def _instruction(function: Callable[..., tuple[Untyped, Build]]) -> Untyped:
    """Have compiled code call `function`, which returns its signature and what builds its instructions."""
    return intrinsic(function)


@_instruction
def load_row(typing: Untyped, rows: Untyped, index: Untyped) -> tuple[Untyped, Build]:
    """Read row `index` of an array of rows."""
    row = _row_type(rows)

    def build(context: Untyped, builder: Untyped, signature: Untyped, arguments: Untyped) -> Untyped:
        pointers = _register_pointers(context, builder, rows, arguments)
        return _row_from_registers(builder, [builder.load(pointer, align=4) for pointer in pointers])

    return row(rows, types.uint64), build


@_instruction
def store_row(typing: Untyped, rows: Untyped, index: Untyped, row: Untyped) -> tuple[Untyped, Build]:
    """Write a row to place `index` of an array of rows."""

    def build(context: Untyped, builder: Untyped, signature: Untyped, arguments: Untyped) -> Untyped:
        *position, value = arguments
        pointers = _register_pointers(context, builder, rows, position)
        for vector, pointer in zip(_registers_of(builder, value), pointers, strict=True):
            builder.store(vector, pointer, align=4)
        return context.get_dummy_value()

    return types.void(rows, types.uint64, row), build


@_instruction
def row_sum(typing: Untyped, row: Untyped) -> tuple[Untyped, Build]:
    """Add up a row: neighbouring registers pairwise, then the upper half of the last one on its lower half."""

    def build(context: Untyped, builder: Untyped, signature: Untyped, arguments: Untyped) -> Untyped:
        vectors = _registers_of(builder, arguments[0])
        while len(vectors) > 1:
            sums = [builder.fadd(a, b) for a, b in zip(vectors[::2], vectors[1::2], strict=False)]
            vectors = sums + vectors[2 * len(sums) :]
        vector, lanes = vectors[0], row.lanes
        while lanes > 1:
            lanes //= 2
            lower, upper = (_shuffle(builder, vector, range(first, first + lanes)) for first in (0, lanes))
            vector = builder.fadd(lower, upper)
        return builder.extract_element(vector, LANE(0))

    return types.float32(row), build


@_instruction
def row_abs(typing: Untyped, row: Untyped) -> tuple[Untyped, Build]:
    """Take the absolute value of every number of a row."""

    def build(context: Untyped, builder: Untyped, signature: Untyped, arguments: Untyped) -> Untyped:
        vectors = _registers_of(builder, arguments[0])
        absolute = [_lanewise_max(builder, vector, builder.fneg(vector)) for vector in vectors]
        return _row_from_registers(builder, absolute)

    return row(row), build


def _elementwise(operation: Callable[[Untyped, Untyped, Untyped], Untyped]) -> Untyped:
    """Make a function of two rows, or of a row and a number, that works number by number."""

    @_instruction
    def function(typing: Untyped, left: Untyped, right: Untyped) -> tuple[Untyped, Build]:
        by_row = isinstance(right, RowType)

        def build(context: Untyped, builder: Untyped, signature: Untyped, arguments: Untyped) -> Untyped:
            lefts = _registers_of(builder, arguments[0])
            if by_row:
                rights = _registers_of(builder, arguments[1])
            else:
                rights = [_broadcast(builder, arguments[1], left.lanes)] * left.registers
            results = [operation(builder, one, other) for one, other in zip(lefts, rights, strict=True)]
            return _row_from_registers(builder, results)

        return left(left, right if by_row else types.float32), build

    return function


def _lanewise_max(builder: Untyped, one: Untyped, other: Untyped) -> Untyped:
    return builder.select(builder.fcmp_ordered(">", one, other), one, other)


def _define_operator(function: Untyped, operation: Callable[[Untyped, Untyped, Untyped], Untyped]) -> None:
    """Have ``+``, ``-`` or ``*`` work on rows in compiled code."""
    instruction = _elementwise(operation)

    @overload(function, strict=False)  # type: ignore[untyped-decorator]
    def choose(left: Untyped, right: Untyped) -> Untyped:
        return (lambda left, right: instruction(left, right)) if isinstance(left, RowType) else None  # noqa: PLW0108


row_max = _elementwise(_lanewise_max)
_define_operator(operator.add, lambda builder, left, right: builder.fadd(left, right))
_define_operator(operator.sub, lambda builder, left, right: builder.fsub(left, right))
_define_operator(operator.mul, lambda builder, left, right: builder.fmul(left, right))


def _row_type(rows: Untyped) -> RowType:
    return RowType(rows.dtype.typeof(FIELD).shape[0])


def _register_pointers(context: Untyped, builder: Untyped, rows: Untyped, arguments: Untyped) -> list[Untyped]:
    """Find where in memory the registers of a row are stored."""
    row, (array, index) = _row_type(rows), arguments
    view = context.make_array(rows)(context, builder, array)
    start = cgutils.get_item_pointer(context, builder, rows, view, [index])  # type: ignore[no-untyped-call]
    start = builder.bitcast(start, ir.VectorType(FLOAT, row.lanes).as_pointer())
    return [builder.gep(start, [INDEX(register)]) for register in range(row.registers)]


def _row_from_registers(builder: Untyped, vectors: list[Untyped]) -> Untyped:
    row = ir.Constant(ir.ArrayType(vectors[0].type, len(vectors)), ir.Undefined)
    for register, vector in enumerate(vectors):
        row = builder.insert_value(row, vector, register)
    return row


def _registers_of(builder: Untyped, row: Untyped) -> list[Untyped]:
    return [builder.extract_value(row, register) for register in range(row.type.count)]


def _broadcast(builder: Untyped, number: Untyped, lanes: int) -> Untyped:
    vector = ir.Constant(ir.VectorType(FLOAT, lanes), ir.Undefined)
    return _shuffle(builder, builder.insert_element(vector, number, LANE(0)), [0] * lanes)


def _shuffle(builder: Untyped, vector: Untyped, lanes: list[int] | range) -> Untyped:
    return builder.shuffle_vector(vector, vector, ir.Constant(ir.VectorType(LANE, len(lanes)), list(lanes)))
