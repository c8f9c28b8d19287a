"""How long a check takes after one edit: 1,000 layers within 16 ms, 10,000 within 160 ms; and an automatic layout.

Run with `python bench/recheck.py`. The network is a chain of Dense layers with shortcuts that are added back, once in
the order in which it would be wired and once with its layers in random order, which is the worst case for sorting.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from graph import edits
from graph.arrange import arrange
from graph.check import Check, check
from graph.datasets import DataFacts, TargetFacts
from graph.layers import layers
from graph.network import Network, Wire
from graph.project import Project

LIMITS = {1_000: 16.0, 10_000: 160.0}
LAYOUT_LIMIT = 1_000.0
"""For 1,000 layers."""
FACTS = DataFacts(1000, {"x": (None, 64)}, {"y": TargetFacts("values", (None, 64))})


def network(count: int) -> Network:
    """`count` layers: dense, dense, dense, add, dense, dense, dense, add, ..."""
    found = {"input": layers.make("Input", {"shape": (64,)})}
    wires = []
    block = start = "input"
    while len(found) < count:
        name = f"layer_{len(found)}"
        if len(found) % 4 == 0 and start != block:
            found[name] = layers.make("Add")
            wires += [Wire(block, name), Wire(start, name)]
            start = name
        else:
            found[name] = layers.make("Dense", {"units": 64, "activation": "tanh"})
            wires.append(Wire(block, name))
        block = name
    return Network.of(found, wires)


def shuffled(given: Network) -> Network:
    """The same network with its layers in another order."""
    names = list(given.layers)
    random.Random(0).shuffle(names)
    return Network.of({name: given.layers[name] for name in names}, given.wires)


def edits_of(project: Project) -> dict[str, Callable[[], Project]]:
    """One edit of each kind, in the middle of the network."""
    middle = len(project.network.layers) // 8 * 4 + 2
    name, wire = f"layer_{middle}", Wire(f"layer_{middle - 1}", f"layer_{middle}")
    return {
        "activation": lambda: edits.set_parameters(project, name, {"activation": "relu"}),
        "units": lambda: edits.set_parameters(project, name, {"units": 32}),
        "cut a wire": lambda: edits.disconnect(project, [wire]),
        "draw a wire": lambda: edits.connect(project, Wire("input", f"layer_{middle + 2}")),
        "add a layer": lambda: edits.add_layer(project, layers.make("Dense")),
        "remove a layer": lambda: edits.remove(project, [name]),
    }


def milliseconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def checking(edit: Callable[[], Project], before: Check, repeats: int = 15) -> float:
    """The median time of a check after `edit`."""
    return statistics.median(milliseconds(partial(check, edit(), FACTS, before)) for _ in range(repeats))


def main() -> int:
    """Print a table; 1 where a limit is missed."""
    missed = False
    for count, limit in LIMITS.items():
        for order, made in (("in order", network(count)), ("shuffled", shuffled(network(count)))):
            project = Project(made)
            before = check(project, FACTS)
            for name, edit in edits_of(project).items():
                took = checking(edit, before)
                missed |= took > limit
                print(f"{count:>6,} layers {order:9} {name:15} {took:7.1f} ms   limit {limit:.0f} ms")
    took = statistics.median(milliseconds(partial(arrange, network(1_000))) for _ in range(5))
    missed |= took > LAYOUT_LIMIT
    print(f" 1,000 layers layout {took:20.1f} ms   limit {LAYOUT_LIMIT:.0f} ms")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
