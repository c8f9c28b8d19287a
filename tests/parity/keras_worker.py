"""Run generated Keras code for the tests: a folder a line on standard input, an answer a line on standard output.

A folder holds `model.py` (generated), `weights.npz`, and `inputs.npz`; the outputs go to `outputs.npz` beside them.
Instead of the code there may be a `model.keras`, or a `model.keras.json` with `model.weights.h5`.
Where there are `targets.npz` as well, the model is trained on parts of both instead, and the answer has its losses. It
runs in a process of its own, and perhaps in another Python than the tests, because Keras and its backend are heavy.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import traceback
from pathlib import Path
from typing import Any

import numpy as np

BATCH, STEPS = 4, 20
"""Samples and number of training steps; where the samples end, they begin again."""


def answer(folder: Path) -> dict[str, object]:
    """What Keras makes of the code in `folder`."""
    import keras

    model = loaded(folder) or built(folder)
    inputs = arrays(folder / "inputs.npz")
    if (folder / "targets.npz").is_file():
        begun = int(model.optimizer.iterations)
        return {"losses": losses(model, inputs, arrays(folder / "targets.npz")), "begun": begun}
    outputs = model.predict(inputs, verbose=0)
    named = outputs if isinstance(outputs, dict) else {"": outputs}
    np.savez(folder / "outputs.npz", **{f"output_{key}": np.asarray(one) for key, one in named.items()})
    return {
        "layers": {layer.name: list(keras.tree.flatten(layer.output)[0].shape) for layer in model.layers},
        "parameters": model.count_params(),
        "optimizer": type(model.optimizer).__name__,
    }


def loaded(folder: Path) -> Any:
    """The model in a file, or None where there is none."""
    import keras

    if (folder / "model.keras").is_file():
        return keras.saving.load_model(folder / "model.keras")
    if (folder / "model.keras.json").is_file():
        model = keras.models.model_from_json((folder / "model.keras.json").read_text())
        model.load_weights(folder / "model.weights.h5")
        return model
    return None


def built(folder: Path) -> Any:
    """The model that the generated code makes."""
    spec = importlib.util.spec_from_file_location("generated", folder / "model.py")
    assert spec is not None
    assert spec.loader is not None
    generated = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generated)
    model = generated.build_model()
    generated.compile_model(model)
    if hasattr(generated, "load_weights"):
        generated.load_weights(model, folder / "weights.npz")
    return model


def arrays(path: Path) -> dict[str, np.ndarray]:
    """The arrays in a file by name."""
    with np.load(path, allow_pickle=False) as file:
        return dict(file)


def losses(model: Any, inputs: dict[str, np.ndarray], targets: dict[str, np.ndarray]) -> list[float]:
    """The loss of every step, before the step."""
    samples, found = len(next(iter(inputs.values()))), []
    for step in range(STEPS):
        part = slice(step * BATCH % samples, step * BATCH % samples + BATCH)
        xs, ts = ({name: one[part] for name, one in group.items()} for group in (inputs, targets))
        model.reset_metrics()
        logs = model.train_on_batch(xs, ts if len(ts) > 1 else next(iter(ts.values())), return_dict=True)
        found.append(float(logs["loss"]))
    return found


def main() -> None:
    """Answer until standard input ends."""
    for line in sys.stdin:
        try:
            said = answer(Path(line.strip()))
        except Exception:
            said = {"error": traceback.format_exc()}
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
