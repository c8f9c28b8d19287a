"""Broken files by the hundred: whatever stands in a file, a sentence comes back, and no traceback."""

from __future__ import annotations

import contextlib
import json
import math
import random
from pathlib import Path

import numpy as np
import pytest

from engine.plan import compile
from engine.runs import open_run, read_metrics
from engine.templates import make
from graph.check import check
from graph.infer import Inference
from graph.problem import FileProblem
from graph.project import Project
from graph.serialize import dumps, load, loads
from tests.cli import CommandLine, Said
from tests.engine.test_kernels import network_of
from tests.fuzz.mutations import scratched, spoiled
from tests.reference.cases import FAMILIES


def clear(said: Said) -> bool:
    """Whether a command line ended in good order: done, or with something said of what is wrong."""
    return said.code == 0 or (said.code in (1, 2) and bool(said.error) and "Traceback" not in said.error)


@pytest.mark.parametrize("name", ["digits", "spirals", "regression", "sentiment", "tabular"])
def test_projects_with_anything_anywhere(name: str) -> None:
    chance = random.Random(name)
    document = json.loads(dumps(make(name)[0]))
    for _ in range(400):
        text = json.dumps(spoiled(document, chance))
        try:
            project = loads(text).project
        except FileProblem:
            continue
        check(project)
        assert loads(dumps(project)).project == project


@pytest.mark.parametrize("family", FAMILIES)
def test_layers_with_anything_anywhere(family: str) -> None:
    """Every fix can be made, and what has no errors is computed, unless it is large."""
    chance = random.Random(family)
    documents = [json.loads(dumps(Project(network_of(case)))) for case in FAMILIES[family] if case.layer.inputs]
    for _ in range(300):
        try:
            project = loads(json.dumps(spoiled(chance.choice(documents), chance))).project
        except FileProblem:
            continue
        checked = check(project)
        for problem in checked.problems:
            for fix in problem.fixes:
                fix.edit(project)
        assert loads(dumps(project)).project == project
        if checked.errors or not small(checked.inference):
            continue
        plan = compile(project.network, 2)
        plan.forward()
        plan.backward()


def small(inference: Inference) -> bool:
    """Whether a network is computed within a moment, and all its sizes are known."""
    shapes = [shape for one in inference.layers.values() for shape in (*one.inputs, *(one.outputs or ()))]
    known = all(None not in shape[1:] for shape in shapes)
    return known and inference.parameters < 10**6 and max(math.prod(filter(None, shape)) for shape in shapes) < 10**5


def test_projects_with_scratches(tmp_path: Path) -> None:
    chance, path = random.Random(1), tmp_path / "p.netloom"
    content = dumps(make("digits")[0]).encode()
    for _ in range(800):
        path.write_bytes(scratched(content, chance))
        with contextlib.suppress(FileProblem):
            load(path)


def test_tables_with_scratches(netloom: CommandLine) -> None:
    chance = random.Random(2)
    rows = "".join(f"{i % 7}.5,{'NESW'[i % 4]},{'pq'[i % 2]}\n" for i in range(40))
    for _ in range(250):
        Path("t.csv").write_bytes(scratched(f"a,b,kind\n{rows}".encode(chance.choice(["utf-8", "utf-16"])), chance))
        assert clear(netloom("train", "t.csv", "--epochs", "1", "--out", "runs"))


@pytest.fixture
def trained(netloom: CommandLine) -> Path:
    """The folder of a short run of the spirals."""
    assert netloom("train", "spirals", "--epochs", "1", "--out", "runs").code == 0
    return next(Path("runs").iterdir())


def test_weights_with_scratches(trained: Path, netloom: CommandLine) -> None:
    chance, weights = random.Random(3), trained / "weights.safetensors"
    assert netloom("export", "spirals", "w.npz", "--weights", weights).code == 0
    for path in (weights, Path("w.npz")):
        content = path.read_bytes()
        for _ in range(150):
            path.write_bytes(scratched(content, chance))
            assert clear(netloom("export", "spirals", "out.npz", "--weights", path))


def test_arrays_with_scratches(netloom: CommandLine) -> None:
    chance = random.Random(4)
    np.savez("d.npz", x=np.ones((20, 2)), y=np.arange(20) % 2)
    content = Path("d.npz").read_bytes()
    for _ in range(250):
        Path("d.npz").write_bytes(scratched(content, chance))
        assert clear(netloom("train", "spirals", "--data", "d.npz", "--epochs", "1", "--out", "runs"))


def test_runs_with_anything_anywhere(trained: Path, netloom: CommandLine) -> None:
    chance = random.Random(5)
    about, metrics = json.loads((trained / "run.json").read_text()), (trained / "metrics.csv").read_bytes()
    np.savez("d.npz", x=np.ones((20, 2)), y=np.arange(20) % 2)
    words = ["evaluate", "spirals", "--weights", trained / "weights.safetensors", "--data", "d.npz"]
    for number in range(400):
        (trained / "metrics.csv").write_bytes(scratched(metrics, chance))
        list(read_metrics(trained / "metrics.csv"))
        text = json.dumps(spoiled(about, chance))
        (trained / "run.json").write_bytes(text.encode() if number % 2 else scratched(text.encode(), chance))
        assert clear(netloom(*words))
        with contextlib.suppress(FileProblem):
            run = open_run(trained)
            assert isinstance(run.status + run.started + run.monitor, str)
            assert run.best is None or run.best in run.epochs
