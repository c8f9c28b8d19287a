"""Weights of PyTorch's modules onto networks of ours, which then give what the modules gave."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.formats import export
from engine.formats.foreign.matching import Match, Matching, Why, propose
from engine.formats.foreign.reading import read_arrays
from engine.formats.foreign.table import corrected, to_text
from engine.plan import compile
from graph.infer import infer
from graph.layers.attention import MultiHeadAttention
from graph.layers.base import Layer
from graph.layers.convolution import Conv2D
from graph.layers.core import Dense, Embedding
from graph.layers.depthwise import DepthwiseConv2D
from graph.layers.endpoints import Input
from graph.layers.merge import Add
from graph.layers.normalization import BatchNormalization, LayerNormalization
from graph.layers.pooling import MaxPooling2D
from graph.layers.rectifiers import ReLU
from graph.layers.recurrent import GRU, LSTM
from graph.layers.regularization import Dropout
from graph.layers.reshape import Flatten
from graph.layers.transposed import Conv2DTranspose
from graph.layers.wrappers import Bidirectional
from graph.network import Network, Wire
from graph.problem import FileProblem
from graph.project import Project
from tests.engine.formats.test_keras_reading import ran

FOLDER = Path(__file__).parents[2] / "reference" / "foreign"


def chain(layers: Mapping[str, Layer]) -> Network:
    """Each layer after the one before."""
    names = list(layers)
    return Network.of(dict(layers), [Wire(a, b) for a, b in pairwise(names)])


IMAGES = chain(
    {
        "in": Input((8, 6, 2)),
        "first": Conv2D(4, (3, 3), padding="same"),
        "norm": BatchNormalization(epsilon=1e-5),
        "relu": ReLU(),
        "pool": MaxPooling2D(),
        "second": Conv2D(6, (3, 3), activation="relu"),
        "flat": Flatten(),
        "drop": Dropout(0.5),
        "fc1": Dense(7, activation="relu"),
        "classes": Dense(3),
    }
)
WORDS = chain(
    {
        "in": Input((5,)),
        "words": Embedding(11, 4),
        "below": Bidirectional(LSTM(3, return_sequences=True)),
        "above": Bidirectional(LSTM(3, return_sequences=True)),
        "gru": GRU(5),
        "answer": Dense(2),
    }
)
BLOCK = Network.of(
    {
        "in": Input((4, 6)),
        "heads": MultiHeadAttention(2, 3),
        "sum_1": Add(),
        "norm_1": LayerNormalization(epsilon=1e-5),
        "wide": Dense(6, activation="gelu"),
        "back": Dense(6),
        "sum_2": Add(),
        "norm_2": LayerNormalization(epsilon=1e-5),
    },
    [
        *(Wire("in", "heads", target_port=port) for port in ("query", "value")),
        Wire("in", "sum_1"),
        Wire("heads", "sum_1"),
        Wire("sum_1", "norm_1"),
        Wire("norm_1", "wide"),
        Wire("wide", "back"),
        Wire("norm_1", "sum_2"),
        Wire("back", "sum_2"),
        Wire("sum_2", "norm_2"),
    ],
)
MOBILE = chain(
    {
        "in": Input((5, 5, 3)),
        "depth": DepthwiseConv2D((3, 3), depth_multiplier=2, use_bias=False),
        "point": Conv2D(4, (1, 1)),
        "larger": Conv2DTranspose(2, (2, 2), strides=(2, 2)),
    }
)
MODULES = {"images": IMAGES, "words": WORDS, "block": BLOCK, "mobile": MOBILE}


def of_module(name: str) -> Matching:
    """The proposal for a module."""
    return propose(infer(MODULES[name]), read_arrays(FOLDER / f"{name}.safetensors"))


@pytest.mark.parametrize("name", MODULES)
def test_the_network_gives_what_the_module_gave(name: str) -> None:
    matching = of_module(name)
    assert not matching.missing
    assert [one for one in matching.unused if not one.endswith("num_batches_tracked")] == []
    with np.load(FOLDER / f"{name}.npz", allow_pickle=False) as stored:
        plan = compile(MODULES[name], len(stored["x"]), training=False)
        plan.parameters.load(matching.weights())
        (entry,) = plan.inputs
        plan.inputs[entry][...] = stored["x"]
        plan.forward()
        (y,) = plan.outputs.values()
        np.testing.assert_allclose(y, stored["y"], rtol=1e-5, atol=1e-5)


def test_weights_lie_as_files_keep_them() -> None:
    assert all(array.flags.c_contiguous for array in of_module("block").weights().values())


def test_what_a_match_rests_on_is_said() -> None:
    matches = of_module("images").matches
    assert matches["fc1/kernel"] == Match(("fc1.weight",), "rows", Why.NAME)
    assert matches["classes/kernel"] == Match(("fc2.weight",), "transposed", Why.ONLY)
    assert of_module("words").matches["below/forward_bias"].arrangement == "sum"
    assert of_module("block").matches["wide/kernel"].why is Why.ORDER


@pytest.mark.parametrize("ending", [".npz", ".safetensors", ".weights.h5"])
@pytest.mark.parametrize("name", MODULES)
def test_our_own_files_and_those_of_keras_match_too(name: str, ending: str, tmp_path: Path) -> None:
    if ending == ".weights.h5":
        pytest.importorskip("h5py")
    weights = ran(MODULES[name]).parameters.named()
    path = tmp_path / f"w{ending}"
    export(Project(MODULES[name]), path, weights)
    matching = propose(infer(MODULES[name]), read_arrays(path))
    if ending != ".weights.h5":
        assert {match.why for match in matching.matches.values()} == {Why.NAME}
    found = matching.weights()
    assert found.keys() == weights.keys()
    for key, array in weights.items():
        np.testing.assert_array_equal(found[key], array)


def test_nothing_that_fits_is_nothing() -> None:
    matching = propose(infer(MOBILE), {"a.weight": np.zeros((9, 9), np.float32), "b": np.zeros((), np.float32)})
    assert not matching.matches
    assert set(matching.missing) == {slot.name for slot in matching.slots}
    assert matching.unused == ("a.weight", "b")


def test_a_person_may_choose_otherwise() -> None:
    matching = of_module("block")
    choices = matching.choices("wide/kernel")
    assert Match(("mlp.2.weight",), "transposed", Why.CHOSEN) in choices
    changed = matching.with_match("wide/kernel", Match(("mlp.2.weight",), "transposed", Why.CHOSEN))
    np.testing.assert_array_equal(changed.weights()["wide/kernel"], matching.arrays["mlp.2.weight"].T)
    assert "wide/kernel" in matching.with_match("wide/kernel", None).missing


def test_a_table_that_is_not_changed_changes_nothing(tmp_path: Path) -> None:
    matching = of_module("words")
    (tmp_path / "t.json").write_text(to_text(matching))
    assert corrected(matching, tmp_path / "t.json") == matching


def test_a_table_corrects(tmp_path: Path) -> None:
    matching, path = of_module("block"), tmp_path / "t.json"
    said = json.loads(to_text(matching))
    said["weights"]["wide/kernel"]["from"] = ["mlp.2.weight"]
    said["weights"]["back/kernel"]["from"] = []
    path.write_text(json.dumps(said))
    found = corrected(matching, path)
    assert found.missing == ("back/kernel",)
    assert found.matches["wide/kernel"] == Match(("mlp.2.weight",), "transposed", Why.CHOSEN)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"wide/kernle": {"from": []}}, "the network has no wide/kernle; did you mean wide/kernel?"),
        ({"wide/kernel": {"from": ["mlp.9.weight"]}}, "wide/kernel: the file has no array 'mlp.9.weight'"),
        ({"wide/kernel": {"from": ["mlp.0.bias"]}}, "wide/kernel of 6×6 cannot be made of 6, as it is"),
        ({"wide/kernel": {"from": ["mlp.0.weight"], "as": "eval"}}, "wide/kernel: there is no way 'eval'"),
        ({"wide/kernel": 3}, "wide/kernel has no list in `from`"),
    ],
)
def test_a_table_that_does_not_fit_is_told(row: Any, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps({"format": "netloom weights", "weights": row}))
    with pytest.raises(FileProblem) as caught:
        corrected(of_module("block"), path)
    assert str(caught.value.text) == f"t.json is no table of weights: {reason}."


@pytest.mark.parametrize("name", ["w.pt", "w.pth", "w.bin"])
def test_pickles_are_not_opened(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"\x80\x04\x95")
    with pytest.raises(FileProblem, match="may be a pickle, which can run code"):
        read_arrays(tmp_path / name)
