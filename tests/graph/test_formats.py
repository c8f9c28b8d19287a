"""Node-link JSON, GraphML and the summary, read by networkx and the standard library."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from io import BytesIO

import networkx as nx
import pytest
from hypothesis import given

from graph.formats import from_node_link, to_graphml, to_node_link
from graph.infer import infer
from graph.layers import layers
from graph.network import Network, Wire
from graph.problem import FileProblem
from graph.project import Project
from graph.serialize import loads
from graph.summary import summarize
from tests.helpers.strategies import projects

DIGITS = Project(
    Network.of(
        {
            "input": layers.make("Input", {"shape": (8, 8, 1)}),
            "conv2d": layers.make("Conv2D", {"filters": 32, "padding": "same"}),
            "batch": layers.make("BatchNormalization"),
            "flatten": layers.make("Flatten"),
            "dense": layers.make("Dense", {"units": 10, "trainable": False}),
        },
        [Wire("input", "conv2d"), Wire("conv2d", "batch"), Wire("batch", "flatten"), Wire("flatten", "dense")],
    ),
    {"input": (0.0, 0.0)},
)


@given(projects())
def test_node_link_is_read_back(project: Project) -> None:
    loaded = from_node_link(to_node_link(project, infer(project.network)))
    assert loaded.notices == ()
    assert loaded.project.network == project.network
    assert loaded.project.positions == project.positions


@given(projects())
def test_networkx_reads_both(project: Project) -> None:
    inference = infer(project.network)
    read = nx.node_link_graph(json.loads(to_node_link(project, inference)), edges="edges")
    assert set(read) == set(project.network.layers)
    assert read.number_of_edges() == len(project.network.wires)
    graphml = nx.read_graphml(BytesIO(to_graphml(project, inference)), force_multigraph=True)
    assert graphml.number_of_nodes() == len(project.network.layers)
    assert graphml.number_of_edges() == len(project.network.wires)


def test_what_a_node_says() -> None:
    inference = infer(DIGITS.network)
    node = json.loads(to_node_link(DIGITS, inference))["nodes"][1]
    assert node == {
        "type": "Conv2D",
        "parameters": {"padding": "same"},
        "output_shape": [None, 8, 8, 32],
        "params": 320,
        "id": "conv2d",
    }
    data = nx.read_graphml(BytesIO(to_graphml(DIGITS, inference))).nodes["conv2d"]
    assert data["type"] == "Conv2D"
    assert json.loads(data["parameters"]) == {"padding": "same"}
    assert json.loads(data["output_shape"]) == [None, 8, 8, 32]
    assert data["params"] == 320
    ElementTree.fromstring(to_graphml(DIGITS, inference))


def test_a_layer_that_is_not_understood_is_kept() -> None:
    entry = {"name": "a", "type": "Nothing", "parameters": {"b": 1}, "since": 2}
    project = loads(json.dumps({"format": "netloom", "version": 1, "layers": [entry]})).project
    again = from_node_link(to_node_link(project, infer(project.network))).project
    assert again.network == project.network
    to_graphml(project, infer(project.network))


@pytest.mark.parametrize("text", ["[]", "{}", '{"nodes": 3, "edges": []}', '{"nodes": []}'])
def test_what_is_no_graph_is_refused(text: str) -> None:
    with pytest.raises(FileProblem, match="not a graph in node-link form"):
        from_node_link(text)


def test_the_summary_counts_what_keras_counts() -> None:
    """Conv2D 3·3·1·32+32, BatchNormalization 4·32 (half of them trained), Dense 2048·10+10, as model.summary() says."""
    summary = summarize(infer(DIGITS.network))
    assert [(row.name, row.type, row.output, row.parameters, row.trainable) for row in summary.rows] == [
        ("input", "Input", (None, 8, 8, 1), 0, 0),
        ("conv2d", "Conv2D", (None, 8, 8, 32), 320, 320),
        ("batch", "BatchNormalization", (None, 8, 8, 32), 128, 64),
        ("flatten", "Flatten", (None, 2048), 0, 0),
        ("dense", "Dense", (None, 10), 20490, 0),
    ]
    assert (summary.parameters, summary.trainable, summary.frozen) == (20938, 384, 20554)
    assert summary.macs == 8 * 8 * 9 * 32 + 2048 * 10
    assert summary.bytes == 4 * (64 + 2048 + 2048 + 2048 + 10)
