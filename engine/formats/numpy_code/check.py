"""Running a written file of NumPy code, to hold it against the network."""

from __future__ import annotations

import runpy
from collections.abc import Mapping
from pathlib import Path

from engine.formats.verify import Outputs, verifier
from engine.kernel import Array


@verifier("numpy", "NumPy", "numpy")
def run(path: Path, inputs: Mapping[str, Array]) -> Outputs:
    """The outputs that the functions in the file give."""
    made = runpy.run_path(str(path))
    outputs = made["predict"](made["load_weights"](), *inputs.values())
    return outputs if isinstance(outputs, dict) else {"y": outputs}
