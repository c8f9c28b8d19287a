"""How many places a window has along an axis: the arithmetic that convolution and pooling share.

With `valid` the window stays inside: (n - span) // stride + 1 places, where span = (k - 1) dilation + 1.
With `same` the axis is padded so that there are ceil(n / stride) places, as in TensorFlow and Keras. `causal` gives as
many, with all of span - 1 zeros before.
"""

from __future__ import annotations

from collections.abc import Sequence

from graph.message import Message
from graph.shapes import Refusal

PADDINGS = ("valid", "same")


def places(
    sizes: Sequence[int | None], kernel: Sequence[int], strides: Sequence[int], padding: str, dilation: Sequence[int]
) -> tuple[int | None, ...] | Refusal:
    """The number of window places along each axis, or a Refusal where the window is larger than the input."""
    out = tuple(
        None if n is None else (n - ((k - 1) * d + 1)) // s + 1 if padding == "valid" else -(-n // s)
        for n, k, s, d in zip(sizes, kernel, strides, dilation, strict=True)
    )
    if all(n is None or n >= 1 for n in out):
        return out
    span = "×".join(str((k - 1) * d + 1) for k, d in zip(kernel, dilation, strict=True))
    have = "×".join("?" if n is None else str(n) for n in sizes)
    return Refusal(
        Message("A window of {span} does not fit into {have}.", span=span, have=have),
        Message("Use padding='same', or a smaller window."),
        "padding",
        {"padding": "same"},
    )


def pads(n: int, kernel: int, stride: int, dilation: int, padding: str) -> tuple[int, int]:
    """Zeros before and after an axis of `n`; with `same`, the odd one goes after."""
    span = (kernel - 1) * dilation + 1
    if padding == "valid":
        return 0, 0
    if padding == "causal":
        return span - 1, 0
    total = max((-(-n // stride) - 1) * stride + span - n, 0)
    return total // 2, total - total // 2


def spread(n: int, kernel: int, stride: int, dilation: int, padding: str, extra: int | None) -> tuple[int, int]:
    """What a transposed convolution cuts off before an axis of `n`, and the size that is left, as Keras has it.

    Every value is spread over `span` places. `extra` is the output_padding.
    """
    span = (kernel - 1) * dilation + 1
    if padding == "valid":
        return 0, (n - 1) * stride + span + (max(stride - span, 0) if extra is None else extra)
    total = stride + span - 2 if extra is None else span + span % 2 - 2 + extra
    before = min((total + 1) // 2, span - 1)
    return span - 1 - before, (n - 1) * stride - span + 2 + total
