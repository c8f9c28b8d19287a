"""A network as the steps of a program: every layer in order, with the variables it reads and those it writes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import takewhile

from engine.formats.identifiers import Identifiers
from graph.infer import Inference
from graph.inference import Inferred
from graph.layers.base import Layer
from graph.layers.endpoints import Output
from graph.shapes import Shape


@dataclass(frozen=True)
class Mask:
    """Source text for a mask, and its sizes."""

    text: str
    sizes: Shape

    def narrowed(self, axes: int) -> Mask:
        """The mask for its first axes: something is there where it is at any of the places within."""
        return Mask(self.text + ".any(-1)" * (len(self.sizes) - axes), self.sizes[:axes])


@dataclass(frozen=True)
class Step:
    """One layer that is called: `xs` are its inputs in order, `masks` theirs, `ys` its outputs.

    `ports` names the port that each input comes in by. `mask` is a variable for the mask that the layer makes, if any.
    """

    name: str
    layer: Layer
    inferred: Inferred
    ports: tuple[str, ...]
    xs: tuple[str, ...]
    masks: tuple[Mask | None, ...]
    ys: tuple[str, ...]
    mask: str | None


@dataclass(frozen=True)
class Program:
    """All steps in order, and the variables that samples come in by and results go out by, each by its layer."""

    entries: dict[str, str]
    steps: tuple[Step, ...]
    results: dict[str, str]


def program(inference: Inference, reserved: Collection[str]) -> Program:
    """The steps of a network without errors; no variable is called as one of `reserved`."""
    network = inference.network
    layers = network.layers
    further = {name: [f"{name} {port.name}" for port in layer.outputs[1:]] for name, layer in layers.items()}
    made = [one for name in layers for one in (name, f"{name} input", *further[name], f"{name} mask")]
    names = Identifiers([*layers, *[f"\0{one}" for one in made]], reserved)
    tensors: dict[tuple[str, str], str] = {}
    masks: dict[tuple[str, str], Mask | None] = {}
    entries: dict[str, str] = {}
    steps: list[Step] = []
    for name in network.order:
        layer, inferred = layers[name], inference.layers[name]
        if inferred.left_out:
            continue
        wires = network.into(name)
        sources = [(wire.source, wire.source_port) for wire in wires]
        ports, xs = tuple(wire.target_port for wire in wires), tuple(tensors[source] for source in sources)
        incoming = tuple(masks.get(source) for source in sources)
        if inferred.entry:
            variable = names.variable(name if not layer.inputs else f"\0{name} input")
            entries[name] = variable
            ports, xs, incoming = tuple(port.name for port in layer.inputs[:1]), (variable,), (None,)
        first = (name, layer.outputs[0].name)
        if not layer.inputs or isinstance(layer, Output):
            tensors[first], masks[first] = xs[0], incoming[0]
            continue
        ys = (names.variable(name), *(names.variable(f"\0{one}") for one in further[name]))
        tensors |= {(name, port.name): y for port, y in zip(layer.outputs, ys, strict=True)}
        rule = layer.mask_rule
        incoming = tuple(one.narrowed(2) if one and rule.by_step and len(one.sizes) > 2 else one for one in incoming)
        masks[first] = _given(inferred, incoming[0], names.variable(f"\0{name} mask"), rule.gives == "the first")
        made_mask = masks[first] if inferred.masked and rule.gives != "the first" else None
        own = None if made_mask is None else made_mask.text
        steps.append(Step(name, layer, inferred, ports, xs, incoming, ys, own))
    results = {result: tensors[result, layers[result].outputs[0].name] for result in inference.results}
    return Program(entries, tuple(steps), results)


def _given(inferred: Inferred, first: Mask | None, own: str, passed: bool) -> Mask | None:
    """The mask of the first output: that of the first input, as far as their sizes are the same, or one of its own."""
    if not inferred.masked or inferred.outputs is None:
        return None
    places = inferred.outputs[0][:-1]
    if not passed:
        return Mask(own, places)
    assert first is not None, "the rule asks for it"
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first.sizes, places, strict=False))
    return first.narrowed(len(list(same)))
