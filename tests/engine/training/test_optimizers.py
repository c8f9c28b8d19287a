"""Fifty steps of every optimizer against Keras."""

from __future__ import annotations

import numpy as np
import pytest

from engine import optimizers as module
from engine.optimizers import Stepper, stepper_of, vectors_of
from engine.parameters import WrongWeights
from graph.optimizers import SGD, Adam, Optimizer, RMSprop, optimizers
from tests.engine.training.reference import stored

SAME = {
    "sgd": SGD(0.05),
    "sgd_momentum": SGD(0.05, momentum=0.9),
    "sgd_nesterov": SGD(0.05, momentum=0.9, nesterov=True),
    "rmsprop": RMSprop(0.01),
    "rmsprop_momentum": RMSprop(0.01, momentum=0.5),
    "rmsprop_centered": RMSprop(0.01, rho=0.8, momentum=0.5, centered=True),
    "adam": Adam(0.01),
    "adam_amsgrad": Adam(0.01, beta_1=0.8, beta_2=0.95, amsgrad=True),
}


def gradient(w: np.ndarray, step: int) -> np.ndarray:
    return (w - np.cos(np.arange(w.size) + 0.3 * step)).astype(np.float32)


def path(optimizer: Optimizer, steps: int, dtype: type = np.float32) -> np.ndarray:
    w = stored()["optimizer_start"].astype(dtype)
    g = np.empty_like(w)
    stepper = stepper_of(optimizer, w, g)
    found = []
    for step in range(steps):
        g[...] = gradient(w, step)
        stepper.step()
        found.append(w.copy())
    return np.stack(found)


def test_every_declared_optimizer_steps_and_is_compared_with_keras() -> None:
    assert {type(optimizer) for optimizer in SAME.values()} == set(optimizers)
    for declared in optimizers:
        assert isinstance(stepper_of(declared(), np.zeros(3), np.zeros(3)), Stepper)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", SAME)
def test_fifty_steps_are_those_of_keras(name: str, dtype: type) -> None:
    expected = stored()[f"optimizer/{name}"]
    np.testing.assert_allclose(path(SAME[name], len(expected), dtype), expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", SAME)
def test_the_pieces_of_the_pass_do_not_show(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = path(SAME[name], 9)
    monkeypatch.setattr(module, "PIECE", 5)
    np.testing.assert_array_equal(path(SAME[name], 9), whole)


@pytest.mark.parametrize("name", SAME)
def test_a_saved_state_goes_on_as_if_it_had_not_stopped(name: str) -> None:
    w = stored()["optimizer_start"].copy()
    g = np.empty_like(w)
    first = stepper_of(SAME[name], w, g)
    for step in range(5):
        g[...] = gradient(w, step)
        first.step()
    second = stepper_of(SAME[name], w, g)
    second.restore(first.steps, {key: vector.copy() for key, vector in first.state.items()})
    for step in range(5, 12):
        g[...] = gradient(w, step)
        second.step()
    np.testing.assert_array_equal(w, path(SAME[name], 12)[-1])


def test_the_state_of_another_optimizer_is_refused() -> None:
    w = np.zeros(4)
    with pytest.raises(WrongWeights, match=r"no velocity of 4 numbers"):
        stepper_of(Adam(), w, w.copy()).restore(1, {"momentum": np.zeros(4)})


def test_the_vectors_kept_are_counted() -> None:
    assert [vectors_of(o) for o in (SGD(), SGD(momentum=0.5), RMSprop(), Adam(), Adam(amsgrad=True))] == [0, 1, 1, 2, 3]
