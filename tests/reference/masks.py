"""Small networks whose sequences are padded, which Keras computes for the tests.

Each has one Input `x`: numbers whose padded steps are zeros, or words, of which 0 is padding. `PADDED` says which steps
of the three samples are padding: at the end, at the beginning and in between, and nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from graph.layers.base import Layer
from graph.layers.core import Dense, Embedding, Identity
from graph.layers.endpoints import Input, Output
from graph.layers.masking import Masking
from graph.layers.recurrent import GRU, LSTM, SimpleRNN
from graph.layers.wrappers import MERGES, Bidirectional, TimeDistributed
from graph.network import Network, Wire

STEPS, FEATURES, WORDS = 6, 4, 9
PADDED = np.array([[0, 0, 0, 0, 1, 1], [1, 0, 1, 0, 0, 1], [0] * STEPS], bool)
EVERYWHERE = np.array([[1] * STEPS, [1, 0, 1, 0, 0, 1], [0] * STEPS], bool)


def behind_masking(*layers: Layer) -> Network:
    """Layers one behind the other, the first of which masks."""
    return chain(Input((STEPS, FEATURES)), Masking(), *layers)


def behind_words(*layers: Layer) -> Network:
    """Layers one behind the other, behind words."""
    return chain(Input((STEPS,)), Embedding(WORDS, FEATURES, mask_zero=True), *layers)


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


NETWORKS: Mapping[str, Network] = {
    **recurrent(),
    "stacked": behind_words(LSTM(4, return_sequences=True), GRU(3, return_sequences=True), SimpleRNN(3), Dense(2)),
    **{
        f"both directions {merge} {name}": behind_masking(Bidirectional(LSTM(3, **options), merge))
        for merge in MERGES
        for name, options in {"last": {}, "all": {"return_sequences": True}}.items()
    },
    "both directions, states": behind_masking(Bidirectional(GRU(3, return_sequences=True, return_state=True))),
    "both directions turned": behind_masking(
        Bidirectional(GRU(3, go_backwards=True, return_sequences=True), "sum", LSTM(3, return_sequences=True))
    ),
    "steps": behind_words(TimeDistributed(Dense(3)), LSTM(3)),
    "passed on": behind_words(Dense(4, activation="relu"), Identity(), LSTM(3, return_sequences=True)),
}


def input_of(network: Network, padded: np.ndarray) -> np.ndarray:
    """What comes in: words or numbers, 0 where `padded`."""
    random = np.random.default_rng(5)
    first = network.layers["x"]
    assert isinstance(first, Input)
    assert first.shape is not None
    words = len(first.shape) == 1
    x = random.integers(1, WORDS, padded.shape) if words else random.standard_normal((*padded.shape, FEATURES))
    x[padded] = 0
    return x.astype(np.float32)
