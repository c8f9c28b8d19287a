"""Random expressions: their values against Python's own reading with NumPy, and their slopes against differences."""

from __future__ import annotations

import tracemalloc
from functools import reduce
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

from engine.gradcheck import gradient_errors
from engine.kernel import Array
from engine.kernels.lambda_operations import FORMULAS
from engine.plan import compile
from graph.expression.operations import OPERATIONS
from graph.layers.endpoints import Input
from graph.layers.lambda_layer import Lambda
from graph.network import Network, Wire
from tests.helpers.strategies import expressions

BATCH = 2


def network(text: str, *xs: tuple[int, ...]) -> Network:
    inputs = {f"in{i}": Input(shape=x) for i, x in enumerate(xs)}
    return Network.of({**inputs, "y": Lambda(text)}, [Wire(name, "y") for name in inputs])


def reduced(name: str) -> Any:
    def along(*xs: Any, axis: Any = None, keepdims: bool = False) -> Any:
        if len(xs) > 1:
            return reduce({"max": np.maximum, "min": np.minimum}[name], xs)
        return getattr(np, name)(xs[0], axis=axis, keepdims=keepdims)

    return along


WORDS: dict[str, Any] = {
    **{name: getattr(np, name) for name in ("exp", "log", "sqrt", "square", "tanh", "abs", "sin", "cos", "where")},
    **{name: reduced(name) for name in ("mean", "sum", "max", "min")},
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
}


def samples(*xs: tuple[int, ...]) -> dict[str, Array]:
    generator = np.random.default_rng(3)
    return {f"in{i}": generator.normal(size=(BATCH, *x)) for i, x in enumerate(xs)}


def test_every_operation_has_its_formula() -> None:
    assert set(FORMULAS) == set(OPERATIONS)
    for name, operation in OPERATIONS.items():
        assert len(FORMULAS[name].slopes) == operation.takes, name


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(expressions(2))
def test_values_are_those_of_numpy(text: str) -> None:
    given = samples((3, 4), (3, 4))
    plan = compile(network(text, (3, 4), (3, 4)), BATCH, training=False, dtype=np.float64)
    for name, x in given.items():
        plan.inputs[name][...] = x
    plan.forward()
    expected = eval(text, WORDS | {"x": given["in0"], "x0": given["in0"], "x1": given["in1"]})
    np.testing.assert_allclose(plan.outputs["y"], expected, rtol=1e-12, atol=1e-12)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(expressions(2))
def test_the_gradient_is_the_slope(text: str) -> None:
    plan = compile(network(text, (3,), (1,)), BATCH, input_gradients=True, dtype=np.float64)
    given = samples((3,), (1,))
    errors = gradient_errors(plan, given)
    if max(errors.values()) > 1e-6:
        assume(not near_a_bend(text, given))
    assert max(errors.values()) <= 1e-6, errors


def near_a_bend(text: str, given: dict[str, Array]) -> bool:
    """Whether the one-sided slopes differ somewhere, so that there is no slope to be held against."""

    def figure(i: int, by: float) -> Array:
        moved = {name: x.copy() for name, x in given.items()}
        for x in moved.values():
            if i < x.size:
                x.reshape(-1)[i] += by
        return np.asarray(eval(text, WORDS | {"x": moved["in0"], "x0": moved["in0"], "x1": moved["in1"]}))

    for i in range(max(x.size for x in given.values())):
        here = figure(i, 0.0)
        before, behind = here - figure(i, -1e-5), figure(i, 1e-5) - here
        if np.abs(before - behind).max() > 1e-8 * max(1.0, float(np.abs(here).max())):
            return True
    return False


@pytest.mark.parametrize("text", ["x0 * x1 + x0", "where(x0 > 0, 1, 2) * x1", "exp(mean(x1[:, 0:1], axis=1))"])
def test_a_step_on_other_values_changes_nothing(text: str) -> None:
    """Gradients are written anew in every step, also those of inputs that no slope reaches."""
    plan = compile(network(text, (3,), (3,)), BATCH, input_gradients=True, dtype=np.float64)
    assert max(gradient_errors(plan, samples((3,), (3,))).values()) < 1e-6
    assert max(gradient_errors(plan, {k: 2 * x for k, x in samples((3,), (3,)).items()}).values()) < 1e-6


def test_a_step_allocates_no_arrays() -> None:
    text = "where(x > 0, x ** 2, exp(x)) - mean(x * x1, axis=-1, keepdims=True) + max(x, x1)[:, 0:1]"
    plan = compile(network(text, (512,), (1,)), 64, input_gradients=True)
    for dy in plan.output_gradients.values():
        dy.fill(1.0)
    plan.forward()
    plan.backward()
    tracemalloc.start()
    for _ in range(5):
        plan.forward()
        plan.backward()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64 * 512 * 4
