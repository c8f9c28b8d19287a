"""The registry of formats: endings, names, and networks that cannot be exported."""

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx
import pytest

from engine.formats import export, exporters, for_file, named
from engine.templates import make
from graph.formats import from_node_link
from graph.layers.core import Dense
from graph.network import Network
from graph.problem import FileProblem
from graph.project import Project


def test_every_format_says_what_it_is() -> None:
    for name, one in exporters.items():
        assert one.name == name
        assert one.title
        assert one.description.endswith(".")
        assert all(ending.startswith(".") and ending == ending.lower() for ending in one.endings)


def test_the_ending_chooses_the_format() -> None:
    assert for_file("My.Network.PY").name == "keras-code"
    assert for_file("graph.json").name == "json"
    assert for_file("w.npz").name == "npz"


def test_an_unknown_ending_lists_the_known_ones() -> None:
    with pytest.raises(FileProblem, match=r"The ending of network\.exe stands for no format\. Use one of .*\.graphml"):
        for_file("network.exe")


def test_an_unknown_format_names_the_nearest() -> None:
    with pytest.raises(FileProblem, match=r"There is no format named 'grafml'\. Did you mean graphml\?"):
        named("grafml")


def test_a_format_may_be_named_whatever_the_ending(tmp_path: Path) -> None:
    project, _ = make("spirals")
    export(project, tmp_path / "network.txt", format="json")
    assert json.loads((tmp_path / "network.txt").read_text())["nodes"]


def test_a_network_with_errors_has_no_code(tmp_path: Path) -> None:
    project = Project(Network.of({"dense": Dense()}))
    with pytest.raises(FileProblem, match=r"has errors.*dense: Dense has no input\. Draw a wire"):
        export(project, tmp_path / "network.py")
    assert not list(tmp_path.iterdir())


def test_an_empty_network_has_no_code(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="The network has no layers"):
        export(Project(), tmp_path / "network.py")


@pytest.mark.parametrize("name", ["digits", "spirals", "sentiment"])
def test_networkx_reads_the_graphs(name: str, tmp_path: Path) -> None:
    project, _ = make(name)
    export(project, tmp_path / "graph.json")
    export(project, tmp_path / "graph.graphml")
    text = (tmp_path / "graph.json").read_text()
    for graph in (
        nx.node_link_graph(json.loads(text), edges="edges"),
        nx.read_graphml(tmp_path / "graph.graphml", force_multigraph=True),
    ):
        assert list(graph) == list(project.network.layers)
        assert {(a, b) for a, b, _ in graph.edges} == {(w.source, w.target) for w in project.network.wires}
        assert nx.is_directed_acyclic_graph(graph)
    assert from_node_link(text).project.network == project.network


def test_what_cannot_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    project, _ = make("spirals")
    (tmp_path / "file").write_text("old")
    with pytest.raises(FileProblem, match="cannot be written"):
        export(project, tmp_path / "file" / "network.py")
    assert (tmp_path / "file").read_text() == "old"
