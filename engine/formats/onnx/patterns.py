"""Operators that together are one: found before they are read, and replaced.

Exporters write gelu out, as x (1 + erf(x / √2)) / 2, because older opsets have no operator for it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from engine.formats.onnx.draft import Operation, Tensor
from engine.formats.onnx.file import Graph
from engine.formats.onnx.norm_patterns import with_norms
from engine.kernel import Array


def needed(graph: Graph) -> Graph:
    """The graph without the operators that lead to no result."""
    known = set(graph.outputs)
    kept = []
    for one in reversed(graph.operations):
        if not known.isdisjoint(one.outputs):
            known.update(one.inputs)
            kept.append(one)
    return replace(graph, operations=tuple(reversed(kept)))


def simplified(graph: Graph) -> Graph:
    """The graph with one operator for every gelu and every normalization that is written out."""
    constants = _constants(graph)
    return needed(with_norms(_with_gelus(graph, constants), constants))


def _constants(graph: Graph) -> Mapping[Tensor, Array]:
    """The arrays of a file, whether they stand apart or are operators."""
    found = dict(graph.arrays)
    for one in graph.operations:
        if one.kind == "Constant" and len(one.attributes) == 1:
            (value,) = one.attributes.values()
            if hasattr(value, "size"):
                found[one.outputs[0]] = value
    return found


def _with_gelus(graph: Graph, constants: Mapping[Tensor, Array]) -> Graph:
    makers = {y: one for one in graph.operations for y in one.outputs}
    users: dict[Tensor, list[Operation]] = {}
    for one in graph.operations:
        for x in one.inputs:
            users.setdefault(x, []).append(one)
    gone: set[Tensor] = set()
    made: dict[Tensor, Operation] = {}
    for one in graph.operations:
        found = _gelu(one, constants, makers, users) if one.kind == "Erf" and one.inputs else None
        if found is not None and not {part.outputs[0] for part in found[1]} & set(graph.outputs):
            x, parts, y = found
            gone |= {part.outputs[0] for part in parts}
            made[y] = Operation("Gelu", (x,), (y,), {})
    if not made:
        return graph
    kept = [made.get(one.outputs[0], one) for one in graph.operations if one.outputs[0] not in gone]
    return replace(graph, operations=tuple(kept))


def _number(name: Tensor, constants: Mapping[Tensor, Array]) -> float:
    """The one number of an array; nan where it is none."""
    array = constants.get(name)
    if array is None or array.size != 1 or array.dtype.kind not in "fiu":
        return math.nan
    return float(array.reshape(-1)[0])


def _times(one: Operation, constants: Mapping[Tensor, Array]) -> tuple[Tensor, float]:
    """A value and the number that it is multiplied by; nan where an operator does something else."""
    if one.kind not in ("Mul", "Div") or len(one.inputs) != 2:
        return "", math.nan
    a, b = one.inputs
    factor = _number(b, constants)
    if one.kind == "Div":
        return a, 1.0 / factor if factor else math.nan
    return (a, factor) if factor == factor else (b, _number(a, constants))


def _gelu(
    erf: Operation,
    constants: Mapping[Tensor, Array],
    makers: Mapping[Tensor, Operation],
    users: Mapping[Tensor, list[Operation]],
) -> tuple[Tensor, list[Operation], Tensor] | None:
    """The input of a gelu, its operators but the last, and its output; None where there is none."""
    scaled = makers.get(erf.inputs[0])
    if scaled is None:
        return None
    x, factor = _times(scaled, constants)
    added = users.get(erf.outputs[0], [])
    if abs(factor - math.sqrt(0.5)) > 1e-6 or len(added) != 1 or added[0].kind != "Add":
        return None
    if not any(_number(name, constants) == 1.0 for name in added[0].inputs):
        return None
    products = users.get(added[0].outputs[0], [])
    if len(products) != 1 or products[0].kind != "Mul" or len(users.get(scaled.outputs[0], [])) != 1:
        return None
    other = next(name for name in (*products[0].inputs, "") if name != added[0].outputs[0])
    half = makers.get(other)
    if half is not None and _times(half, constants) == (x, 0.5) and len(users[other]) == 1:
        return x, [scaled, erf, added[0], half], products[0].outputs[0]
    last = users.get(products[0].outputs[0], [])
    if other == x and len(last) == 1 and _times(last[0], constants) == (products[0].outputs[0], 0.5):
        return x, [scaled, erf, added[0], products[0]], last[0].outputs[0]
    return None
