"""States that are carried from batch to batch: as Keras does, shared by all plans of a network, new in every pass."""

from __future__ import annotations

import numpy as np
import pytest

from engine.gradcheck import gradient_errors
from engine.kernel import Array
from engine.objective import Objective, goals_of, logits_of
from engine.plan import Plan, compile
from engine.predict import predict
from engine.states import BatchTooLarge
from engine.trainer import Trainer, examples
from graph.infer import infer
from graph.layers.base import Layer
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.layers.masking import Masking
from graph.layers.recurrent import LSTM
from graph.layers.wrappers import Bidirectional, TimeDistributed
from graph.losses import MeanSquaredError
from graph.network import Network
from graph.optimizers import SGD
from graph.recipe import TrainingRecipe
from tests.engine.training.reference import chain
from tests.reference.stateful import BATCH, FEATURES, LAYERS, STEPS, batches
from tests.reference.stored import kept

every_layer = pytest.mark.parametrize("name", LAYERS)


def network(layer: Layer) -> Network:
    return chain(("x", Input((STEPS, FEATURES), batch_size=BATCH)), ("masking", Masking()), ("layer", layer))


def plan_of(name: str, training: bool = False, dtype: type = np.float32) -> Plan:
    plan = compile(network(LAYERS[name]), BATCH, training=training, dtype=dtype)
    for weight, w in plan.parameters.of("layer").items():
        w[...] = kept("stateful")[name][f"weight {weight}"]
    return plan


def run(plan: Plan, x: Array) -> Array:
    plan.inputs["x"][...] = x
    plan.forward()
    return plan.outputs["layer"].copy()


@every_layer
@pytest.mark.parametrize("training", [False, True])
def test_batches_follow_each_other_as_in_keras(name: str, training: bool) -> None:
    plan = plan_of(name, training)
    xs, _ = batches()
    for i, x in enumerate(xs):
        np.testing.assert_allclose(run(plan, x), kept("stateful")[name][f"y{i}"], rtol=1e-5, atol=1e-5)
    plan.states.reset()
    np.testing.assert_allclose(run(plan, xs[0]), kept("stateful")[name]["after reset"], rtol=1e-5, atol=1e-5)


@every_layer
def test_gradient_is_the_slope_from_any_state_on(name: str) -> None:
    plan = plan_of(name, training=True, dtype=np.float64)
    xs, _ = batches()
    run(plan, xs[0])
    errors = gradient_errors(plan, {"x": xs[1]})
    assert {weight: error for weight, error in errors.items() if error > 1e-6} == {}


def test_plans_of_all_sizes_share_the_states() -> None:
    """A smaller batch goes on from the states of its own rows, and leaves the others as they are."""
    plan = plan_of("LSTM last")
    xs, _ = batches()
    whole = [run(plan, x) for x in xs]
    plan.states.reset()
    run(plan, xs[0])
    np.testing.assert_array_equal(run(plan.at(2, training=True), xs[1][:2]), whole[1][:2])
    np.testing.assert_array_equal(run(plan.at(2), xs[2][:2]), whole[2][:2])
    np.testing.assert_array_equal(run(plan, xs[1])[2:], whole[1][2:])
    with pytest.raises(BatchTooLarge, match="carries the states of 3 samples, but a batch has 4"):
        plan.at(4)


def test_a_pass_over_data_begins_at_zero_and_leaves_the_states_alone() -> None:
    plan = plan_of("GRU last")
    xs, _ = batches()
    run(plan, xs[0])
    with plan.states.kept():
        expected = run(plan, xs[1])
    together = {"x": np.concatenate(xs)}
    first = predict(plan, together)["layer"]
    np.testing.assert_array_equal(predict(plan, together)["layer"], first)
    np.testing.assert_allclose(first[:BATCH], kept("stateful")["GRU last"]["y0"], rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(first[-BATCH:], kept("stateful")["GRU last"]["y2"], rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(run(plan, xs[1]), expected)


def test_every_epoch_begins_at_zero() -> None:
    """With a learning rate that moves nothing, all epochs are the same; and the batches of one are not."""
    layers = chain(("x", Input((STEPS, FEATURES), batch_size=BATCH)), ("read", LSTM(4, stateful=True)), ("y", Dense(1)))
    recipe = TrainingRecipe(SGD(1e-30), loss=MeanSquaredError(), metrics=(), epochs=3, batch_size=3, shuffle=False)
    goals = goals_of(infer(layers), recipe, ["y"])
    plan = compile(layers, BATCH, logits=logits_of(goals))
    objective = Objective(goals)
    xs, _ = batches()
    data = examples(plan, objective, {"x": np.concatenate([xs[0]] * 3)[:8]}, {"y": np.zeros((8, 1))})
    losses = [event.logs["loss"] for event in Trainer(plan, objective, recipe, data).events() if hasattr(event, "step")]
    assert losses[:3] == losses[3:6] == losses[6:]
    assert len(set(losses[:3])) == 3


def test_both_directions_carry_states_of_their_own() -> None:
    inner = LSTM(3, stateful=True)
    both = compile(network(Bidirectional(inner)), BATCH, training=False)
    alone = [compile(network(one), BATCH, training=False) for one in (inner, inner.with_(go_backwards=True))]
    for plan, prefix in zip(alone, ("forward_", "backward_"), strict=True):
        for name, w in plan.parameters.of("layer").items():
            w[...] = both.parameters.of("layer")[prefix + name]
    for x in batches()[0]:
        np.testing.assert_array_equal(run(both, x), np.concatenate([run(plan, x) for plan in alone], axis=-1))


def test_no_layer_at_every_step_is_stateful() -> None:
    layers = chain(
        ("x", Input((5, STEPS, FEATURES), batch_size=BATCH)), ("layer", TimeDistributed(LSTM(3, stateful=True)))
    )
    (problem,) = infer(layers).layers["layer"].problems
    assert str(problem.text) == "A layer at every step cannot carry states from batch to batch."


def test_a_stateful_layer_needs_a_fixed_batch() -> None:
    (problem,) = infer(chain(("x", Input((4, 2))), ("layer", LSTM(3, stateful=True)))).layers["layer"].problems
    assert "stateful" in problem.text
    assert "batch_size" in problem.hint
    assert problem.fixes
