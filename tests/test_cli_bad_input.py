"""Bad input, as people bring it: each is answered in a sentence that says what is wrong and how to mend it."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from engine.runs import open_run
from tests.cli import CommandLine

ROOT = Path(__file__).resolve().parent.parent


def project(**sections: object) -> None:
    """Write bad.netloom with these sections."""
    usual: dict[str, object] = {"format": "netloom", "version": 1, "layers": [], "wires": []}
    Path("bad.netloom").write_text(json.dumps(usual | sections))


def test_a_broken_project_file(netloom: CommandLine) -> None:
    Path("bad.netloom").write_text('{"format": "netloom",\n "version": 1,\n "layers": [}')
    said = netloom("check", "bad.netloom")
    assert said.code == 1
    assert "error: The file is not valid JSON at line 3, column 13" in said.error
    assert "Mend that line in a text editor, or restore an earlier copy." in said.error


def test_a_file_that_is_no_project(netloom: CommandLine) -> None:
    Path("bad.netloom").write_bytes(bytes(range(256)))
    said = netloom("train", "bad.netloom")
    assert said.code == 1
    assert "is not UTF-8 text" in said.error


def test_an_unknown_layer(netloom: CommandLine) -> None:
    project(layers=[{"name": "c", "type": "Conv2d", "parameters": {"filters": 8, "kernel_size": [3, 3]}}])
    said = netloom("check", "bad.netloom", "--json")
    assert said.code == 1
    (problem, *_) = [event for event in said.events if event["event"] == "problem"]
    assert problem["node"] == "c"
    assert problem["text"] == "There is no layer named 'Conv2d'. Did you mean 'Conv2D'?"
    assert problem["fixes"] == ["Use Conv2D"]


def test_a_wrong_parameter(netloom: CommandLine) -> None:
    project(layers=[{"name": "d", "type": "Dense", "parameters": {"units": "many"}}])
    said = netloom("check", "bad.netloom")
    assert said.code == 1
    assert "expected a whole number from 1 to 65,536, received 'many'" in said.error.lower()


def test_a_cycle(netloom: CommandLine) -> None:
    layers = [{"name": name, "type": "Dense"} for name in ("a", "b")]
    wires = [{"from": "a", "to": "b"}, {"from": "b", "to": "a"}]
    project(layers=layers, wires=wires, data={"source": {"type": "spirals"}})
    for verb in (["check"], ["train"]):
        said = netloom(*verb, "bad.netloom")
        assert said.code == 1
        assert "error: a: The wires run in a circle: a → b → a." in said.error
        assert "Remove the wire from b" in said.error


def test_a_missing_data_file(netloom: CommandLine) -> None:
    layers = [{"name": "d", "type": "Dense", "parameters": {"units": 2, "input_dim": 4}}]
    project(layers=layers, data={"source": {"type": "csv", "parameters": {"path": "flowers.csv"}}})
    for verb in ("check", "train"):
        said = netloom(verb, "bad.netloom")
        assert said.code == 1
        assert "There is no data file" in said.error
        assert "flowers.csv" in said.error
        assert "Check the path, or choose another file." in said.error


def flowers() -> list[str]:
    return (ROOT / "resources" / "data" / "iris.csv").read_text().splitlines()


def test_text_in_a_number_column(netloom: CommandLine) -> None:
    Path("flowers.csv").write_text("\n".join(flowers()) + "\n")
    assert netloom("new", "tabular", "flowers.netloom", "--data", "flowers.csv").code == 0
    lines = flowers()
    lines[16] = "abc," + lines[16].split(",", 1)[1]
    Path("flowers.csv").write_text("\n".join(lines) + "\n")
    said = netloom("train", "flowers.netloom")
    assert said.code == 1
    assert "row 17, column 'sepal" in said.error
    assert "expected a number, received 'abc'" in said.error


def test_an_empty_table_and_a_header_alone(netloom: CommandLine) -> None:
    Path("empty.csv").touch()
    Path("head.csv").write_text("a,b\n")
    for name, text in (("empty.csv", "empty"), ("head.csv", "no rows")):
        said = netloom("train", name)
        assert said.code == 1
        assert text in said.error.lower()
        assert "Traceback" not in said.error


def test_a_table_that_is_no_text(netloom: CommandLine) -> None:
    Path("noise.csv").write_bytes(np.random.default_rng(0).bytes(5000))
    said = netloom("train", "noise.csv")
    assert said.code == 1
    assert said.error.startswith("error: ")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"\x80\x04\x95 a pickle", b"{}"])
@pytest.mark.parametrize("ending", [".npz", ".safetensors"])
def test_weights_that_are_none(content: bytes, ending: str, netloom: CommandLine) -> None:
    Path(f"w{ending}").write_bytes(content)
    said = netloom("evaluate", "spirals", "--weights", f"w{ending}")
    assert said.code == 1
    assert said.error.startswith("error: ")
    assert "Choose a file that Netloom has written, or train again." in said.error


def test_weights_of_another_network(netloom: CommandLine) -> None:
    np.savez("w.npz", **{"dense/kernel": np.zeros((5, 5))})
    said = netloom("evaluate", "spirals", "--weights", "w.npz")
    assert said.code == 1
    assert "dense/kernel has the shape 5×5 in w.npz, but the network needs 2×" in said.error
    assert "These are the weights of another network." in said.error


def test_data_of_another_network(netloom: CommandLine) -> None:
    np.savez("d.npz", x=np.zeros((20, 5)), y=np.arange(20) % 2)
    said = netloom("train", "digits", "--data", "d.npz")
    assert said.code == 1
    assert "the data has 5" in said.error


def test_a_folder_that_cannot_be_written(netloom: CommandLine) -> None:
    Path("runs").write_text("a file stands here")
    said = netloom("train", "spirals", "--out", "runs/mine")
    assert said.code == 1
    assert "The run cannot be kept in runs/mine" in said.error
    assert "--out" in said.error
    for words in (["new", "spirals", "runs/x.netloom"], ["export", "spirals", "runs/x.json"]):
        said = netloom(*words)
        assert said.code == 1
        assert "cannot be written" in said.error


def test_errors_are_json_where_json_is_asked_for(netloom: CommandLine) -> None:
    Path("bad.netloom").write_text("")
    said = netloom("check", "bad.netloom", "--json")
    assert said.code == 1
    (problem,) = said.events
    assert problem["event"] == "problem"
    assert problem["severity"] == "error"
    assert problem["text"] == "The file is empty."


def test_a_run_that_diverges_says_what_to_try(netloom: CommandLine) -> None:
    assert netloom("new", "regression", "wild.netloom").code == 0
    document = json.loads(Path("wild.netloom").read_text())
    document["training"]["optimizer"] = {"type": "SGD", "parameters": {"learning_rate": 1000.0}}
    Path("wild.netloom").write_text(json.dumps(document))
    said = netloom("train", "wild.netloom", "--json")
    assert said.code == 1
    finished, problem = said.events[-2:]
    assert finished["reason"] == "diverged"
    assert "learning rate" in problem["hint"]


def test_a_broken_run_is_named(netloom: CommandLine) -> None:
    assert netloom("train", "spirals", "--epochs", "1", "--out", "runs").code == 0
    (run,) = Path("runs").iterdir()
    np.savez("d.npz", x=np.ones((4, 2)))
    (run / "run.json").write_text("{\n")
    said = netloom("predict", "spirals", "--weights", run / "weights.safetensors", "--data", "d.npz", "--out", "p.npy")
    assert said.code == 1
    assert f"{run / 'run.json'}: The file is not valid JSON at line 2" in said.error
    assert not Path("p.npy").exists()


@pytest.mark.parametrize(
    "words", [["check", "{}"], ["train", "{}"], ["new", "digits", "{}"], ["export", "digits", "{}"]]
)
def test_a_name_that_no_system_takes(words: list[str], netloom: CommandLine) -> None:
    said = netloom(*(word.format("a" * 300 + ".netloom") for word in words))
    assert said.code in (1, 2)
    assert said.error
    assert list(Path().iterdir()) == []


def test_names_that_are_none(netloom: CommandLine) -> None:
    assert "The project has no name." in netloom("check", "").error
    assert ". is a folder." in netloom("new", "digits", ".").error
    os.mkfifo("pipe.csv")
    assert "pipe.csv is a device or a pipe." in netloom("train", "pipe.csv").error
    assert "pipe.csv is no file." in netloom("train", "digits", "--data", "pipe.csv").error


def test_what_is_no_file_is_written_to_and_stays(netloom: CommandLine) -> None:
    os.mkfifo("pipe.json")
    received: list[str] = []
    reader = threading.Thread(target=lambda: received.append(Path("pipe.json").read_text()))
    reader.start()
    assert netloom("export", "spirals", "pipe.json").code == 0
    reader.join(10)
    assert json.loads(received[0])["nodes"]
    assert Path("pipe.json").is_fifo()


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="needs a disk that is always full")
@pytest.mark.parametrize("words", [["check", "digits"], ["check", "digits", "--json"], ["nonsense", "--json"]])
def test_an_output_that_is_full(words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, ROOT / "main.py", *words], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode in (1, 2)
    assert done.stderr.startswith("error: No space left on device.")
    assert "Traceback" not in done.stderr


def test_a_network_larger_than_the_memory(netloom: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*args: object, **rest: object) -> None:
        raise MemoryError("Unable to allocate 48.0 GiB")

    monkeypatch.setattr("engine.cli.verb_train.Session.prepare", refused)
    said = netloom("train", "spirals")
    assert said.code == 1
    assert "There is not enough memory. Unable to allocate 48.0 GiB" in said.error


def test_numbers_that_no_network_computes_with(netloom: CommandLine) -> None:
    rows = [f"{i % 7}.5,{i % 5}.25,{'pq'[i % 2]}" for i in range(40)]
    rows[3] = "1e200,1.25,q"
    Path("t.csv").write_text("\n".join(["a,b,kind", *rows]))
    said = netloom("train", "t.csv")
    assert said.code == 1
    assert "row 5, column 'a': 1e200 is larger than 3.4e+38." in said.error
    np.savez("d.npz", x=np.full((20, 2), 1e200), y=np.arange(20) % 2)
    assert "is not a number in sample 0" in netloom("train", "spirals", "--data", "d.npz").error


def test_half_characters_do_not_stop_a_run(netloom: CommandLine) -> None:
    assert netloom("new", "spirals", "half.netloom").code == 0
    text = Path("half.netloom").read_text()
    Path("half.netloom").write_text(text.replace('"dense"', '"d\\ud800"'))
    said = netloom("train", "half.netloom", "--epochs", "1", "--json")
    assert said.code == 0, said.error
    assert json.loads((Path(said.events[-1]["run"]) / "run.json").read_text())["project"]


def test_a_disk_that_fills_up_while_training(netloom: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **rest: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("engine.run_writer.state_bytes", full)
    said = netloom("train", "spirals", "--epochs", "2", "--json")
    assert said.code == 1
    assert [event["event"] for event in said.events] == ["epoch", "notice", "epoch", "finished", "problem"]
    assert "cannot be written: No space left on device." in said.events[1]["text"]
    assert said.events[3]["weights"] is None
    (run,) = Path("spirals.runs").iterdir()
    assert open_run(run).epochs[0].epoch == 1
