"""The order in which Keras holds the layers of a functional model, and the groups that this gives their weights.

Weights are stored by class and number, `dense`, `dense_1` and so on, counted in the order of the model's layers. That
is by depth, the distance to the outputs, falling; and where it is equal, in the order of a walk from the outputs to
what they are computed from (`map_graph` in Keras's `ops/function.py`). Two layers of the same shape in another order
load without a word, swapped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.formats.keras.calls import Call, Tensor
from graph.names import snake


def ordered(calls: Sequence[Call], outputs: Sequence[Tensor]) -> list[Call]:
    """The calls that the outputs are computed from, in the order of the model that Keras makes of them."""
    by_name = {call.name: call for call in calls}
    sources = {call.name: [tensor.call for tensor in call.tensors()] for call in calls}
    met, finished = _walk(sources, [tensor.call for tensor in outputs])
    depths = dict.fromkeys(met, 0)
    for name in reversed(finished):
        for source in sources[name]:
            depths[source] = max(depths[source], depths[name] + 1)
    return [by_name[name] for name in sorted(met, key=lambda name: (-depths[name], met[name]))]


def _walk(sources: Mapping[str, Sequence[str]], ends: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """The number of each call when it is first met on the way back, and the calls in the order they are left."""
    met: dict[str, int] = {}
    left: list[str] = []
    for end in ends:
        if end in met:
            continue
        met[end] = len(met)
        way = [(end, iter(sources[end]))]
        while way:
            name, waiting = way[-1]
            source = next((one for one in waiting if one not in met), None)
            if source is None:
                left.append(name)
                way.pop()
            else:
                met[source] = len(met)
                way.append((source, iter(sources[source])))
    return met, left


def groups(calls: Sequence[Call]) -> dict[str, str]:
    """The group of every layer's weights by its name, for the calls in the model's order."""
    counts: dict[str, int] = {}
    found = {}
    for call in calls:
        if call.is_layer:
            stem = snake(call.class_name)
            count = counts[stem] = counts.get(stem, -1) + 1
            found[call.name] = f"{stem}_{count}" if count else stem
    return found
