"""The work of the command line: check, train, evaluate, predict, export, import, new."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open

from graph.serialize import load
from tests.cli import CommandLine, Said

ROOT = Path(__file__).resolve().parent.parent
FLOWERS = ROOT / "resources" / "data" / "iris.csv"


def last(said: Said) -> dict[str, object]:
    assert said.code == 0, said.error
    return said.events[-1]


def test_check_tells_every_layer_and_the_sums(netloom: CommandLine) -> None:
    said = netloom("check", "digits", "--json")
    by_name = {event["name"]: event for event in said.events if event["event"] == "layer"}
    assert by_name["conv2d"]["input_shape"] == [None, 8, 8, 1]
    assert by_name["conv2d"]["output_shape"] == [None, 8, 8, 32]
    assert by_name["conv2d"]["params"] == 3 * 3 * 1 * 32 + 32
    assert by_name["conv2d"]["macs"] == 8 * 8 * 3 * 3 * 1 * 32
    assert last(said) == {"event": "checked", "params": 43178, "trainable": 43114, "errors": 0, "warnings": 0}
    assert "8×8×32" in netloom("check", "digits").out


def test_a_table_is_trained_evaluated_and_predicted_without_code(netloom: CommandLine) -> None:
    Path("flowers.csv").write_text(FLOWERS.read_text())
    said = netloom("train", "flowers.csv", "--epochs", "60", "--seed", "3")
    assert "The column 'species' is the target, with 3 classes." in said.out
    (weights,) = Path("flowers.runs").glob("*/weights.safetensors")
    measured = last(netloom("evaluate", "flowers.csv", "--weights", weights, "--data", "flowers.csv", "--json"))
    assert measured["samples"] == 150
    assert measured["metrics"]["accuracy"] > 0.9  # type: ignore[index]

    said = netloom("evaluate", "flowers.csv", "--weights", weights, "--data", "flowers.csv", "--curves", "--json")
    curves = {(e["name"], e["kind"]): e for e in said.events if e["event"] == "curve"}
    assert sorted(curves) == [(name, kind) for name in ("setosa", "versicolor", "virginica") for kind in ("pr", "roc")]
    setosa = curves["setosa", "roc"]
    assert np.trapezoid(setosa["y"], setosa["x"]) == pytest.approx(setosa["area"])  # type: ignore[call-overload]
    assert setosa["thresholds"][0] is None  # type: ignore[index]
    assert "versicolor" in netloom("evaluate", "flowers.csv", "--weights", weights, "--curves").out

    head, *rows = list(csv.reader(FLOWERS.read_text().splitlines()))
    with Path("new.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([list(reversed(head[:4])), *(list(reversed(row[:4])) for row in rows)])
    assert last(
        netloom("predict", "flowers.csv", "--weights", weights, "--data", "new.csv", "--out", "p.csv", "--json")
    )
    with Path("p.csv").open(newline="") as stream:
        predicted = list(csv.DictReader(stream))
    assert list(predicted[0]) == ["species", "p(setosa)", "p(versicolor)", "p(virginica)"]
    right = [p["species"] == row[4] for p, row in zip(predicted, rows, strict=True)]
    assert np.mean(right) == pytest.approx(measured["metrics"]["accuracy"])  # type: ignore[index]
    sums = [sum(float(row[name]) for name in list(row)[1:]) for row in predicted]
    np.testing.assert_allclose(sums, 1, atol=1e-5)


def test_new_samples_count_as_their_weights_say(netloom: CommandLine) -> None:
    """Half of the samples twice and the others not at all: the loss is that of the half."""
    head, *rows = list(csv.reader(FLOWERS.read_text().splitlines()))

    def write(path: str, head: list[str], rows: list[list[str]]) -> None:
        with Path(path).open("w", newline="") as stream:
            csv.writer(stream).writerows([head, *rows])

    write("flowers.csv", [*head, "sample_weight"], [[*row, str(1 + i % 3)] for i, row in enumerate(rows)])
    netloom("train", "flowers.csv", "--epochs", "3", "--seed", "3")
    (weights,) = Path("flowers.runs").glob("*/weights.safetensors")
    write("new.csv", ["sample_weight", *head], [[str(2 * (i % 2)), *row] for i, row in enumerate(rows)])
    write("half.csv", head, rows[1::2])
    twice, half = (
        last(netloom("evaluate", "flowers.csv", "--weights", weights, "--data", path, "--json"))["metrics"]
        for path in ("new.csv", "half.csv")
    )
    assert twice["loss"] == pytest.approx(half["loss"], rel=1e-5)  # type: ignore[index]

    write("none.csv", [*head, "sample_weight"], [[*row, "0"] for row in rows])
    said = netloom("evaluate", "flowers.csv", "--weights", weights, "--data", "none.csv")
    assert said.code == 1
    assert "The weights 'sample_weight' are all 0, so no sample counts." in said.error
    assert netloom("predict", "flowers.csv", "--weights", weights, "--data", "none.csv", "--out", "p.npy").code == 0


def test_arrays_count_as_their_weights_say(netloom: CommandLine) -> None:
    random = np.random.default_rng(0)
    x, y = random.standard_normal((40, 2)), random.integers(0, 2, 40)
    np.savez("all.npz", x=x, y=y, sample_weight=np.ones(40))
    np.savez("new.npz", x=x, y=y, sample_weight=np.tile([0.0, 2.0], 20))
    np.savez("half.npz", x=x[1::2], y=y[1::2])
    assert netloom("train", "spirals", "--data", "all.npz", "--epochs", "2", "--out", "runs").code == 0
    (weights,) = Path("runs").glob("*/weights.safetensors")
    twice, half = (
        last(netloom("evaluate", "spirals", "--weights", weights, "--data", path, "--json"))["metrics"]
        for path in ("new.npz", "half.npz")
    )
    assert twice["loss"] == pytest.approx(half["loss"], rel=1e-5)  # type: ignore[index]


def test_the_training_data_need_not_be_there_to_predict(netloom: CommandLine) -> None:
    Path("flowers.csv").write_text(FLOWERS.read_text())
    assert netloom("new", "tabular", "flowers.netloom", "--data", "flowers.csv").code == 0
    assert netloom("train", "flowers.netloom", "--epochs", "2", "--out", "runs").code == 0
    (weights,) = Path("runs").glob("*/weights.safetensors")
    Path("flowers.csv").rename("moved.csv")
    said = netloom("predict", "flowers.netloom", "--weights", weights, "--data", "moved.csv", "--out", "p.npy")
    assert said.code == 0, said.error
    assert np.load("p.npy").shape == (150, 3)


def test_the_same_seed_gives_the_same_curve(netloom: CommandLine) -> None:
    words = ["train", "spirals", "--epochs", "3", "--json", "--out", "runs"]
    first, second = netloom(*words, "--seed", "5"), netloom(*words, "--seed", "5")
    other = netloom(*words, "--seed", "6")
    logs = [[e["logs"] for e in said.events if e["event"] == "epoch"] for said in (first, second, other)]
    assert logs[0] == logs[1] != logs[2]
    assert len(logs[0]) == 3


def test_a_run_is_kept_where_it_is_wanted(netloom: CommandLine) -> None:
    finished = last(netloom("train", "spirals", "--epochs", "2", "--batch-size", "16", "--out", "there", "--json"))
    run = Path(str(finished["run"]))
    assert run.parent == Path("there")
    assert Path(str(finished["weights"])) == run / "weights.safetensors"
    about = json.loads((run / "run.json").read_text())
    assert about["status"] == finished["reason"] == "completed"
    assert about["project"]["training"]["batch_size"] == 16
    assert finished["test"]["loss"] == about["test"]["loss"]  # type: ignore[index]


def test_a_run_goes_on_with_the_curve_of_one_that_was_never_interrupted(netloom: CommandLine) -> None:
    whole = last(netloom("train", "spirals", "--epochs", "5", "--out", "whole", "--json"))
    first = last(netloom("train", "spirals", "--epochs", "3", "--out", "parts", "--json"))
    said = netloom("train", "spirals", "--resume", str(first["run"]), "--epochs", "5", "--json")
    assert [event["epoch"] for event in said.events if event["event"] == "epoch"] == [4, 5]
    assert last(said)["test"] == whole["test"]
    for name in ("loss", "val_loss"):
        assert columns(Path(str(first["run"])))[name] == columns(Path(str(whole["run"])))[name]
    again = netloom("train", "spirals", "--resume", str(first["run"]), "--epochs", "5")
    assert (again.code, "The run has its 5 epochs." in again.error) == (2, True)
    other = netloom("train", "spirals", "--resume", str(first["run"]), "--seed", "1")
    assert "--seed cannot be given with --resume." in other.error
    nothing = netloom("train", "spirals", "--resume", "parts")
    assert (nothing.code, "run.json cannot be read" in nothing.error) == (1, True)


def columns(run: Path) -> dict[str, list[str]]:
    with (run / "metrics.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    return {name: [row[name] for row in rows] for name in rows[0]}


def test_evaluating_gives_the_test_figures_of_the_run(netloom: CommandLine) -> None:
    finished = last(netloom("train", "regression", "--epochs", "3", "--json"))
    weights = str(finished["weights"])
    assert weights.startswith("regression.runs")
    again = last(netloom("evaluate", "regression", "--weights", weights, "--json"))
    assert again["metrics"] == pytest.approx(finished["test"])


def test_arrays_are_predicted_in_their_order(netloom: CommandLine) -> None:
    digits = np.load(ROOT / "resources" / "data" / "digits.npz")
    np.savez("few.npz", x=digits["x"][:7])
    weights = str(last(netloom("train", "digits", "--epochs", "1", "--json"))["weights"])
    for out in ("p.npz", "p.npy", "p.csv"):
        assert netloom("predict", "digits", "--weights", weights, "--data", "few.npz", "--out", out).code == 0
    with np.load("p.npz") as arrays:
        assert list(arrays) == ["output"]
        np.testing.assert_array_equal(arrays["output"], np.load("p.npy"))
    with Path("p.csv").open(newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    np.testing.assert_allclose(np.array(rows, float)[:, 1:], np.load("p.npy"), rtol=1e-5)
    assert [int(row[0]) for row in rows] == np.load("p.npy").argmax(1).tolist()


def test_weights_are_exported_in_another_form(netloom: CommandLine) -> None:
    weights = str(last(netloom("train", "spirals", "--epochs", "1", "--json"))["weights"])
    assert netloom("export", "spirals", "w.npz", "--weights", weights).code == 0
    a = last(netloom("evaluate", "spirals", "--weights", weights, "--json"))
    assert last(netloom("evaluate", "spirals", "--weights", "w.npz", "--json")) == a


def test_a_graph_goes_out_and_comes_back(netloom: CommandLine) -> None:
    assert netloom("export", "digits", "digits.json").code == 0
    assert netloom("import", "digits.json", "back.netloom").code == 0
    assert netloom("new", "digits", "digits.netloom").code == 0
    assert load(Path("back.netloom")).project.network == load(Path("digits.netloom")).project.network


def test_training_goes_on_from_the_state_in_a_file_of_keras(netloom: CommandLine) -> None:
    pytest.importorskip("h5py")
    run = Path(str(last(netloom("train", "spirals", "--epochs", "2", "--json"))["run"]))
    assert netloom("export", "spirals", "s.keras", "--weights", run / "state.safetensors").code == 0
    said = netloom("import", "s.keras", "t.netloom")
    assert "t.state.safetensors is written: the weights and the optimizer" in said.out
    with safe_open(run / "state.safetensors", "numpy") as first, safe_open("t.state.safetensors", "numpy") as second:
        assert set(first.keys()) == set(second.keys())
        assert all((first.get_tensor(name) == second.get_tensor(name)).all() for name in first.keys())  # noqa: SIM118
    fresh, further = (
        netloom("train", "spirals", "--epochs", "1", "--json", *more).events[0]["logs"]["loss"]  # type: ignore[index]
        for more in ((), ("--weights", "t.state.safetensors"))
    )
    assert further < fresh
    said = netloom("train", "digits", "--weights", "t.state.safetensors")
    assert said.code == 1
    assert "t.state.safetensors" in said.error


def test_new_replaces_nothing_unasked(netloom: CommandLine) -> None:
    Path("x.netloom").write_text("mine")
    said = netloom("new", "digits", "x.netloom")
    assert (said.code, Path("x.netloom").read_text()) == (2, "mine")
    assert "x.netloom is there already." in said.error
    assert netloom("new", "digits", "x.netloom", "--force").code == 0
    assert load(Path("x.netloom")).project.network.layers


def test_a_project_elsewhere_finds_its_table(netloom: CommandLine) -> None:
    Path("data").mkdir()
    Path("work").mkdir()
    Path("data/flowers.csv").write_text(FLOWERS.read_text())
    assert netloom("new", "tabular", "work/flowers.netloom", "--data", "data/flowers.csv").code == 0
    said = netloom("check", "work/flowers.netloom", "--json")
    assert last(said)["errors"] == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_keeps_what_is_done(number: signal.Signals, tmp_path: Path) -> None:
    words = ["train", "digits", "--epochs", "100000", "--json", "--out", str(tmp_path / "runs")]
    with subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), *words], stdout=subprocess.PIPE, text=True, cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        time.sleep(0.2)
        process.send_signal(number)
        lines += process.stdout.readlines()
    events = [json.loads(line) for line in lines]
    assert process.returncode == 0
    assert events[-1]["event"] == "finished"
    assert events[-1]["reason"] == "stopped"
    assert events[-1]["epochs"] == sum(event["event"] == "epoch" for event in events)
    assert events[-1]["test"]["accuracy"] > 0
    assert Path(events[-1]["weights"]).is_file()


def test_one_column_is_enough_to_predict_from(netloom: CommandLine) -> None:
    Path("line.csv").write_text("x,y\n" + "".join(f"{i * 7 % 40 / 4},{i * 7 % 40 / 2}\n" for i in range(40)))
    weights = str(last(netloom("train", "line.csv", "--epochs", "2", "--json"))["weights"])
    Path("new.csv").write_text("x\n1.5\n2\n")
    assert netloom("predict", "line.csv", "--weights", weights, "--data", "new.csv", "--out", "p.npy").code == 0
    assert np.load("p.npy").shape == (2, 1)


def test_weights_of_a_run_of_another_network_are_refused(netloom: CommandLine) -> None:
    weights = str(last(netloom("train", "regression", "--epochs", "1", "--json"))["weights"])
    np.savez("d.npz", x=np.ones((4, 2)))
    said = netloom("predict", "spirals", "--weights", weights, "--data", "d.npz", "--out", "p.npy")
    assert said.code == 1
    assert f"{weights} was not trained with this network." in said.error


def test_a_graph_with_numbers_for_names_is_imported(netloom: CommandLine) -> None:
    nodes = [{"id": 0, "type": "Input", "parameters": {"shape": [3]}}, {"id": 1, "type": "Dense"}]
    Path("g.json").write_text(json.dumps({"nodes": nodes, "links": [{"source": 0, "target": 1}]}))
    assert netloom("import", "g.json", "g.netloom").code == 0
    network = load(Path("g.netloom")).project.network
    assert list(network.layers) == ["0", "1"]
    assert [(wire.source, wire.target) for wire in network.wires] == [("0", "1")]
