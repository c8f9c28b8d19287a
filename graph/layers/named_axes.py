"""Axes that a parameter names, counted with the batch as 0: the parameter, and why an input has none of them."""

from __future__ import annotations

from typing import Any

from graph.fields.numbers import Numbers
from graph.message import Message
from graph.shapes import Refusal, Shape, shape_text


def Axes() -> Any:
    """The parameter `axis` where it may name several."""
    return Numbers(
        default=(-1,),
        whole=True,
        min=-4,
        max=4,
        doc="The axis to normalize along, or several with commas, counted with the batch as 0.",
    )


def along(x: Shape, axes: tuple[int, ...]) -> tuple[int, ...]:
    """The sizes of the axes in the order that Keras lays weights out in."""
    return tuple(x[axis] or 1 for axis in sorted(axes))


def wrong_axis(x: Shape, axis: int) -> Refusal | None:
    """A refusal where `x` has no such axis behind the batch."""
    if -len(x) < axis < len(x) and axis != 0:
        return None
    return Refusal(
        Message("axis {axis} is not an axis of {shape}.", axis=axis, shape=shape_text(x)),
        Message("Use -1 for the channels."),
        "axis",
        {"axis": -1},
    )


def unknown_axis(x: Shape, axis: int) -> Refusal | None:
    """A refusal where `x` has no such axis, or its size is not known."""
    refused = wrong_axis(x, axis)
    if refused is None and x[axis] is None:
        return Refusal(
            Message("The size of axis {axis} is not known.", axis=axis),
            Message("State it in the Input node or in input_shape."),
        )
    return refused


def wrong_axes(x: Shape, axes: tuple[int, ...]) -> Refusal | None:
    """A refusal where `x` has not all of these axes, or one is named twice."""
    refused = next((found for axis in axes if (found := wrong_axis(x, axis))), None)
    if refused is not None:
        return Refusal(refused.text, refused.hint, "axis", {"axis": (-1,)})
    if len({axis % len(x) for axis in axes}) < len(axes):
        text = Message("axis names an axis of {shape} twice.", shape=shape_text(x))
        return Refusal(text, Message("Name each axis once."), "axis", {"axis": (-1,)})
    return None


def unknown_axes(x: Shape, axes: tuple[int, ...]) -> Refusal | None:
    """A refusal where `x` has not all of these axes, or the size of one is not known."""
    return wrong_axes(x, axes) or next((found for axis in axes if (found := unknown_axis(x, axis))), None)
