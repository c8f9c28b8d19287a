"""TensorBoard reads the event files of a run: figures, weights, graph, hyperparameters."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.session import Session
from engine.templates import make
from graph import edits
from main import main

pytestmark = pytest.mark.parity


def test_tensorboard_reads_what_a_run_logs(tmp_path: Path) -> None:
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    hparams = pytest.importorskip("tensorboard.plugins.hparams.metadata")
    session = Session.prepare(edits.set_training(make("spirals")[0], epochs=3))
    logs = [event.logs for event in session.run(tmp_path / "runs") if type(event).__name__ == "EpochEnded"]
    assert main(["log", str(session.folder), str(tmp_path / "log")]) == 0
    seen = accumulator.EventAccumulator(str(tmp_path / "log/train")).Reload()
    assert [(s.step, s.value) for s in seen.Scalars("epoch_loss")] == [
        (step, pytest.approx(log["loss"])) for step, log in enumerate(logs)
    ]
    kernel = session.plan.parameters.named()["dense/kernel"]
    shown = seen.Histograms("dense/kernel")[0].histogram_value
    assert (shown.num, shown.max) == (kernel.size, pytest.approx(kernel.max()))
    assert [(node.name, list(node.input)) for node in seen.Graph().node][:2] == [("input", []), ("dense", ["input"])]
    said = seen.PluginTagToContent("hparams")
    recipe = hparams.parse_session_start_info_plugin_data(said["_hparams_/session_start_info"]).hparams
    assert recipe["epochs"].number_value == 3
    assert hparams.parse_session_end_info_plugin_data(said["_hparams_/session_end_info"]).status == 1
    validation = accumulator.EventAccumulator(str(tmp_path / "log/validation")).Reload()
    assert [s.value for s in validation.Scalars("epoch_loss")] == [pytest.approx(log["val_loss"]) for log in logs]
