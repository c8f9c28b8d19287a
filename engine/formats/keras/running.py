"""A written model run by Keras, where it is installed.

It runs in a process of its own, because Keras and its backend are heavy, and with a folder of its own as Keras's home,
so that nothing is written into the user's.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from engine.data.archive import read_arrays
from engine.extras import installed
from engine.formats.verify import verifier
from engine.kernel import Array

SECONDS = 300
BACKENDS = ("jax", "tensorflow", "torch")
RUN = """
import sys, warnings
import keras
import numpy as np
model = keras.saving.load_model(sys.argv[1], compile=False)
with np.load(sys.argv[2], allow_pickle=False) as file:
    inputs = dict(file)
by_name = {tensor.name: inputs[name] for name, tensor in zip(sys.argv[4:], model.inputs)}
outputs = model.predict(by_name, verbose=0)
outputs = outputs if isinstance(outputs, dict) else {"": outputs}
np.savez(sys.argv[3], **{f"output_{name}": np.asarray(y) for name, y in outputs.items()})
"""


@verifier("keras", "Keras", "keras")
def run(path: Path, inputs: Mapping[str, Array]) -> dict[str, Array]:
    """What Keras predicts. Raises RuntimeError with what Keras says."""
    backend = next((name for name in BACKENDS if installed(name)), BACKENDS[0])
    with TemporaryDirectory() as home:
        samples, results = Path(home, "inputs.npz"), Path(home, "outputs.npz")
        np.savez(samples, allow_pickle=False, **inputs)
        environment = {"KERAS_BACKEND": backend, **os.environ, "KERAS_HOME": home}
        command = [sys.executable, "-c", RUN, str(path), str(samples), str(results), *inputs]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS)
        if done.returncode:
            lines = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
            raise RuntimeError(lines[-1])
        return {name.removeprefix("output_"): y for name, y in read_arrays(results).items()}
