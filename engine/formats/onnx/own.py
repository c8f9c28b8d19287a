"""Files that Netloom wrote: the network stands in them, and its weights are found where the writer put them.

The network is written once more, its weights full of places in the place of numbers. Where the operators are those of
the file, every array of the file says which number belongs to which place. A file that was changed since has other
operators: it is read as any other.
"""

from __future__ import annotations

from math import prod

import numpy as np

from engine.formats.onnx.classes import KINDS
from engine.formats.onnx.file import Graph
from engine.formats.onnx.network import drafted
from engine.kernel import Array
from graph.infer import infer
from graph.problem import FileProblem, Severity
from graph.project import Project
from graph.serialize import loads

NETWORK = "netloom.network"
"""Where a file keeps the network as Netloom writes it."""


def own(graph: Graph) -> tuple[Project, dict[str, Array]] | None:
    """The project and its weights by name; None where the file is not one of ours, or was changed."""
    try:
        project = loads(graph.said.get(NETWORK, "")).project
    except FileProblem:
        return None
    inference = infer(project.network)
    if not inference.layers or any(problem.severity is Severity.ERROR for problem in inference.problems):
        return None
    shapes = {f"{n}/{key}": w.shape for n, one in inference.layers.items() for key, w in one.weights.items()}
    if sum(map(prod, shapes.values())) > 2 * sum(array.size for array in graph.arrays.values()):
        return None
    places = {key: np.arange(1, prod(shape) + 1).reshape(shape) for key, shape in shapes.items()}
    draft = drafted(inference, places, graph.opset).draft
    count = len(draft.operations)
    same = [(one.kind, one.inputs, one.outputs) for one in graph.operations[:count]] == [
        (one.kind, one.inputs, one.outputs) for one in draft.operations
    ]
    same &= {one.kind for one in graph.operations[count:]} <= KINDS
    arrays = {key: (draft.arrays.get(key), graph.arrays.get(key)) for key in shapes}
    weights: dict[str, Array] = {}
    for key, (where, given) in arrays.items():
        if not same or where is None or given is None or where.shape != given.shape or given.dtype.kind not in "fiu":
            return None
        numbers = np.zeros(prod(shapes[key]) + 1, np.float32)
        numbers[where.reshape(-1)] = given.reshape(-1)
        weights[key] = numbers[1:].reshape(shapes[key])
    return project, weights
