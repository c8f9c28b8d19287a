"""Let Keras compute the cases of a family, and store what went in and what came out in `keras/<family>.npz`.

    KERAS_BACKEND=jax KERAS_HOME=/tmp/keras python -m tests.reference.make_reference [FAMILY ...]

Without a family, all are made. What goes into a case follows from its name alone, so that a new case changes no other.
Keras and JAX are in the `parity` extra. The JAX backend is the one to ask: torch's average pooling counts the padding.
"""

from __future__ import annotations

import io
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

import jax
import keras
import numpy as np

from graph.layers.base import Layer
from graph.layers.core import Embedding
from graph.layers.lambda_layer import Lambda
from tests.reference.case import BATCH, Case
from tests.reference.cases import FAMILIES
from tests.reference.without_keras import function_of

FOLDER = Path(__file__).with_name("keras")
OURS_ALONE = ("Input", "Output")
"""They give on what they get, and Keras has no layer to compute that."""
FIRST_LAYER_ONLY = ("input_shape", "input_dim", "input_length", "batch_size")


def keras_layer(layer: Layer) -> Any:
    """The same layer in Keras, made from the same parameters."""
    function = function_of(layer)
    if function is not None:
        return keras.layers.Lambda(function)
    config = {key: keras_layer(value) if isinstance(value, Layer) else value for key, value in layer.config().items()}
    for name in FIRST_LAYER_ONLY:
        if not (name == "input_dim" and isinstance(layer, Embedding)):
            del config[name]
    if layer.category == "Regularization":
        del config["trainable"]
    for name in layer.call_arguments:
        del config[name]
    return getattr(keras.layers, layer.key)(**config)


def computed(case: Case) -> dict[str, np.ndarray]:
    """Inputs, weights and outputs of one case, by the names that the tests read."""
    generator = np.random.default_rng(zlib.crc32(case.name.encode()))
    sizes = tuple((BATCH, *x) for x in case.xs)
    xs = [
        generator.integers(0, case.whole_below, x) if case.whole_below else generator.standard_normal(x) for x in sizes
    ]
    if case.padding is not None:
        xs[0][0, -1:] = case.padding
    found = {f"x{i}": x.astype(np.float32) for i, x in enumerate(xs)}
    if case.layer.key in OURS_ALONE:
        return found | {"inference": found["x0"], "training": found["x0"]}
    layer = keras_layer(case.layer)
    ports = case.layer.inputs
    named = {} if ports[0].many else {x: port.argument for x, port in zip(found, ports, strict=False) if port.argument}
    plain = [x for key, x in found.items() if key not in named]
    many = isinstance(case.layer, Lambda) and len(plain) > 1
    listed = case.layer.takes_list or case.layer.category == "Merge" or many
    given = [plain] if listed else plain
    arguments: dict[str, Any] = {name: getattr(case.layer, name) for name in case.layer.call_arguments}
    for key, argument in named.items():
        arguments.setdefault(argument, []).append(found[key])
    layer(*given, **arguments)
    weights = {
        name: drawn(name, weight.shape, generator).astype(np.float32)
        for name, weight in case.layer.weights(sizes).items()
    }
    layer.set_weights(list(weights.values()))
    found |= {f"weight {name}": w for name, w in weights.items()}
    found |= outputs(case, "inference", layer(*given, training=False, **arguments))
    if not case.random:
        found |= outputs(case, "training", layer(*given, training=True, **arguments))
        after = dict(zip(weights, layer.get_weights(), strict=True))
        found |= {f"after {name}": w for name, w in after.items() if name.startswith("moving_")}
    return found


def outputs(case: Case, mode: str, ys: Any) -> dict[str, np.ndarray]:
    """What a layer gave on, by the names of `stored`; outputs behind the first have their port's name added."""
    further = case.layer.outputs[1:]
    found = ys if further else [ys]
    keys = [mode, *(f"{mode} {port.name}" for port in further)]
    return {key: np.asarray(y) for key, y in zip(keys, found, strict=True)}


def drawn(name: str, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
    """Values for a weight; a variance is positive."""
    return generator.uniform(0.5, 2.0, shape) if name == "moving_variance" else generator.normal(0.0, 0.5, shape)


def write(family: str) -> None:
    """Write the file of a family. Its members carry no date, so that it is the same whenever it is made."""
    versions = f"keras {keras.__version__}, jax {jax.__version__}, numpy {np.__version__}"
    arrays = {"versions": np.array(versions)}
    for case in FAMILIES[family]:
        arrays |= {f"{case.name}|{key}": value for key, value in computed(case).items()}
    path = FOLDER / f"{family}.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for i, array in enumerate(arrays.values()):
            member = io.BytesIO()
            np.save(member, array, allow_pickle=False)
            file.writestr(zipfile.ZipInfo(f"{i}.npy"), member.getvalue(), zipfile.ZIP_DEFLATED)
        names = io.BytesIO()
        np.save(names, np.array(list(arrays)), allow_pickle=False)
        file.writestr(zipfile.ZipInfo("names.npy"), names.getvalue(), zipfile.ZIP_DEFLATED)
    print(f"{path.name}: {len(FAMILIES[family])} cases, {path.stat().st_size:,} bytes, {versions}")


def main() -> None:
    """Write the files of the families named on the command line, or of all."""
    for family in sys.argv[1:] or FAMILIES:
        write(family)


if __name__ == "__main__":
    main()
