"""A saved state is read as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.checkpoint import flat, named, read_state, replace_file, state_bytes
from engine.early_stopping import Best
from engine.trainer import State
from graph.optimizers import SGD, Adam, Optimizer
from graph.problem import FileProblem
from tests.engine.training.reference import RECIPE, trainer


@pytest.mark.parametrize("best", [Best(), Best(2, 0.1 + 0.2, 3)])
@pytest.mark.parametrize("optimizer", [Adam(amsgrad=True), SGD(), SGD(momentum=0.5)])
def test_a_state_is_read_as_it_was(tmp_path: Path, optimizer: Optimizer, best: Best) -> None:
    run = trainer(RECIPE.with_(optimizer=optimizer, epochs=2))
    list(run.events())
    state: State = replace(run.state, best=best)
    slots = run.plan.parameters.slots
    path = tmp_path / "state.safetensors"
    replace_file(path, state_bytes(state, slots, {"note": "x"}))
    found = read_state(path, slots, state.best_weights)
    assert (found.epoch, found.steps, found.seconds, found.best) == (state.epoch, state.steps, state.seconds, best)
    np.testing.assert_array_equal(found.weights, state.weights)
    assert found.optimizer.keys() == state.optimizer.keys()
    for name, vector in state.optimizer.items():
        np.testing.assert_array_equal(found.optimizer[name], vector)


def test_named_weights_are_laid_out_whatever_their_order() -> None:
    parameters = trainer().plan.parameters
    weights = dict(reversed(named(parameters.slots, parameters.values).items()))
    np.testing.assert_array_equal(flat(parameters.slots, weights, "file"), parameters.values)


def test_a_file_that_cannot_be_replaced_is_untouched(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    path.mkdir()
    with pytest.raises(OSError, match=r".+"):
        replace_file(path, b"x")
    assert [entry.name for entry in tmp_path.iterdir()] == ["folder"]


def test_a_file_that_is_no_state_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state.safetensors"
    path.write_bytes(b"\x00" * 20)
    with pytest.raises(FileProblem, match="no saved state of a run, or is damaged"):
        read_state(path, (), None)
