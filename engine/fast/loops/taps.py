"""A convolution of single channels with windows of 3×3, the weights of sixteen channels being held in registers.

A compiler would read them again at every place, so the instructions are said here, as those of
`engine.fast.loops.tile` are. All is float32, channels come by sixteens, and no window leaves its image.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from engine.fast.loops.compiled import compiled
from engine.fast.loops.convolution import at
from engine.fast.loops.tile import LANES
from engine.kernel import Array


def _nine(context, x, row, column, w, channels, places, y):  # type: ignore[no-untyped-def]
    """y = sum of x[tap] w[tap] for so many places side by side; rows and columns of taps are so many numbers apart."""
    return types.void(*(types.intp,) * 7), _generate


def _generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    x, row, column, w, channels, places, y = arguments
    vector = ir.VectorType(ir.FloatType(), LANES)
    fma = cgutils.get_or_insert_function(builder.module, ir.FunctionType(vector, [vector] * 3), f"llvm.fma.v{LANES}f32")

    def times(count: Any, n: int) -> Any:
        return builder.mul(count, ir.Constant(count.type, n))

    def place(address: Any, numbers: Any) -> Any:
        return builder.inttoptr(builder.add(address, times(numbers, 4)), vector.as_pointer())

    taps = [(i, j) for i in range(3) for j in range(3)]
    weights = [builder.load(place(w, times(channels, 3 * i + j)), align=4) for i, j in taps]
    offsets = [builder.add(times(row, i), times(column, j)) for i, j in taps]
    with cgutils.for_range(builder, places) as over_places:
        here = builder.mul(over_places.index, channels)
        total = ir.Constant(vector, [0.0] * LANES)
        for weight, offset in zip(weights, offsets, strict=True):
            value = builder.load(place(x, builder.add(here, offset)), align=4)
            total = builder.call(fma, [value, weight, total])
        builder.store(total, place(y, here), align=4)
    return context.get_dummy_value()


nine: Any = intrinsic(_nine)


@compiled
def depthwise_nine(x: Array, w: Array, dilation: tuple[int, int], y: Array) -> None:
    """y = sum over the taps of x[tap] w[tap]; w is (9, channels)"""
    _, height, width, channels = x.shape
    batch, rows, places, _ = y.shape
    row, column = dilation[0] * width * channels, dilation[1] * channels
    for n in range(batch):
        for p in range(rows):
            window, out = at(x, (n * height + p) * width * channels), at(y, (n * rows + p) * places * channels)
            for c in range(0, channels, LANES):
                nine(window + 4 * c, row, column, at(w, c), channels, places, out + 4 * c)
