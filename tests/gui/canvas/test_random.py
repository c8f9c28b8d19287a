"""Whatever is done, undone and done again, the canvas holds what the document holds."""

from __future__ import annotations

from random import Random

import pytest

from graph import edits
from graph.connect import judge
from graph.layers import layers
from graph.network import Wire
from graph.project import Project
from tests.gui.canvas.conftest import Bench

KEYS = ("Dense", "Dropout", "Add", "Concatenate", "Flatten", "Conv2D", "Input")


def something(project: Project, random: Random) -> Project:
    names = list(project.network.layers)
    match random.randrange(7):
        case 0 | 1:
            place = (random.randrange(-8, 8) * 100.0, random.randrange(-8, 8) * 60.0)
            return edits.add_layer(project, layers.make(random.choice(KEYS)), place)
        case 2 | 3 if len(names) > 1:
            wire = Wire(*random.sample(names, 2))
            return edits.connect(project, wire) if judge(project.network, wire).allowed else project
        case 4 if names:
            places = {name: (random.randrange(-800, 800) * 1.0, 40.0) for name in random.sample(names, 1)}
            return edits.move(project, places)
        case 5 if len(names) > 4:
            return edits.remove_and_heal(project, random.sample(names, 2))
        case 6 if names:
            old = random.choice(names)
            return edits.rename(project, old, f"{old}_{random.randrange(10**9)}")
    return project


def agree(bench: Bench) -> None:
    board, project = bench.view.board, bench.project
    bench.view.motion.finish()
    assert set(board.nodes) == set(project.network.layers) == set(board.cards.boxes)
    assert set(board.wires) == set(project.network.wires)
    inferred = bench.checks.current.inference.layers
    for name, item in board.nodes.items():
        assert item.layer is project.network.layers[name]
        assert (item.x(), item.y()) == project.positions[name]
        assert board.cards.boxes[name] == item.box
        assert bool(item.text.shape) == bool(inferred[name].outputs)
        assert (item.problem is not None) == bool(bench.checks.current.of(name))
    board.routes.finish()
    for wire, item in board.wires.items():
        (x, y), (u, v) = board.ends_of(wire)
        path = item.path()
        first, last = path.elementAt(0), path.elementAt(path.elementCount() - 1)
        assert (first.x, first.y, last.x, last.y) == pytest.approx((x, y, u, v))
    assert set(bench.selection.names) <= set(project.network.layers)


@pytest.mark.parametrize("seed", range(6))
def test_the_canvas_keeps_step(bench: Bench, seed: int) -> None:
    random = Random(seed)
    for _ in range(60):
        turn = random.random()
        if turn < 0.2:
            bench.document.undo()
        elif turn < 0.3:
            bench.document.redo()
        elif turn < 0.4:
            names = list(bench.project.network.layers)
            bench.selection.set(random.sample(names, min(2, len(names))), "panel")
        else:
            bench.document.edit("x", lambda project: something(project, random))
        agree(bench)
    while bench.document.history.undo_text is not None:
        bench.document.undo()
    agree(bench)
