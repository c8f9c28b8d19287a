"""Make masks.npz: what Keras computes of padded sequences, and the slopes of it.

    KERAS_BACKEND=jax KERAS_HOME=/tmp/keras python -m tests.reference.make_masks

Keras runs the code that is exported of each network. The slopes are those of the sum of all outputs, each value times
a number that follows from its place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jax
import keras
import numpy as np

from engine.formats import export
from engine.parameters import Parameters
from graph.infer import infer
from graph.network import Network
from graph.project import Project
from tests.reference.masks import NETWORKS, PADDED, inputs_of


def model_of(network: Network) -> Any:
    """The model that the exported code builds."""
    names: dict[str, Any] = {"__name__": "generated"}
    path = Path(f"/tmp/masks_reference_{id(network)}.py")
    export(Project(network), path)
    exec(compile(path.read_text(), path.name, "exec"), names)
    path.unlink()
    return names["build_model"]()


def computed(network: Network) -> dict[str, np.ndarray]:
    """Input, weights, outputs and slopes of one network, by the names that the tests read."""
    model = model_of(network)
    random = np.random.default_rng(6)
    slots = Parameters(infer(network)).slots
    weights = {slot.name: random.uniform(0.1, 0.9, slot.shape).astype(np.float32) for slot in slots}
    for layer in model.layers:
        own = [weights[slot.name] for slot in slots if slot.layer == layer.name]
        layer.set_weights(own)
    xs = inputs_of(network, PADDED)
    fixed = [v.value for v in model.non_trainable_variables]

    def figure(trained: list[Any], xs: Any) -> Any:
        ys, _ = model.stateless_call(trained, fixed, xs, training=True)
        return sum((weighing(y.shape) * y).sum() for y in flat(ys))

    trained = [v.value for v in model.trainable_variables]
    by_weight, by_input = jax.grad(figure, argnums=(0, 1))(trained, xs)
    found = xs | {f"d {name}": np.asarray(dx) for name, dx in by_input.items()}
    found |= {f"weight {name}": w for name, w in weights.items()}
    names = [slot.name for slot in slots if slot.trainable]
    found |= {f"slope {name}": np.asarray(dw) for name, dw in zip(names, by_weight, strict=True)}
    for i, y in enumerate(flat(model(xs, training=False))):
        found[f"y{i}"] = np.asarray(y)
        mask = keras.src.backend.get_keras_mask(y)
        if mask is not None:
            found[f"mask{i}"] = np.asarray(mask)
    return found


def flat(ys: Any) -> list[Any]:
    """The outputs in the order of the network's results."""
    return list(ys.values()) if isinstance(ys, dict) else [ys]


def weighing(shape: tuple[int, ...]) -> np.ndarray:
    """The number that each value of an output counts with."""
    return np.cos(np.arange(int(np.prod(shape)), dtype=np.float32)).reshape(shape)


def main() -> None:
    """Write the file."""
    found = {"versions": np.array(f"keras {keras.__version__}, jax {jax.__version__}, numpy {np.__version__}")}
    for name, network in NETWORKS.items():
        found |= {f"{name}|{key}": value for key, value in computed(network).items()}
    np.savez_compressed(Path(__file__).with_name("masks.npz"), **found)
    print(len(NETWORKS), "networks")


if __name__ == "__main__":
    main()
