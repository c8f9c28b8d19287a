"""Layers with memory, layers that hold a layer, and attention."""

from __future__ import annotations

from dataclasses import replace

from engine.formats.numpy_code.emitter import emitter, weights_of, written
from engine.formats.numpy_code.images import slid
from engine.formats.python_text import call, python
from engine.formats.steps import Mask, Step
from graph.inference import Inferred
from graph.layers.attention import AdditiveAttention, Attention, Lookup, MultiHeadAttention
from graph.layers.conv_lstm import ConvLSTM, ConvLSTM1D, ConvLSTM2D
from graph.layers.recurrent import GRU, LSTM, Memory, SimpleRNN
from graph.layers.wrappers import BACKWARD, FORWARD, Bidirectional, TimeDistributed
from graph.shapes import Refusal

FUNCTIONS = {SimpleRNN: "run_simple_rnn", LSTM: "run_lstm", GRU: "run_gru"}


@emitter(SimpleRNN, LSTM, GRU, ConvLSTM1D, ConvLSTM2D)
def memory(layer: Memory, step: Step) -> str:
    said = running(layer, step, step.xs[1:], weights_of(step))
    return said if len(step.ys) > 1 else f"{said}[0]"


def running(layer: Memory, step: Step, states: tuple[str, ...], weights: str) -> str:
    """The call that gives the output and the last states."""
    options: dict[str, str] = {}
    if layer.activation != "tanh":
        options["activation"] = function(layer.activation)
    if "recurrent_activation" in layer.parameters:
        options["recurrent_activation"] = function(layer.config()["recurrent_activation"])
    if isinstance(layer, GRU) and not layer.reset_after:
        options["reset_after"] = "False"
    if isinstance(layer, ConvLSTM):
        options |= {key: python(value) for key, value in slid(layer).items()}
    options |= {key: "True" for key in ("return_sequences", "go_backwards") if layer.config()[key]}
    if not states and step.masks[0] is not None:
        options["mask"] = step.masks[0].text
    first = layer.config().get("data_format") == "channels_first"
    x = f"channels_last({step.xs[0]}, 2)" if first else step.xs[0]
    if states:
        options["states"] = f"[{', '.join(f'channels_last({h})' if first else h for h in states)}]"
    name = "run_conv_lstm" if isinstance(layer, ConvLSTM) else FUNCTIONS[type(layer)]
    said = call(name, [x, weights], options)
    return (
        f"[channels_first(y, {'y.ndim - ' + str(len(step.inferred.inputs[0]) - 2)}) for y in {said}]" if first else said
    )


def function(name: str) -> str:
    """An activation as a function."""
    return "np.tanh" if name == "tanh" else "(lambda x: x)" if name == "linear" else name


@emitter(Bidirectional)
def bidirectional(layer: Bidirectional, step: Step) -> str:
    forward, backward = layer.parts(step.xs)  # type: ignore[arg-type]
    weights = f"w[{python(step.name)}]"
    said = [
        running(one, step, xs[1:], f"**part({weights}, {python(prefix)})")  # type: ignore[arg-type]
        for one, xs, prefix in ((layer.layer, forward, FORWARD), (layer.backwards, backward, BACKWARD))
    ]
    options = {}
    config = layer.layer.config()
    if not config["return_state"]:
        said = [f"{one}[:1]" for one in said]
    if config["return_sequences"]:
        options["return_sequences"] = "True"
        if len(step.xs) == 1 and step.masks[0] is not None:
            options["mask"] = step.masks[0].text + ("[:, ::-1]" if config["go_backwards"] else "")
    joined = call("both_directions", [*said, python(layer.merge_mode)], options)
    return joined if len(step.ys) > 1 else f"{joined}[0]"


@emitter(TimeDistributed)
def time_distributed(layer: TimeDistributed, step: Step) -> str:
    batch, _, *rest = step.inferred.inputs[0]
    xs = ((batch, *rest),)
    ys = layer.layer.output_shapes(xs)
    assert not isinstance(ys, Refusal), "a network is checked before it is written"
    inferred = Inferred(xs, ys, step.inferred.weights, masked_inputs=(False,))
    mask = step.masks[0]
    within = None
    if mask is not None and len(mask.sizes) > 2:
        within = Mask(f"{mask.text}.reshape(-1, *{mask.text}.shape[2:])", (None, *mask.sizes[2:]))
    inner = replace(step, layer=layer.layer, inferred=inferred, xs=("step",), masks=(within,), ys=("y",), mask=None)
    return f"at_every_step(lambda step: {written(inner)}, {step.xs[0]})"


@emitter(Attention, AdditiveAttention, MultiHeadAttention)
def attention(layer: Lookup, step: Step) -> str:
    query, value, key = step.xs[0], step.xs[1], step.xs[-1]
    masks = [None if mask is None else mask.text for mask in step.masks]
    options = {"causal": "True"} if layer.use_causal_mask else {}
    if isinstance(layer, MultiHeadAttention):
        rank = len(step.inferred.inputs[0])
        name = "attend_in_heads"
        if layer.axes(rank) != (1,):
            options["axes"] = python(layer.axes(rank))
        if rank > 3:
            masks = []
        seen = [mask for mask in masks[1:] if mask is not None]
        if seen:
            options["masks"] = f"[{', '.join(seen)}]"
    else:
        name = "attend" if isinstance(layer, Attention) else "attend_additively"
        if masks[1] is not None:
            options["value_mask"] = masks[1]
    if masks and masks[0] is not None:
        options["query_mask"] = masks[0]
    weights = [weights_of(step)] if step.inferred.weights else []
    said = call(name, [query, value, key, *weights], options)
    return said if len(step.ys) > 1 else f"{said}[0]"
