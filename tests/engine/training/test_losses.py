"""Losses against Keras and against finite differences."""

from __future__ import annotations

import numpy as np
import pytest

from engine.losses import Ends, LossFunction, fuses, loss_function_of
from graph.losses import Hinge, Loss, losses
from tests.engine.training.reference import stored
from tests.reference.training_losses import LOSSES, name_of

LAST = {"softmax": ("categorical_crossentropy", "sparse_categorical_crossentropy"), "sigmoid": ("binary_crossentropy",)}


def activation_of(loss: Loss) -> str | None:
    return next((name for name in LAST if fuses(loss, name)), None)


def activate(x: np.ndarray, name: str) -> np.ndarray:
    if name == "sigmoid":
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(-x))
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def target(loss: Loss, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    if loss.target == "classes":
        return rng.integers(0, shape[-1], shape[:-1])
    if loss.target == "one_hot":
        return np.eye(shape[-1])[rng.integers(0, shape[-1], shape[:-1])]
    return rng.integers(0, 2, shape).astype(float) if loss.target == "binary" else rng.standard_normal(shape)


def slope_by_differences(function: LossFunction, x: np.ndarray, renew) -> np.ndarray:
    found, h = np.empty_like(x), 1e-6
    for place in np.ndindex(x.shape):
        kept = x[place]
        sides = []
        for side in (kept + h, kept - h):
            x[place] = side
            renew()
            sides.append(function.value())
        x[place] = kept
        found[place] = (sides[0] - sides[1]) / (2 * h)
    renew()
    return found


def test_every_declared_loss_has_its_function() -> None:
    for declared in losses:
        y = np.full((2, 3), 0.5)
        function = loss_function_of(declared(), False)(
            Ends(y, np.zeros((2,), int) if declared.target == "classes" else y)
        )
        assert isinstance(function, LossFunction)


def test_each_crossentropy_joins_its_activation_and_no_other() -> None:
    fused = {(loss.key, name) for loss in losses for name in LAST if fuses(loss(), name)}
    assert fused == {(key, name) for name, keys in LAST.items() for key in keys}
    assert not any(fuses(loss(), "linear") for loss in losses)
    logits = [loss for loss in LOSSES if loss.config().get("from_logits")]
    assert logits
    assert not any(fuses(loss, name) for loss in logits for name in LAST)


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("shape", [(4, 3), (2, 3, 4), (5, 1)])
@pytest.mark.parametrize("loss", LOSSES, ids=name_of)
def test_the_slope_is_that_of_the_value(loss: Loss, shape: tuple[int, ...], weighted: bool) -> None:
    rng = np.random.default_rng(0)
    y = rng.uniform(0.1, 0.9, shape)
    dy = np.empty_like(y)
    sample_weight = rng.uniform(0.0, 2.0, len(y)) if weighted else None
    ends = Ends(y, target(loss, shape, rng), dy=dy, weight=0.5, sample_weight=sample_weight)
    function = loss_function_of(loss, False)(ends)
    function.value()
    function.slope()
    np.testing.assert_allclose(dy, 0.5 * slope_by_differences(function, y, lambda: None), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("shape", [(4, 3), (2, 3, 4)])
@pytest.mark.parametrize("key", [key for keys in LAST.values() for key in keys])
def test_the_slope_of_logits_is_that_of_the_value(key: str, shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(1)
    loss = losses.make(key)
    activation = activation_of(loss)
    assert activation is not None
    x = rng.standard_normal(shape)
    y = activate(x, activation)
    dx = np.empty_like(x)
    function = loss_function_of(loss, True)(Ends(y, target(loss, shape, rng), x, dx, 2.0))
    function.value()
    function.slope()

    def renew() -> None:
        y[...] = activate(x, activation)

    np.testing.assert_allclose(dx, 2.0 * slope_by_differences(function, x, renew), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("loss", LOSSES, ids=name_of)
def test_values_and_slopes_are_those_of_keras(loss: Loss, dtype: type, weighted: bool) -> None:
    given = stored("losses")
    y, t = (given[f"{name_of(loss)}|{end}"] for end in "yt")
    y, t = y.astype(dtype), t if loss.target == "classes" else t.astype(dtype)
    dy = np.empty_like(y)
    sample_weight = given["sample_weight"].astype(dtype) if weighted else None
    value, slope = ("weighted", "weighted dy") if weighted else ("value", "dy")
    function = loss_function_of(loss, False)(Ends(y, t, dy=dy, sample_weight=sample_weight))
    assert function.value() == pytest.approx(given[f"{name_of(loss)}|{value}"], rel=5e-6)
    function.slope()
    np.testing.assert_allclose(dy, given[f"{name_of(loss)}|{slope}"], rtol=2e-4, atol=1e-6)


@pytest.mark.parametrize("loss", [loss for loss in LOSSES if activation_of(loss)], ids=name_of)
def test_what_is_computed_from_the_logits_is_the_same(loss: Loss) -> None:
    given = stored("losses")
    y, t = (given[f"{name_of(loss)}|{end}"] for end in "yt")
    x = np.log(y / (1 - y)) if activation_of(loss) == "sigmoid" else np.log(y)
    weight = given["sample_weight"]
    for ends in (Ends(y, t, x), Ends(y, t, x, sample_weight=weight)):
        expected = given[f"{name_of(loss)}|{'value' if ends.sample_weight is None else 'weighted'}"]
        assert loss_function_of(loss, True)(ends).value() == pytest.approx(expected, rel=5e-6)


def test_probabilities_are_clipped_and_normalized_as_in_keras() -> None:
    given = stored("losses")
    binary = loss_function_of(losses.make("binary_crossentropy"), False)
    ends = Ends(np.array([[0.0, 1.0]], np.float32), np.ones((1, 2), np.float32))
    assert binary(ends).value() == pytest.approx(given["clipped binary"], rel=1e-5)
    sparse = loss_function_of(losses.make("sparse_categorical_crossentropy"), False)
    dy = np.empty((1, 2), np.float32)
    clipped = sparse(Ends(np.array([[1.0, 0.0]], np.float32), np.array([1]), dy=dy))
    assert clipped.value() == pytest.approx(given["clipped sparse"], rel=1e-5)
    clipped.slope()
    assert not dy.any()
    categorical = loss_function_of(losses.make("categorical_crossentropy"), False)
    value = categorical(Ends(given["unnormalized y"], np.eye(5, dtype=np.float32)[np.arange(7) % 5])).value()
    assert value == pytest.approx(given["unnormalized categorical"], rel=1e-5)


def test_targets_with_signs_are_taken_as_they_are() -> None:
    y = np.array([[0.3], [-2.0]])
    from_bits = loss_function_of(Hinge(), False)(Ends(y, np.array([[1.0], [0.0]]))).value()
    assert loss_function_of(Hinge(), False)(Ends(y, np.array([[1.0], [-1.0]]))).value() == from_bits == 0.35


def test_a_row_without_direction_has_no_slope() -> None:
    y, t = np.zeros((1, 3)), np.ones((1, 3))
    dy = np.full_like(y, np.nan)
    function = loss_function_of(losses.make("cosine_similarity"), False)(Ends(y, t, dy=dy))
    assert function.value() == 0.0
    function.slope()
    assert not dy.any()


@pytest.mark.parametrize("far", [1e2, 1e4, 1e30])
def test_far_logits_stay_numbers(far: float) -> None:
    """A wrong answer that is `far` off costs `far`, a right one nothing: the limits of the formulas."""
    x = np.array([[far, 0.0], [0.0, far]], np.float32)
    y, dx = activate(x, "softmax"), np.empty_like(x)
    for key, t in (
        ("sparse_categorical_crossentropy", np.array([1, 1])),
        ("categorical_crossentropy", np.eye(2)[[1, 1]]),
    ):
        function = loss_function_of(losses.make(key), True)(Ends(y, t, x, dx))
        assert function.value() == pytest.approx(far / 2, rel=1e-6)
        function.slope()
        np.testing.assert_allclose(dx, [[0.5, -0.5], [0.0, 0.0]], atol=1e-6)
    function = loss_function_of(losses.make("binary_crossentropy"), True)(
        Ends(activate(x, "sigmoid"), 1 - x / far, x, dx)
    )
    assert function.value() == pytest.approx((2 * far + 2 * np.log(2)) / 4, rel=1e-6)
