"""Order, cycles and inference over random networks; networkx and inference from nothing are the truth."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from graph import edits
from graph.check import check
from graph.connect import judge
from graph.datasets import DataFacts, TargetFacts
from graph.infer import infer
from graph.layers import layers
from graph.network import Network, Wire, sort
from graph.project import Project
from tests.helpers.strategies import inner_layers, networks, projects, sound_networks

EDGES = st.integers(1, 12).flatmap(
    lambda n: st.tuples(st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=20))
)


@given(EDGES)
def test_the_order_is_that_of_networkx(drawn: tuple[int, list[tuple[int, int]]]) -> None:
    count, edges = drawn
    graph = nx.DiGraph(edges)
    graph.add_nodes_from(range(count))
    order = sort(count, set(edges))
    if nx.is_directed_acyclic_graph(graph):
        assert order == list(nx.lexicographical_topological_sort(graph))
    else:
        assert len(order) < count


@given(EDGES)
def test_cycles_are_found_and_only_cycles(drawn: tuple[int, list[tuple[int, int]]]) -> None:
    count, edges = drawn
    names = [f"l{i}" for i in range(count)]
    network = Network.of({n: layers.make("Add") for n in names}, [Wire(names[a], names[b]) for a, b in edges])
    on_cycle = {
        name for cycle in nx.simple_cycles(nx.DiGraph([(names[a], names[b]) for a, b in edges])) for name in cycle
    }
    assert {name for cycle in network.wiring.cycles for name in cycle} == on_cycle
    assert sorted(network.order) == sorted(names)


@given(networks())
def test_every_layer_comes_after_those_it_depends_on(network: Network) -> None:
    at = {name: i for i, name in enumerate(network.order)}
    assert sorted(at) == sorted(network.layers)
    assert all(at[wire.source] < at[wire.target] for wire in network.wires)


FACTS = st.sampled_from(
    [
        None,
        DataFacts(10, {"x": (None, 4)}, {"y": TargetFacts("values", (None, 1))}),
        DataFacts(10, {"input": (None, 8, 8, 1)}, {"y": TargetFacts("classes", (None,), ("a", "b", "c"))}),
        DataFacts(10, {"a": (None, 3), "b": (None, 2)}, {"a": TargetFacts("one_hot", (None, 3))}, vocabulary=9),
    ]
)


@st.composite
def edited(draw: st.DrawFn, project: Project) -> Project:
    """`project` after one random edit, which may well break it."""
    names, wires = list(project.network.layers), list(project.network.wires)
    kinds = (
        ["add"] + (["remove", "replace", "rename", "wire"] if names else []) + (["cut", "move end"] if wires else [])
    )
    match draw(st.sampled_from(kinds)):
        case "remove":
            return edits.remove(project, [draw(st.sampled_from(names))])
        case "replace":
            return edits.replace_layer(project, draw(st.sampled_from(names)), draw(inner_layers()))
        case "rename":
            return edits.rename(project, draw(st.sampled_from(names)), "renamed" if "renamed" not in names else "again")
        case "cut":
            return edits.disconnect(project, [draw(st.sampled_from(wires))])
        case "move end":
            wire = draw(st.sampled_from(wires))
            moved = Wire(wire.source, draw(st.sampled_from(names)), wire.source_port, "x")
            return edits.connect(edits.disconnect(project, [wire]), moved)
        case "wire":
            source, target = draw(st.sampled_from(names)), draw(st.sampled_from(names))
            return edits.connect(project, Wire(source, target))
        case _:
            return edits.add_layer(project, draw(inner_layers()))


@given(st.one_of(projects(8), sound_networks().map(Project)), FACTS, FACTS, st.data())
def test_a_check_that_takes_over_equals_one_from_nothing(
    project: Project, facts: DataFacts | None, later: DataFacts | None, data: st.DataObject
) -> None:
    found = check(project, facts)
    for step in range(4):
        if "renamed" in project.network.layers and "again" in project.network.layers:
            break
        project = data.draw(edited(project))
        facts = later if step == 2 else facts
        found, fresh = check(project, facts, found), check(project, facts)
        assert found.inference.layers == fresh.inference.layers or _texts(found) == _texts(fresh)
        assert _texts(found) == _texts(fresh)
        assert found.inference.results == fresh.inference.results
        assert found.inference.entries == fresh.inference.entries


def _texts(found: Any) -> list[tuple[Any, ...]]:
    shapes = [(name, i.inputs, i.outputs, i.macs, i.entry, i.left_out) for name, i in found.inference.layers.items()]
    return [*shapes, *((p.node, p.text, p.hint, p.severity, [f.text for f in p.fixes]) for p in found.problems)]


@given(sound_networks())
def test_sound_networks_have_no_errors_and_every_fix_of_a_warning_applies(network: Network) -> None:
    found = check(Project(network))
    assert found.errors == ()
    for problem in found.warnings:
        for fix in problem.fixes:
            check(fix.edit(Project(network)))


@given(projects(), FACTS)
def test_every_fix_can_be_applied_and_mends(project: Project, facts: DataFacts | None) -> None:
    found = check(project, facts)
    for problem in found.problems[:6]:
        for fix in problem.fixes:
            mended = check(fix.edit(project), facts)
            assert (problem.node, problem.text) not in [(p.node, p.text) for p in mended.problems]


RULES = ("initializer", "regularizer", "constraint")
"""How the parameters end that are wrong whatever comes in by a wire."""


@given(sound_networks(), inner_layers(), st.data())
def test_a_wire_that_was_allowed_brings_no_error(network: Network, layer: Any, data: st.DataObject) -> None:
    project = edits.add_layer(Project(network), layer, name="added")
    source = data.draw(st.sampled_from(list(network.layers)))
    wire = Wire(source, "added", "y", layer.inputs[0].name)
    verdict = judge(project.network, wire, infer(project.network))
    joined = infer(edits.connect(project, wire).network)
    alone = len(layer.inputs) == 1 and not layer.inputs[0].many
    problems = [p for p in joined.problems if p.node == "added" and p.severity == "error"]
    assume(not any((p.parameter or "").endswith(RULES) for p in problems))
    if verdict.allowed and alone:
        assert problems == []
        assert joined.layers["added"].outputs == (verdict.shape,)
    elif alone:
        assert problems[0].text == verdict.reason


class TestVerdicts:
    NETWORK = Network.of(
        {
            "input": layers.make("Input", {"shape": (8, 8, 1)}),
            "conv": layers.make("Conv2D"),
            "dense": layers.make("Dense"),
            "add": layers.make("Add"),
            "small": layers.make("Conv2D", {"kernel_size": 9}),
            "flat": layers.make("Flatten"),
        },
        [Wire("input", "conv"), Wire("conv", "add"), Wire("conv", "flat")],
    )

    @pytest.mark.parametrize(
        ("wire", "reason"),
        [
            (Wire("ghost", "conv"), "There is no layer named ghost."),
            (Wire("conv", "conv"), "A layer cannot feed itself."),
            (Wire("conv", "dense", "z"), "conv has no output z."),
            (Wire("conv", "input"), "input takes no wires here."),
            (Wire("input", "conv"), "They are joined already."),
            (Wire("add", "conv"), "The wires would run in a circle."),
            (Wire("flat", "small"), "Conv2D takes images (height, width, channels), but gets 1152."),
            (Wire("input", "small"), "A window of 9×9 does not fit into 8×8."),
            (Wire("input", "add"), "6×6×32 and 8×8×1 have different sizes."),
        ],
    )
    def test_a_refusal_says_why(self, wire: Wire, reason: str) -> None:
        verdict = judge(self.NETWORK, wire, infer(self.NETWORK))
        assert not verdict.allowed
        assert verdict.reason == reason

    def test_an_allowed_wire_shows_its_shape(self) -> None:
        verdict = judge(self.NETWORK, Wire("input", "dense"), infer(self.NETWORK))
        assert verdict.allowed
        assert verdict.shape == (None, 8, 8, 64)
