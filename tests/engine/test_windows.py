"""Convolution and pooling of any geometry, held against loops that go from value to value."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.plan import compile
from graph.layers.base import Layer
from graph.layers.convolution import Conv2D
from graph.layers.endpoints import Input
from graph.layers.pooling import AveragePooling2D, MaxPooling2D
from graph.network import Network, Wire
from graph.shapes import Refusal

PAIRS = st.tuples(st.integers(1, 4), st.integers(1, 4))
SIZES = st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 6))
BATCH = 2


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
    place: tuple[int, int], x: np.ndarray, k: tuple[int, int], s: tuple[int, int], d: tuple[int, int], padding: str
) -> Iterator[tuple[int, int, np.ndarray]]:
    """The values of one window that are inside the images, with their row and column in the window.

    Padding `same` as TensorFlow defines it: ceil(n / s) places, the odd zero behind.
    """
    before = [0, 0]
    if padding == "same":
        for axis in (0, 1):
            n = x.shape[1 + axis]
            total = max((int(np.ceil(n / s[axis])) - 1) * s[axis] + (k[axis] - 1) * d[axis] + 1 - n, 0)
            before[axis] = total // 2
    for i, j in product(range(k[0]), range(k[1])):
        row, column = place[0] * s[0] + i * d[0] - before[0], place[1] * s[1] + j * d[1] - before[1]
        if 0 <= row < x.shape[1] and 0 <= column < x.shape[2]:
            yield i, j, x[:, row, column]


@settings(max_examples=150, deadline=None)
@given(SIZES, PAIRS, PAIRS, PAIRS, st.sampled_from(["valid", "same"]))
def test_convolution(
    sizes: tuple[int, int, int], k: tuple[int, int], s: tuple[int, int], d: tuple[int, int], padding: str
) -> None:
    s, d = (s, (1, 1)) if sum(sizes) % 2 else ((1, 1), d)
    found = outcome(Conv2D(3, kernel_size=k, strides=s, dilation_rate=d, padding=padding), sizes)
    if found is not None:
        x, y, weights = found
        for place in product(range(y.shape[1]), range(y.shape[2])):
            expected = sum(values @ weights["kernel"][i, j] for i, j, values in under(place, x, k, s, d, padding))
            np.testing.assert_allclose(y[:, *place], expected, atol=1e-12)


@settings(max_examples=150, deadline=None)
@given(SIZES, PAIRS, st.none() | PAIRS, st.sampled_from(["valid", "same"]))
def test_pooling(sizes: tuple[int, int, int], k: tuple[int, int], s: tuple[int, int] | None, padding: str) -> None:
    for layer, keep in ((MaxPooling2D, np.max), (AveragePooling2D, np.mean)):
        found = outcome(layer(pool_size=k, strides=s, padding=padding), sizes)
        if found is not None:
            x, y, _ = found
            for place in product(range(y.shape[1]), range(y.shape[2])):
                window = [values for _, _, values in under(place, x, k, s or k, (1, 1), padding)]
                np.testing.assert_allclose(y[:, *place], keep(window, axis=0), atol=1e-12)


def test_ties_go_to_the_first_largest_value() -> None:
    """In the order of reading: along the first row of the window, then along the next."""
    network = Network.of({"x": Input(shape=(2, 4, 1)), "y": MaxPooling2D()}, [Wire("x", "y")])
    plan = compile(network, 1, input_gradients=True)
    plan.inputs["x"][0, :, :, 0] = [[1, 3, 5, 5], [3, 3, 5, 5]]
    plan.forward()
    plan.output_gradients["y"][...] = np.array([7.0, 9.0]).reshape(1, 1, 2, 1)
    plan.backward()
    np.testing.assert_array_equal(plan.input_gradients["x"][0, :, :, 0], [[0, 7, 9, 0], [0, 0, 0, 0]])
