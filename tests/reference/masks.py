"""Small networks whose sequences are padded, which Keras computes for the tests.

Each has an Input `x`: numbers whose padded steps are zeros, or words, of which 0 is padding. `PADDED` says which steps
of the three samples are padding: at the end, at the beginning and in between, and nowhere. In a second Input, `x2`, the
samples are padded in the opposite order. Words may also be some at every step, with padding among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from graph.layers.attention import AdditiveAttention, Attention, Lookup, MultiHeadAttention
from graph.layers.base import Layer
from graph.layers.core import Dense, Embedding, Identity
from graph.layers.endpoints import Input, Output
from graph.layers.masking import Masking
from graph.layers.merge import Add, Average, Concatenate, Maximum, Minimum, Multiply, Subtract
from graph.layers.normalization import BatchNormalization, LayerNormalization
from graph.layers.pooling import GlobalAveragePooling1D
from graph.layers.recurrent import GRU, LSTM, SimpleRNN
from graph.layers.reshape import Flatten
from graph.layers.wrappers import MERGES as JOINS
from graph.layers.wrappers import Bidirectional, TimeDistributed
from graph.network import Network, Wire

STEPS, FEATURES, WORDS, PLACES = 6, 4, 9, 3
PADDED = np.array([[0, 0, 0, 0, 1, 1], [1, 0, 1, 0, 0, 1], [0] * STEPS], bool)
EVERYWHERE = np.array([[1] * STEPS, [1, 0, 1, 0, 0, 1], [0] * STEPS], bool)


def behind_masking(*layers: Layer) -> Network:
    """Layers one behind the other, the first of which masks."""
    return chain(Input((STEPS, FEATURES)), Masking(), *layers)


def behind_words(*layers: Layer) -> Network:
    """Layers one behind the other, behind words."""
    return chain(Input((STEPS,)), Embedding(WORDS, FEATURES, mask_zero=True), *layers)


def behind_texts(*layers: Layer) -> Network:
    """Layers one behind the other, behind some words at every step."""
    return chain(Input((STEPS, PLACES)), Embedding(WORDS, FEATURES, mask_zero=True), *layers)


def chain(*layers: Layer) -> Network:
    """Layers one behind the other; several outputs of the last one have an Output each."""
    names = ["x", *(f"layer{i}" for i in range(1, len(layers)))]
    wires = [Wire(a, b) for a, b in pairwise(names)]
    ports = layers[-1].outputs if len(layers[-1].outputs) > 1 else ()
    wires += [Wire(names[-1], f"out_{port.name}", port.name) for port in ports]
    ends = {f"out_{port.name}": Output() for port in ports}
    return Network.of({**dict(zip(names, layers, strict=True)), **ends}, wires)


def recurrent() -> Mapping[str, Network]:
    """Layers with memory in every way that a mask matters to."""
    found = {}
    for layer in (SimpleRNN(5), LSTM(5), GRU(5), GRU(5, reset_after=False)):
        for name, options in {
            "last": {},
            "all": {"return_sequences": True},
            "backwards": {"go_backwards": True},
            "all backwards": {"go_backwards": True, "return_sequences": True},
            "states": {"return_state": True},
            "all and states": {"return_state": True, "return_sequences": True},
        }.items():
            key = layer.key + ("" if layer.config().get("reset_after", True) else " reset before")
            found[f"{key} {name}"] = behind_masking(layer.with_(**options))
    return found


def merged(layer: Layer, second: Layer) -> Network:
    """Two sequences joined, the first of which is masked."""
    layers = {
        "x": Input((STEPS, FEATURES)),
        "x2": Input((STEPS, FEATURES)),
        "first": Masking(),
        "second": second,
        "layer": layer,
        "last": LSTM(3, return_sequences=True),
    }
    ports = [layer.inputs[0].name, layer.inputs[-1].name]
    wires = [Wire("x", "first"), Wire("x2", "second"), Wire("layer", "last")]
    wires += [Wire("first", "layer", "y", ports[0]), Wire("second", "layer", "y", ports[1])]
    return Network.of(layers, wires)


def looked_up(layer: Lookup, key: Layer | None = None) -> Network:
    """Queries and values that are padded at different steps."""
    layers = {
        "x": Input((STEPS, FEATURES)),
        "x2": Input((STEPS, FEATURES)),
        "query": Masking(),
        "value": Masking(),
        "layer": layer,
        "last": SimpleRNN(3, return_sequences=True),
    }
    wires = [Wire("x", "query"), Wire("x2", "value"), Wire("layer", "last")]
    wires += [Wire("query", "layer", "y", "query"), Wire("value", "layer", "y", "value")]
    if key is not None:
        layers["key"] = key
        wires += [Wire("x", "key"), Wire("key", "layer", "y", "key")]
    return Network.of(layers, wires)


MERGES = (Add(), Subtract(), Average(), Multiply(), Maximum(), Minimum())

NETWORKS: Mapping[str, Network] = {
    **recurrent(),
    "stacked": behind_words(LSTM(4, return_sequences=True), GRU(3, return_sequences=True), SimpleRNN(3), Dense(2)),
    "mean over steps": behind_masking(GlobalAveragePooling1D(), Dense(2)),
    "mean over words": behind_words(GlobalAveragePooling1D(keepdims=True)),
    "batch normalization": behind_masking(BatchNormalization(), SimpleRNN(3, return_sequences=True)),
    "batch normalization of steps": behind_masking(BatchNormalization(axis=1), SimpleRNN(3)),
    "layer normalization": behind_masking(LayerNormalization(), SimpleRNN(3)),
    **{
        f"{layer.key}{' in time' if layer.config().get('axis') == 1 else ''} with {name}": merged(layer, second)
        for layer in (*MERGES, Concatenate(), Concatenate(axis=1))
        for name, second in (("a mask", Masking()), ("all steps", Identity()))
    },
    **{
        f"{layer.key}{' causal' if causal else ''}": looked_up(layer.with_(use_causal_mask=causal))
        for layer in (Attention(use_scale=True), AdditiveAttention(), MultiHeadAttention(2, 3))
        for causal in (False, True)
    },
    "MultiHeadAttention with keys": looked_up(MultiHeadAttention(2, 3), Masking()),
    "Attention with keys": looked_up(Attention(score_mode="concat"), Masking()),
    **{
        f"both directions {join} {name}": behind_masking(Bidirectional(LSTM(3, **options), join))
        for join in JOINS
        for name, options in {"last": {}, "all": {"return_sequences": True}}.items()
    },
    "both directions, states": behind_masking(Bidirectional(GRU(3, return_sequences=True, return_state=True))),
    "both directions turned": behind_masking(
        Bidirectional(GRU(3, go_backwards=True, return_sequences=True), "sum", LSTM(3, return_sequences=True))
    ),
    "steps": behind_words(TimeDistributed(Dense(3)), LSTM(3)),
    "texts": behind_texts(TimeDistributed(LSTM(3)), GRU(3)),
    "texts both ways": behind_texts(TimeDistributed(Bidirectional(LSTM(2))), Bidirectional(LSTM(2))),
    "texts as they are": behind_texts(TimeDistributed(Flatten()), LSTM(3)),
    "texts on": behind_texts(TimeDistributed(Dense(3)), TimeDistributed(LSTM(3, return_sequences=True))),
    "passed on": behind_words(Dense(4, activation="relu"), Identity(), LSTM(3, return_sequences=True)),
}


def inputs_of(network: Network, padded: np.ndarray) -> dict[str, np.ndarray]:
    """What comes in: words or numbers, 0 where `padded`, and in the opposite order of the samples in a second input."""
    random = np.random.default_rng(5)
    found = {}
    for name, layer in network.layers.items():
        if isinstance(layer, Input) and layer.shape is not None:
            words, shape = layer.shape[-1] != FEATURES, (*padded.shape, *layer.shape[1:])
            x = random.integers(len(shape) == 2, WORDS, shape) if words else random.standard_normal(shape)
            x[padded if name == "x" else padded[::-1]] = 0
            found[name] = x.astype(np.float32)
    return found
