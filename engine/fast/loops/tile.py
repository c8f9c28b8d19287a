"""A piece of a matrix product that stays in the registers: what a convolution is made of, and its gradient.

    y[r, v] = start[r, v] + sum over i and k of a[r, i, k] b[i, k, v],   r < 8 rows, v < 16 or 32 columns

A compiler does not keep so many sums in registers by itself, so the instructions are said here, in LLVM's language:
every b is loaded once for eight rows, every a once for all columns, and nothing is stored before the end.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

ROWS = 8
LANES = 16
"""Numbers of 32 bits in a register of AVX-512."""


def _tile(columns: int) -> Any:
    """The instructions for so many columns."""

    @intrinsic
    def tile(  # type: ignore[no-untyped-def]
        context, a, a_row, a_outer, a_inner, b, b_outer, b_inner, outer, inner, start, start_row, y, y_row
    ):
        """Addresses of the first numbers, and between rows, steps of i and steps of k as many numbers as said."""
        return types.void(*(types.intp,) * 13), _generate

    def _generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        a, a_row, a_outer, a_inner, b, b_outer, b_inner, outer, inner, start, start_row, y, y_row = arguments
        number, vector = ir.FloatType(), ir.VectorType(ir.FloatType(), LANES)
        kind = ir.FunctionType(vector, [vector] * 3)
        fma = cgutils.get_or_insert_function(builder.module, kind, f"llvm.fma.v{LANES}f32")
        lanes = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        pieces = range(columns // LANES)

        def place(address: Any, numbers: Any, kind: Any) -> Any:
            size = ir.Constant(numbers.type, 4)
            return builder.inttoptr(builder.add(address, builder.mul(numbers, size)), kind.as_pointer())

        def times(count: Any, n: int) -> Any:
            return builder.mul(count, ir.Constant(count.type, n))

        def vectors(address: Any, row: Any, r: int) -> list[Any]:
            first = times(row, r)
            return [
                place(address, builder.add(first, ir.Constant(first.type, piece * LANES)), vector) for piece in pieces
            ]

        sums = [[cgutils.alloca_once(builder, vector) for _ in pieces] for _ in range(ROWS)]
        for r, row in enumerate(sums):
            for held, begun in zip(row, vectors(start, start_row, r), strict=True):
                builder.store(builder.load(begun, align=4), held)
        with cgutils.for_range(builder, outer) as over_i, cgutils.for_range(builder, inner) as over_k:
            i, k = over_i.index, over_k.index
            b_at = builder.add(builder.mul(i, b_outer), builder.mul(k, b_inner))
            a_at = builder.add(builder.mul(i, a_outer), builder.mul(k, a_inner))
            weights = [
                builder.load(place(b, builder.add(b_at, ir.Constant(b_at.type, piece * LANES)), vector), align=4)
                for piece in pieces
            ]
            for r, row in enumerate(sums):
                value = builder.load(place(a, builder.add(a_at, times(a_row, r)), number), align=4)
                one = builder.insert_element(ir.Constant(vector, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
                spread = builder.shuffle_vector(one, one, lanes)
                for held, weight in zip(row, weights, strict=True):
                    builder.store(builder.call(fma, [spread, weight, builder.load(held)]), held)
        for r, row in enumerate(sums):
            for held, end in zip(row, vectors(y, y_row, r), strict=True):
                builder.store(builder.load(held), end, align=4)
        return context.get_dummy_value()

    return tile


tile_16 = _tile(LANES)
tile_32 = _tile(2 * LANES)
