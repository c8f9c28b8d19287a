"""Plans: what they refuse, what they share, how randomness and modes behave, and what they leave untouched."""

from __future__ import annotations

import gc
import weakref
from itertools import pairwise

import numpy as np
import pytest

from engine.bind import UnknownSize
from engine.plan import CannotCompile, Plan, compile
from graph.layers.activation import Activation
from graph.layers.base import Layer
from graph.layers.convolution import Conv2D
from graph.layers.core import Dense
from graph.layers.endpoints import Input, Output
from graph.layers.merge import Add
from graph.layers.normalization import BatchNormalization
from graph.layers.regularization import Dropout
from graph.layers.reshape import Flatten
from graph.network import Network, Wire


def chain(*layers: Layer) -> Network:
    """Layers `l0`, `l1`, ... wired one after another."""
    names = [f"l{i}" for i in range(len(layers))]
    return Network.of(dict(zip(names, layers, strict=True)), [Wire(a, b) for a, b in pairwise(names)])


def filled(plan: Plan, seed: int = 0) -> Plan:
    """The plan with random inputs and output gradients, the same for every plan of these shapes."""
    generator = np.random.default_rng(seed)
    for array in (*plan.inputs.values(), *plan.output_gradients.values()):
        array[...] = generator.standard_normal(array.shape)
    return plan


def test_refuses_a_network_with_errors() -> None:
    with pytest.raises(CannotCompile, match="l1: Conv2D takes images") as caught:
        compile(chain(Input(shape=(4,)), Conv2D(2)))
    assert [problem.node for problem in caught.value.problems] == ["l1"]


def test_refuses_a_size_that_is_not_known() -> None:
    with pytest.raises(UnknownSize, match=r"l0: the shape .* has sizes that are not known"):
        compile(chain(Input(shape=(None, 3)), Dense(2)))


def test_same_seed_same_numbers() -> None:
    network = chain(Input(shape=(6,)), Dense(5, activation="relu"), Dropout(0.5), Dense(2))
    outputs = []
    for seed in (3, 3, 4):
        plan = filled(compile(network, 4, seed=seed))
        plan.forward()
        plan.backward()
        outputs.append((plan.outputs["l3"].copy(), plan.parameters.gradient.copy()))
    np.testing.assert_array_equal(outputs[0][0], outputs[1][0])
    np.testing.assert_array_equal(outputs[0][1], outputs[1][1])
    assert not np.array_equal(outputs[0][0], outputs[2][0])


def test_weights_of_a_layer_do_not_depend_on_the_others() -> None:
    alone = compile(chain(Input(shape=(6,)), Dense(5)), 1).parameters.of("l1")["kernel"]
    among = compile(chain(Input(shape=(6,)), Dense(5), Dense(7)), 1).parameters.of("l1")["kernel"]
    np.testing.assert_array_equal(alone, among)


def test_dropout_drops_its_part_and_keeps_the_mean() -> None:
    plan = compile(chain(Input(shape=(10_000,)), Dropout(0.3), Output()), 4)
    plan.inputs["l0"].fill(1.0)
    plan.forward()
    y = plan.outputs["l2"]
    assert abs((y == 0.0).mean() - 0.3) < 0.01
    assert abs(y.mean() - 1.0) < 0.01
    before = y.copy()
    plan.forward()
    assert not np.array_equal(before, y)
    assert np.shares_memory(plan.at(4, training=False).outputs["l2"], plan.at(4, training=False).inputs["l0"])


def test_dropout_begins_anew_with_seed_and_epoch() -> None:
    plan = compile(chain(Input(shape=(50,)), Dropout(0.5)), 2)
    plan.inputs["l0"].fill(1.0)
    seen = []
    for seed, epoch in ((1, 1), (1, 2), (1, 1), (2, 1)):
        plan.reseed(seed, epoch)
        plan.forward()
        seen.append(plan.outputs["l1"].copy())
    np.testing.assert_array_equal(seen[0], seen[2])
    assert not np.array_equal(seen[0], seen[1])
    assert not np.array_equal(seen[0], seen[3])


def test_a_plan_that_nobody_holds_is_gone_without_a_collection() -> None:
    plan = filled(compile(chain(Input(shape=(8, 8, 1)), Conv2D(2), BatchNormalization(), Flatten(), Dense(2)), 4))
    plan.forward()
    held = weakref.ref(plan.outputs["l4"])
    gc.disable()
    try:
        del plan
        assert held() is None
    finally:
        gc.enable()


def test_plans_of_other_sizes_share_the_weights() -> None:
    plan = filled(compile(chain(Input(shape=(3,)), Dense(4, activation="elu"), Dense(2)), 8))
    plan.forward()
    other = plan.at(3)
    assert plan.at(3) is other
    assert other.at(8) is plan
    for name, x in other.inputs.items():
        x[...] = plan.inputs[name][:3]
    other.forward()
    np.testing.assert_allclose(other.outputs["l2"], plan.outputs["l2"][:3], rtol=1e-6)
    assert other.parameters is plan.parameters


def test_fused_logits_are_the_values_before_the_last_activation() -> None:
    network = chain(Input(shape=(3,)), Dense(4, activation="softmax"), Output())
    plan = filled(compile(network, 5, logits=["l2"]))
    plan.forward()
    exponents = np.exp(plan.logits["l2"].astype(np.float64))
    np.testing.assert_allclose(plan.outputs["l2"], exponents / exponents.sum(axis=1, keepdims=True), rtol=1e-5)
    plan.backward()
    np.testing.assert_allclose(
        plan.parameters.gradients_of("l1")["kernel"], plan.inputs["l0"].T @ plan.output_gradients["l2"], rtol=1e-4
    )


def test_activation_on_its_own_works_in_place_only_where_nobody_else_reads() -> None:
    layers = {"x": Input(shape=(4,)), "dense": Dense(4), "relu": Activation("relu"), "add": Add()}
    wires = [Wire("x", "dense"), Wire("dense", "relu"), Wire("relu", "add")]
    shared = compile(Network.of(layers, [*wires, Wire("dense", "add")]), 2)
    alone = compile(Network.of(layers, [*wires, Wire("x", "add")]), 2)
    assert shared.memory().tensors - alone.memory().tensors == 2 * 4 * 4
    filled(shared).forward()
    x, w = shared.inputs["x"], shared.parameters.of("dense")["kernel"]
    np.testing.assert_allclose(shared.outputs["add"], np.maximum(x @ w, 0) + x @ w, rtol=1e-5, atol=1e-6)


def test_activation_never_writes_over_the_samples() -> None:
    plan = filled(compile(chain(Input(shape=(3, 2)), Flatten(), Activation("relu"), Dense(1)), 4))
    before = plan.inputs["l0"].copy()
    plan.forward()
    plan.backward()
    np.testing.assert_array_equal(plan.inputs["l0"], before)


def test_frozen_layers_get_no_gradient_and_pass_it_on() -> None:
    network = chain(Input(shape=(3,)), Dense(4), Dense(4, trainable=False, activation="tanh"), Dense(2))
    plan = filled(compile(network, 5))
    plan.forward()
    plan.backward()
    assert [slot.layer for slot in plan.parameters.slots if slot.trainable] == ["l1", "l1", "l3", "l3"]
    assert np.abs(plan.parameters.gradients_of("l1")["kernel"]).max() > 0.0


def test_moving_statistics_change_in_training_only() -> None:
    network = chain(Input(shape=(3,)), BatchNormalization(momentum=0.9))
    plan = filled(compile(network, 50))
    plan.at(50, training=False).forward()
    moving = plan.parameters.of("l1")["moving_mean"]
    assert not moving.any()
    plan.forward()
    np.testing.assert_allclose(moving, 0.1 * plan.inputs["l0"].mean(axis=0), rtol=1e-4, atol=1e-6)


def test_float32_stays_float32() -> None:
    """No array of a plan is wider than the weights: one 64-bit number in a formula would halve its speed."""
    network = chain(Input(shape=(6, 6, 2)), Conv2D(3, activation="elu"), BatchNormalization(), Flatten(), Dense(2))
    plan = filled(compile(network, 4))
    plan.forward()
    plan.backward()
    arrays = (*plan.outputs.values(), *plan.output_gradients.values(), plan.parameters.gradient)
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


def test_memory_counts_what_is_held() -> None:
    plan = compile(chain(Input(shape=(10,)), Dense(20), Dense(5)), 32)
    memory = plan.memory()
    assert memory.weights == 4 * (10 * 20 + 20 + 20 * 5 + 5)
    assert memory.tensors == 4 * 32 * (10 + 20 + 5)
    assert memory.total == memory.weights + memory.gradients + memory.tensors + memory.scratch
    assert plan.at(32, training=False).memory().gradients == 0


def test_channels_of_a_single_number() -> None:
    plan = filled(compile(chain(Input(()), Flatten("channels_first")), 3, input_gradients=True))
    plan.forward()
    plan.backward()
    np.testing.assert_array_equal(plan.outputs["l1"], plan.inputs["l0"][:, np.newaxis])
    np.testing.assert_array_equal(plan.input_gradients["l0"], plan.output_gradients["l1"][:, 0])
