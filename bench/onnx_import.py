"""Predictions of ResNet50, imported from an ONNX file, beside ONNX Runtime and PyTorch with the same file.

    python bench/onnx_import.py [--peers PYTHON] [--rounds N]

The network is that of the ONNX project, with random weights; a batch has 8 images of 224 × 224. All programs take turns
on two threads, as in engine_bench.py, and must predict the same. PYTHON is an interpreter that has PyTorch and onnx.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import onnx  # noqa: E402

from bench.engine_bench import TURN, environment_of, side  # noqa: E402

CLOSE = 1e-5


def resnet50(path: Path) -> None:
    """The network that the package onnx carries, its weights drawn so that values neither vanish nor run over."""
    model: Any = onnx.load(Path(onnx.__file__).parent / "backend" / "test" / "data" / "light" / "light_resnet50.onnx")
    graph, random = model.graph, np.random.default_rng(0)
    arrays = {one.name: onnx.numpy_helper.to_array(one) for one in graph.initializer}
    made = {}
    for one in [one for one in graph.node if one.op_type == "ConstantOfShape"]:
        shape = tuple(arrays.pop(one.input[0]))
        drawn = random.standard_normal(shape) * np.sqrt(1.0 / max(np.prod(shape[1:]), 1))
        made[one.output[0]] = drawn if len(shape) > 1 else random.uniform(0.5, 1.0, shape)
        graph.node.remove(one)
    arrays |= {name: array.astype(np.float32) for name, array in made.items()}
    sizes = next(one.input[1] for one in graph.node if one.op_type == "Reshape")
    arrays[sizes] = np.array([-1, *arrays[sizes][1:]])
    read = {name for one in graph.node for name in one.input}
    del graph.initializer[:], graph.input[1:]
    graph.initializer.extend(
        onnx.numpy_helper.from_array(array, name) for name, array in arrays.items() if name in read
    )
    for end in (graph.input[0], graph.output[0]):
        end.type.tensor_type.shape.dim[0].dim_param = "N"
    onnx.save(model, path)


def main() -> None:
    """Print a line a program. Exit code 1 where the predictions differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", metavar="PYTHON", default=os.environ.get("NETLOOM_PEERS_PYTHON", sys.executable))
    parser.add_argument("--rounds", type=int, default=4)
    options = parser.parse_args()
    programs = {"netloom": sys.executable, "onnxruntime": sys.executable, "torch": options.peers}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        path = Path(folder) / "resnet50.onnx"
        resnet50(path)
        environment = environment_of(keep_core_type=False, threads_each=2, folder=folder)
        begun = {
            name: stack.enter_context(side([python, "-m", "bench.steps.onnx_file", f"{name} {path}"], environment))
            for name, python in programs.items()
        }
        sides = {name: one for name, one in begun.items() if one is not None}
        for _ in range(options.rounds):
            for each in sides.values():
                each.times["predict"] += each.ask(f"predict {TURN}")
        facts = {name: each.ask("facts") for name, each in sides.items()}
    ours, own = facts["netloom"], sides["netloom"].milliseconds("predict")
    print(f"read in {ours['seconds']:.2f} s")
    apart = 0.0
    for name, each in sides.items():
        milliseconds = each.milliseconds("predict")
        far = float(np.abs(np.subtract(ours["y"], facts[name]["y"])).max())
        apart = max(apart, far)
        line = (
            f"{name:12} {milliseconds:9.1f} ms   {milliseconds / own:5.2f}   {facts[name]['peak']:6.0f} MB   {far:.1e}"
        )
        print(line, flush=True)
    for name in programs.keys() - sides.keys():
        print(f"{name} is not installed")
    if apart > CLOSE:
        sys.exit(1)


if __name__ == "__main__":
    main()
