"""The run that keeps the weights of a model of another program."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.formats.importer import Imported
from engine.imported_run import keep
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.network import Network, Wire
from graph.project import Project


def test_weights_are_kept_whichever_way_they_lie_in_memory(tmp_path: Path) -> None:
    network = Network.of({"x": Input((3,)), "y": Dense(2)}, [Wire("x", "y")])
    kernel = np.arange(6, dtype=np.float32).reshape(2, 3).T
    read = Imported(Project(network), weights={"y/kernel": kernel, "y/bias": np.ones(4, np.float32)[::2]})
    kept = keep(tmp_path, read, "model.onnx").weights()
    np.testing.assert_array_equal(kept["y/kernel"], [[0, 3], [1, 4], [2, 5]])
    np.testing.assert_array_equal(kept["y/bias"], [1, 1])
