"""Files that Keras 2 has written: the same predictions, and training goes on as it went on there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.formats.importer import read_import
from engine.plan import compile
from graph.schedules import ExponentialDecay
from netloom import Model

pytest.importorskip("h5py")

FILES = Path(__file__).parent / "fixtures" / "keras2"
NAMES = ("arithmetic.h5", "arithmetic.keras", "chain.h5", "inside.h5", "masked.h5", "states.keras")


@pytest.mark.parametrize("name", NAMES)
def test_a_model_of_keras_2_predicts_the_same_here(name: str) -> None:
    read = read_import(FILES / name)
    assert not read.notices
    assert read.optimizer is not None
    assert read.optimizer.steps == 4
    plan = compile(read.project.network, 3, training=False)
    plan.parameters.load(read.weights)
    with np.load((FILES / name).with_suffix(".npz")) as stored:
        next(iter(plan.inputs.values()))[...] = stored["x"]
        plan.forward()
        for place, y in enumerate(plan.outputs.values()):
            np.testing.assert_allclose(y, stored[f"y{place}"], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["inside.h5", "masked.h5", "states.keras"])
def test_training_goes_on_where_keras_2_stopped(name: str) -> None:
    model = Model.load(FILES / name)
    with np.load((FILES / name).with_suffix(".npz")) as stored:
        x, y, expected = stored["x"], np.zeros_like(stored["y0"]), stored["losses"]
    losses = [model.train_on_batch(x, y, return_dict=True)["loss"] for _ in expected]
    np.testing.assert_allclose(losses, expected, rtol=1e-4)


def test_the_recipe_of_keras_2_is_taken() -> None:
    training = read_import(FILES / "chain.h5").project.training
    assert training.schedule == ExponentialDecay(10, 0.5)
    assert training.metrics == ("mean_absolute_error",)
