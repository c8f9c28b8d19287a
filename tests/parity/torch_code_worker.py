"""Run generated PyTorch code for the tests: a folder a line on standard input, an answer a line on standard output.

A folder holds `model.torch.py` (generated), its state beside it, and `inputs.npz`; the outputs go to `outputs.npz`.
Where there is a `data.npz` the model is trained on it as well.
"""

from __future__ import annotations

import json
import runpy
import sys
import traceback
from pathlib import Path

import numpy as np
import torch


def answer(folder: Path) -> dict[str, object]:
    """What PyTorch makes of the code in `folder`."""
    made = runpy.run_path(str(folder / "model.torch.py"))
    model = made["Network"]()
    if (folder / "model.torch.safetensors").is_file():
        made["load_weights"](model)
    if (folder / "data.npz").is_file():
        data = made["dataset"](folder / "data.npz")
        first = made["loss_on"](model, data.tensors, torch.device("cpu")).item()
        made["train"](model, data, data)
        return {"loss": first, "finite": all(bool(p.isfinite().all()) for p in model.parameters())}
    with np.load(folder / "inputs.npz", allow_pickle=False) as inputs, torch.no_grad():
        outputs = model.eval()(*(torch.from_numpy(inputs[name]) for name in inputs.files))
    named = outputs if isinstance(outputs, dict) else {"": outputs}
    np.savez(folder / "outputs.npz", **{f"output_{key}": one.numpy() for key, one in named.items()})
    return {"parameters": sum(p.numel() for p in model.parameters())}


def main() -> None:
    """Answer until standard input ends; what the generated code prints goes elsewhere."""
    torch.set_num_threads(1)
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        try:
            said = answer(Path(line.strip()))
        except Exception:
            said = {"error": traceback.format_exc()}
        print(json.dumps(said), flush=True, file=answers)


if __name__ == "__main__":
    main()
