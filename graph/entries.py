"""Where samples come in: the three ways to state their shape, held against each other.

An Input node states it, or the first layer itself (`input_shape`, `input_dim`, `input_length`, `batch_size`, with
Keras's meaning), or the data does.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from graph import edits
from graph.apply import apply, refused
from graph.datasets import DataFacts
from graph.inference import Inferred
from graph.layers.base import Layer
from graph.layers.endpoints import Input
from graph.message import Message
from graph.names import fresh
from graph.network import Network, Wire
from graph.pairing import matched
from graph.problem import Fix, Problem, Severity
from graph.project import Project
from graph.shapes import Refusal, Shape, agree, merge, shape_text

UNSTATED = {"input_shape": None, "input_dim": None, "input_length": None, "batch_size": None}


def unstated(layer: Layer) -> dict[str, None]:
    """The changes after which a layer states no input; the `input_dim` of an Embedding is no shape."""
    return {name: None for name in UNSTATED if layer.parameters[name].optional}


def sources(network: Network, facts: DataFacts | None) -> Mapping[str, str]:
    """Which of the data's inputs each entry takes."""
    if facts is None:
        return {}
    into = network.wiring.into
    roots = [name for name in network.layers if name not in into]
    entries = [n for n in roots if not network.layers[n].inputs or network.layers[n].stated_input() is not None]
    if not entries:
        entries = [n for n in roots if n in network.wiring.out_of] or roots
    return matched(entries, list(facts.inputs))


def entry(name: str, layer: Layer, network: Network, given: Shape | None, facts: DataFacts | None) -> Inferred:
    """What is known of a layer without wires into it; `given` is what the data says of its input."""
    is_input = not layer.inputs
    stated = layer.stated_input()
    if isinstance(stated, Refusal):
        return Inferred(problems=(refused(name, layer, stated),), entry=True)
    connected = name in network.wiring.out_of
    if stated is None and not is_input and not connected and len(network.layers) > 1:
        text = Message("It is not wired, so it is left out.")
        hint = Message("Draw a wire to it, or delete it.")
        return Inferred(problems=(Problem(name, text, hint, Severity.WARNING),), left_out=True)
    if stated is None and given is None:
        return Inferred(problems=(_no_shape(name, layer, facts),), entry=is_input)
    if facts is not None and given is None:
        return Inferred(problems=(_no_array(name, facts),), entry=True)
    if stated is not None and given is not None and not agree(stated, given):
        return Inferred(problems=(_other_data(name, layer, stated, given),), entry=True)
    if sum(not port.optional for port in layer.inputs) > 1 or any(p.many and p.least > 1 for p in layer.inputs):
        text = Message("{layer} needs several inputs and has none.", layer=layer.key)
        return Inferred(problems=(Problem(name, text, Message("Draw wires to it.")),))
    known = [shape for shape in (stated, given) if shape is not None]
    return apply(name, layer, (known[0] if len(known) == 1 else merge(known[0], known[1]),), entry=True)


def against_wire(name: str, layer: Layer, x: Shape) -> Problem | None:
    """A problem where a layer that has a wire states another input shape than the wire brings."""
    stated = layer.stated_input()
    if stated is None:
        return None
    if isinstance(stated, Refusal):
        return refused(name, layer, stated)
    if agree(stated, x):
        return None
    text = Message("It states the input {said}, but its wire brings {got}.", said=_whole(stated), got=_whole(x))
    edit = partial(edits.set_parameters, name=name, changes=unstated(layer))
    fix = Fix(Message("Take the shape from the wire"), edit)
    return Problem(name, text, Message("Only the first layer states it."), fixes=(fix,))


def put_input_before(project: Project, name: str) -> Project:
    """Add an Input and wire it to the layer `name`."""
    added = fresh("input", project.network.layers)
    x, y = project.positions.get(name, (0.0, 0.0))
    project = edits.add_layer(project, Input(), (x - 252.0, y), added)
    return edits.connect(project, Wire(added, name, target_port=project.network.layers[name].inputs[0].name))


def _other_data(name: str, layer: Layer, stated: Shape, given: Shape) -> Problem:
    text = Message("It states {said}, but the data has {got}.", said=_whole(stated), got=_whole(given))
    changes: dict[str, object] = dict(unstated(layer))
    changes |= {"input_shape": given[1:]} if layer.inputs else {"shape": None}
    fix = Fix(
        Message("Take {shape} from the data", shape=shape_text(given)),
        partial(edits.set_parameters, name=name, changes=changes),
    )
    return Problem(name, text, Message("Change the shape, or choose other data."), fixes=(fix,))


def _whole(shape: Shape) -> str:
    """The sizes of a sample, and those of the batch where they are fixed."""
    return shape_text(shape) if shape[0] is None else shape_text(shape, batch=True)


def _no_shape(name: str, layer: Layer, facts: DataFacts | None) -> Problem:
    if not layer.inputs and facts is not None and facts.inputs:
        return _no_array(name, facts)
    if not layer.inputs:
        text = Message("The shape of the samples is not known.")
        return Problem(name, text, Message("Choose data, or state the shape."), parameter="shape")
    text = Message("{layer} has no input.", layer=layer.key)
    hint = Message("Draw a wire to it, put an Input before it, or state its input_shape.")
    fix = Fix(Message("Put an Input before it"), partial(put_input_before, name=name))
    return Problem(name, text, hint, fixes=(fix,))


def _no_array(name: str, facts: DataFacts) -> Problem:
    have = ", ".join(facts.inputs)
    text = Message("The data has nothing for {name}; it has {have}.", name=name, have=have)
    return Problem(name, text, Message("Rename this layer after the part of the data that it takes."))
