"""Networks written and then run by ONNX Runtime: truth from outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pytest

from engine.formats import work_on
from engine.formats.onnx.write import write_onnx
from engine.kernel import Array
from engine.plan import Plan
from graph.network import Network
from graph.project import Project

onnx: Any = pytest.importorskip("onnx")
runtime: Any = pytest.importorskip("onnxruntime")


def written(network: Network, weights: Mapping[str, Array]) -> bytes:
    """The file of a network."""
    return write_onnx(work_on(Project(network), "model", weights)).content


def ran(content: bytes, inputs: Iterable[Array]) -> list[Array]:
    """What ONNX Runtime gives for the inputs in their order."""
    options = runtime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    session = runtime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    given = {}
    for one, x in zip(session.get_inputs(), inputs, strict=True):
        given[one.name] = x.astype(np.int64) if one.type == "tensor(int64)" else x
    if session.get_inputs()[0].shape[0] != 1:
        return list(session.run(None, given))
    samples = [session.run(None, {name: x[i : i + 1] for name, x in given.items()}) for i in range(len(x))]
    return [np.concatenate(ys) for ys in zip(*samples, strict=True)]


def outputs_of(plan: Plan) -> list[Array]:
    """What the network itself gives, and what its file does, for the plan's inputs."""
    return ran(written(plan.inference.network, plan.parameters.named()), plan.inputs.values())
