"""Penalties on outputs: the losses and weights of Keras, their slopes, and what a loss is computed before."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.bind import last_activation
from engine.gradcheck import gradient_errors
from engine.objective import Objective, goals_of, logits_of
from engine.plan import Plan, compile
from engine.predict import evaluate
from graph.fields.spec import write_spec
from graph.infer import infer
from graph.layers.activation import Activation
from graph.layers.convolution import Conv1D
from graph.layers.core import Dense
from graph.layers.endpoints import Input, Output
from graph.layers.rectifiers import Softmax
from graph.layers.regularization import ActivityRegularization
from graph.layers.reshape import Flatten
from graph.network import Network, Wire
from tests.engine.training.reference import RECIPE, chain, stored
from tests.reference.training_penalties import NETWORKS, REGULARIZERS, STEPS


def network(names: tuple[str, ...]) -> Network:
    first, second = (write_spec(REGULARIZERS[name]) for name in names)
    return chain(
        ("x", Input(shape=(3,))),
        ("h", Dense(4, activation="relu", activity_regularizer=first)),
        ("held", ActivityRegularization(0.03, 0.02)),
        ("y", Dense(3, activation="softmax", activity_regularizer=second)),
    )


def begun(key: str) -> tuple[Plan, Objective]:
    made = network(NETWORKS[key])
    goals = goals_of(infer(made), RECIPE, ["y"])
    plan = compile(made, 6, logits=logits_of(goals))
    weights = ["h/kernel", "h/bias", "y/kernel", "y/bias"]
    plan.parameters.load({name: stored("penalties")[f"{key}|begin {i}"] for i, name in enumerate(weights)})
    return plan, Objective(goals)


@pytest.mark.parametrize("key", NETWORKS)
def test_training_is_as_in_keras(key: str) -> None:
    given = stored("penalties")
    plan, objective = begun(key)
    bound = objective.on(plan)
    losses = []
    for step in range(STEPS):
        rows = slice(6 * step, 6 * step + 6)
        plan.inputs["x"][...] = given["x"][rows]
        bound.targets["y"][...] = given["t"][rows]
        plan.forward()
        losses.append(bound.figures()[0])
        bound.slopes()
        plan.backward()
        plan.parameters.trainable[...] -= 0.1 * plan.parameters.gradient
    np.testing.assert_allclose(losses, given[f"{key}|losses"], rtol=1e-4)
    for i, w in enumerate(plan.parameters.named().values()):
        np.testing.assert_allclose(w, given[f"{key}|end {i}"], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("key", NETWORKS)
def test_evaluation_counts_the_penalties_as_keras_does(key: str) -> None:
    given = stored("penalties")
    plan, objective = begun(key)
    logs = evaluate(plan, objective, {"x": given["x"]}, {"y": given["t"].astype(np.intp)}, 9)
    assert logs["loss"] == pytest.approx(given[f"{key}|before"].item(), rel=1e-5)


@pytest.mark.parametrize("name", REGULARIZERS)
def test_the_gradient_is_the_slope(name: str) -> None:
    """Also where the output goes to several layers, and where there are two of them."""
    spec = write_spec(REGULARIZERS[name])
    layers: dict[str, Any] = {
        "x": Input(shape=(5, 2)),
        "h": Conv1D(3, 2, activation="tanh", activity_regularizer=spec),
        "held": ActivityRegularization(0.3, 0.2),
        "flat": Flatten(),
        "a": Dense(2, activity_regularizer=spec),
        "b": Activation("sigmoid"),
        "c": Output(),
    }
    wires = [("x", "h"), ("h", "held"), ("h", "flat"), ("held", "b"), ("flat", "a"), ("h", "c")]
    plan = compile(Network.of(layers, [Wire(*w) for w in wires]), 3, input_gradients=True, dtype=np.float64, seed=4)
    x = np.random.default_rng(1).normal(size=(3, 5, 2))
    assert max(gradient_errors(plan, {"x": x}).values()) < 1e-6


def test_a_softmax_layer_is_computed_with_its_loss() -> None:
    ends = [("x", Input(shape=(4,))), ("h", Dense(3)), ("y", Softmax())]
    assert last_activation(infer(chain(*ends)), "y") == ("y", "softmax")
    assert last_activation(infer(chain(*ends, ("z", Output()))), "z") == ("y", "softmax")
    other = [("x", Input(shape=(4, 2))), ("y", Softmax(axis=1))]
    assert last_activation(infer(chain(*other)), "y") is None
    penalized = [("x", Input(shape=(4,))), ("y", Dense(3, activation="softmax", activity_regularizer="l2"))]
    assert last_activation(infer(chain(*penalized)), "y") is None


@pytest.mark.parametrize("last", [Softmax(), Activation("softmax")])
def test_a_wrong_and_certain_softmax_still_learns(last: Softmax | Activation) -> None:
    """Computed apart, the loss of probabilities of 0 and its slope would be cut off."""
    made = chain(("x", Input(shape=(3,))), ("y", last))
    goals = goals_of(infer(made), RECIPE, ["y"])
    plan = compile(made, 1, logits=logits_of(goals), input_gradients=True)
    bound = Objective(goals).on(plan)
    plan.inputs["x"][...] = [[300.0, 0.0, -300.0]]
    bound.targets["y"][...] = [2]
    plan.forward()
    assert bound.figures()[0] == pytest.approx(600.0)
    bound.slopes()
    plan.backward()
    np.testing.assert_allclose(plan.input_gradients["x"], [[1.0, 0.0, -1.0]], atol=1e-6)
