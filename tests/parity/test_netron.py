"""Netron's own parser opens what is exported, in Node.js, and finds the layers and the weights in it."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from engine.formats import export
from engine.parameters import Parameters
from engine.templates import make as template
from engine.templates import templates
from graph.infer import infer
from graph.project import Project
from tests.engine.formats.test_foreign import MODULES

pytestmark = pytest.mark.parity

NODE = shutil.which("node")
SCRIPT = Path(__file__).with_name("netron.mjs")
PROJECTS = {name: Project(network) for name, network in MODULES.items()} | {
    one.name: template(one.name)[0] for one in templates()
}
FORMATS = {
    ".onnx": "ONNX v8",
    ".keras": "Keras v3.15.1",
    ".keras.json": "Keras",
    ".weights.h5": "Keras Weights",
    ".safetensors": "Safetensors",
    ".npz": "NumPy Archive",
}
SILENT = ("Input", "Output")
"""Layers that Keras's files have no layer for, or that Netron shows as ends of wires."""


def netron() -> Path:
    """The folder of Netron's parser: of the package, or the one that the variable names."""
    if "NETLOOM_NETRON" in os.environ:
        return Path(os.environ["NETLOOM_NETRON"])
    found = importlib.util.find_spec("netron")
    if found is None or found.origin is None:
        pytest.skip("Netron is not installed; make parity installs it and runs this")
    return Path(found.origin).parent


def opened(*paths: Path) -> list[dict[str, Any]]:
    """What Netron makes of files."""
    if NODE is None:
        pytest.skip("Node.js is not installed, which runs Netron's parser")
    done = subprocess.run([NODE, SCRIPT, netron(), *paths], capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("name", PROJECTS)
def test_every_format_opens(name: str, tmp_path: Path) -> None:
    project = PROJECTS[name]
    parameters = Parameters(infer(project.network))
    parameters.initialize(0)
    weights = parameters.named()
    paths = [tmp_path / f"model{ending}" for ending in FORMATS]
    for path in paths:
        export(project, path, weights)
    seen = dict(zip(FORMATS, opened(*paths), strict=True))
    assert {ending: one.get("error") for ending, one in seen.items() if "error" in one} == {}
    assert {ending: one["format"] for ending, one in seen.items()} == FORMATS
    ours = sorted(layer.key for layer in project.network.layers.values() if layer.key not in SILENT)
    for ending in (".keras", ".keras.json"):
        assert sorted(kind for kind in seen[ending]["types"] if kind not in SILENT) == ours
    shapes = sorted(f"float32[{','.join(map(str, one.shape))}]" for one in weights.values())
    for ending in (".safetensors", ".npz"):
        assert sorted(seen[ending]["tensors"]) == shapes


def test_what_is_no_model_is_an_error_there_too(tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(b"no model at all")
    (one,) = opened(tmp_path / "m.onnx")
    assert "error" in one
