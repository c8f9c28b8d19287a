"""An ONNX file as a project with weights: ours as they were, those of other programs operator by operator."""

from __future__ import annotations

from pathlib import Path

from engine.formats.exporter import Note
from engine.formats.importer import Imported, importer
from engine.formats.onnx import (  # noqa: F401 - fill the registry
    read_arithmetic,
    read_functions,
    read_layers,
    read_shapes,
    read_windows,
)
from engine.formats.onnx.file import Graph, read_graph
from engine.formats.onnx.own import own
from engine.formats.onnx.patterns import simplified
from engine.formats.onnx.read_shapes import folded
from engine.formats.onnx.reading import Reading, Unreadable, not_read, readers
from graph.declare import ParameterError
from graph.layers.endpoints import Input, Output
from graph.message import Message
from graph.network import Network, Wire
from graph.problem import FileProblem
from graph.project import Project


@importer(".onnx")
def read_onnx(path: Path) -> Imported:
    """The network in a file. Operators that no layer says become Placeholders, each with a notice.

    Raises FileProblem where the file is damaged, too large, or keeps its data elsewhere.
    """
    graph = read_graph(path)
    ours = own(graph)
    if ours is not None:
        return Imported(*ours)
    return _read(simplified(graph), path.name)


def _read(graph: Graph, name: str) -> Imported:
    r = Reading(graph)
    try:
        r.begin()
    except (Unreadable, ParameterError) as error:
        raise FileProblem(
            Message("{name}: {text}.", name=name, text=str(error)), Message("Export it again.")
        ) from error
    for one in graph.operations:
        try:
            constant = folded(r, one)
            if constant is not None:
                r.constants[one.outputs[0]] = constant
            elif one.kind in readers:
                r.values[one.outputs[0]] = readers[one.kind](r, one)
            else:
                raise Unreadable(Message("there is no layer for it"))
        except Unreadable as error:
            not_read(r, one, error.text)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            not_read(r, one, Message("{reason}", reason=str(error)[:200]))
    _end(r)
    wires = tuple(dict.fromkeys(r.wires))
    return Imported(Project(Network.of(r.layers, wires)), r.weights, tuple(r.notes))


def _end(r: Reading) -> None:
    """Leave inputs out that nothing reads, and mark the results.

    There is an Output for every result where there are several, or where it would not be one by itself.
    """
    sources = {wire.source for wire in r.wires} | {r.values[name].layer for name in r.graph.outputs if name in r.values}
    for name in [name for name, layer in r.layers.items() if isinstance(layer, Input) and name not in sources]:
        r.remove(name)
        r.notes.append(Note(None, Message("Nothing reads the input {name}, so it is left out.", name=name)))
    for name in r.graph.outputs:
        if name not in r.values:
            text = Message("The result {name} does not depend on the input, and is left out.", name=name)
            r.notes.append(Note(None, text))
            continue
        try:
            value = r.plain(r.values[name])
        except Unreadable:
            value = r.values[name]
        if len(r.graph.outputs) > 1 or r.readers[name] > 1 or any(w.source == value.layer for w in r.wires):
            end = r.new(Output(), name)
            r.wires.append(Wire(value.layer, end, value.port))
