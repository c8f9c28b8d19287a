"""Regularizers and constraints against Keras, and where they take hold in a run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.bounds import Bounds
from engine.parameters import Parameters
from engine.plan import compile
from graph.constraints import Constraint, constraints
from graph.fields.spec import write_spec
from graph.infer import infer
from graph.layers.base import Layer
from graph.layers.core import Dense, Embedding
from graph.layers.depthwise import DepthwiseConv2D, SeparableConv1D
from graph.layers.endpoints import Input
from graph.layers.normalization import BatchNormalization, LayerNormalization
from graph.layers.rectifiers import PReLU
from graph.layers.recurrent import LSTM
from graph.network import Network
from graph.optimizers import SGD
from graph.regularizers import Regularizer, regularizers
from tests.engine.training.reference import RECIPE, chain, stored, trainer
from tests.reference.training_bounds import CONSTRAINTS, REGULARIZERS
from tests.reference.training_losses import name_of


def network(**parameters: Any) -> Network:
    return chain(("x", Input(shape=(5,))), ("y", Dense(4, use_bias=False, **parameters)))


def bound(**parameters: Any) -> tuple[Bounds, Parameters]:
    inference = infer(network(**parameters))
    weights = Parameters(inference, np.float64)
    weights.trainable[...] = stored("bounds")["w"].reshape(-1)
    return Bounds(weights), weights


def test_every_declared_one_is_compared_with_keras() -> None:
    assert {type(one) for one in REGULARIZERS} == set(regularizers)
    assert {type(one) for one in CONSTRAINTS} == set(constraints)


@pytest.mark.parametrize("regularizer", REGULARIZERS, ids=name_of)
def test_a_penalty_and_its_slope_are_those_of_keras(regularizer: Regularizer) -> None:
    bounds, weights = bound(kernel_regularizer=write_spec(regularizer))
    given = stored("bounds")
    assert bounds.penalty() == pytest.approx(given[f"{name_of(regularizer)}|value"].item(), rel=1e-5)
    weights.gradient[...] = 1.0
    bounds.add_slopes()
    slope = weights.gradient.reshape(5, 4) - 1.0
    np.testing.assert_allclose(slope, given[f"{name_of(regularizer)}|slope"], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("regularizer", REGULARIZERS, ids=name_of)
def test_the_slope_is_that_of_the_penalty(regularizer: Regularizer) -> None:
    bounds, weights = bound(kernel_regularizer=write_spec(regularizer))
    bounds.add_slopes()
    w = weights.trainable
    for place in range(w.size):
        kept, sides = w[place], []
        for side in (kept + 1e-6, kept - 1e-6):
            w[place] = side
            sides.append(bounds.penalty())
        w[place] = kept
        assert weights.gradient[place] == pytest.approx((sides[0] - sides[1]) / 2e-6, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("constraint", CONSTRAINTS, ids=name_of)
def test_held_weights_are_those_of_keras(constraint: Constraint) -> None:
    bounds, weights = bound(kernel_constraint=write_spec(constraint))
    bounds.hold()
    held = stored("bounds")[f"{name_of(constraint)}|held"]
    np.testing.assert_allclose(weights.trainable.reshape(5, 4), held, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(
    ("layer", "shape", "parameters", "weight"),
    [
        (DepthwiseConv2D, (4, 4, 2), {"kernel_size": 2}, "depthwise"),
        (SeparableConv1D, (4, 2), {"filters": 3}, "pointwise"),
        (Embedding, (4,), {}, "embeddings"),
        (LSTM, (4, 2), {}, "recurrent"),
        (PReLU, (4,), {}, "alpha"),
        (BatchNormalization, (4,), {}, "gamma"),
        (LayerNormalization, (4,), {}, "gamma"),
    ],
)
def test_every_weight_has_the_rules_that_are_named_after_it(
    layer: type[Layer], shape: tuple[int, ...], parameters: dict[str, Any], weight: str
) -> None:
    rules = {f"{weight}_initializer": "ones", f"{weight}_regularizer": "l1(0.5)", f"{weight}_constraint": "max_norm(0)"}
    given = {key: value for key, value in rules.items() if key in layer.parameters}
    inference = infer(chain(("x", Input(shape=shape)), ("y", layer(**parameters, **given))))
    weights = Parameters(inference)
    weights.initialize(0)
    held = [slot for slot in weights.slots if slot.constraint is not None]
    assert len(held) == 1
    bounds = Bounds(weights)
    assert bounds.penalty() == pytest.approx(0.5 * held[0].view(weights.values).size)
    bounds.hold()
    assert not held[0].view(weights.values).any()


def test_frozen_weights_are_left_alone() -> None:
    inference = infer(network(kernel_regularizer="l2", kernel_constraint="unit_norm", trainable=False))
    weights = Parameters(inference)
    weights.values[...] = 2.0
    bounds = Bounds(weights)
    bounds.hold()
    assert bounds.penalty() == 0.0
    assert (weights.values == 2.0).all()


def test_a_run_counts_the_penalty_and_holds_the_weights() -> None:
    """Without a learning rate to speak of, the loss of a run with l2 is that without, and the penalty."""
    plain = chain(("x", Input(shape=(2,))), ("y", Dense(3, activation="softmax")))
    held = chain(("x", Input(shape=(2,))), ("y", Dense(3, activation="softmax", kernel_regularizer="l2(0.5)")))
    recipe = replace(RECIPE, optimizer=SGD(1e-12), epochs=1)
    logs = []
    for one in (plain, held):
        run = trainer(recipe, one)
        logs.append(next(event for event in run.events() if type(event).__name__ == "EpochEnded").logs)
        w = run.plan.parameters.of("y")["kernel"]
    for name in ("loss", "val_loss"):
        assert logs[1][name] - logs[0][name] == pytest.approx(0.5 * float((w**2).sum()), rel=1e-4)
    assert logs[0]["val_accuracy"] == logs[1]["val_accuracy"]
    unit = chain(("x", Input(shape=(2,))), ("y", Dense(3, activation="softmax", kernel_constraint="unit_norm")))
    run = trainer(replace(recipe, optimizer=SGD(0.1)), unit)
    list(run.events())
    np.testing.assert_allclose((run.plan.parameters.of("y")["kernel"] ** 2).sum(axis=0), 1.0, rtol=1e-5)


def test_what_is_not_a_regularizer_is_answered() -> None:
    with pytest.raises(ValueError, match=r"expected one of l1, l2"):
        compile(network(kernel_regularizer="l3"))
