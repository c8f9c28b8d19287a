"""Predictions of an ONNX file: read by Netloom, run by ONNX Runtime, and operator by operator with PyTorch.

The first argument is `PROGRAM FILE`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

from engine.blas import choose_core_type

choose_core_type()

import numpy as np  # noqa: E402  (the kernels are chosen before)

from bench.steps.worker import Side, serve  # noqa: E402

BATCH = 8
Array = np.ndarray[Any, np.dtype[np.float32]]


def samples() -> Array:
    """The same images for all."""
    return np.random.default_rng(1).standard_normal((BATCH, 3, 224, 224), np.float32)


def side(predict: Callable[[], Array], **facts: Any) -> Side:
    """Predictions, and what they were."""
    return Side({}, {"predict": predict}, lambda: {"y": predict().reshape(-1).tolist(), **facts})


def netloom(path: str) -> Side:
    """The file as a network of ours."""
    from engine.formats.onnx.read import read_onnx
    from engine.plan import compile

    begun = perf_counter()
    imported = read_onnx(Path(path))
    seconds = perf_counter() - begun
    plan = compile(imported.project.network, BATCH, training=False)
    plan.parameters.load(imported.weights)
    (x,), (y,) = plan.inputs.values(), plan.outputs.values()
    x[...] = samples()

    def predict() -> Array:
        plan.forward()
        return np.asarray(y)

    return side(predict, seconds=seconds)


def onnx_runtime(path: str) -> Side:
    """The file itself."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 2
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    given = {session.get_inputs()[0].name: samples()}
    return side(lambda: np.asarray(session.run(None, given)[0]))


def pytorch(path: str) -> Side:
    """Its operators as PyTorch's functions, one after the other."""
    import onnx
    import torch
    from torch.nn import functional as f

    torch.set_num_threads(2)
    graph = onnx.load(path).graph
    arrays = {one.name: torch.from_numpy(onnx.numpy_helper.to_array(one).copy()) for one in graph.initializer}
    one_by_one: dict[str, Callable[..., Any]] = {
        "Conv": lambda a, x, w, *b: f.conv2d(x, w, *b, stride=a["strides"], padding=a["pads"][:2]),
        "BatchNormalization": lambda a, x, g, b, m, v: f.batch_norm(x, m, v, g, b, eps=a["epsilon"]),
        "Relu": lambda a, x: f.relu(x),
        "Sum": lambda a, *xs: sum(xs),
        "MaxPool": lambda a, x: f.max_pool2d(x, a["kernel_shape"], a["strides"], a["pads"][:2]),
        "AveragePool": lambda a, x: f.avg_pool2d(x, a["kernel_shape"], a["strides"]),
        "Reshape": lambda a, x, n: x.reshape(n.tolist()),
        "Gemm": lambda a, x, w, b: f.linear(x, w, b),
        "Softmax": lambda a, x: f.softmax(x, 1),
    }
    usual = {"strides": [1, 1], "pads": [0, 0, 0, 0], "epsilon": 1e-5}
    said = [usual | {a.name: onnx.helper.get_attribute_value(a) for a in one.attribute} for one in graph.node]
    x = torch.from_numpy(samples())

    def predict() -> Array:
        values: dict[str, Any] = arrays | {graph.input[0].name: x}
        with torch.inference_mode():
            for one, a in zip(graph.node, said, strict=True):
                values[one.output[0]] = one_by_one[one.op_type](a, *(values[name] for name in one.input))
        return np.asarray(values[graph.output[0].name].numpy())

    return side(predict)


PROGRAMS: Mapping[str, Callable[[str], Side]] = {
    "netloom": netloom,
    "onnxruntime": onnx_runtime,
    "torch": pytorch,
}


def make(said: str) -> Side | None:
    """A program with a file; None where it is not installed."""
    program, _, path = said.partition(" ")
    try:
        return PROGRAMS[program](path)
    except ModuleNotFoundError:
        return None


if __name__ == "__main__":
    serve(make)
