"""Padded sequences: values, masks and slopes are Keras's, and what is padding changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

from engine.gradcheck import gradient_errors
from engine.kernel import Array
from engine.plan import Plan, compile
from graph.layers.base import Layer
from graph.layers.conv_lstm import ConvLSTM1D
from graph.layers.core import Embedding
from graph.layers.endpoints import Input
from graph.layers.masking import Masking
from graph.layers.pooling import GlobalAveragePooling2D, GlobalAveragePooling3D
from graph.layers.wrappers import TimeDistributed
from tests.reference.masks import EVERYWHERE, NETWORKS, PADDED, chain, inputs_of
from tests.reference.stored import kept

every_network = pytest.mark.parametrize("name", NETWORKS)


def plan_of(name: str, training: bool = True, dtype: type = np.float32) -> Plan:
    """The network with Keras's weights and input."""
    arrays = kept("masks")[name]
    network = NETWORKS[name]
    floats = not any(isinstance(layer, Embedding) for layer in network.layers.values())
    plan = compile(network, len(PADDED), training=training, input_gradients=training and floats, dtype=dtype)
    plan.parameters.load({key[7:]: w for key, w in arrays.items() if key.startswith("weight ")})
    for entry, x in plan.inputs.items():
        x[...] = arrays[entry]
    return plan


@every_network
def test_values_and_masks_are_those_of_keras(name: str) -> None:
    arrays = kept("masks")[name]
    plan = plan_of(name, training=False)
    plan.forward()
    for i, result in enumerate(plan.inference.results):
        np.testing.assert_allclose(plan.outputs[result], arrays[f"y{i}"], rtol=1e-5, atol=1e-5)
        mask = arrays.get(f"mask{i}")
        assert plan.inference.layers[result].masked == (result in plan.masks) == (mask is not None)
        if mask is not None:
            np.testing.assert_array_equal(plan.masks[result], mask)


@every_network
def test_slopes_are_those_of_keras(name: str) -> None:
    arrays = kept("masks")[name]
    plan = plan_of(name)
    plan.forward()
    for dy in plan.output_gradients.values():
        dy[...] = np.cos(np.arange(dy.size, dtype=np.float32)).reshape(dy.shape)
    plan.backward()
    for slot in plan.parameters.slots:
        if slot.trainable:
            found = slot.view(plan.parameters.gradient)
            np.testing.assert_allclose(found, arrays[f"slope {slot.name}"], rtol=1e-4, atol=1e-5, err_msg=slot.name)
    for entry, dx in plan.input_gradients.items():
        np.testing.assert_allclose(dx, arrays[f"d {entry}"], rtol=1e-4, atol=1e-5, err_msg=entry)


@every_network
@pytest.mark.parametrize("padded", [PADDED, EVERYWHERE], ids=["some", "one sample whole"])
def test_gradient_is_the_slope(name: str, padded: Array) -> None:
    """The weights' only: a zero that is moved a little is no padding any more."""
    plan = plan_of(name, dtype=np.float64)
    errors = gradient_errors(plan, inputs_of(NETWORKS[name], padded))
    trained = {slot.name for slot in plan.parameters.slots if slot.trainable}
    assert trained <= set(errors)
    assert {name: error for name, error in errors.items() if name in trained and error > 1e-6} == {}


@pytest.mark.parametrize(
    "layer", [ConvLSTM1D(2, 2), ConvLSTM1D(2, 2, return_sequences=True), ConvLSTM1D(2, 2, go_backwards=True)]
)
def test_a_step_with_places_is_there_where_any_place_is(layer: ConvLSTM1D) -> None:
    """Padding at the end changes nothing; a step that is padded in part does."""
    x = np.random.default_rng(3).standard_normal((2, 4, 3, 2))
    x[0, 2, 1:] = 0.0
    padded = np.concatenate([x, np.zeros((2, 2, 3, 2))], axis=1)
    whole = compile(chain(Input((6, 3, 2)), Masking(), layer), 2, dtype=np.float64)
    short = compile(chain(Input((4, 3, 2)), layer), 2, dtype=np.float64)
    short.parameters.load({k.replace("layer2", "layer1"): w for k, w in whole.parameters.named().items()})
    for plan, given in ((whole, padded), (short, x)):
        plan.inputs["x"][...] = given
        plan.forward()
    found, expected = whole.outputs["layer2"], short.outputs["layer1"]
    if layer.return_sequences:
        np.testing.assert_array_equal(whole.masks["layer2"], [[True] * 4 + [False] * 2] * 2)
        found = found[:, :4]
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_what_is_masked_within_a_step_is_0() -> None:
    plan = compile(chain(Input((2, 3, 2)), TimeDistributed(Masking())), 1, training=False)
    plan.inputs["x"][...] = np.arange(12).reshape(1, 2, 3, 2)
    plan.inputs["x"][0, 1, 1] = 0.0
    plan.forward()
    np.testing.assert_array_equal(plan.outputs["layer1"], plan.inputs["x"])
    assert plan.masks == {}


@pytest.mark.parametrize(
    ("pooling", "sizes"), [(GlobalAveragePooling2D(), (2, 3, 4)), (GlobalAveragePooling3D(), (2, 2, 3, 4))]
)
def test_the_mean_over_images_counts_all_places_as_in_keras(pooling: Layer, sizes: tuple[int, ...]) -> None:
    plan = compile(chain(Input(sizes), Masking(), pooling), 2, training=False)
    x = np.random.default_rng(5).standard_normal((2, *sizes)).astype(np.float32)
    x[:, 1] = 0.0
    plan.inputs["x"][...] = x
    plan.forward()
    np.testing.assert_allclose(plan.outputs["layer2"], x.mean(axis=tuple(range(1, x.ndim - 1))), rtol=1e-5, atol=1e-6)
