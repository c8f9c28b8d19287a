"""Models that Keras has trained and saved: training goes on here as it goes on there."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from engine.formats.importer import read_import
from engine.objective import Objective, goals_of, logits_of
from engine.optimizers import stepper_of
from engine.plan import compile
from engine.schedules import Rates
from engine.trainer import learn
from graph.infer import infer

pytestmark = [pytest.mark.parity, pytest.mark.timeout(900)]
pytest.importorskip("h5py")

BATCH, BEFORE, BEHIND = 8, 7, 20
NAMES = ("SGD", "RMSprop", "Adam", "AdamW", "Adamax", "Nadam", "Adagrad", "Adadelta", "Ftrl", "Lion", "Lamb")
OPTIONS = ("momentum", "centered", "amsgrad", "average")
TOLD = {"cosine": ("A learning rate that begins at 0 begins at 1e-12 here.",)}
SCHEDULES = ("exponential", "inverse", "piecewise", "polynomial", "cosine", "restarts")


@pytest.fixture(scope="module")
def trained(keras_python: tuple[str, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the models."""
    python, environment = keras_python
    folder = tmp_path_factory.mktemp("trained")
    script = Path(__file__).with_name("keras_trained.py")
    done = subprocess.run([python, str(script), str(folder)], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


@pytest.mark.parametrize("ending", [".keras", ".h5"])
@pytest.mark.parametrize("name", [*NAMES, *OPTIONS, *SCHEDULES])
def test_training_goes_on_where_keras_stopped(name: str, ending: str, trained: Path) -> None:
    read = read_import(trained / f"{name}{ending}")
    assert read.notices == TOLD.get(name, ())
    training = read.project.training
    assert training.metrics_of("q") == ("recall(thresholds=0.4)", "accuracy")
    assert read.optimizer is not None
    assert read.optimizer.steps == BEFORE
    goals = goals_of(infer(read.project.network), training, ("p", "q"))
    plan = compile(read.project.network, BATCH, logits=logits_of(goals))
    p = plan.parameters
    p.load(read.weights)
    objective = Objective(goals)
    with np.load(trained / "samples.npz") as samples:
        plan.inputs["x"][...] = samples["x"]
        bound, found = objective.on(plan), objective.targets(plan, {key: samples[key] for key in ("p", "q")})
    for key, target in bound.targets.items():
        target[...] = found[key]
    stepper = stepper_of(training.optimizer, p.trainable, p.gradient, p.arrays(), Rates(training, objective.names))
    stepper.restore(read.optimizer.steps, read.optimizer.vectors)
    losses = [learn(plan, bound, stepper)[0] for _ in range(BEHIND)]
    np.testing.assert_allclose(losses, np.load(trained / f"{name}.npy"), rtol=1e-4)
