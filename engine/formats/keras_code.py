"""Python code that builds the same network with Keras: what a person would write, ready to train.

The module is a few functions (build, compile, train, load weights), so that it can be imported as well as run; as a
program it trains on the samples of a file.
"""

from __future__ import annotations

from engine.formats.exporter import Files, Work, exporter
from engine.formats.keras_network import network_lines
from engine.formats.keras_recipe import compile_call, fit_call
from engine.formats.keras_script import program
from engine.formats.python_text import indented, python
from graph.layers.attention import MultiHeadAttention
from graph.layers.wrappers import Bidirectional, TimeDistributed
from graph.recipe import TrainingRecipe
from graph.version import VERSION

LOAD_WEIGHTS = '''\
def load_weights(model, path):
    """Take the weights from an NPZ file that Netloom has written."""
    with np.load(path, allow_pickle=False) as arrays:
        for layer in model.layers:
            layer.set_weights([arrays[f"{layer.name}/{weight.name}"] for weight in layer.weights])'''


WEIGHT_NAME = '''\
def weight_name(layer, weight):
    """What Netloom calls a weight: the name of its part of an attention, or of its direction, stands before its own."""
    *way, name = weight.path.split("/")
    if isinstance(layer, layers.MultiHeadAttention):
        return f"{way[-1]}_{name}"
    directions = [part.split("_")[0] for part in way[1:] if part.startswith(("forward_", "backward_"))]
    return "_".join([*directions, name])'''

PARTED = (MultiHeadAttention, TimeDistributed, Bidirectional)
"""The layers whose weights Keras keeps in layers of their own."""


@exporter(
    "keras-code",
    title="Keras code (Python)",
    endings=(".py",),
    description="Readable Python that builds, compiles and trains the same network with Keras 3.",
    needs_shapes=True,
)
def write_keras_code(work: Work) -> Files:
    """The text of the module."""
    inference, training = work.inference, work.project.training
    has_weights = inference.parameters > 0
    network = "\n".join(network_lines(inference, work.name))
    blocks = [
        _head(work, "ops." in network),
        f'def build_model():\n    """The network, with fresh weights."""\n{indented(network)}',
        'def compile_model(model):\n    """Set optimizer, loss and metrics."""\n'
        + indented(compile_call(training, inference.results)),
        f"{_train_head(training)}\n"
        '    """Train on arrays; returns the history of the epochs."""\n' + indented(fit_call(training)),
        *(_load_weights(work) if has_weights else []),
        program(training, inference),
    ]
    return Files(("\n\n\n".join(blocks) + "\n").encode(errors="backslashreplace"))


def _load_weights(work: Work) -> list[str]:
    """The functions that read weights."""
    if not any(isinstance(layer, PARTED) for layer in work.inference.network.layers.values()):
        return [LOAD_WEIGHTS]
    return [WEIGHT_NAME, LOAD_WEIGHTS.replace("weight.name", "weight_name(layer, weight)")]


def _train_head(training: TrainingRecipe) -> str:
    epochs, batch_size = python(training.epochs), python(training.batch_size)
    keywords = f"sample_weight=None, epochs={epochs}, batch_size={batch_size}"
    return f"def train(model, x, y, validation_data=None, {keywords}):"


def _head(work: Work, has_functions: bool) -> str:
    layers, parameters = len(work.inference.network.layers), work.inference.parameters
    return "\n".join(
        [
            f'"""{python(work.name)[1:-1]}: {layers} layers, {parameters:,} parameters.',
            "",
            f"Written by Netloom {VERSION}. It needs Keras 3 and a backend (pip install keras jax).",
            "",
            "To train: KERAS_BACKEND=jax python THIS_FILE data.npz, on all devices of the machine.",
            '"""',
            "",
            "import argparse",
            "",
            "import keras",
            "import numpy as np",
            f"from keras import layers{', ops' if has_functions else ''}",
        ]
    )
