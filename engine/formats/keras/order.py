"""The order in which Keras holds the layers of a functional model, and the groups that this gives their weights.

Weights are stored by class and number, `dense`, `dense_1` and so on, counted in the order of the model's layers. That
is by depth, the distance to the outputs, falling; and where it is equal, in the order of a walk from the outputs to
what they are computed from (`map_graph` in Keras's `ops/function.py`). Two layers of the same shape in another order
load without a word, swapped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from graph.names import snake

Node = tuple[str, int]
"""A layer or operation by its name, and which of its calls."""


def ordered(sources: Mapping[Node, Sequence[Node]], inputs: Sequence[Node], outputs: Sequence[Node]) -> list[str]:
    """The names in the order of the model that Keras makes of these calls, each with those it is computed from.

    What no output is computed from is not in it, but for inputs.
    """
    first, finished = _walk(sources, outputs)
    depths = dict.fromkeys(finished, 0)
    deepest: dict[str, int] = {}
    for node in reversed(finished):
        depth = deepest[node[0]] = max(depths[node], deepest.get(node[0], 0))
        for source in sources[node]:
            depths[source] = max(depths[source], depth + 1)
    for name, _ in inputs:
        deepest.setdefault(name, 0)
        first.setdefault(name, -1)
    return sorted(deepest, key=lambda name: (-deepest[name], first[name]))


def _walk(sources: Mapping[Node, Sequence[Node]], ends: Sequence[Node]) -> tuple[dict[str, int], list[Node]]:
    """The number of each name when it is first met on the way back, and the calls in the order they are left."""
    first: dict[str, int] = {}
    met: set[Node] = set()
    left: list[Node] = []
    for end in ends:
        way = [(end, iter(sources[end]))] if end not in met else []
        met.add(end)
        first.setdefault(end[0], len(first))
        while way:
            node, waiting = way[-1]
            source = next((one for one in waiting if one not in met), None)
            if source is None:
                left.append(node)
                way.pop()
            else:
                met.add(source)
                first.setdefault(source[0], len(first))
                way.append((source, iter(sources[source])))
    return first, left


def groups(layers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The group of every layer's weights by its name, for names with their classes in the model's order."""
    counts: dict[str, int] = {}
    found = {}
    for name, class_name in layers:
        stem = snake(class_name)
        count = counts[stem] = counts.get(stem, -1) + 1
        found[name] = f"{stem}_{count}" if count else stem
    return found
