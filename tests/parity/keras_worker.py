"""Run generated Keras code for the tests: a folder a line on standard input, an answer a line on standard output.

A folder holds `model.py` (generated), `weights.npz`, and `inputs.npz`; the outputs go to `outputs.npz` beside them. It
runs in a process of its own, and perhaps in another Python than the tests, because Keras and its backend are heavy.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import traceback
from pathlib import Path

import numpy as np


def answer(folder: Path) -> dict[str, object]:
    """What Keras makes of the code in `folder`."""
    spec = importlib.util.spec_from_file_location("generated", folder / "model.py")
    assert spec is not None
    assert spec.loader is not None
    generated = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generated)
    model = generated.build_model()
    generated.compile_model(model)
    if hasattr(generated, "load_weights"):
        generated.load_weights(model, folder / "weights.npz")
    with np.load(folder / "inputs.npz", allow_pickle=False) as inputs:
        outputs = model.predict(dict(inputs), verbose=0)
    named = outputs if isinstance(outputs, dict) else {"": outputs}
    np.savez(folder / "outputs.npz", **{f"output_{key}": np.asarray(one) for key, one in named.items()})
    return {
        "layers": {layer.name: list(generated.keras.tree.flatten(layer.output)[0].shape) for layer in model.layers},
        "parameters": model.count_params(),
        "optimizer": type(model.optimizer).__name__,
    }


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
