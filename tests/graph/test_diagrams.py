"""The graph for Graphviz and for Mermaid: read back by pydot's own grammar, and by what Mermaid takes for a node."""

from __future__ import annotations

import html
import re

import pydot
from hypothesis import given

from graph.diagrams import to_dot, to_mermaid
from graph.infer import infer
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.layers.recurrent import LSTM
from graph.network import Network, Wire
from tests.helpers.strategies import networks

CHAIN = Network.of(
    {"words": Input(shape=(5, 3)), 'the "memory"\\': LSTM(4, return_state=True), "out": Dense(2)},
    [Wire("words", 'the "memory"\\'), Wire('the "memory"\\', "out", "c")],
)


def dot(network: Network) -> pydot.Dot:
    """What pydot reads."""
    found = pydot.graph_from_dot_data(to_dot(infer(network)))
    assert found is not None
    return found[0]


def plain(quoted: str | None) -> str:
    """The text that a quoted string of DOT stands for."""
    assert quoted is not None
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], quoted[1:-1])


@given(networks())
def test_pydot_finds_every_layer_and_wire(network: Network) -> None:
    graph = dot(network)
    nodes = [node.get_name() for node in graph.get_nodes() if node.get_name() not in ("node", '"\\n"')]
    assert len(nodes) == len(network.layers)
    assert len(graph.get_edges()) == len(network.wires)


def test_a_node_says_name_type_and_shape_and_a_wire_its_port() -> None:
    graph = dot(CHAIN)
    labels = {plain(node.get_label()) for node in graph.get_nodes() if node.get_name() != "node"}
    assert 'the "memory"\\\nLSTM 4 · return_state yes\n4, 4, 4' in labels
    assert "out\nDense 2 · linear\n2" in labels
    assert {(plain(e.get_source()), plain(e.get_destination())) for e in graph.get_edges()} == {
        ("words", 'the "memory"\\'),
        ('the "memory"\\', "out"),
    }
    assert [plain(edge.get("taillabel")) for edge in graph.get_edges() if edge.get("taillabel")] == ["c"]


@given(networks())
def test_no_name_breaks_out_of_a_mermaid_node(network: Network) -> None:
    head, *lines = to_mermaid(infer(network)).splitlines()
    assert head == "flowchart LR"
    nodes = [re.fullmatch(r'  n\d+\["([^"\[\]`|]*)"\]', line) for line in lines]
    found = [match[1].split("<br/>")[0] for match in nodes if match]
    shown = {"".join(c if c.isprintable() else " " for c in name) for name in network.layers}
    assert {html.unescape(re.sub(r"#(\d+);", r"&#\1;", name)) for name in found} == shown
    assert sum("-->" in line and '["' not in line for line in lines) == len(network.wires)
