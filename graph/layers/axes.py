"""Where the channels stand: last, as in TensorFlow and here, or first, as in PyTorch.

Shape rules are written for channels last. A layer with a `data_format` brings its input there and its output back.
"""

from __future__ import annotations

from typing import Any, TypeVar

from graph.fields import Choice

FORMATS = ("channels_last", "channels_first")
N = TypeVar("N")


def DataFormat() -> Any:
    """The parameter `data_format`."""
    return Choice(
        default="channels_last",
        choices=FORMATS,
        rare=True,
        doc="Whether channels are the last axis of a sample or the first.",
    )


def channels_last(x: tuple[N, ...], data_format: str) -> tuple[N, ...]:
    """The shape of an input as if its channels came last."""
    return (x[0], *x[2:], x[1]) if data_format == "channels_first" else x


def as_laid_out(y: tuple[N, ...], data_format: str) -> tuple[N, ...]:
    """A shape with channels last as `data_format` has it."""
    return (y[0], y[-1], *y[1:-1]) if data_format == "channels_first" else y
