"""The network as calls of Keras's functional interface, one line a layer.

A layer's call follows from its declaration, because names and defaults are Keras's: the parameters that a card always
shows come first, in their order, then those that were changed. Samples come in through `keras.Input`, whether an Input
node says so, a first layer's `input_shape`, or the data. An Output node is no call, but a name in the model's outputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.formats.identifiers import Identifiers, identifier
from engine.formats.keras.layer_config import spec
from engine.formats.keras.made import source
from engine.formats.keras_functions import function_of
from engine.formats.python_text import call, python
from graph.fields import ChoiceField, Field
from graph.fields.inner import LayerField
from graph.fields.spec import SpecField
from graph.infer import Inference
from graph.layers.attention import MultiHeadAttention
from graph.layers.base import Layer, Port, automatic_name
from graph.layers.conv_lstm import ConvLSTM
from graph.layers.core import Embedding
from graph.layers.endpoints import Output
from graph.layers.lambda_layer import Lambda
from graph.names import fresh
from graph.network import Wire
from graph.shapes import Refusal, Shapes


def network_lines(inference: Inference, model_name: str) -> list[str]:
    """The lines that build the network and return the model."""
    network, names = inference.network, _names(inference)
    tensors: dict[tuple[str, str], str] = {}
    entries: list[str] = []
    lines: list[str] = []
    for name in network.order:
        layer, inferred = network.layers[name], inference.layers[name]
        if inferred.left_out:
            continue
        xs: list[tuple[Port | None, str]] = [
            (port_of(layer, wire), tensors[wire.source, wire.source_port]) for wire in network.into(name)
        ]
        if inferred.entry:
            entry = entry_name(inference, name)
            variable = names.variable(entry)
            lines.append(f"{variable} = {_input(inference, name, entry)}")
            entries.append(variable)
            xs = [(None, variable)]
        if not layer.inputs or isinstance(layer, Output):
            tensors[name, layer.outputs[0].name] = xs[0][1]
            continue
        ys = [names.variable(name), *(names.variable(_further(name, port)) for port in layer.outputs[1:])]
        tensors |= {(name, port.name): y for port, y in zip(layer.outputs, ys, strict=True)}
        lines.append(f"{', '.join(ys)} = {_called(layer, inferred.inputs, name, xs)}")
    outputs = {result: tensors[result, network.layers[result].outputs[0].name] for result in inference.results}
    model = _model(entries, outputs, model_name)
    frozen = [
        name
        for name, found in inference.layers.items()
        if not found.left_out and not network.layers[name].trainable and is_made_of_layers(network.layers[name])
    ]
    if not frozen:
        return [*lines, f"return {model}"]
    freezing = [f"model.get_layer({python(name)}).trainable = False" for name in frozen]
    return [*lines, f"model = {model}", *freezing, "return model"]


def is_made_of_layers(layer: Layer) -> bool:
    """Whether Keras's layer has others inside: to these it hands `trainable` on only once they are made."""
    holds = any(isinstance(field, LayerField) for field in layer.parameters.values())
    return holds or isinstance(layer, MultiHeadAttention | ConvLSTM)


def _names(inference: Inference) -> Identifiers:
    layers = inference.network.layers
    entries = [entry_name(inference, name) for name in inference.entries if layers[name].inputs]
    further = [_further(name, port) for name, layer in layers.items() for port in layer.outputs[1:]]
    return Identifiers([*layers, *entries, *further])


def _further(name: str, port: Port) -> str:
    """What the outputs of a layer behind its first one are known by; no layer can have this name."""
    return f"{name}\0{port.name}"


def port_of(layer: Layer, wire: Wire) -> Port:
    """The port that a wire ends in."""
    return next(port for port in layer.inputs if port.name == wire.target_port)


def entry_name(inference: Inference, name: str) -> str:
    """The name of the Input through which samples reach the layer `name`; an Input node is its own."""
    layers = inference.network.layers
    return name if not layers[name].inputs else fresh(f"{name}_input", layers)


def _input(inference: Inference, name: str, keras_name: str) -> str:
    batch, *sizes = inference.layers[name].inputs[0]
    keywords = {"shape": python(tuple(sizes)), "name": python(keras_name)}
    if batch is not None:
        keywords["batch_size"] = python(batch)
    if looked_up(inference, name):
        keywords["dtype"] = python("int32")
    return call("keras.Input", [], keywords)


def looked_up(inference: Inference, name: str) -> bool:
    """Whether what comes in at `name` goes to Embeddings only, and so is whole numbers."""
    network = inference.network
    if network.layers[name].inputs:
        return isinstance(network.layers[name], Embedding)
    wires = network.wiring.out_of.get(name, ())
    return bool(wires) and all(isinstance(network.layers[wire.target], Embedding) for wire in wires)


def _called(layer: Layer, shapes: Shapes, keras_name: str, xs: Sequence[tuple[Port | None, str]]) -> str:
    inputs = ", ".join(x for port, x in xs if port is None or not port.argument)
    arguments: dict[str, list[str]] = {}
    for port, x in xs:
        if port is not None and port.argument:
            arguments.setdefault(port.argument, []).append(x)
    named = "".join(f", {argument}=[{', '.join(given)}]" for argument, given in arguments.items())
    for key in layer.call_arguments:
        if getattr(layer, key) != layer.parameters[key].default:
            named += f", {key}={python(getattr(layer, key))}"
    listed = layer.takes_list or layer.category == "Merge" or (isinstance(layer, Lambda) and len(xs) > 1)
    return f"{_made(layer, shapes, keras_name)}({f'[{inputs}]' if listed else inputs}{named})"


def _made(layer: Layer, xs: Shapes, keras_name: str | None = None) -> str:
    """The call that makes a layer for such inputs; one inside of another needs no name."""
    function = function_of(layer, xs)
    if function is not None:
        return _lambda(layer, function, xs, keras_name)
    inside = layer.inside(xs)
    positional: list[str] = []
    keywords: dict[str, str] = {}
    leading = True
    own = [
        key
        for key, field in layer.parameters.items()
        if field is not Layer.parameters.get(key) and key not in layer.call_arguments
    ]
    for key in own:
        field, value = layer.parameters[key], getattr(layer, key)
        always = field.show == "value" and (key == own[0] or not isinstance(field, ChoiceField))
        leading = leading and always
        if leading:
            positional.append(_value(key, field, value, inside))
        elif always or value != field.default:
            keywords[key] = _value(key, field, value, inside)
    if not layer.trainable and layer.category != "Regularization" and not is_made_of_layers(layer):
        keywords["trainable"] = python(False)
    if keras_name is not None:
        keywords["name"] = python(keras_name)
    return call(f"layers.{layer.key}", positional, keywords)


def _value(key: str, field: Field, value: Any, inside: Mapping[str, Shapes]) -> str:
    """The value of a parameter. Keras names the layer of the first direction itself, but not that of the second."""
    if isinstance(field, SpecField):
        return source(spec(field, value))
    if isinstance(field, LayerField) and value is not None:
        return _made(value, inside[key], f"backward_{automatic_name(value)}" if key == "backward_layer" else None)
    return python(value)


def _lambda(layer: Layer, function: str, xs: Shapes, keras_name: str | None) -> str:
    """A layer that Keras has no class for."""
    ys = layer.output_shapes(xs)
    assert not isinstance(ys, Refusal), "a network with errors is refused"
    said = {"output_shape": python(ys[0][1:])}
    if keras_name is not None:
        said["name"] = python(keras_name)
    return call("layers.Lambda", [function], said)


def _model(entries: Sequence[str], outputs: dict[str, str], name: str) -> str:
    inputs = entries[0] if len(entries) == 1 else f"[{', '.join(entries)}]"
    several = "{" + ", ".join(f"{python(key)}: {tensor}" for key, tensor in outputs.items()) + "}"
    keywords = {
        "inputs": inputs,
        "outputs": next(iter(outputs.values())) if len(outputs) == 1 else several,
        "name": python(identifier(name)),
    }
    return call("keras.Model", [], keywords)
