"""A program of its own that runs a written file on samples: `verify_child.py FORMAT FILE FOLDER`.

The samples are in FOLDER/inputs.npz and their names in FOLDER/inputs.json, as the results will be in outputs.npz and
outputs.json. It knows nothing of Netloom, so that it starts quickly.
"""

from __future__ import annotations

import importlib
import json
import runpy
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

Arrays = Mapping[str, np.ndarray]


def run_numpy(path: Path, inputs: Arrays) -> Any:
    """What the functions in a file of NumPy code give."""
    made = runpy.run_path(str(path))
    return made["predict"](made["load_weights"](), *inputs.values())


def run_pytorch(path: Path, inputs: Arrays) -> Any:
    """What the module in a file gives, with the state beside it."""
    torch: Any = importlib.import_module("torch")
    made = runpy.run_path(str(path))
    model = made["load_weights"](made["Network"]()).eval()
    with torch.no_grad():
        return model(*(torch.from_numpy(x) for x in inputs.values()))


def run_keras(path: Path, inputs: Arrays) -> Any:
    """What Keras predicts with a model."""
    keras: Any = importlib.import_module("keras")
    model = keras.saving.load_model(path, compile=False)
    by_name = {tensor.name: x for x, tensor in zip(inputs.values(), model.inputs, strict=True)}
    return model.predict(by_name, verbose=0)


def run_onnx(path: Path, inputs: Arrays) -> Any:
    """What ONNX Runtime makes of the samples; entries and results stand in the file in their order."""
    runtime: Any = importlib.import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.log_severity_level = 3
    session = runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    given = {one.name: x for one, x in zip(session.get_inputs(), inputs.values(), strict=True)}
    return {one.name: y for one, y in zip(session.get_outputs(), session.run(None, given), strict=True)}


RUNNERS = {"numpy": run_numpy, "pytorch": run_pytorch, "keras": run_keras, "onnx": run_onnx}


def main(format: str, path: Path, folder: Path) -> None:
    """Run the file on what is in the folder."""
    write(folder, "outputs", results(format, path, read(folder, "inputs")))


def results(format: str, path: Path, inputs: Arrays) -> dict[str, np.ndarray]:
    """What a file gives, by name; a single result may have any name. Names of classes are left out."""
    outputs = RUNNERS[format](path, inputs)
    named = outputs if isinstance(outputs, dict) else {"y": outputs}
    arrays = {name: np.asarray(y) for name, y in named.items()}
    return {name: y for name, y in arrays.items() if y.dtype.kind in "fiub"}


def write(folder: Path, file: str, arrays: Arrays) -> None:
    """Arrays, and beside them their names, which may be any."""
    numbered: Any = {f"a{place}": array for place, array in enumerate(arrays.values())}
    np.savez(folder / f"{file}.npz", allow_pickle=False, **numbered)
    (folder / f"{file}.json").write_text(json.dumps(list(arrays)), encoding="utf-8")


def read(folder: Path, file: str) -> dict[str, np.ndarray]:
    """The arrays by their names."""
    names = json.loads((folder / f"{file}.json").read_text(encoding="utf-8"))
    with np.load(folder / f"{file}.npz", allow_pickle=False) as arrays:
        return {name: arrays[f"a{place}"] for place, name in enumerate(names)}


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
