"""The whole network as a draft: layers in their order, and the masks that travel with what they give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from types import MappingProxyType

import numpy as np

from engine.data.preparation import InputPreparation
from engine.formats.exporter import Note
from engine.formats.onnx import (  # noqa: F401 - fill the registry
    activation,
    attention,
    conv_lstm,
    convolution,
    core,
    lambda_layer,
    merge,
    normalization,
    pooling,
    recurrent,
    reshape,
    wrappers,
)
from engine.formats.onnx.draft import Draft, Tensor
from engine.formats.onnx.emit import Mask, Place, emit, makers
from engine.formats.onnx.merge import joined
from engine.formats.onnx.standardize import standardized
from engine.kernel import Array
from graph.inference import Inference, Inferred
from graph.layers.base import Layer
from graph.layers.merge import Concatenate
from graph.layers.recurrent import Memory
from graph.layers.wrappers import Bidirectional
from graph.shapes import Shape


@dataclass(frozen=True)
class Value:
    """What comes into a graph, or leaves it: its name there, the layer it is of, and its shape."""

    tensor: Tensor
    layer: str
    shape: Shape
    dtype: type = np.float32


@dataclass(frozen=True)
class Drafted:
    """The draft of a network, its inputs in the order of the entries and its outputs in that of the results."""

    draft: Draft
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    notes: tuple[Note, ...]


def drafted(
    inference: Inference,
    weights: Mapping[str, Array],
    opset: int,
    preparations: Mapping[str, InputPreparation] = MappingProxyType({}),
) -> Drafted:
    """Every layer as operators. `weights` are by name: `dense/kernel`.

    Samples of the entries in `preparations` come in raw, and are prepared in the graph.
    """
    network = inference.network
    draft = Draft(opset)
    results = {result: draft.name(result) for result in inference.results}
    names = {entry: draft.name(entry_name(inference, entry)) for entry in inference.entries}
    tensors: dict[tuple[str, str], Tensor] = {}
    masks: dict[tuple[str, str], Mask] = {}
    inputs, notes = [], list[Note]()
    for name in network.order:
        layer, inferred = network.layers[name], inference.layers[name]
        if inferred.left_out:
            continue
        draft.scope = name
        xs: tuple[Tensor, ...] = (names[name],) if inferred.entry else ()
        seen: tuple[Mask | None, ...] = (None,) * len(xs)
        if inferred.entry:
            inputs.append(Value(names[name], name, inferred.inputs[0]))
            if name in preparations:
                xs = (standardized(draft, names[name], preparations[name]),)
        else:
            wires = network.into(name)
            xs = tuple(tensors[wire.source, wire.source_port] for wire in wires)
            seen = tuple(masks.get((wire.source, wire.source_port)) for wire in wires)
        own = {slot: weights[f"{name}/{slot}"] for slot in inferred.weights}
        assert inferred.outputs is not None, "a network with errors is not exported"
        place = Place(draft, name, xs, inferred.inputs, inferred.outputs, own, seen, notes=notes)
        ys = emit(layer, place)
        tensors |= {(name, port.name): y for port, y in zip(layer.outputs, ys, strict=True)}
        mask = mask_behind(layer, inferred, place)
        if mask is not None:
            masks[name, layer.outputs[0].name] = mask
    outputs = []
    for result, tensor in results.items():
        shapes = inference.layers[result].outputs
        assert shapes is not None, "a network with errors is not exported"
        outputs.append(Value(tensor, result, shapes[0]))
    return Drafted(
        _ended(draft, inference, tensors, results), tuple(inputs), tuple(outputs), tuple(dict.fromkeys(notes))
    )


def _ended(
    draft: Draft, inference: Inference, tensors: Mapping[tuple[str, str], Tensor], results: Mapping[str, Tensor]
) -> Draft:
    """The draft with its results under their own names."""
    for result, tensor in results.items():
        y = tensors[result, inference.network.layers[result].outputs[0].name]
        draft.named(y, tensor)
    return draft


def entry_name(inference: Inference, entry: str) -> str:
    """What the samples of an entry are called: as the Input node, or as the first layer with `_input` behind it.

    An Input that is a result as well leaves its name to that.
    """
    return f"{entry}_input" if inference.network.layers[entry].inputs or entry in inference.results else entry


def mask_behind(layer: Layer, inferred: Inferred, place: Place) -> Mask | None:
    """The mask of the first output."""
    if not inferred.masked:
        return None
    rank = len(place.ys[0]) - 1
    match layer.mask_rule.gives:
        case "the first":
            first = place.masks[0]
            assert first is not None, "the rule asks for it"
            pairs = zip(place.shape[:rank], place.ys[0][:rank], strict=False)
            kept = len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
            return first.narrowed(place.draft, min(2 if isinstance(layer, Memory | Bidirectional) else rank, kept))
        case "its own":
            return Mask(makers[type(layer)](layer, place), rank)
    along = layer.axis % (rank + 1) if isinstance(layer, Concatenate) else rank
    return Mask(joined(place, along if along < rank else None), rank)
