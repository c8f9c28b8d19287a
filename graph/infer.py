"""Shape inference: every layer's inputs, outputs, weights, cost and problems, from the wires and the entries.

Layers are visited once, in the order of the wiring. A layer is asked again only where it, its wires or the shapes that
reach it changed; all else is taken over from the inference before. Behind a layer that has no shape nothing is
reported: one mistake makes one problem.

Where samples come in, a shape may be stated three ways: by an Input node, by the first layer itself (`input_shape`,
`input_dim`, `input_length`, `batch_size`, with Keras's meaning) and by the data. They are held against each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from math import prod

from graph import edits
from graph.datasets import DataFacts
from graph.layers.base import Layer, Port, Weight
from graph.layers.endpoints import Input
from graph.layers.placeholder import Placeholder
from graph.message import Message, plural
from graph.names import fresh
from graph.network import Network, Wire
from graph.problem import Fix, Problem, Severity
from graph.project import Project
from graph.shapes import Refusal, Shape, Shapes, agree, merge, shape_text


@dataclass(frozen=True, slots=True)
class Inferred:
    """What is known of one layer. `outputs` is None where it has no shape."""

    inputs: Shapes = ()
    outputs: Shapes | None = None
    weights: Mapping[str, Weight] = field(default_factory=dict)
    macs: int = 0
    problems: tuple[Problem, ...] = ()
    entry: bool = False
    left_out: bool = False

    @property
    def parameters(self) -> int:
        """How many numbers the layer holds."""
        return sum(prod(w.shape) for w in self.weights.values())


@dataclass(frozen=True)
class Inference:
    """What is known of every layer of a network, given what is known of the data."""

    network: Network
    facts: DataFacts | None
    layers: Mapping[str, Inferred]

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """All problems, in the order of the layers."""
        return tuple(problem for inferred in self.layers.values() for problem in inferred.problems)

    @cached_property
    def entries(self) -> tuple[str, ...]:
        """The layers where samples come in, in order."""
        return tuple(name for name, inferred in self.layers.items() if inferred.entry)

    @cached_property
    def results(self) -> tuple[str, ...]:
        """The layers whose output is a result: Output nodes, and those nothing follows."""
        out_of = self.network.wiring.out_of
        return tuple(
            name
            for name, inferred in self.layers.items()
            if not inferred.left_out and (name not in out_of or self.network.layers[name].key == "Output")
        )

    @cached_property
    def parameters(self) -> int:
        """How many numbers all layers hold."""
        return sum(inferred.parameters for inferred in self.layers.values())

    @cached_property
    def trainable_parameters(self) -> int:
        """How many of them training changes."""
        return sum(
            prod(weight.shape)
            for name, inferred in self.layers.items()
            if self.network.layers[name].trainable
            for weight in inferred.weights.values()
            if weight.trainable
        )

    @cached_property
    def macs(self) -> int:
        """Multiply-adds for one sample."""
        return sum(inferred.macs for inferred in self.layers.values())


NOTHING = Inferred()


def infer(network: Network, facts: DataFacts | None = None, previous: Inference | None = None) -> Inference:
    """Infer every shape, taking over from `previous` what has not changed."""
    wiring = network.wiring
    into, out_of = wiring.into, wiring.out_of
    given = entry_shapes(network, facts)
    old = previous.layers if previous is not None and previous.facts == facts else {}
    old_layers = previous.network.layers if previous is not None else {}
    same_wiring = previous is not None and previous.network.wiring is wiring
    old_into = previous.network.wiring.into if previous is not None else {}
    old_given = entry_shapes(previous.network, facts) if previous is not None and not same_wiring else given
    looped = {name: cycle for cycle in wiring.cycles for name in cycle}
    found: dict[str, Inferred] = {}
    for name in wiring.order:
        layer = network.layers[name]
        wires = into.get(name, ())
        before = old.get(name)
        if name in looped:
            found[name] = _on_cycle(name, network, looped[name])
            continue
        if (
            before is not None
            and old_layers.get(name) is layer
            and (wires == old_into.get(name, ()))
            and given.get(name) == old_given.get(name)
            and all(old.get(w.source) is found.get(w.source) or _same(old, found, w) for w in wires)
            and not before.left_out
            and (wires or name in out_of)
        ):
            found[name] = before
            continue
        found[name] = _layer(name, layer, wires, network, found, given.get(name), facts)
    return Inference(network, facts, found)


def _same(old: Mapping[str, Inferred], found: Mapping[str, Inferred], wire: Wire) -> bool:
    before, now = old.get(wire.source, NOTHING), found.get(wire.source, NOTHING)
    return before.outputs == now.outputs


def entry_shapes(network: Network, facts: DataFacts | None) -> Mapping[str, Shape]:
    """The shape that the data gives each layer at which samples come in.

    One input in the data goes to the one entry there is, whatever the names; several go by name.
    """
    if facts is None:
        return {}
    roots = [name for name in network.layers if name not in network.wiring.into]
    entries = [n for n in roots if not network.layers[n].inputs or network.layers[n].stated_input() is not None]
    if not entries:
        entries = [n for n in roots if n in network.wiring.out_of] or roots
    if len(facts.inputs) == 1 and len(entries) == 1:
        return {entries[0]: next(iter(facts.inputs.values()))}
    return {name: facts.inputs[name] for name in entries if name in facts.inputs}


def _layer(
    name: str,
    layer: Layer,
    wires: tuple[Wire, ...],
    network: Network,
    found: Mapping[str, Inferred],
    given: Shape | None,
    facts: DataFacts | None,
) -> Inferred:
    if isinstance(layer, Placeholder):
        return Inferred(problems=(_not_understood(name, layer),))
    if not wires:
        return _entry(name, layer, network, given, facts)
    problems = _wrong_ports(name, layer, wires, network)
    if problems:
        return Inferred(problems=problems)
    xs = _input_shapes(layer, wires, network, found)
    if xs is None:
        return NOTHING
    stated = layer.stated_input()
    if isinstance(stated, Refusal):
        return Inferred(inputs=xs, problems=(refused(name, stated),))
    if stated is not None and not agree(stated, xs[0]):
        text = Message(
            "It states the input {said}, but its wire brings {got}.", said=shape_text(stated), got=shape_text(xs[0])
        )
        fix = Fix(Message("Take the shape from the wire"), partial(edits.set_parameters, name=name, changes=UNSTATED))
        return Inferred(
            inputs=xs, problems=(Problem(name, text, Message("Only the first layer states it."), fixes=(fix,)),)
        )
    return _apply(name, layer, xs)


UNSTATED = {"input_shape": None, "input_dim": None, "input_length": None}


def _apply(name: str, layer: Layer, xs: Shapes, entry: bool = False) -> Inferred:
    wrong = wrong_rank(layer, xs)
    ys = wrong or layer.output_shapes(xs)
    if isinstance(ys, Refusal):
        return Inferred(inputs=xs, problems=(refused(name, ys),), entry=entry)
    return Inferred(xs, ys, layer.weights(xs), layer.macs(xs, ys[0]), entry=entry)


def refused(name: str, refusal: Refusal) -> Problem:
    """A layer's refusal as a problem, its changes as a fix."""
    fixes: tuple[Fix, ...] = ()
    if refusal.changes:
        said = ", ".join(f"{key}={value!r}" for key, value in refusal.changes.items())
        edit = partial(edits.set_parameters, name=name, changes=refusal.changes)
        fixes = (Fix(Message("Set {changes}", changes=said), edit),)
    return Problem(name, refusal.text, refusal.hint, parameter=refusal.parameter, fixes=fixes)


def wrong_rank(layer: Layer, xs: Shapes) -> Refusal | None:
    """A refusal where an input has a number of axes that its port does not take."""
    for port, x in zip(_ports(layer, len(xs)), xs, strict=False):
        if port.ranks and len(x) not in port.ranks:
            return Refusal(
                Message(
                    "{layer} takes {expected}, but gets {got}.",
                    layer=layer.key,
                    expected=rank_text(port),
                    got=shape_text(x),
                ),
                rank_hint(port, x),
            )
    return None


def _ports(layer: Layer, count: int) -> list[Port]:
    ports = layer.inputs or (Port("x"),)
    return [port for port in ports for _ in range(count - len(ports) + 1 if port.many else 1)]


AXES = {
    1: "one value",
    2: "a row of features",
    3: "a sequence (steps, features)",
    4: "images (height, width, channels)",
}
AXES[5] = "volumes (3 axes and channels)"


def rank_text(port: Port) -> str:
    """What a port takes, in words."""
    return " or ".join(AXES[rank] for rank in port.ranks)


def rank_hint(port: Port, x: Shape) -> Message:
    """How to bring `x` to a rank that the port takes."""
    if len(x) > max(port.ranks):
        return Message("Put a Flatten, a GlobalAveragePooling2D or a Reshape before it.")
    return Message("Put a Reshape before it, for example to (height, width, 1).")


def _wrong_ports(name: str, layer: Layer, wires: tuple[Wire, ...], network: Network) -> tuple[Problem, ...]:
    problems = []
    ports = {port.name: port for port in layer.inputs}
    counts = dict.fromkeys(ports, 0)
    for wire in wires:
        sources = [p.name for p in network.layers[wire.source].outputs]
        cut = Fix(Message("Remove the wire"), partial(edits.disconnect, wires=(wire,)))
        if wire.target_port not in ports or wire.source_port not in sources:
            text = Message("The wire from {source} ends in a port that is not there.", source=wire.source)
            problems.append(Problem(name, text, Message("Remove it and draw it again."), fixes=(cut,)))
            continue
        counts[wire.target_port] += 1
        if counts[wire.target_port] == 2 and not ports[wire.target_port].many:
            text = Message("{layer} takes one wire, but has {n}.", layer=layer.key, n=len(wires))
            hint = Message("Join them in an Add or a Concatenate, or remove one.")
            problems.append(Problem(name, text, hint, port=wire.target_port, fixes=(cut,)))
    for port in ports.values():
        few = counts[port.name] < (2 if port.many else 0 if port.optional else 1)
        if few:
            need = Message("at least 2 inputs") if port.many else Message("an input")
            text = Message("{layer} needs {need}, but has {n}.", layer=layer.key, need=need, n=counts[port.name])
            problems.append(Problem(name, text, Message("Draw another wire to it."), port=port.name))
    return tuple(problems)


def _input_shapes(
    layer: Layer, wires: tuple[Wire, ...], network: Network, found: Mapping[str, Inferred]
) -> Shapes | None:
    """The shapes that reach a layer, in the order of its ports, or None where one is not known."""
    if len(wires) == 1:
        return _brought(wires[0], network, found)
    xs: list[Shape] = []
    for port in layer.inputs:
        for wire in wires:
            if wire.target_port == port.name:
                brought = _brought(wire, network, found)
                if brought is None:
                    return None
                xs += brought
    return tuple(xs)


def _brought(wire: Wire, network: Network, found: Mapping[str, Inferred]) -> Shapes | None:
    outputs = found.get(wire.source, NOTHING).outputs
    if outputs is None:
        return None
    if len(outputs) == 1:
        return outputs
    names = [port.name for port in network.layers[wire.source].outputs]
    return (outputs[names.index(wire.source_port)],)


def _entry(name: str, layer: Layer, network: Network, given: Shape | None, facts: DataFacts | None) -> Inferred:
    is_input = not layer.inputs
    stated = layer.stated_input()
    if isinstance(stated, Refusal):
        return Inferred(problems=(refused(name, stated),), entry=True)
    connected = name in network.wiring.out_of
    if stated is None and not is_input and not connected and len(network.layers) > 1:
        text = Message("It is not wired, so it is left out.")
        hint = Message("Draw a wire to it, or delete it.")
        return Inferred(problems=(Problem(name, text, hint, Severity.WARNING),), left_out=True)
    if stated is None and given is None:
        return Inferred(problems=(_no_shape(name, layer, network, facts, is_input),), entry=is_input)
    if stated is not None and facts is not None and given is None:
        return Inferred(problems=(_no_array(name, facts),), entry=True)
    if stated is not None and given is not None and not agree(stated, given):
        text = Message("It states {said}, but the data has {got}.", said=shape_text(stated), got=shape_text(given))
        clear = UNSTATED | ({"shape": None} if is_input else {})
        changes = clear | ({} if is_input else {"input_shape": given[1:]})
        fix = Fix(
            Message("Take {shape} from the data", shape=shape_text(given)),
            partial(edits.set_parameters, name=name, changes=changes),
        )
        hint = Message("Change the shape, or choose other data.")
        return Inferred(problems=(Problem(name, text, hint, fixes=(fix,)),), entry=True)
    known = [shape for shape in (stated, given) if shape is not None]
    x = known[0] if len(known) == 1 else merge(known[0], known[1])
    if len(layer.inputs) > 1 or (layer.inputs and layer.inputs[0].many):
        text = Message("{layer} needs several inputs and has none.", layer=layer.key)
        return Inferred(problems=(Problem(name, text, Message("Draw wires to it.")),))
    return _apply(name, layer, (x,), entry=True)


def _no_shape(name: str, layer: Layer, network: Network, facts: DataFacts | None, is_input: bool) -> Problem:
    if is_input and facts is not None and facts.inputs:
        return _no_array(name, facts)
    if is_input:
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


def put_input_before(project: Project, name: str) -> Project:
    """Add an Input and wire it to the layer `name`."""
    entry = fresh("input", project.network.layers)
    x, y = project.positions.get(name, (0.0, 0.0))
    project = edits.add_layer(project, Input(), (x - 240.0, y), entry)
    return edits.connect(project, Wire(entry, name))


def _not_understood(name: str, layer: Placeholder) -> Problem:
    fixes: tuple[Fix, ...] = ()
    if layer.mended is not None:
        text = Message("Use {layer}", layer=layer.mended.key)
        fixes = (Fix(text, partial(edits.replace_layer, name=name, layer=layer.mended)),)
    return Problem(name, layer.reason, Message("Replace it, or delete it."), fixes=fixes)


def _on_cycle(name: str, network: Network, cycle: frozenset[str]) -> Inferred:
    if name != min(cycle):
        return NOTHING
    round_trip = " → ".join([*sorted(cycle), min(cycle)]) if len(cycle) <= 6 else plural(len(cycle), "layer")
    text = Message("The wires run in a circle: {cycle}.", cycle=round_trip)
    back = [w for w in network.wiring.into.get(name, ()) if w.source in cycle]
    fix = Fix(
        Message("Remove the wire from {source}", source=back[0].source), partial(edits.disconnect, wires=back[:1])
    )
    return Inferred(problems=(Problem(name, text, Message("Remove one of these wires."), fixes=(fix,)),))
