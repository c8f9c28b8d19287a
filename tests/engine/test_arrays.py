"""A plan for inference holds new values in arrays that were read, and nobody can tell."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from engine.arrays import Arrays, Tensor
from engine.kernel import Array, Sizes
from engine.plan import Plan, compile
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.layers.merge import Add
from graph.network import Network, Wire
from tests.engine import test_kernels as kernels
from tests.reference.case import Case

MB = 1 << 20


def deep(blocks: int) -> Network:
    """Many wide layers, each pair of them with a way around it."""
    layers = {"x": Input(shape=(64,)), "x0": Dense(1024, "gelu")}
    wires = [Wire("x", "x0")]
    for i in range(blocks):
        layers |= {f"a{i}": Dense(1024, "relu"), f"b{i}": Dense(1024), f"x{i + 1}": Add()}
        wires += [Wire(f"x{i}", f"a{i}"), Wire(f"a{i}", f"b{i}")]
        wires += [Wire(name, f"x{i + 1}", "y", Add.inputs[0].name) for name in (f"x{i}", f"b{i}")]
    return Network.of(layers, wires)


def test_a_deep_network_needs_no_more_than_a_shallow_one() -> None:
    few, many = (compile(deep(blocks), 256, training=False).memory().tensors for blocks in (3, 12))
    assert many == few <= 4 * MB
    assert compile(deep(12), 256).memory().tensors > 12 * 2 * MB


def test_it_gives_what_a_plan_for_training_gives() -> None:
    training = compile(deep(4), 8)
    inference = training.at(8, training=False)
    x = np.random.default_rng(0).standard_normal((8, 64))
    for plan in (training, inference):
        plan.inputs["x"][...] = x
        plan.forward()
    expected = training.outputs["x4"].copy()
    np.testing.assert_array_equal(inference.outputs["x4"], expected)
    inference.forward()
    np.testing.assert_array_equal(inference.outputs["x4"], expected)


@kernels.every_case
def test_every_kernel_writes_all_of_its_output(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a reused array has held before, Keras's values come out."""
    values = Arrays.values

    def used(arrays: Arrays, sizes: Sizes) -> Array:
        array = values(arrays, sizes)
        array.fill(np.nan)
        return array

    monkeypatch.setattr(Arrays, "values", used)
    kernels.test_inference_is_as_in_keras(case)


def test_the_smallest_free_array_with_room_is_taken() -> None:
    arrays = Arrays(np.dtype(np.float32), reuse=True)
    large, small = (Tensor(arrays.values((n, 10)), False) for n in (9, 5))
    for tensor in (large, small):
        arrays.read(tensor)
    assert np.shares_memory(arrays.values((4, 10)), small.y)
    assert np.shares_memory(arrays.values((2, 2)), large.y)
    assert not np.shares_memory(arrays.values((1,)), large.y)
    assert arrays.bytes["tensors"] == (90 + 50 + 1) * 4


def test_a_plan_is_freed_at_once() -> None:
    gc.disable()
    try:
        plan: Plan | None = compile(deep(1), 4)
        assert plan is not None
        output = weakref.ref(plan.outputs["x1"])
        plan = None
        assert output() is None
    finally:
        gc.enable()
