"""Layers with memory, layers that hold a layer, and attention."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine.formats.python_text import call, python
from engine.formats.pytorch.builder import Builder, Weights, as_function, emitter, filters, kept, said
from engine.formats.steps import Mask, Step
from engine.kernel import Array
from graph.inference import Inferred
from graph.layers.attention import AdditiveAttention, Attention, Lookup, MultiHeadAttention
from graph.layers.conv_lstm import ConvLSTM, ConvLSTM1D, ConvLSTM2D
from graph.layers.recurrent import GRU, LSTM, Memory, Recurrent, SimpleRNN
from graph.layers.wrappers import BACKWARD, FORWARD, Bidirectional, TimeDistributed
from graph.shapes import Refusal

PLAIN = {"LSTM": "nn.LSTM", "GRU": "nn.GRU", "SimpleRNN": "nn.RNN"}


@emitter(SimpleRNN, LSTM, GRU, ConvLSTM1D, ConvLSTM2D)
def memory(layer: Memory, step: Step, to: Builder) -> str:
    if isinstance(layer, Recurrent) and step.masks[0] is None and is_plain(layer) and len(step.ys) == len(step.xs) == 1:
        bias = {} if layer.use_bias else {"bias": "False"}
        sizes = [str(step.inferred.inputs[0][-1]), str(layer.units)]
        module = call(PLAIN[layer.key], sizes, {**bias, "batch_first": "True"})
        made = to.module(step, module, lambda w: plain_state(layer, w))
        turned = ".flip(1)" if layer.go_backwards else ""
        return f"{made}({to.last(step.xs[0])}{turned})[0]{'' if layer.return_sequences else '[:, -1]'}"
    found = running(layer, step, to, step.xs[1:])
    return found if len(step.ys) > 1 else f"{found}[0]"


def is_plain(layer: Recurrent) -> bool:
    """Whether PyTorch has this layer itself."""
    config = layer.config()
    if config["dropout"] or config["recurrent_dropout"] or config["activation"] != "tanh":
        return False
    return config.get("recurrent_activation", "sigmoid") == "sigmoid" and config.get("reset_after", True) is True


def plain_state(layer: Recurrent, weights: Weights, suffix: str = "") -> dict[str, Array]:
    """The weights as PyTorch's layer has them: the gates of a GRU are reset, update, new there."""

    def ordered(columns: Array) -> Array:
        parts = np.split(columns, layer.gates, axis=-1)
        return np.concatenate([parts[i] for i in (1, 0, 2)], -1) if isinstance(layer, GRU) else columns

    found = {
        "weight_ih_l0": ordered(weights["kernel"]).T,
        "weight_hh_l0": ordered(weights["recurrent_kernel"]).T,
    }
    if "bias" in weights:
        bias = ordered(weights["bias"])
        both = bias if bias.ndim == 2 else (bias, np.zeros_like(bias))
        found |= {"bias_ih_l0": both[0], "bias_hh_l0": both[1]}
    return {name + suffix: one for name, one in found.items()}


def running(layer: Memory, step: Step, to: Builder, states: tuple[str, ...], prefix: str = "") -> str:
    """The call that gives the output and the last states; `prefix` is that of a direction's weights."""
    weights = {n.removeprefix(prefix): w for n, w in step.inferred.weights.items() if n.startswith(prefix)}
    config = layer.config()
    options = {
        key: python(config[key])
        for key in ("return_sequences", "go_backwards", "dropout", "recurrent_dropout")
        if config[key]
    }
    functions = [as_function(config[key]) for key in ("activation", "recurrent_activation") if key in config]

    def own(w: Weights) -> dict[str, Array]:
        return {n.removeprefix(prefix): one for n, one in w.items() if n.startswith(prefix)}

    x = to.last(step.xs[0])
    states = tuple(map(to.last, states))
    if isinstance(layer, ConvLSTM):
        module = convolving_memory(layer, weights["kernel"].shape, functions, options)
        state: Callable[[Weights], Weights] = convolving_state
        first = layer.data_format == "channels_first"
        x = x if first else f"{x}.movedim(-1, 2)"
        states = states if first else tuple(f"{h}.movedim(-1, 1)" for h in states)
    else:
        first, state = True, kept
        sizes = [str(weights["kernel"].shape[0]), str(config["units"]), *functions]
        sizes += [python(config["reset_after"])] if isinstance(layer, GRU) else []
        options |= {"bias": python(weights["bias"].shape)} if "bias" in weights else {}
        module = call(layer.key, sizes, options)
    made = to.module(step, module, lambda w: state(own(w)), f"_{prefix[:-1]}" if prefix else "")
    given = {"states": f"[{', '.join(states)}]"} if states else {}
    if not states and step.masks[0] is not None:
        given["mask"] = step.masks[0].text
    found = call(made, [x], given)
    before = len(step.inferred.inputs[0]) - 2
    return found if first else f"[y.movedim(y.ndim - {before}, -1) for y in {found}]"


def convolving_memory(layer: ConvLSTM, kernel: tuple[int, ...], functions: list[str], options: dict[str, str]) -> str:
    """The module of a ConvLSTM."""
    sizes = [str(kernel[-2]), str(layer.filters), python(layer.kernel_size), *functions]
    sizes += [python(layer.strides), python(layer.dilation_rate), python(layer.padding == "same")]
    return call("ConvLSTM", sizes, ({} if layer.use_bias else {"bias": "False"}) | options)


def convolving_state(weights: Weights) -> dict[str, Array]:
    """The state of a ConvLSTM."""
    found = {
        "of_input.weight": filters(weights["kernel"]),
        "of_state.weight": filters(weights["recurrent_kernel"]),
    }
    return found | ({"of_input.bias": weights["bias"]} if "bias" in weights else {})


@emitter(Bidirectional)
def bidirectional(layer: Bidirectional, step: Step, to: Builder) -> str:
    plain = plain_directions(layer, step, to)
    if plain is not None:
        return plain
    forward, backward = layer.parts(step.xs)  # type: ignore[arg-type]
    found = [
        running(one, step, to, xs[1:], prefix)  # type: ignore[arg-type]
        for one, xs, prefix in ((layer.layer, forward, FORWARD), (layer.backwards, backward, BACKWARD))
    ]
    config = layer.layer.config()
    if not config["return_state"]:
        found = [f"{one}[:1]" for one in found]
    options = {}
    if config["return_sequences"]:
        options["return_sequences"] = "True"
        if len(step.xs) == 1 and step.masks[0] is not None:
            options["mask"] = step.masks[0].text + (".flip(1)" if config["go_backwards"] else "")
    joined = call("both_directions", [*found, python(layer.merge_mode)], options)
    return joined if len(step.ys) > 1 else f"{joined}[0]"


def plain_directions(layer: Bidirectional, step: Step, to: Builder) -> str | None:
    """The call of PyTorch's own layer for both directions, where it has it."""
    inner = layer.layer
    if not isinstance(inner, Recurrent) or layer.backward_layer is not None or layer.merge_mode != "concat":
        return None
    if step.masks[0] is not None or not is_plain(inner) or inner.go_backwards or len(step.ys) > 1 or len(step.xs) > 1:
        return None
    bias = {} if inner.use_bias else {"bias": "False"}
    sizes = [str(step.inferred.inputs[0][-1]), str(inner.units)]
    module = call(PLAIN[inner.key], sizes, {**bias, "batch_first": "True", "bidirectional": "True"})

    def state(w: Weights) -> dict[str, Array]:
        forward = {n.removeprefix(FORWARD): one for n, one in w.items() if n.startswith(FORWARD)}
        backward = {n.removeprefix(BACKWARD): one for n, one in w.items() if n.startswith(BACKWARD)}
        return plain_state(inner, forward) | plain_state(inner, backward, "_reverse")

    made = to.module(step, module, state)
    if inner.return_sequences:
        return f"{made}({to.last(step.xs[0])})[0]"
    states = "[1][0]" if isinstance(inner, LSTM) else "[1]"
    return f"{made}({to.last(step.xs[0])}){states}.transpose(0, 1).flatten(1)"


@emitter(TimeDistributed)
def time_distributed(layer: TimeDistributed, step: Step, to: Builder) -> str:
    batch, _, *rest = step.inferred.inputs[0]
    xs = ((batch, *rest),)
    ys = layer.layer.output_shapes(xs)
    assert not isinstance(ys, Refusal), "a network is checked before it is written"
    inferred = Inferred(xs, ys, step.inferred.weights, masked_inputs=(False,))
    mask = step.masks[0]
    within = None
    if mask is not None and len(mask.sizes) > 2:
        within = Mask(f"{mask.text}.reshape(-1, *{mask.text}.shape[2:])", (None, *mask.sizes[2:]))
    held = layer.layer.with_(trainable=layer.trainable and layer.layer.trainable)
    inner = replace(step, layer=held, inferred=inferred, xs=("step",), masks=(within,), ys=("y",), mask=None)
    found = said(inner, to)
    text = f"({found.text}).movedim(1, -1)" if found.moved else found.text
    return f"at_every_step(lambda step: {text}, {to.last(step.xs[0])})"


@emitter(Attention, AdditiveAttention, MultiHeadAttention)
def attention(layer: Lookup, step: Step, to: Builder) -> str:
    masks = [None if mask is None else mask.text for mask in step.masks]
    options: dict[str, str] = {"causal": "True"} if layer.use_causal_mask else {}
    if layer.dropout:
        options["dropout"] = python(layer.dropout)
    given: dict[str, str] = {}
    if isinstance(layer, MultiHeadAttention):
        if len(step.inferred.inputs[0]) > 3:
            masks = []
        seen = [mask for mask in masks[1:] if mask is not None]
        if seen:
            given["masks"] = f"[{', '.join(seen)}]"
        made = to.module(step, in_heads(layer, step, options), lambda w: heads_state(w))
    else:
        if isinstance(layer, Attention):
            options |= {"scale": "True"} if layer.use_scale else {}
            options |= {"concat": "True"} if layer.score_mode == "concat" else {}
        elif layer.config()["use_scale"]:
            options["features"] = str(step.inferred.inputs[0][-1])
        if masks[1] is not None:
            given["value_mask"] = masks[1]
        made = to.module(step, call(layer.key, [], options), kept)
    if masks and masks[0] is not None:
        given["query_mask"] = masks[0]
    found = call(made, [to.last(step.xs[i]) for i in (0, 1, -1)], given)
    return found if len(step.ys) > 1 else f"{found}[0]"


def in_heads(layer: MultiHeadAttention, step: Step, options: dict[str, str]) -> str:
    """The module of a MultiHeadAttention."""
    query, value, key = (step.inferred.inputs[i][-1] for i in (0, 1, -1))
    axes = layer.axes(len(step.inferred.inputs[0]))
    said = (
        {
            "heads": layer.num_heads,
            "key_dim": layer.key_dim,
            "value_dim": layer.value_dim or layer.key_dim,
            "output": layer.output_shape or query,
        }
        | ({"axes": axes} if axes != (1,) else {})
        | ({} if layer.use_bias else {"bias": False})
    )
    sizes = [str(query), str(value), str(key)]
    return call("MultiHeadAttention", sizes, {key: python(value) for key, value in said.items()} | options)


def heads_state(weights: Weights) -> dict[str, Array]:
    """The state of a MultiHeadAttention: one Linear each, the heads side by side."""
    found: dict[str, Array] = {}
    for name, array in weights.items():
        part, _, kind = name.rpartition("_")
        own = "output" if part == "attention_output" else part
        if kind == "bias":
            found[f"{own}.bias"] = array.reshape(-1)
        else:
            rows = array.reshape(-1, array.shape[-1]) if own == "output" else array.reshape(len(array), -1)
            found[f"{own}.weight"] = rows.T
    return found
