"""A training step of six networks, side by side with PyTorch on this machine.

    python -m bench.engine_bench [--torch PYTHON] [--rounds N] [--only TEXT]

Every step is forward, loss, backward and Adam, in float32, on two threads. The two programs take turns of a quarter of
a second, so that a busy machine slows both, and the medians of all steps are compared. PYTHON is an interpreter that
has PyTorch: by default that of NETLOOM_TORCH_PYTHON, or this one. Without PyTorch our side is measured alone.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from engine.blas import choose_core_type  # noqa: E402  (found only now where this file is run by its path)

TURN = 0.25
NETWORKS = (
    "mlp 2-8-8-2, batch 32",
    "mlp 784-512-256-10, batch 128",
    "cnn 28x28, batch 64",
    "digits cnn, batch 32",
    "lstm 32x64-128, batch 64",
    "gru 32x64-128, batch 64",
)


class Side:
    """A program that runs training steps when it is asked to."""

    def __init__(self, python: str, module: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}
        choose_core_type(environment)
        self._process = subprocess.Popen(
            [python, "-m", module], cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def times(self, name: str) -> list[float]:
        """The seconds of each step in one turn."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{TURN} {name}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"the side of {name!r} ended with exit code {self._process.wait()}")
        return [float(seconds) for seconds in json.loads(line)]

    def close(self) -> None:
        """End the program."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()


def has_torch(python: str) -> bool:
    """Whether an interpreter has PyTorch."""
    look = "import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is None)"
    return subprocess.run([python, "-c", look], check=False).returncode == 0


def main() -> None:
    """Print one line a network: both medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--torch", metavar="PYTHON", default=os.environ.get("NETLOOM_TORCH_PYTHON", sys.executable))
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--only", metavar="TEXT", default="", help="networks whose name contains TEXT")
    options = parser.parse_args()
    sides = [Side(sys.executable, "bench.steps.netloom")]
    if has_torch(options.torch):
        sides.append(Side(options.torch, "bench.steps.pytorch"))
    else:
        print(f"{options.torch} has no PyTorch, so there is nothing to compare with; name one that has with --torch.")
    print(f"{'milliseconds a step (median)':32}{'Netloom':>10}{'PyTorch':>10}{'ratio':>8}")
    for name in (name for name in NETWORKS if options.only in name):
        times: list[list[float]] = [[] for _ in sides]
        for _ in range(options.rounds):
            for found, side in zip(times, sides, strict=True):
                found += side.times(name)
        medians = [statistics.median(found) * 1e3 for found in times]
        compared = f"{medians[1]:10.3f}{medians[0] / medians[1]:8.2f}" if len(medians) > 1 else ""
        print(f"{name:32}{medians[0]:10.3f}{compared}", flush=True)
    for side in sides:
        side.close()


if __name__ == "__main__":
    main()
