"""A training that the memory does not suffice for is refused before any of it is taken."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import engine.session
from engine.free_memory import NotEnoughMemory, _of_group, free_memory, require_memory
from engine.memory import training_memory
from engine.session import Session
from graph.layers.core import Dense
from graph.project import Project
from graph.serialize import save
from tests.engine.training.projects import spirals

ROOT = Path(__file__).parents[2]


def wide(units: int) -> Project:
    """Two spirals and layers that are far too wide for them."""
    project = spirals(1)
    layers = dict(project.network.layers)
    layers["hidden"] = layers["hidden"].with_(units=units)
    layers["dropout"] = Dense(units)
    network = type(project.network).of(layers, project.network.wires)
    return Project(network, {}, project.data, project.training)


def test_what_is_free_is_less_than_what_there_is() -> None:
    free = free_memory()
    assert free is not None
    assert 0 < free <= os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def test_a_container_leaves_what_its_limit_says(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text("1000\n")
    (tmp_path / "memory.current").write_text("700\n")
    (tmp_path / "memory.stat").write_text("anon 100\ninactive_file 200\n")
    assert _of_group(tmp_path) == 500
    (tmp_path / "memory.max").write_text("max\n")
    assert _of_group(tmp_path) is None


def test_the_limit_is_what_training_takes() -> None:
    session = Session.prepare(spirals())
    inference, recipe = session.plan.inference, session.project.training
    need = training_memory(inference, recipe)
    require_memory(inference, recipe, need)
    require_memory(inference, recipe, None)
    with pytest.raises(NotEnoughMemory, match=r"Training needs .* of memory, and .* are free\."):
        require_memory(inference, recipe, need - 1)


def test_the_hint_says_what_takes_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine.session, "free_memory", lambda: 1000)
    with pytest.raises(NotEnoughMemory, match=r"one batch of 32 samples: try a smaller batch size"):
        Session.prepare(spirals())
    with pytest.raises(NotEnoughMemory, match=r"the 1,\d{3},\d{3} parameters: make the largest layers smaller"):
        Session.prepare(wide(1000))


def test_the_command_line_refuses_before_it_takes_the_memory(tmp_path: Path) -> None:
    save(wide(65_536), tmp_path / "wide.netloom")
    words = [sys.executable, str(ROOT / "main.py"), "train", str(tmp_path / "wide.netloom"), "--out", str(tmp_path)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    assert "Training needs" in done.stderr
    assert "make the largest layers smaller" in done.stderr
