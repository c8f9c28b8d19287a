"""What programs call the weights of a layer, below the name that they have for the layer, and how they lay them out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.formats.keras.places import places
from graph.layers.attention import MultiHeadAttention
from graph.layers.base import Layer
from graph.layers.convolution import Conv1D, Conv2D, Conv3D
from graph.layers.core import Dense, Embedding
from graph.layers.depthwise import DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D, SeparableConv2D
from graph.layers.normalization import BatchNormalization, GroupNormalization, LayerNormalization, RMSNormalization
from graph.layers.rectifiers import PReLU
from graph.layers.recurrent import GRU, LSTM, SimpleRNN
from graph.layers.transposed import Conv1DTranspose, Conv2DTranspose
from graph.layers.wrappers import BACKWARD, FORWARD, Bidirectional, TimeDistributed

Part = tuple[tuple[str, ...], tuple[str, ...]]
"""The names of one weight's arrays, and the ways in which they may be laid out, the likeliest first."""
Convention = Mapping[str, Part]

STACKED = 8
"""How many layers of one module of PyTorch are told apart."""


def conventions(layer: Layer, weights: list[str]) -> Iterator[Convention]:
    """For each program how it says all `weights` of a layer."""
    yield {name: ((name,), ("as it is",)) for name in weights}
    yield {name: ((path,), ("as it is",)) for name, path in places(layer, weights).items()}
    for said in in_pytorch(layer):
        if set(weights) <= said.keys():
            yield {name: said[name] for name in weights}


def in_pytorch(layer: Layer) -> Iterator[Convention]:
    """What a module of PyTorch calls the weights that such a layer may have."""
    if isinstance(layer, TimeDistributed):
        yield from in_pytorch(layer.layer)
    elif isinstance(layer, Bidirectional):
        backwards = list(memory(layer.backwards, "_reverse"))
        for forth, back in zip(memory(layer.layer), backwards, strict=True):
            yield {FORWARD + key: part for key, part in forth.items()} | {
                BACKWARD + key: part for key, part in back.items()
            }
    else:
        yield from memory(layer)
        yield from heads(layer)
        for kinds, said in PLAIN:
            if isinstance(layer, kinds):
                yield said


def memory(layer: Layer, suffix: str = "") -> Iterator[Convention]:
    """A layer with memory: the first of a module or a later one, or a cell."""
    if not isinstance(layer, SimpleRNN | LSTM | GRU):
        return
    is_gru = isinstance(layer, GRU)
    way, both = ("gru", "gru pair") if is_gru else ("transposed", "sum")
    for end in (*(f"_l{number}{suffix}" for number in range(STACKED)), suffix):
        yield {
            "kernel": ((f"weight_ih{end}",), (way,)),
            "recurrent_kernel": ((f"weight_hh{end}",), (way,)),
            "bias": ((f"bias_ih{end}", f"bias_hh{end}"), (both,)),
        }


def heads(layer: Layer) -> Iterator[Convention]:
    """Attention in heads: PyTorch's own, and one Linear for each of its parts as many programs have it."""
    if not isinstance(layer, MultiHeadAttention):
        return
    joint: dict[str, Part] = {
        "attention_output_kernel": (("out_proj.weight",), ("heads",)),
        "attention_output_bias": (("out_proj.bias",), ("as it is",)),
    }
    parts = ("query", "key", "value")
    yield joint | {
        f"{part}_{kind}": ((f"in_proj_{own}",), (part,))
        for part in parts
        for kind, own in (("kernel", "weight"), ("bias", "bias"))
    }
    for names in (("q_proj", "k_proj", "v_proj", "out_proj"), ("query", "key", "value", "output")):
        said: dict[str, Part] = {}
        for part, own in zip((*parts, "attention_output"), names, strict=True):
            said[f"{part}_kernel"] = ((f"{own}.weight",), ("heads",))
            said[f"{part}_bias"] = ((f"{own}.bias",), ("reshaped",))
        yield said


BIAS: Part = (("bias",), ("as it is",))
SCALE: Part = (("weight",), ("as it is", "reshaped"))
PLAIN: list[tuple[tuple[type[Layer], ...], Convention]] = [
    ((Dense,), {"kernel": (("weight",), ("rows", "transposed")), "bias": BIAS}),
    (
        (Conv1D, Conv2D, Conv3D, Conv1DTranspose, Conv2DTranspose),
        {"kernel": (("weight",), ("filters",)), "bias": BIAS},
    ),
    ((DepthwiseConv1D, DepthwiseConv2D), {"kernel": (("weight",), ("depthwise",)), "bias": BIAS}),
    (
        (SeparableConv1D, SeparableConv2D),
        {
            "depthwise_kernel": (("0.weight",), ("depthwise",)),
            "pointwise_kernel": (("1.weight",), ("filters",)),
            "bias": (("1.bias",), ("as it is",)),
        },
    ),
    ((Embedding,), {"embeddings": (("weight",), ("as it is",))}),
    (
        (BatchNormalization, LayerNormalization, GroupNormalization),
        {
            "gamma": SCALE,
            "beta": BIAS,
            "moving_mean": (("running_mean",), ("as it is",)),
            "moving_variance": (("running_var",), ("as it is",)),
        },
    ),
    ((RMSNormalization,), {"scale": SCALE}),
    ((PReLU,), {"alpha": SCALE}),
]
"""What PyTorch calls the weights of layers that have one module."""
