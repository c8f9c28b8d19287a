"""Files of Keras as Keras opens them: the same predictions, and training that goes on along the same curve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import assume, given, seed
from hypothesis import strategies as st

from engine.formats import export, exporters, work_on
from engine.formats import make as make_files
from engine.formats.exporter import OptimizerState
from engine.formats.keras.notes import forgets_freezing
from engine.formats.keras_recipe import WRITTEN_OUT
from engine.kernel import Array
from engine.objective import Objective, goals_of
from engine.optimizers import stepper_of
from engine.plan import compile
from engine.templates import make, templates
from engine.trainer import learn
from graph.infer import infer
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.layers.merge import Add
from graph.losses import Loss, MeanSquaredError, losses
from graph.network import Network, Wire
from graph.optimizers import SGD, Adam, Optimizer, RMSprop, optimizers
from graph.problem import FileProblem
from graph.project import Project
from graph.recipe import TrainingRecipe
from tests.engine.test_kernels import network_of
from tests.helpers.plans import filled, is_steady
from tests.helpers.strategies import sound_networks
from tests.parity.conftest import Keras
from tests.parity.keras_worker import BATCH, STEPS
from tests.parity.test_random import (
    OPTIMIZERS,
    SAMPLES,
    can_be_compared,
    compare_curves,
    every_part,
    few,
    learnable,
    samples,
)
from tests.reference.case import Case
from tests.reference.cases import CASES
from tests.reference.masks import NETWORKS, PADDED, inputs_of

pytestmark = pytest.mark.parity
pytest.importorskip("h5py")

GOING_ON: tuple[Optimizer, ...] = (
    *(cls(learning_rate=0.01) for cls in optimizers),
    SGD(0.01, momentum=0.9),
    SGD(0.01, use_ema=True, ema_overwrite_frequency=4),
    RMSprop(0.01, momentum=0.5, centered=True),
    Adam(0.01, amsgrad=True, weight_decay=0.01, clipnorm=1.0),
    Adam(0.01, use_ema=True, ema_overwrite_frequency=3),
)


def compare(project: Project, keras: Keras, given: Mapping[str, Array] | None = None, parts: bool = False) -> None:
    """Let Keras open `project` as a file, or as architecture and weights, and compare what both predict."""
    inference, plan = infer(project.network), filled(project.network)
    if given is not None:
        for entry, x in given.items():
            plan.inputs[entry][...] = x
        plan.forward()
    weights = plan.parameters.named()
    with TemporaryDirectory() as name:
        folder = Path(name)
        if parts:
            export(project, folder / "model.keras.json")
            export(project, folder / "model.weights.h5", weights)
        else:
            export(project, folder / "model.keras", weights)
        layers = project.network.layers
        entries = {name if not layers[name].inputs else f"{name}_input": x for name, x in plan.inputs.items()}
        np.savez(folder / "inputs.npz", **entries)
        said = keras.ask(folder)
        assert said["parameters"] == inference.parameters
        assert said["optimizer"] == ("NoneType" if parts else project.training.optimizer.key)
        with np.load(folder / "outputs.npz") as outputs:
            got = {key.removeprefix("output_"): outputs[key] for key in outputs.files}
    for result in inference.results:
        received = got[result if len(inference.results) > 1 else ""]
        np.testing.assert_allclose(received, plan.outputs[result], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", [template.name for template in templates()])
def test_every_template_is_the_same_in_keras(name: str, keras: Keras) -> None:
    project, _ = make(name)
    compare(project, keras)


def can_be_written(network: Network) -> bool:
    """Whether Keras can hold the network: not what it has no layer for inside of another layer."""
    try:
        make_files(exporters["keras-json"], work_on(Project(network)))
    except FileProblem:
        return False
    return True


WRITTEN = [case for case in CASES if case.layer.inputs and can_be_written(network_of(case))]


@pytest.mark.parametrize("case", WRITTEN, ids=lambda case: case.name)
def test_every_layer_is_the_same_in_keras(case: Case, keras: Keras) -> None:
    compare(Project(network_of(case)), keras)


@pytest.mark.parametrize("name", NETWORKS)
def test_padded_sequences_are_the_same_in_keras(name: str, keras: Keras) -> None:
    compare(Project(NETWORKS[name]), keras, inputs_of(NETWORKS[name], PADDED))


@every_part
def test_random_networks_are_the_same_in_keras(part: int, keras: Keras) -> None:
    @seed(part)
    @few
    @given(network=sound_networks())
    def run(network: Network) -> None:
        assume(can_be_compared(network))
        assume(is_steady(network))
        assume(can_be_written(network))
        compare(Project(network), keras)

    run()


@every_part
def test_random_networks_learn_the_same_from_a_file(part: int, keras: Keras) -> None:
    kept = [loss for loss in losses if loss.key not in WRITTEN_OUT]

    @seed(part)
    @few
    @given(network=sound_networks(most=6), loss=st.sampled_from(kept), optimizer=st.sampled_from(OPTIMIZERS))
    def run(network: Network, loss: type[Loss], optimizer: Optimizer) -> None:
        assume(can_be_compared(network))
        assume(not any(map(forgets_freezing, network.layers.values())))
        project = learnable(network, loss(), optimizer)
        assume(not infer(project.network).problems)
        assume(can_be_written(project.network))
        compare_curves(project, keras, as_file=True)

    run()


@pytest.mark.parametrize("optimizer", GOING_ON, ids=repr)
def test_training_goes_on_where_it_stopped(optimizer: Optimizer, keras: Keras) -> None:
    layers = {"x": Input((6,)), "b": Dense(5, activation="tanh"), "a": Dense(5), "sum": Add(), "y": Dense(3)}
    wires = [Wire("x", "b"), Wire("x", "a"), Wire("b", "sum"), Wire("a", "sum"), Wire("sum", "y")]
    training = TrainingRecipe(optimizer=optimizer, loss=MeanSquaredError(), batch_size=BATCH)
    project = Project(Network.of(layers, wires), training=training)
    inputs, targets = samples(project)
    plan = compile(project.network, BATCH, seed=3)
    p = plan.parameters
    objective = Objective(goals_of(infer(project.network), training, ("y",)))
    bound, goals = objective.on(plan), objective.targets(plan, targets)
    stepper = stepper_of(optimizer, p.trainable, p.gradient, p.arrays())

    def steps(count: int) -> list[float]:
        found = []
        for step in range(count):
            part = slice(step * BATCH % SAMPLES, step * BATCH % SAMPLES + BATCH)
            plan.inputs["x"][...] = inputs["x"][part]
            bound.targets["y"][...] = goals["y"][part]
            found.append(learn(plan, bound, stepper)[0])
        return found

    steps(7)
    with TemporaryDirectory() as name:
        folder = Path(name)
        state = OptimizerState(stepper.steps, {key: vector.copy() for key, vector in stepper.state.items()})
        work = replace(work_on(project, weights=p.named()), optimizer=state)
        make_files(exporters["keras"], work).write(folder / "model.keras")
        np.savez(folder / "inputs.npz", **inputs)
        np.savez(folder / "targets.npz", **targets)
        said = keras.ask(folder)
    assert said["begun"] == 7
    np.testing.assert_allclose(steps(STEPS), said["losses"], rtol=2e-5)
