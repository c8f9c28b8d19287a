"""A network as a functional model of Keras: its calls, its inputs and outputs, and where its weights lie.

Samples come in through an InputLayer, whether an Input node says so, a first layer's `input_shape`, or the data. An
Output node is no call, but a name among the model's outputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.formats.identifiers import identifier
from engine.formats.keras.calls import Call, Sheet, Tensor
from engine.formats.keras.layer_config import layer_config
from engine.formats.keras.masks import mask_arguments, mask_given
from engine.formats.keras.operations import operations_of
from engine.formats.keras.order import groups, ordered
from engine.formats.keras_network import entry_name, looked_up, port_of
from graph.infer import Inference
from graph.layers.base import Layer, Port
from graph.layers.endpoints import Output
from graph.shapes import Shape


@dataclass(frozen=True)
class Model:
    """A functional model: the calls in the order of Keras's model, and its ends by the names of the project."""

    name: str
    calls: tuple[Call, ...]
    inputs: Mapping[str, Tensor]
    outputs: Mapping[str, Tensor]

    def config(self) -> dict[str, Any]:
        """The model as `config.json` has it, not compiled."""
        inputs = [tensor.history() for tensor in self.inputs.values()]
        outputs: Any = {name: tensor.history() for name, tensor in self.outputs.items()}
        if len(self.outputs) == 1:
            (outputs,) = outputs.values()
        said = {
            "name": identifier(self.name),
            "trainable": True,
            "layers": [call.said() for call in self.calls],
            "input_layers": inputs[0] if len(inputs) == 1 else inputs,
            "output_layers": outputs,
        }
        return {
            "module": "keras.src.models.functional",
            "class_name": "Functional",
            "config": said,
            "registered_name": "Functional",
        }

    def groups(self) -> dict[str, str]:
        """The group of every layer's weights in a file, by the layer's name; in the order of Keras's model."""
        return groups((call.name, call.class_name) for call in self.calls if call.is_layer)


def model_of(inference: Inference, name: str) -> Model:
    """The network as a model."""
    writer = _Writer(inference)
    for layer in inference.network.order:
        if not inference.layers[layer].left_out:
            writer.write(layer)
    network = inference.network
    outputs = {result: writer.given[result, network.layers[result].outputs[0].name] for result in inference.results}
    ends = [outputs[result] for result in sorted(outputs)]
    calls = {call.name: call for call in writer.sheet.calls}
    sources = {(call.name, 0): [(tensor.call, 0) for tensor in call.tensors()] for call in writer.sheet.calls}
    order = ordered(sources, [(one.call, 0) for one in writer.inputs.values()], [(one.call, 0) for one in ends])
    return Model(name, tuple([calls[one] for one in order]), writer.inputs, outputs)


class _Writer:
    """Writes one layer after another; `given` is what each port gives, `masks` the masks of first outputs."""

    def __init__(self, inference: Inference) -> None:
        self.inference = inference
        entries = [entry_name(inference, name) for name in inference.entries]
        self.sheet = Sheet([*inference.network.layers, *entries])
        self.inputs: dict[str, Tensor] = {}
        self.given: dict[tuple[str, str], Tensor] = {}
        self.masks: dict[tuple[str, str], Tensor] = {}

    def write(self, name: str) -> None:
        """Write the call of a layer, or the several that it needs."""
        layer, inferred = self.inference.network.layers[name], self.inference.layers[name]
        ports, xs, masks = self._inputs(name, layer)
        if inferred.entry:
            ports, xs, masks = [None], [self._enter(name)], [None]
        first = layer.outputs[0].name
        if not layer.inputs or isinstance(layer, Output):
            self._give(name, first, xs[0], masks[0])
            return
        y = operations_of(layer, self.sheet, name, xs, inferred)
        if y is not None:
            self._give(name, first, y, None)
            return
        assert inferred.outputs is not None, "a network with errors is refused"
        keywords = _keywords(layer, ports, xs) | mask_arguments(layer, masks)
        plain = [x for port, x in zip(ports, xs, strict=True) if port is None or not port.argument]
        listed = layer.takes_list or layer.category == "Merge"
        self.sheet.layer(name, layer.key, layer_config(name, layer), (plain,) if listed else tuple(plain), keywords)
        for index, (port, shape) in enumerate(zip(layer.outputs, inferred.outputs, strict=True)):
            self._give(name, port.name, Tensor(name, shape, index=index), None)
        mask = mask_given(self.sheet, name, layer, xs, masks)
        if mask is not None:
            self.masks[name, first] = mask

    def _inputs(self, name: str, layer: Layer) -> tuple[list[Port | None], list[Tensor], list[Tensor | None]]:
        wires = self.inference.network.into(name)
        ends = [(wire.source, wire.source_port) for wire in wires]
        return [port_of(layer, wire) for wire in wires], [self.given[end] for end in ends], [*map(self.masks.get, ends)]

    def _enter(self, name: str) -> Tensor:
        """Where samples come in at a layer."""
        shape: Shape = self.inference.layers[name].inputs[0]
        entry = entry_name(self.inference, name)
        dtype = "int32" if looked_up(self.inference, name) else "float32"
        self.sheet.layer(entry, "InputLayer", {"batch_shape": list(shape), "dtype": dtype})
        self.inputs[name] = Tensor(entry, shape, dtype)
        return self.inputs[name]

    def _give(self, name: str, port: str, y: Tensor, mask: Tensor | None) -> None:
        self.given[name, port] = y
        if mask is not None:
            self.masks[name, port] = mask


def _keywords(layer: Layer, ports: Sequence[Port | None], xs: Sequence[Tensor]) -> dict[str, Any]:
    """The inputs and parameters that Keras takes by name where the layer is called."""
    keywords: dict[str, Any] = {}
    for port, x in zip(ports, xs, strict=True):
        if port is not None and port.argument:
            keywords.setdefault(port.argument, []).append(x)
    changed = layer.changed()
    return keywords | {key: changed[key] for key in layer.call_arguments if key in changed}
