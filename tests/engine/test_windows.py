"""Convolution and pooling of any geometry, held against loops that go from value to value."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.plan import compile
from graph.layers.base import Layer
from graph.layers.convolution import Conv1D, Conv2D, Conv3D
from graph.layers.depthwise import DepthwiseConv1D, DepthwiseConv2D
from graph.layers.endpoints import Input
from graph.layers.pooling import (
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
)
from graph.layers.transposed import Conv1DTranspose, Conv2DTranspose
from graph.network import Network, Wire
from graph.shapes import Refusal

BATCH = 2


def sizes_of(axes: int) -> st.SearchStrategy[tuple[int, ...]]:
    """The sizes of one sample with so many axes before its channels."""
    longest = {1: 12, 2: 9, 3: 5}[axes]
    return st.tuples(*[st.integers(1, longest)] * axes, st.integers(1, 6))


def outcome(layer: Layer, sizes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]] | None:
    """Random images, what the layer makes of them, and its weights; None where it refuses them."""
    if isinstance(layer.output(((BATCH, *sizes),)), Refusal):
        return None
    network = Network.of({"x": Input(shape=sizes), "y": layer}, [Wire("x", "y")])
    plan = compile(network, BATCH, training=False, dtype=np.float64)
    plan.inputs["x"][...] = np.random.default_rng(0).standard_normal((BATCH, *sizes))
    plan.forward()
    return plan.inputs["x"], plan.outputs["y"], plan.parameters.of("y")


def under(
    place: tuple[int, ...], x: np.ndarray, k: tuple[int, ...], s: tuple[int, ...], d: tuple[int, ...], padding: str
) -> Iterator[tuple[tuple[int, ...], np.ndarray]]:
    """The values of one window that are inside the images, with their place in the window.

    Padding `same` as TensorFlow defines it: ceil(n / s) places, the odd zero behind. `causal`: all zeros before.
    """
    before = [0] * len(k)
    for axis, n in enumerate(x.shape[1:-1]):
        if padding == "same":
            before[axis] = max((int(np.ceil(n / s[axis])) - 1) * s[axis] + (k[axis] - 1) * d[axis] + 1 - n, 0) // 2
        elif padding == "causal":
            before[axis] = (k[axis] - 1) * d[axis]
    for tap in product(*map(range, k)):
        at = [place[axis] * s[axis] + tap[axis] * d[axis] - before[axis] for axis in range(len(k))]
        if all(0 <= one < n for one, n in zip(at, x.shape[1:-1], strict=True)):
            yield tap, x[:, *at]


AXES = st.integers(1, 3)
CONVOLUTIONS = {1: Conv1D, 2: Conv2D, 3: Conv3D}
POOLINGS = {
    1: (MaxPooling1D, AveragePooling1D),
    2: (MaxPooling2D, AveragePooling2D),
    3: (MaxPooling3D, AveragePooling3D),
}


@settings(max_examples=200, deadline=None)
@given(st.data(), AXES)
def test_convolution(data: st.DataObject, axes: int) -> None:
    sizes = data.draw(sizes_of(axes))
    k, s, d = (data.draw(st.tuples(*[st.integers(1, 4)] * axes)) for _ in range(3))
    s, d = (s, (1,) * axes) if sum(sizes) % 2 else ((1,) * axes, d)
    padding = data.draw(st.sampled_from(["valid", "same", "causal"] if axes == 1 else ["valid", "same"]))
    found = outcome(CONVOLUTIONS[axes](3, kernel_size=k, strides=s, dilation_rate=d, padding=padding), sizes)
    if found is not None:
        x, y, weights = found
        for place in product(*map(range, y.shape[1:-1])):
            expected = sum(values @ weights["kernel"][tap] for tap, values in under(place, x, k, s, d, padding))
            np.testing.assert_allclose(y[:, *place], expected, atol=1e-12)


@settings(max_examples=100, deadline=None)
@given(st.data(), st.integers(1, 2), st.integers(1, 3))
def test_depthwise_convolution(data: st.DataObject, axes: int, multiplier: int) -> None:
    sizes = data.draw(sizes_of(axes))
    k, s = (data.draw(st.tuples(*[st.integers(1, 4)] * axes)) for _ in range(2))
    padding = data.draw(st.sampled_from(["valid", "same"]))
    layer = {1: DepthwiseConv1D, 2: DepthwiseConv2D}[axes]
    found = outcome(layer(kernel_size=k, strides=s, padding=padding, depth_multiplier=multiplier), sizes)
    if found is not None:
        x, y, weights = found
        for place in product(*map(range, y.shape[1:-1])):
            window = under(place, x, k, s, (1,) * axes, padding)
            expected = sum(values[..., None] * weights["kernel"][tap] for tap, values in window)
            np.testing.assert_allclose(y[:, *place], np.reshape(expected, (BATCH, -1)), atol=1e-12)


@settings(max_examples=100, deadline=None)
@given(st.data(), st.integers(1, 2))
def test_transposed_convolution_is_the_transpose_of_the_convolution(data: st.DataObject, axes: int) -> None:
    """With `valid`: <conv(a), b> = <a, transposed(b)> for any a and b, and the same kernel."""
    sizes = data.draw(sizes_of(axes))
    k, s = (data.draw(st.tuples(*[st.integers(1, 4)] * axes)) for _ in range(2))
    transposed = {1: Conv1DTranspose, 2: Conv2DTranspose}[axes]
    found = outcome(transposed(3, kernel_size=k, strides=s, use_bias=False), sizes)
    assert found is not None
    b, y, weights = found
    a = np.random.default_rng(1).standard_normal(y.shape)
    forward = np.zeros(b.shape)
    for place in product(*map(range, b.shape[1:-1])):
        window = under(place, a, k, s, (1,) * axes, "valid")
        forward[:, *place] = sum(values @ weights["kernel"][tap] for tap, values in window)
    np.testing.assert_allclose(np.vdot(forward, b), np.vdot(a, y), rtol=1e-9, atol=1e-9)


@settings(max_examples=200, deadline=None)
@given(st.data(), AXES)
def test_pooling(data: st.DataObject, axes: int) -> None:
    sizes = data.draw(sizes_of(axes))
    window = st.tuples(*[st.integers(1, 4)] * axes)
    k, s = data.draw(window), data.draw(st.none() | window)
    padding = data.draw(st.sampled_from(["valid", "same"]))
    for layer, keep in zip(POOLINGS[axes], (np.max, np.mean), strict=True):
        found = outcome(layer(pool_size=k, strides=s, padding=padding), sizes)
        if found is not None:
            x, y, _ = found
            for place in product(*map(range, y.shape[1:-1])):
                values = [values for _, values in under(place, x, k, s or k, (1,) * axes, padding)]
                np.testing.assert_allclose(y[:, *place], keep(values, axis=0), atol=1e-12)


def test_ties_go_to_the_first_largest_value() -> None:
    """In the order of reading: along the first row of the window, then along the next."""
    network = Network.of({"x": Input(shape=(2, 4, 1)), "y": MaxPooling2D()}, [Wire("x", "y")])
    plan = compile(network, 1, input_gradients=True)
    plan.inputs["x"][0, :, :, 0] = [[1, 3, 5, 5], [3, 3, 5, 5]]
    plan.forward()
    plan.output_gradients["y"][...] = np.array([7.0, 9.0]).reshape(1, 1, 2, 1)
    plan.backward()
    np.testing.assert_array_equal(plan.input_gradients["x"][0, :, :, 0], [[0, 7, 9, 0], [0, 0, 0, 0]])
