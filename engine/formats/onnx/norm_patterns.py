"""Normalizations that are written out, found before they are read: (x - mean) / sqrt(variance + epsilon), or x / rms.

Exporters write them so for opsets that have no operator for them. What was only computed for them leads nowhere then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.formats.onnx.draft import Operation, Tensor
from engine.formats.onnx.file import Graph
from engine.kernel import Array

STANDARD = "Standardize"
"""The operator that stands for one, which no file has: its axes, its epsilon, and whether the mean is taken away."""

Makers = Mapping[Tensor, Operation]
Constants = Mapping[Tensor, Array]


def with_norms(graph: Graph, constants: Constants) -> Graph:
    """The graph with one operator for every normalization."""
    makers = {y: one for one in graph.operations for y in one.outputs}
    return replace(graph, operations=tuple(_norm(one, makers, constants) or one for one in graph.operations))


def _norm(one: Operation, makers: Makers, constants: Constants) -> Operation | None:
    for x, root in _quotients(one, makers, constants):
        variance, epsilon = _rooted(root, makers, constants)
        mean = makers.get(variance)
        axes = None if mean is None else _axes(mean, constants)
        square = None if mean is None or axes is None else makers.get(mean.inputs[0])
        if square is None or not _is_square(square, x, constants):
            continue
        said: dict[str, Any] = {"axes": axes, "epsilon": epsilon, "centered": False}
        minus = makers.get(x)
        if minus is not None and minus.kind == "Sub" and len(minus.inputs) == 2:
            middle = makers.get(minus.inputs[1])
            if middle is not None and middle.inputs[0] == minus.inputs[0] and _axes(middle, constants) == axes:
                x, said["centered"] = minus.inputs[0], True
        return Operation(STANDARD, (x,), one.outputs, said)
    return None


def _quotients(one: Operation, makers: Makers, constants: Constants) -> list[tuple[Tensor, Tensor]]:
    """What an operator divides, by what: as a quotient, or as a product with one by something."""
    if one.kind not in ("Div", "Mul") or len(one.inputs) != 2:
        return []
    a, b = one.inputs
    if one.kind == "Div":
        return [(a, b)]
    found = []
    for x, gate in ((a, b), (b, a)):
        made = makers.get(gate)
        if made is not None and made.kind == "Reciprocal":
            found.append((x, made.inputs[0]))
        elif made is not None and made.kind == "Div" and _number(made.inputs[0], constants) == 1.0:
            found.append((x, made.inputs[1]))
    return found


def _rooted(root: Tensor, makers: Makers, constants: Constants) -> tuple[Tensor, float]:
    """What a root is taken of, but for a small number."""
    made = makers.get(root)
    added = makers.get(made.inputs[0]) if made is not None and made.kind == "Sqrt" else None
    if added is None or added.kind != "Add":
        return "", 0.0
    for x, small in (added.inputs, added.inputs[::-1]):
        epsilon = _number(small, constants)
        if epsilon is not None and 0.0 < epsilon < 1.0:
            return x, epsilon
    return "", 0.0


def _axes(one: Operation, constants: Constants) -> list[int] | None:
    """The axes of a mean that keeps them."""
    if one.kind != "ReduceMean" or not one.attributes.get("keepdims", 1):
        return None
    if len(one.inputs) > 1:
        array = constants.get(one.inputs[1])
        return None if array is None else [int(axis) for axis in array.reshape(-1)]
    return [int(axis) for axis in one.attributes.get("axes", [])] or None


def _is_square(one: Operation, x: Tensor, constants: Constants) -> bool:
    if one.kind == "Mul":
        return one.inputs == (x, x)
    return one.kind == "Pow" and one.inputs[0] == x and _number(one.inputs[1], constants) == 2.0


def _number(name: Tensor, constants: Constants) -> float | None:
    array = constants.get(name)
    return float(array.reshape(-1)[0]) if array is not None and array.size == 1 and array.dtype.kind in "fiu" else None
