"""Rows of topics held in the processor's vector registers.

numba turns ``row[k]`` into loops that LLVM may or may not vectorise: it decides at run time,
by the distance of the arrays in memory, and sums in another order where it declines. So speed
and bits would depend on where arrays happen to lie. Here a whole row is one value, a few LLVM
vectors: `load` reads it, ``+ - *`` and the functions below work on all topics at once, `store`
writes it. Nothing in between touches memory as long as the processor has registers to spare,
and the order of every sum is written down in `total`.

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

FIELD = "topics"
FLOAT = ir.FloatType()


def table(shape: int | tuple[int, ...], n_topics: int) -> NDArray[Any]:
    """Return rows of zeros, each of `n_topics` and as many more as fill whole registers."""
    lanes = _lanes(n_topics)
    width = -(-n_topics // lanes) * lanes
    return np.zeros(shape, np.dtype([(FIELD, np.float32, (width,))]))


def plain(rows: NDArray[Any]) -> NDArray[np.float32]:
    """View a table as an ordinary array with topics on a last axis of its own."""
    return np.asarray(rows[FIELD])


def _lanes(n_topics: int) -> int:
    """Numbers in a register: 512 bits, or 256 where that holds all topics."""
    return 8 if n_topics <= 8 else 16  # noqa: PLR2004 -- the two sizes


class Row(types.Type):  # type: ignore[misc]
    """numba's type of a row of `width` numbers."""

    def __init__(self, width: int) -> None:
        self.lanes = _lanes(width)
        self.registers = width // self.lanes
        super().__init__(name=f"Row({width})")


@register_model(Row)  # type: ignore[misc]
class _RowModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, row: Row) -> None:  # noqa: ANN401
        super().__init__(manager, row, ir.ArrayType(ir.VectorType(FLOAT, row.lanes), row.registers))


Build = Callable[..., Any]


def _row_of(rows: types.Array) -> Row:
    return Row(rows.dtype.typeof(FIELD).shape[0])


def _pointer(context: Any, builder: ir.IRBuilder, rows: Any, array: Any, index: Any) -> ir.Value:  # noqa: ANN401
    view = context.make_array(rows)(context, builder, array)
    start = cgutils.get_item_pointer(context, builder, rows, view, [index])
    row = _row_of(rows)
    return builder.bitcast(start, ir.VectorType(FLOAT, row.lanes).as_pointer())


def _pack(builder: ir.IRBuilder, vectors: list[ir.Value]) -> ir.Value:
    row = ir.Constant(ir.ArrayType(vectors[0].type, len(vectors)), ir.Undefined)
    for register, vector in enumerate(vectors):
        row = builder.insert_value(row, vector, register)
    return row


def _unpack(builder: ir.IRBuilder, row: ir.Value) -> list[ir.Value]:
    return [builder.extract_value(row, register) for register in range(row.type.count)]


def _splat(builder: ir.IRBuilder, number: ir.Value, row: Row) -> ir.Value:
    vector = ir.Constant(ir.VectorType(FLOAT, row.lanes), ir.Undefined)
    vector = builder.insert_element(vector, number, ir.Constant(ir.IntType(32), 0))
    lanes = ir.Constant(ir.VectorType(ir.IntType(32), row.lanes), [0] * row.lanes)
    return builder.shuffle_vector(vector, vector, lanes)


@intrinsic  # type: ignore[misc]
def load(typing: Any, rows: Any, index: Any) -> tuple[Any, Build]:  # noqa: ANN401
    """Read row `index` of a table."""
    row = _row_of(rows)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> ir.Value:  # noqa: ANN401
        start = _pointer(context, builder, rows, *arguments)
        places = [builder.gep(start, [ir.Constant(ir.IntType(64), i)]) for i in range(row.registers)]
        return _pack(builder, [builder.load(place, align=4) for place in places])

    return row(rows, types.uint64), build


@intrinsic  # type: ignore[misc]
def store(typing: Any, rows: Any, index: Any, row: Any) -> tuple[Any, Build]:  # noqa: ANN401
    """Write a row to place `index` of a table."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> ir.Value:  # noqa: ANN401
        array, place, value = arguments
        start = _pointer(context, builder, rows, array, place)
        for register, vector in enumerate(_unpack(builder, value)):
            builder.store(vector, builder.gep(start, [ir.Constant(ir.IntType(64), register)]), align=4)
        return context.get_dummy_value()

    return types.void(rows, types.uint64, row), build


@intrinsic  # type: ignore[misc]
def total(typing: Any, row: Any) -> tuple[Any, Build]:  # noqa: ANN401
    """Sum a row: register on register, then the upper half of the lanes on the lower."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> ir.Value:  # noqa: ANN401
        vectors = _unpack(builder, arguments[0])
        while len(vectors) > 1:
            pairs = [builder.fadd(a, b) for a, b in zip(vectors[::2], vectors[1::2], strict=False)]
            vectors = pairs + vectors[2 * len(pairs) :]
        vector, lanes = vectors[0], row.lanes
        while lanes > 1:
            lanes //= 2
            upper, lower = (
                builder.shuffle_vector(
                    vector, vector, ir.Constant(ir.VectorType(ir.IntType(32), lanes), list(range(first, first + lanes)))
                )
                for first in (lanes, 0)
            )
            vector = builder.fadd(lower, upper)
        return builder.extract_element(vector, ir.Constant(ir.IntType(32), 0))

    return types.float32(row), build


@intrinsic  # type: ignore[misc]
def magnitude(typing: Any, row: Any) -> tuple[Any, Build]:  # noqa: ANN401
    """Take the sign off every number of a row."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> ir.Value:  # noqa: ANN401
        pairs = [(vector, builder.fneg(vector)) for vector in _unpack(builder, arguments[0])]
        return _pack(builder, [_larger(builder, *pair) for pair in pairs])

    return row(row), build


def _elementwise(operation: Callable[[ir.IRBuilder, ir.Value, ir.Value], ir.Value]) -> Any:  # noqa: ANN401
    """Make a function of two rows, or of a row and a number."""

    @intrinsic  # type: ignore[misc]
    def function(typing: Any, left: Any, right: Any) -> tuple[Any, Build]:  # noqa: ANN401
        def build(context: Any, builder: Any, signature: Any, arguments: Any) -> ir.Value:  # noqa: ANN401
            one, other = arguments
            others = (
                _unpack(builder, other) if isinstance(right, Row) else [_splat(builder, other, left)] * left.registers
            )
            pairs = zip(_unpack(builder, one), others, strict=True)
            return _pack(builder, [operation(builder, a, b) for a, b in pairs])

        return left(left, right if isinstance(right, Row) else types.float32), build

    return function


def _larger(builder: ir.IRBuilder, one: ir.Value, other: ir.Value) -> ir.Value:
    return builder.select(builder.fcmp_ordered(">", one, other), one, other)


larger = _elementwise(_larger)
_plus = _elementwise(lambda builder, a, b: builder.fadd(a, b))
_minus = _elementwise(lambda builder, a, b: builder.fsub(a, b))
_times = _elementwise(lambda builder, a, b: builder.fmul(a, b))


@overload(operator.add, strict=False)  # type: ignore[misc]
def _add(one: Any, other: Any) -> Any:  # noqa: ANN401
    return (lambda one, other: _plus(one, other)) if isinstance(one, Row) else None


@overload(operator.sub, strict=False)  # type: ignore[misc]
def _sub(one: Any, other: Any) -> Any:  # noqa: ANN401
    return (lambda one, other: _minus(one, other)) if isinstance(one, Row) else None


@overload(operator.mul, strict=False)  # type: ignore[misc]
def _mul(one: Any, other: Any) -> Any:  # noqa: ANN401
    return (lambda one, other: _times(one, other)) if isinstance(one, Row) else None
