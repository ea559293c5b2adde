"""Rows of topics held in the processor's vector registers.

numba turns ``row[k]`` into loops that LLVM may or may not vectorise: it decides while they run,
by how far apart the arrays lie in memory, and sums in another order where it declines. Speed
and bits would depend on where arrays happen to lie. Here a whole row is one value, a few LLVM
vectors: `load` reads it, ``+ - *`` and the functions below work on all its topics at once,
`store` writes it. Nothing in between touches memory while the processor has registers to
spare, and the order of every sum is written down, in `total`.

A table of rows is a structured array with one field, so that its type says how long a row is
and numba compiles each length by itself.
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

# What numba and llvmlite hand around has no static types.
Untyped = Any
Build = Callable[..., Untyped]

FIELD = "topics"
FLOAT, INDEX, LANE = ir.FloatType(), ir.IntType(64), ir.IntType(32)


def table(shape: int | tuple[int, ...], n_topics: int) -> NDArray[Any]:
    """Return rows of zeros, each of `n_topics` and as many more as fill whole registers."""
    lanes = _lanes(n_topics)
    width = -(-n_topics // lanes) * lanes
    return np.zeros(shape, np.dtype([(FIELD, np.float32, (width,))]))


def plain(rows: NDArray[Any]) -> NDArray[np.float32]:
    """View a table as an ordinary array with topics on a last axis of its own."""
    return np.asarray(rows[FIELD])


def _lanes(width: int) -> int:
    """Numbers per register: 512 bits, or 256 where these hold all topics; LLVM splits what a processor lacks."""
    return 8 if width <= 8 else 16  # noqa: PLR2004 -- the two sizes


class Row(types.Type):
    """numba's type of a row of `width` numbers."""

    def __init__(self, width: int) -> None:
        self.lanes = _lanes(width)
        self.registers = width // self.lanes
        super().__init__(name=f"Row({width})")  # type: ignore[no-untyped-call]


@register_model(Row)
class _RowModel(models.PrimitiveModel):
    def __init__(self, manager: Untyped, row: Row) -> None:
        registers = ir.ArrayType(ir.VectorType(FLOAT, row.lanes), row.registers)
        super().__init__(manager, row, registers)  # type: ignore[no-untyped-call]


def _instruction(function: Callable[..., tuple[Untyped, Build]]) -> Untyped:
    """Let compiled code call `function`, which returns a signature and what builds the instructions."""
    return intrinsic(function)


@_instruction
def load(typing: Untyped, rows: Untyped, index: Untyped) -> tuple[Untyped, Build]:
    """Read row `index` of a table."""
    row = _row_of(rows)

    def build(context: Untyped, builder: Untyped, signature: Untyped, arguments: Untyped) -> Untyped:
        places = _places(context, builder, rows, arguments)
        return _pack(builder, [builder.load(place, align=4) for place in places])

    return row(rows, types.uint64), build


@_instruction
def store(typing: Untyped, rows: Untyped, index: Untyped, row: Untyped) -> tuple[Untyped, Build]:
    """Write a row to place `index` of a table."""

    def build(context: Untyped, builder: Untyped, signature: Untyped, arguments: Untyped) -> Untyped:
        *place, value = arguments
        for vector, start in zip(_unpack(builder, value), _places(context, builder, rows, place), strict=True):
            builder.store(vector, start, align=4)
        return context.get_dummy_value()

    return types.void(rows, types.uint64, row), build


@_instruction
def total(typing: Untyped, row: Untyped) -> tuple[Untyped, Build]:
    """Sum a row: register on register, then the upper half of the lanes on the lower."""

    def build(context: Untyped, builder: Untyped, signature: Untyped, arguments: Untyped) -> Untyped:
        vectors = _unpack(builder, arguments[0])
        while len(vectors) > 1:
            sums = [builder.fadd(a, b) for a, b in zip(vectors[::2], vectors[1::2], strict=False)]
            vectors = sums + vectors[2 * len(sums) :]
        vector, lanes = vectors[0], row.lanes
        while lanes > 1:
            lanes //= 2
            lower, upper = (_pick(builder, vector, range(first, first + lanes)) for first in (0, lanes))
            vector = builder.fadd(lower, upper)
        return builder.extract_element(vector, LANE(0))

    return types.float32(row), build


@_instruction
def magnitude(typing: Untyped, row: Untyped) -> tuple[Untyped, Build]:
    """Take the sign off every number of a row."""

    def build(context: Untyped, builder: Untyped, signature: Untyped, arguments: Untyped) -> Untyped:
        vectors = _unpack(builder, arguments[0])
        return _pack(builder, [_larger(builder, vector, builder.fneg(vector)) for vector in vectors])

    return row(row), build


def _elementwise(operation: Callable[[Untyped, Untyped, Untyped], Untyped]) -> Untyped:
    """Make an instruction on two rows, or on a row and a number."""

    @_instruction
    def function(typing: Untyped, left: Untyped, right: Untyped) -> tuple[Untyped, Build]:
        by_row = isinstance(right, Row)

        def build(context: Untyped, builder: Untyped, signature: Untyped, arguments: Untyped) -> Untyped:
            one, other = arguments
            others = _unpack(builder, other) if by_row else [_spread(builder, other, left.lanes)] * left.registers
            return _pack(
                builder, [operation(builder, *pair) for pair in zip(_unpack(builder, one), others, strict=True)]
            )

        return left(left, right if by_row else types.float32), build

    return function


def _larger(builder: Untyped, one: Untyped, other: Untyped) -> Untyped:
    return builder.select(builder.fcmp_ordered(">", one, other), one, other)


def _operator(function: Untyped, operation: Callable[[Untyped, Untyped, Untyped], Untyped]) -> None:
    """Give a sign of arithmetic a meaning for rows."""
    instruction = _elementwise(operation)

    @overload(function, strict=False)  # type: ignore[untyped-decorator]
    def choose(left: Untyped, right: Untyped) -> Untyped:
        return (lambda left, right: instruction(left, right)) if isinstance(left, Row) else None  # noqa: PLW0108


larger = _elementwise(_larger)
_operator(operator.add, lambda builder, left, right: builder.fadd(left, right))
_operator(operator.sub, lambda builder, left, right: builder.fsub(left, right))
_operator(operator.mul, lambda builder, left, right: builder.fmul(left, right))


def _row_of(rows: Untyped) -> Row:
    return Row(rows.dtype.typeof(FIELD).shape[0])


def _places(context: Untyped, builder: Untyped, rows: Untyped, arguments: Untyped) -> list[Untyped]:
    """Point to the registers of a row in memory."""
    row, (array, index) = _row_of(rows), arguments
    view = context.make_array(rows)(context, builder, array)
    start = cgutils.get_item_pointer(context, builder, rows, view, [index])  # type: ignore[no-untyped-call]
    start = builder.bitcast(start, ir.VectorType(FLOAT, row.lanes).as_pointer())
    return [builder.gep(start, [INDEX(register)]) for register in range(row.registers)]


def _pack(builder: Untyped, vectors: list[Untyped]) -> Untyped:
    row = ir.Constant(ir.ArrayType(vectors[0].type, len(vectors)), ir.Undefined)
    for register, vector in enumerate(vectors):
        row = builder.insert_value(row, vector, register)
    return row


def _unpack(builder: Untyped, row: Untyped) -> list[Untyped]:
    return [builder.extract_value(row, register) for register in range(row.type.count)]


def _spread(builder: Untyped, number: Untyped, lanes: int) -> Untyped:
    vector = ir.Constant(ir.VectorType(FLOAT, lanes), ir.Undefined)
    return _pick(builder, builder.insert_element(vector, number, LANE(0)), [0] * lanes)


def _pick(builder: Untyped, vector: Untyped, lanes: list[int] | range) -> Untyped:
    return builder.shuffle_vector(vector, vector, ir.Constant(ir.VectorType(LANE, len(lanes)), list(lanes)))
