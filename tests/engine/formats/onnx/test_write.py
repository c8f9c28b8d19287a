"""ONNX files: every layer, masks and whole networks give in ONNX Runtime what they give in Keras and here."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

from engine.formats.onnx.draft import Draft
from engine.formats.onnx.emit import activation_emitters, emitters
from graph.activations import activations
from graph.infer import infer
from graph.layers import layers
from graph.layers.axes import channels_last
from graph.layers.endpoints import Input
from graph.layers.padding import ZeroPadding2D
from graph.layers.pooling import MaxPooling2D
from graph.network import Network, Wire
from graph.problem import FileProblem, Severity
from tests.engine.formats.onnx.running import outputs_of, ran, written
from tests.engine.test_kernels import network_of
from tests.helpers.plans import filled, is_steady
from tests.helpers.strategies import sound_networks
from tests.reference.case import Case
from tests.reference.cases import CASES
from tests.reference.masks import NETWORKS
from tests.reference.stored import kept, stored


def test_every_layer_and_every_activation_has_an_emitter() -> None:
    assert set(emitters) == set(layers)
    assert set(activation_emitters) == set(activations.names())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_layer_gives_what_keras_gives(case: Case) -> None:
    arrays = stored(case)
    weights = {f"layer/{name[7:]}": w for name, w in arrays.items() if name.startswith("weight ")}
    network = network_of(case)
    ys = ran(written(network, weights), [arrays[name] for name in infer(network).entries])
    names = [f"inference {port.name}" for port in case.layer.outputs[1:]]
    results = ["layer", *(f"layer {port.name}" for port in case.layer.outputs[1:])]
    assert len(ys) == len(infer(network).results)
    for y, name in zip(ys, ["inference", *names], strict=True):
        np.testing.assert_allclose(y, arrays[name], rtol=1e-5, atol=1e-5, err_msg=str(results))


def opened(case: Case) -> list[Case]:
    """The case with sizes left open, in every way that the layer takes."""
    ways = (
        lambda x: (None, *x[1:]),
        lambda x: (*(None for _ in x[:-1]), x[-1]),
        lambda x: (x[0], *(None for _ in x[1:])),
    )
    found = []
    for way in ways if case.layer.inputs and min(map(len, case.xs)) > 1 else ():
        one = replace(case, xs=tuple(way(x) for x in case.xs))
        if not any(problem.severity is Severity.ERROR for problem in infer(network_of(one)).problems):
            found.append(one)
    return found


def cannot_be_padded(case: Case) -> bool:
    """Whether padding would follow from an open size, and something would have to be cut off."""
    said = case.layer.config()
    window = said.get("pool_size") or said.get("kernel_size") or ()
    strides = said.get("strides") or window
    if said.get("padding") != "same" or case.layer.category not in ("Pooling", "Convolution"):
        return False
    sizes = channels_last((None, *case.xs[0]), said["data_format"])[1:-1]
    axes = list(zip(sizes, window, strides, strict=True))
    is_open = any(n is None and s > 1 and k > 1 for n, k, s in axes)
    return is_open and any(s > k for _, k, s in axes) and "Transpose" not in case.layer.key


OPENED = [(case, one) for case in CASES for one in opened(case)]


@pytest.mark.parametrize(("case", "one"), OPENED, ids=lambda case: case.name)
def test_open_sizes_are_found_when_the_file_runs(case: Case, one: Case) -> None:
    arrays = stored(case)
    weights = {f"layer/{name[7:]}": w for name, w in arrays.items() if name.startswith("weight ")}
    network = network_of(one)
    if cannot_be_padded(one):
        with pytest.raises(FileProblem, match="layer: ONNX cannot pad an open size for strides above the window"):
            written(network, weights)
        return
    y, *_ = ran(written(network, weights), [arrays[name] for name in infer(network).entries])
    np.testing.assert_allclose(y, arrays["inference"], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", NETWORKS)
def test_padded_sequences_give_what_keras_gives(name: str) -> None:
    arrays = kept("masks")[name]
    weights = {key[7:]: w for key, w in arrays.items() if key.startswith("weight ")}
    inference = infer(NETWORKS[name])
    ys = ran(written(NETWORKS[name], weights), [arrays[entry] for entry in inference.entries])
    for i, y in enumerate(ys):
        np.testing.assert_allclose(y, arrays[f"y{i}"], rtol=1e-5, atol=1e-5)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(sound_networks())
def test_any_network_gives_the_same(network: Network) -> None:
    assume(is_steady(network))
    plan = filled(network)
    for result, y in zip(plan.outputs, outputs_of(plan), strict=True):
        expected = plan.outputs[result]
        scale = max(1.0, float(np.abs(expected).max(initial=0.0)))
        np.testing.assert_allclose(y / scale, expected / scale, rtol=1e-5, atol=1e-5, err_msg=result)


@pytest.mark.parametrize("zeros", [1, 3])
def test_a_pooling_behind_zeros_takes_them_for_numbers(zeros: int) -> None:
    found = {
        "x": Input(shape=(1, 4, 4)),
        "zeros": ZeroPadding2D(((zeros, zeros), (zeros, zeros)), data_format="channels_first"),
        "largest": MaxPooling2D(data_format="channels_first"),
    }
    network = Network.of(found, [Wire("x", "zeros"), Wire("zeros", "largest")])
    x = -np.ones((2, 1, 4, 4), np.float32)
    (y,) = ran(written(network, {}), [x])
    expected = np.zeros_like(y)
    expected[..., y.shape[-2] // 2, y.shape[-1] // 2] = -1  # only the window in the middle sees no zero
    np.testing.assert_array_equal(y, expected)


def test_what_is_computed_twice_is_written_once() -> None:
    draft = Draft()
    assert draft.op("Relu", "x") == draft.op("Relu", "x") != draft.op("Relu", "y")
    assert draft.op("Elu", "x", alpha=1.0) != draft.op("Elu", "x", alpha=2.0)
