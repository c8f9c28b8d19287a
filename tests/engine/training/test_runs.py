"""Run folders: what is kept, also when the program is killed, and what happens where nothing can be kept."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save

import engine.run_writer
from engine.events import BatchEnded, EpochEnded, Event, Finished, Notice
from engine.formats.weights import read_weights
from engine.runs import (
    BEST,
    STATE,
    UNFINISHED,
    Run,
    delete_run,
    differences,
    list_runs,
    new_folder,
    open_run,
    read_metrics,
    runs_folder,
)
from engine.session import Session
from graph.optimizers import SGD
from graph.problem import FileProblem
from graph.recipe import EarlyStopping, TrainingRecipe
from tests.engine.training.projects import spirals

ROOT = Path(__file__).parents[3]


def trained(folder: Path, epochs: int = 3) -> tuple[Session, list[Event]]:
    session = Session.prepare(spirals(epochs))
    return session, list(session.run(folder))


def epochs_of(events: list[Event]) -> list[tuple[int, dict[str, float]]]:
    return [(event.epoch, dict(event.logs)) for event in events if isinstance(event, EpochEnded)]


def kept(run: Run) -> list[tuple[int, dict[str, float]]]:
    return [(epoch.epoch, dict(epoch.logs)) for epoch in run.epochs]


def test_a_run_is_read_as_it_was(tmp_path: Path) -> None:
    session, events = trained(tmp_path)
    (run,) = list_runs(tmp_path).found
    end = events[-1]
    assert isinstance(end, Finished)
    assert session.folder == run.folder
    assert run.status == "completed"
    assert kept(run) == epochs_of(events)
    assert run.test == end.test
    assert run.project == session.project
    assert run.preparation == session.prepared.preparation
    assert run.classes == {"y": ("first", "second")}
    assert run.best is not None
    assert run.best.epoch == end.best_epoch
    assert run.seconds == pytest.approx(end.seconds)
    assert run.about["versions"]["numpy"] == np.__version__
    for name, array in run.weights().items():
        np.testing.assert_array_equal(array, session.plan.parameters.named()[name])
    weights = read_weights(run.folder / "best.safetensors")
    assert weights.keys() == run.weights().keys()


def test_ids_sort_by_time_and_never_collide(tmp_path: Path) -> None:
    names = [new_folder(tmp_path)[0].name for _ in range(200)]
    assert len(set(names)) == 200
    assert names == sorted(names)


def test_a_run_goes_on_in_its_folder_as_if_it_had_not_stopped(tmp_path: Path) -> None:
    _, whole = trained(tmp_path / "whole", 6)
    trained(tmp_path / "parts", 3)
    (run,) = list_runs(tmp_path / "parts").found
    longer = replace(run.project, training=run.project.training.with_(epochs=6))
    session = Session.prepare(longer)
    rest = list(session.run(resume=run))
    again = open_run(run.folder)
    assert kept(again) == epochs_of(whole)
    assert [epoch for epoch, _ in epochs_of(rest)] == [4, 5, 6]
    assert isinstance(rest[-1], Finished)
    assert isinstance(whole[-1], Finished)
    assert again.test == rest[-1].test == whole[-1].test
    assert again.id == run.id
    assert again.project.training.epochs == 6
    assert len(list_runs(tmp_path / "parts").found) == 1


def test_going_on_takes_out_what_was_written_after_the_state(tmp_path: Path) -> None:
    _, events = trained(tmp_path, 3)
    (run,) = list_runs(tmp_path).found
    with (run.folder / "metrics.csv").open("a") as file:
        file.write("4,0.1,1,1,1,1\n5,0.1,0.3")
    longer = replace(run.project, training=run.project.training.with_(epochs=4))
    more = list(Session.prepare(longer).run(resume=run))
    assert kept(open_run(run.folder)) == epochs_of(events) + epochs_of(more)


def test_closing_keeps_what_is_done(tmp_path: Path) -> None:
    session = Session.prepare(spirals(50))
    events = session.run(tmp_path)
    for event in events:
        if isinstance(event, EpochEnded) and event.epoch == 2:
            break
    events.close()
    (run,) = list_runs(tmp_path).found
    assert run.status == "stopped"
    assert [epoch.epoch for epoch in run.epochs] == [1, 2]
    np.testing.assert_array_equal(run.weights()["hidden/kernel"], session.plan.parameters.named()["hidden/kernel"])


def test_an_error_leaves_a_run_that_says_it_failed(tmp_path: Path) -> None:
    session = Session.prepare(spirals(50))
    events = session.run(tmp_path)
    next(event for event in events if isinstance(event, EpochEnded))
    with pytest.raises(MemoryError):
        events.throw(MemoryError())
    (run,) = list_runs(tmp_path).found
    assert run.status == "failed"
    assert len(run.epochs) == 1


KILLED = """
import sys
from pathlib import Path
from engine.session import Session
from tests.engine.training.projects import spirals
for event in Session.prepare(spirals(1_000_000)).run(Path(sys.argv[1])):
    pass
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a system that can kill")
@pytest.mark.parametrize("moment", [0.0, 0.0017, 0.0131])
def test_a_killed_program_leaves_every_finished_epoch(tmp_path: Path, moment: float) -> None:
    program = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], cwd=ROOT, env={**os.environ})
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if any(len(run.epochs) >= 10 for run in list_runs(tmp_path).found):
                break
            time.sleep(0.01)
        time.sleep(moment)
    finally:
        program.kill()
        program.wait()
    found = list_runs(tmp_path)
    assert not found.problems
    (run,) = found.found
    assert run.status == UNFINISHED
    epochs = [epoch.epoch for epoch in run.epochs]
    assert len(epochs) >= 10
    assert epochs == list(range(1, len(epochs) + 1))
    session = Session.prepare(replace(run.project, training=run.project.training.with_(epochs=len(epochs) + 2)))
    state = run.state(session.plan.parameters.slots)
    assert len(epochs) - 1 <= state.epoch <= len(epochs)
    assert run.weights().keys() == session.plan.parameters.named().keys()
    expected = Session.prepare(session.project).run(every=1000)
    list(session.run(resume=run, every=1000))
    assert kept(open_run(run.folder)) == epochs_of(list(expected))


def test_a_folder_that_cannot_be_written_is_told_once_and_training_goes_on(tmp_path: Path) -> None:
    blocked = tmp_path / "digits.runs"
    blocked.write_text("a file where the folder should be")
    session, events = trained(blocked)
    notices = [event for event in events if isinstance(event, Notice)]
    assert len(notices) == 1
    assert f"{blocked} cannot be written: File exists." in notices[0].text
    assert "Training goes on, but this run is not kept." in notices[0].hint
    assert len(epochs_of(events)) == 3
    assert isinstance(events[-1], Finished)
    assert events[-1].test
    assert session.folder is None


def test_a_disk_that_fills_up_is_told_once_and_the_epochs_before_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session.prepare(spirals(5))
    seen: list[Event] = []

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    for event in session.run(tmp_path):
        seen.append(event)
        if isinstance(event, EpochEnded) and event.epoch == 2:
            monkeypatch.setattr(engine.run_writer, "replace_file", full)
    notices = [event for event in seen if isinstance(event, Notice)]
    assert len(notices) == 1
    assert "No space left on device" in notices[0].text
    assert len(epochs_of(seen)) == 5
    (run,) = list_runs(tmp_path).found
    assert kept(run)[:2] == epochs_of(seen)[:2]


def test_a_last_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "metrics.csv"
    path.write_text("epoch,seconds,loss\n1,0.5,0.25\n2,0.5,0.12")
    assert [(epoch.epoch, epoch.logs) for epoch in read_metrics(path)] == [(1, {"loss": 0.25})]
    assert list(read_metrics(tmp_path / "none.csv")) == []


def test_a_damaged_run_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    trained(tmp_path)
    (tmp_path / "zzz").mkdir()
    (tmp_path / "zzz" / "run.json").write_text('{"format": "other"}')
    (tmp_path / "yyy").mkdir()
    (tmp_path / "yyy" / "run.json").write_text("{")
    (tmp_path / "xxx").mkdir()
    (tmp_path / "xxx" / "run.json").write_text('{"format": "netloom run", "test": [1]}')
    runs = list_runs(tmp_path)
    assert len(runs.found) == 1
    assert len(runs.problems) == 3
    assert any("does not describe a run" in str(problem) for problem in runs.problems)


def test_the_state_of_another_network_is_refused(tmp_path: Path) -> None:
    session, _ = trained(tmp_path)
    (run,) = list_runs(tmp_path).found
    other = spirals(4)
    layers = dict(other.network.layers)
    layers["hidden"] = layers["hidden"].with_(units=9)
    changed = Session.prepare(replace(other, network=type(other.network).of(layers, other.network.wires)))
    with pytest.raises(FileProblem, match=r"hidden/kernel has the shape 2×8 .* needs 2×9"):
        list(changed.run(resume=run))
    (run.folder / "state.safetensors").write_bytes(b"no")
    with pytest.raises(FileProblem, match="is damaged"):
        list(session.run(resume=run))


def rewritten(change: Callable[[dict[str, np.ndarray], dict[str, str]], None]) -> Callable[[Path], None]:
    """Write the saved state of a run anew with changed tensors and notes."""

    def damage(folder: Path) -> None:
        with safe_open(folder / STATE, framework="numpy") as file:
            tensors, notes = {name: file.get_tensor(name) for name in file.keys()}, dict(file.metadata())  # noqa: SIM118
        change(tensors, notes)
        (folder / STATE).write_bytes(save(tensors, notes))

    return damage


def cut(folder: Path) -> None:
    content = (folder / STATE).read_bytes()
    (folder / STATE).write_bytes(content[: len(content) // 2])


def shorter(tensors: dict[str, np.ndarray], notes: dict[str, str]) -> None:
    name = next(name for name in tensors if name.startswith("optimizer/"))
    tensors[name] = tensors[name][:-1]


def whole(tensors: dict[str, np.ndarray], notes: dict[str, str]) -> None:
    tensors.update({name: x.astype(np.int32) for name, x in tensors.items() if name.startswith("optimizer/")})


def no_optimizer(tensors: dict[str, np.ndarray], notes: dict[str, str]) -> None:
    for name in [name for name in tensors if name.startswith("optimizer/")]:
        del tensors[name]


def no_number(tensors: dict[str, np.ndarray], notes: dict[str, str]) -> None:
    tensors["weights/hidden/kernel"] = np.full_like(tensors["weights/hidden/kernel"], np.nan)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda folder: (folder / STATE).unlink(), "state.safetensors is no saved state .* No such file"),
        (cut, "state.safetensors is no saved state of a run, or is damaged"),
        (rewritten(lambda tensors, notes: notes.pop("steps") and None), "is damaged: it does not say steps"),
        (rewritten(shorter), "is not the state of this network and optimizer: .* has no"),
        (rewritten(no_optimizer), "is not the state of this network and optimizer: .* has no"),
        (rewritten(whole), "the optimizer's numbers are whole"),
        (rewritten(no_number), "hidden/kernel in state.safetensors holds values that are no finite numbers"),
        (lambda folder: (folder / BEST).unlink(), "best.safetensors is missing: the weights of epoch"),
        (lambda folder: (folder / BEST).write_bytes(b"no"), "best.safetensors is no Safetensors file, or is damaged"),
    ],
)
def test_a_run_that_cannot_go_on_says_why_and_loses_nothing(
    tmp_path: Path, damage: Callable[[Path], None], said: str
) -> None:
    session, _ = trained(tmp_path)
    (run,) = list_runs(tmp_path).found
    damage(run.folder)
    before = {file.name: file.read_bytes() for file in run.folder.iterdir()}
    with pytest.raises(FileProblem, match=said) as caught:
        list(session.run(resume=run))
    assert caught.value.hint
    assert {file.name: file.read_bytes() for file in run.folder.iterdir()} == before


def test_a_run_that_goes_on_without_room_keeps_the_weights_it_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(tmp_path)
    (run,) = list_runs(tmp_path).found
    before = run.weights()
    replace_file = engine.run_writer.replace_file

    def full(path: Path, content: bytes, flush: bool = False) -> None:
        if path.name.endswith(".safetensors"):
            raise OSError(28, "No space left on device")
        replace_file(path, content, flush)

    monkeypatch.setattr(engine.run_writer, "replace_file", full)
    events = list(Session.prepare(spirals(5)).run(resume=run))
    assert any(isinstance(event, Notice) and "No space left" in event.text for event in events)
    (run,) = list_runs(tmp_path).found
    assert run.weights_path.name == "weights.safetensors"
    assert all(np.array_equal(before[name], array) for name, array in run.weights().items())


def test_other_data_is_told_when_a_run_goes_on(tmp_path: Path) -> None:
    trained(tmp_path)
    (run,) = list_runs(tmp_path).found
    events = list(Session.prepare(spirals(4, samples=130)).run(resume=run))
    assert [e.text for e in events if isinstance(e, Notice)] == ["The data has changed since this run began."]


def test_runs_are_compared_by_what_differs() -> None:
    a = TrainingRecipe(epochs=5)
    b = a.with_(optimizer=SGD(0.5), early_stopping=EarlyStopping(patience=3))
    assert differences([a, a]) == {}
    assert differences([a, b]) == {
        "optimizer.type": ("Adam", "SGD"),
        "optimizer.parameters.learning_rate": ("", "0.5"),
        "early_stopping.patience": ("", "3"),
    }


def test_a_run_is_deleted(tmp_path: Path) -> None:
    trained(tmp_path)
    (run,) = list_runs(tmp_path).found
    delete_run(run)
    assert not list_runs(tmp_path).found
    with pytest.raises(FileProblem, match="cannot be deleted"):
        delete_run(run)


def test_the_folder_of_the_runs_stands_beside_the_project() -> None:
    assert runs_folder(Path("a/digits.netloom")) == Path("a/digits.runs")


def test_run_json_says_what_it_was(tmp_path: Path) -> None:
    session, events = trained(tmp_path)
    about = json.loads((list_runs(tmp_path).found[0].folder / "run.json").read_text())
    assert about["seed"] == 0
    assert len(about["project_hash"]) == len(about["data_hash"]) == 64
    assert about["names"] == list(session.objective.names) + [f"val_{name}" for name in session.objective.names]
    assert len([event for event in events if isinstance(event, BatchEnded)]) > 0
