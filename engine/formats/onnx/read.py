"""An ONNX file as a project with weights: ours as they were, those of other programs operator by operator."""

from __future__ import annotations

from pathlib import Path

from engine.formats.exporter import Note
from engine.formats.importer import Imported, importer
from engine.formats.onnx import (  # noqa: F401 - fill the registry
    read_arithmetic,
    read_functions,
    read_logic,
    read_normalization,
    read_parts,
    read_products,
    read_recurrent,
    read_reductions,
    read_repeats,
    read_shapes,
    read_windows,
)
from engine.formats.onnx.draft import Operation
from engine.formats.onnx.file import Graph, read_graph
from engine.formats.onnx.folding import folded
from engine.formats.onnx.own import own
from engine.formats.onnx.patterns import needed, simplified
from engine.formats.onnx.reading import Reading, not_read, readers
from engine.formats.onnx.value import Unreadable, Value
from graph.declare import ParameterError
from graph.layers.endpoints import Input, Output
from graph.layers.placeholder import Placeholder
from graph.message import Message
from graph.network import Network, Wire
from graph.problem import FileProblem
from graph.project import Project

NAMING = ("ArgMax", "ArgMin", "ai.onnx.ml.Binarizer", "ai.onnx.ml.LabelEncoder")
"""Operators that give places or names in the place of values."""


@importer(".onnx")
def read_onnx(path: Path) -> Imported:
    """The network in a file. Operators that no layer says become Placeholders, each with a notice.

    Raises FileProblem where the file is damaged, too large, or keeps its data elsewhere.
    """
    graph = read_graph(path)
    ours = own(graph)
    if ours is not None:
        return Imported(*ours)
    return _read(simplified(needed(graph)), path.name)


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
            elif one.kind in NAMING or any(x in r.labels for x in one.inputs):
                _named(r, one)
            elif one.kind in readers:
                ys = readers[one.kind](r, one)
                ys = (ys,) if isinstance(ys, Value) else ys
                for name, y in zip(one.outputs, ys, strict=False):
                    if y is not None:
                        r.know(name, y.together)
            else:
                raise Unreadable(Message("there is no layer for it"))
        except Unreadable as error:
            not_read(r, one, error.text)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            not_read(r, one, Message("{reason}", reason=str(error)[:200]))
        r.done(one)
    _end(r)
    wires = tuple(dict.fromkeys(r.wires))
    return Imported(Project(Network.of(r.layers, wires)), r.weights, tuple(r.notes))


def _named(r: Reading, one: Operation) -> None:
    """Names or numbers of classes, and what is made of them."""
    source = next((r.labels.get(x) or r.values.get(x) for x in one.inputs if x in r.labels or x in r.values), None)
    if source is None:
        raise Unreadable(Message("it names nothing that is computed"))
    r.labels.update(dict.fromkeys(one.outputs, source))
    r.left[source.layer] += 1


def _end(r: Reading) -> None:
    """Mark the results, and leave out what leads to none of them, but not what is not understood.

    There is an Output for every result where there are several, or where it would not be one by itself.
    """
    results: list[tuple[str, Value]] = []
    for name in r.graph.outputs:
        if name in r.labels:
            text = Message("The result {name} names classes, which no layer does: there are their values.", name=name)
            r.notes.append(Note(None, text))
            if r.labels[name] not in r.values.values() or not any(other in r.values for other in r.graph.outputs):
                results.append((name, r.plain(r.labels[name])))
            continue
        if name not in r.values:
            text = Message("The result {name} does not depend on the input, and is left out.", name=name)
            r.notes.append(Note(None, text))
            continue
        try:
            value = r.plain(r.values[name])
        except (Unreadable, ParameterError):
            value = r.values[name]
        if value.order is not None or value.steps is not None:
            r.notes.append(Note(None, Message("The result {name} has other axes here than in the file.", name=name)))
            value = r.values[name].own
        results.append((name, value))
    unknown = {name for name, layer in r.layers.items() if isinstance(layer, Placeholder)}
    kept = unknown | {value.layer for _, value in results}
    inputs = [name for name, layer in r.layers.items() if isinstance(layer, Input)]
    r.leave_out(kept or set(r.layers))
    for name in (name for name in inputs if name not in r.layers):
        r.notes.append(Note(None, Message("Nothing reads the input {name}, so it is left out.", name=name)))
    for name, value in results:
        if len(results) > 1 or r.readers[name] > 1 or any(w.source == value.layer for w in r.wires):
            r.wires.append(Wire(value.layer, r.new(Output(), name), value.port))
