"""Running a written PyTorch module, to hold it against the network, where PyTorch is installed."""

from __future__ import annotations

import runpy
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from engine.formats.verify import Outputs, verifier
from engine.kernel import Array


@verifier("pytorch", "PyTorch", "torch")
def run(path: Path, inputs: Mapping[str, Array]) -> Outputs:
    """The outputs of the module in the file, with the state beside it."""
    torch = import_module("torch")
    made = runpy.run_path(str(path))
    model = made["load_weights"](made["Network"]()).eval()
    with torch.no_grad():
        outputs = model(*(torch.from_numpy(x) for x in inputs.values()))
    named = outputs if isinstance(outputs, dict) else {"y": outputs}
    return {name: y.numpy() for name, y in named.items()}
