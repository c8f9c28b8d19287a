"""Random networks, exported with their weights: Keras predicts the same, and learns along the same curve."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, seed, settings
from hypothesis import strategies as st

from engine.formats import export
from engine.kernel import Array
from engine.objective import Objective, goals_of, logits_of
from engine.optimizers import stepper_of
from engine.plan import compile
from engine.trainer import learn
from graph.infer import infer
from graph.layers import Layer
from graph.layers.core import Dense, Embedding
from graph.layers.normalization import RMSNormalization
from graph.losses import Loss, losses
from graph.network import Network, Wire
from graph.optimizers import SGD, Adam, Optimizer, RMSprop, optimizers
from graph.project import Project
from graph.recipe import TrainingRecipe
from tests.helpers.plans import is_steady
from tests.helpers.strategies import sound_networks
from tests.parity.conftest import Keras
from tests.parity.keras_worker import BATCH, STEPS
from tests.parity.test_keras_code import compare

pytestmark = pytest.mark.parity

PARTS = int(os.environ.get("NETLOOM_PARITY_PARTS", "6"))
"""How many times ten networks are drawn for each test; every part is drawn from a seed of its own."""
SAMPLES = 4 * BATCH
UNITS = 3

every_part = pytest.mark.parametrize("part", range(PARTS))
few = settings(
    max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), database=None, phases=[Phase.generate]
)


@dataclass(frozen=True)
class Head:
    """The activation a loss is meant for, and what makes targets of normal numbers."""

    activation: str
    targets: Callable[[Array], Array]


def shares(z: Array) -> Array:
    e = np.exp(z)
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def one_hot(z: Array) -> Array:
    return np.eye(UNITS)[z.argmax(axis=-1)]


def yes_or_no(z: Array) -> Array:
    return (z > 0).astype(float)


VALUES = Head("linear", lambda z: z)
POSITIVE = Head("softplus", lambda z: np.abs(z) + 0.1)
SIGNS = Head("tanh", np.sign)
HEADS: Mapping[str, Head] = {
    "binary_crossentropy": Head("sigmoid", yes_or_no),
    "binary_focal_crossentropy": Head("sigmoid", yes_or_no),
    "categorical_crossentropy": Head("softmax", one_hot),
    "categorical_focal_crossentropy": Head("softmax", one_hot),
    "categorical_hinge": Head("linear", one_hot),
    "exponential": Head("tanh", yes_or_no),
    "hinge": SIGNS,
    "kl_divergence": Head("softmax", shares),
    "mean_absolute_percentage_error": POSITIVE,
    "mean_squared_logarithmic_error": POSITIVE,
    "poisson": POSITIVE,
    "sparse_categorical_crossentropy": Head("softmax", lambda z: z.argmax(axis=-1)),
    "squared_hinge": SIGNS,
}
"""What a loss needs; all others compare any values with any."""

OPTIMIZERS: tuple[Optimizer, ...] = (
    *(cls(learning_rate=0.01) for cls in optimizers),
    SGD(0.02, momentum=0.9, nesterov=True, clipnorm=1.0),
    RMSprop(0.01, momentum=0.5, centered=True),
    Adam(0.01, amsgrad=True, weight_decay=0.01),
)
NOISE = ("rate", "stddev", "dropout", "recurrent_dropout")
"""Parameters of what draws random numbers in training, which no two programs draw alike."""


@every_part
def test_random_networks_predict_the_same_in_keras(part: int, keras: Keras) -> None:
    @seed(part)
    @few
    @given(network=sound_networks())
    def run(network: Network) -> None:
        assume(can_be_compared(network))
        assume(is_steady(network))
        compare(Project(network), keras)

    run()


@every_part
def test_random_networks_learn_the_same_in_keras(part: int, keras: Keras) -> None:
    @seed(part)
    @few
    @given(network=sound_networks(most=6), loss=st.sampled_from(list(losses)), optimizer=st.sampled_from(OPTIMIZERS))
    def run(network: Network, loss: type[Loss], optimizer: Optimizer) -> None:
        assume(can_be_compared(network))
        project = learnable(network, loss(), optimizer)
        assume(not infer(project.network).problems)
        compare_curves(project, keras)

    run()


def can_be_compared(network: Network) -> bool:
    """Whether two programs can give the same.

    What an Embedding looks up are words: numbers out of its range are not the same in any two programs. Keras's Softmax
    fails where a mask reaches it, also inside of attention over images.
    """
    layers = network.layers
    for name, found in infer(network).layers.items():
        layer = layers[name]
        over_images = layer.key == "MultiHeadAttention" and len(found.inputs[0]) > 3
        if any(found.masked_inputs) and (layer.key == "Softmax" or over_images):
            return False
    return all(layers[w.source].key == "Input" for w in network.wires if layers[w.target].key == "Embedding")


def learnable(network: Network, loss: Loss, optimizer: Optimizer) -> Project:
    """A project that trains the network without noise, with a Dense behind every result that suits the loss.

    What it gets is scaled down smoothly, so that no softmax is so sure that Keras cuts off what ours still computes.
    """
    head = HEADS.get(loss.key, VALUES)
    layers = {name: quiet(layer) for name, layer in network.layers.items() if layer.key != "Output"}
    wires = [w for w in network.wires if w.source in layers and w.target in layers]
    for name in infer(Network.of(layers, wires)).results:
        layers |= {
            f"{name} scaled": RMSNormalization(epsilon=1.0),
            f"{name} head": Dense(UNITS, activation=head.activation),
        }
        wires += [Wire(name, f"{name} scaled", layers[name].outputs[0].name), Wire(f"{name} scaled", f"{name} head")]
    recipe = TrainingRecipe(optimizer=optimizer, loss=loss, batch_size=BATCH)
    return Project(Network.of(layers, wires), training=recipe)


def quiet(layer: Layer) -> Layer:
    """The layer, and the one it holds, without noise in training."""
    changes: dict[str, object] = {name: 0.0 for name in NOISE if name in layer.parameters}
    changes |= {name: quiet(value) for name, value in layer.config().items() if isinstance(value, Layer)}
    return layer.with_(**changes)


def compare_curves(project: Project, keras: Keras, as_file: bool = False) -> None:
    """Train on the same batches here and in Keras, where the curve does not hang on single roundings.

    Keras gets code and weights, or one file with both.
    Nor can a curve be compared on which Keras meets a slope that is no number, as that of a length at 0.
    """
    inputs, targets = samples(project)
    weights, ours = curve(project, inputs, targets)
    _, exact = curve(project, inputs, targets, weights)
    assume(np.isfinite(exact).all() and np.abs(exact).max() < 1e6)
    assume(np.allclose(ours, exact, rtol=2e-5, atol=1e-7))
    with TemporaryDirectory() as name:
        folder = Path(name)
        if as_file:
            export(project, folder / "model.keras", weights)
        else:
            export(project, folder / "model.py")
            export(project, folder / "weights.npz", weights)
        np.savez(folder / "inputs.npz", **inputs)
        np.savez(folder / "targets.npz", **targets)
        theirs = keras.ask(folder)["losses"]
    np.testing.assert_allclose(ours[0], theirs[0], rtol=1e-4, atol=1e-6)
    assume(np.isfinite(theirs).all())
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)


def samples(project: Project) -> tuple[dict[str, Array], dict[str, Array]]:
    """Inputs, and targets that suit the loss."""
    network, random = project.network, np.random.default_rng(0)
    inference = infer(network)
    vocabularies = [layer.input_dim for layer in network.layers.values() if isinstance(layer, Embedding)]

    def shape(name: str) -> tuple[int, ...]:
        (found, *_) = inference.layers[name].outputs or ((),)
        return (SAMPLES, *(size or 1 for size in found[1:]))

    inputs = {
        name: random.integers(0, min(vocabularies), shape(name)) if vocabularies else random.normal(size=shape(name))
        for name in inference.entries
    }
    head = HEADS.get(project.training.loss.key, VALUES)
    targets = {name: head.targets(random.normal(size=shape(name))) for name in inference.results}
    return {n: x.astype(np.float32) for n, x in inputs.items()}, {n: t.astype(np.float32) for n, t in targets.items()}


def curve(
    project: Project,
    inputs: Mapping[str, Array],
    targets: Mapping[str, Array],
    weights: Mapping[str, Array] | None = None,
) -> tuple[dict[str, Array], list[float]]:
    """Our weights before the first step, and the loss of every step.

    Where `weights` are given it begins with them, and computes in float64. Otherwise no weight is left at exactly 0:
    there the slope of its size is 0 for us and PyTorch, and 1 for JAX.
    """
    recipe = project.training
    goals = goals_of(infer(project.network), recipe, tuple(targets))
    dtype = np.float32 if weights is None else np.float64
    plan = compile(project.network, BATCH, logits=logits_of(goals), dtype=dtype)
    p = plan.parameters
    if weights is None:
        p.values += np.random.default_rng(0).uniform(0.01, 0.05, p.size)
    else:
        p.load(weights)
    begun = {name: w.copy() for name, w in p.named().items()}
    objective = Objective(goals)
    bound, given = objective.on(plan), objective.targets(plan, targets)
    stepper = stepper_of(recipe.optimizer, p.trainable, p.gradient, p.arrays())
    found = []
    for step in range(STEPS):
        part = slice(step * BATCH % SAMPLES, step * BATCH % SAMPLES + BATCH)
        for name, x in plan.inputs.items():
            x[...] = inputs[name][part]
        for name, t in bound.targets.items():
            t[...] = given[name][part]
        found.append(learn(plan, bound, stepper)[0])
    return begun, found
