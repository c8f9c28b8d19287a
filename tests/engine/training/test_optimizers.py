"""Fifty steps of every optimizer against Keras."""

from __future__ import annotations

import numpy as np
import pytest

from engine.optimizers import Stepper, stepper_of, vectors_of
from engine.optimizers import stepper as module
from engine.parameters import WrongWeights
from graph.optimizers import SGD, Adam, Optimizer, RMSprop, optimizers
from tests.engine.training.reference import stored
from tests.reference.training_losses import name_of
from tests.reference.training_optimizers import OPTIMIZERS, SIZES, STEPS, gradient

SAME = {name_of(optimizer): optimizer for optimizer in OPTIMIZERS}
ARRAYS = [slice(0, SIZES[0]), slice(SIZES[0], sum(SIZES))]


def path(optimizer: Optimizer, steps: int, dtype: type = np.float32) -> np.ndarray:
    w = stored("optimizers")["start"].astype(dtype)
    g = np.empty_like(w)
    stepper = stepper_of(optimizer, w, g, ARRAYS)
    found = []
    for step in range(steps):
        g[...] = gradient(w, step)
        stepper.step()
        found.append(w.copy())
    stepper.finish()
    found.append(w)
    return np.stack(found)


def test_every_declared_optimizer_steps_and_is_compared_with_keras() -> None:
    assert {type(optimizer) for optimizer in SAME.values()} == set(optimizers)
    for declared in optimizers:
        assert isinstance(stepper_of(declared(), np.zeros(3), np.zeros(3)), Stepper)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", SAME)
def test_fifty_steps_are_those_of_keras(name: str, dtype: type) -> None:
    expected = np.vstack([stored("optimizers")[name], stored("optimizers")[f"{name}|finished"]])
    np.testing.assert_allclose(path(SAME[name], STEPS, dtype), expected, rtol=1e-4, atol=2e-6)


@pytest.mark.parametrize("name", SAME)
def test_the_pieces_of_the_pass_do_not_show(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = path(SAME[name], 9)
    monkeypatch.setattr(module, "PIECE", 4)
    np.testing.assert_array_equal(path(SAME[name], 9), whole)


@pytest.mark.parametrize("name", SAME)
def test_a_saved_state_goes_on_as_if_it_had_not_stopped(name: str) -> None:
    w = stored("optimizers")["start"].copy()
    g = np.empty_like(w)
    first = stepper_of(SAME[name], w, g, ARRAYS)
    for step in range(5):
        g[...] = gradient(w, step)
        first.step()
    second = stepper_of(SAME[name], w, g, ARRAYS)
    second.restore(first.steps, {key: vector.copy() for key, vector in first.state.items()})
    for step in range(5, 12):
        g[...] = gradient(w, step)
        second.step()
    np.testing.assert_array_equal(w, path(SAME[name], 12)[-2])


def test_the_state_of_another_optimizer_is_refused() -> None:
    w = np.zeros(4)
    with pytest.raises(WrongWeights, match=r"no velocity of 4 numbers"):
        stepper_of(Adam(), w, w.copy()).restore(1, {"momentum": np.zeros(4)})


def test_the_vectors_kept_are_counted() -> None:
    assert [vectors_of(o) for o in (SGD(), SGD(momentum=0.5), RMSprop(), Adam(), Adam(amsgrad=True))] == [0, 1, 1, 2, 3]


def test_a_schedule_sets_the_rate_of_every_step() -> None:
    w, g = np.zeros(1), np.ones(1)
    stepper = stepper_of(SGD(), w, g, rate=lambda steps: 10.0**-steps)
    found = []
    for _ in range(3):
        stepper.step()
        found.append(float(w[0]))
    np.testing.assert_allclose(found, [-1.0, -1.1, -1.11])


def test_a_gradient_of_zeros_is_left_alone_by_every_clip() -> None:
    for clip in ("clipnorm", "global_clipnorm", "clipvalue"):
        w, g = np.ones(3), np.zeros(3)
        stepper_of(SGD(**{clip: 0.5}), w, g).step()
        assert (w == 1.0).all()
