"""The contracts of the house: directions of import, complete registries, the pin of PySide6, pages that are true."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from packaging.requirements import Requirement
from PySide6.QtCore import QObject, Signal

import engine.kernels
import engine.losses  # noqa: F401 - importing fills the registries
from engine.cli.command import VERBS, help_text
from engine.data.load import loaders
from engine.initializers import initialize
from engine.kernel import kernel_of
from engine.losses import loss_function_of
from engine.metrics import metric_function_of
from engine.optimizers import stepper_of
from graph.activations import activations
from graph.datasets import datasets
from graph.initializers import initializers
from graph.layers import layers
from graph.layers.activation import Activation
from graph.losses import losses
from graph.metrics import metrics
from graph.optimizers import optimizers

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(path for room in ("graph", "engine", "gui") for path in (ROOT / room).rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


class Sender(QObject):
    """An object with a signal."""

    changed = Signal(object)


@pytest.mark.parametrize("call", ["method", "signal"])
def test_qt_keeps_the_references_to_none(call: str, qapp: QObject) -> None:
    """PySide6 6.12.0 loses one for every call that returns None under Python 3.11, until the interpreter aborts."""
    sender = Sender()
    done = {"method": lambda: sender.setObjectName("x"), "signal": lambda: sender.changed.emit(None)}[call]
    done()
    before = sys.getrefcount(None)
    for _ in range(1000):
        done()
    lost = before - sys.getrefcount(None)
    assert lost < 500, "this PySide6 loses references to None; install one that pyproject.toml allows"


def test_the_broken_pyside_cannot_be_installed() -> None:
    (pin,) = [Requirement(r) for r in PROJECT["project"]["dependencies"] if r.startswith("PySide6")]
    assert not pin.specifier.contains("6.12.0")
    assert pin.specifier.contains(version("PySide6_Essentials"))


def test_constraints_pin_what_is_allowed() -> None:
    pins = dict(
        line.split("==")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    )
    pinned = {re.sub(r"[-_.]+", "-", name).lower(): number for name, number in pins.items()}
    extras = PROJECT["project"]["optional-dependencies"]
    for requirement in [*PROJECT["project"]["dependencies"], *extras["dev"], *extras["parity"]]:
        wanted = Requirement(requirement)
        name = re.sub(r"[-_.]+", "-", wanted.name).lower()
        assert name in pinned, f"{name} is not pinned in constraints.txt"
        assert wanted.specifier.contains(pinned[name]), f"{name} is pinned to what pyproject.toml does not allow"


def test_imports_go_one_way() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_layer_has_a_kernel() -> None:
    assert [cls.key for cls in layers if kernel_of(cls()) is None] == []
    assert [name for name in activations.names() if kernel_of(Activation(name)) is None] == []


def test_every_loss_optimizer_metric_and_initializer_computes() -> None:
    w, g = np.zeros(3, np.float32), np.ones(3, np.float32)
    for loss in losses:
        assert loss_function_of(loss(), fused=False)
    for optimizer in optimizers:
        assert stepper_of(optimizer(), w, g)
    for name in metrics.names():
        assert metric_function_of(name, np.zeros((4, 3)), np.zeros((4, 3)))
    for name in initializers.names():
        initialize(name, np.empty((3, 2), np.float32), np.random.default_rng(0))


def test_every_data_set_has_a_loader() -> None:
    assert {cls.key for cls in datasets} == {cls.key for cls in loaders}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_are_in_order(path: Path) -> None:
    """A first line that says what it is for, nothing printed, nothing evaluated, nothing left for later."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree) or not tree.body, "it has no docstring"
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert not called & {"print", "eval", "exec"}
    assert not re.search(r"#\s*(TODO|FIXME|XXX)\b", text)
    assert "import pickle" not in text
    assert not re.search(r"np\.random\.(seed|rand|randn|randint|normal|uniform)\(", text), "randomness is an argument"


def test_nothing_names_one_machine() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "tracked.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_told_of(verb: str) -> None:
    assert (ROOT / "engine" / "cli" / f"verb_{verb}.py").is_file()
    assert verb in help_text()
    for page in ("README.md", "docs/guide/command-line.md"):
        assert re.search(rf"netloom {verb}\b", (ROOT / page).read_text(encoding="utf-8")), f"{page} leaves {verb} out"


def test_the_reference_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs" / "make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    for name, text in maker.pages().items():
        stored = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
        assert stored == text, f"docs/reference/{name} is old: run make reference"


PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), f"{target} is not there"
