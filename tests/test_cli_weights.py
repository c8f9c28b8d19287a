"""netloom weights: those of PyTorch's modules onto networks, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from engine.formats.weights import read_weights
from graph.layers.core import Dense
from graph.project import Project
from graph.serialize import save
from tests.cli import CommandLine
from tests.engine.formats.test_foreign import FOLDER, MODULES


@pytest.fixture(autouse=True)
def projects(netloom: CommandLine) -> None:
    """The networks in files."""
    for name, network in MODULES.items():
        save(Project(network), Path(f"{name}.netloom"))
    images = MODULES["images"]
    save(Project(images.with_layer("classes", Dense(4))), Path("other.netloom"))


def test_weights_are_written_and_predict_what_the_module_did(netloom: CommandLine) -> None:
    with np.load(FOLDER / "images.npz", allow_pickle=False) as stored:
        np.savez("x.npz", x=stored["x"])
        expected = stored["y"]
    assert netloom("weights", "images.netloom", FOLDER / "images.safetensors", "w.npz").code == 0
    said = netloom("export", "images.netloom", "m.numpy.py", "--weights", "w.npz")
    assert said.code == 0, said.error
    from engine.formats.verify_child import results

    with np.load("x.npz", allow_pickle=False) as file:
        (y,) = results("numpy", Path("m.numpy.py"), dict(file)).values()
    np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-5)


def test_every_match_is_said(netloom: CommandLine) -> None:
    said = netloom("weights", "images.netloom", FOLDER / "images.safetensors", "--json")
    assert said.code == 0
    matches = {one["weight"]: one for one in said.events if one["event"] == "match"}
    assert matches["fc1/kernel"]["sources"] == ["fc1.weight"]
    assert (matches["fc1/kernel"]["way"], matches["fc1/kernel"]["by"]) == ("rows", "name")
    assert [one["array"] for one in said.events if one["event"] == "unused"] == ["features.1.num_batches_tracked"]


def test_a_table_is_written_corrected_and_read(netloom: CommandLine) -> None:
    words = ["weights", "block.netloom", FOLDER / "block.safetensors"]
    assert netloom(*words, "--table", "t.json").code == 0
    table = json.loads(Path("t.json").read_text())
    for own in ("kernel", "bias"):
        wide, back = (table["weights"][f"{name}/{own}"]["from"] for name in ("wide", "back"))
        table["weights"][f"wide/{own}"]["from"], table["weights"][f"back/{own}"]["from"] = back, wide
    Path("t.json").write_text(json.dumps(table))
    assert netloom(*words, "before.npz").code == netloom(*words, "after.npz", "--match", "t.json").code == 0
    before, after = read_weights(Path("before.npz")), read_weights(Path("after.npz"))
    np.testing.assert_array_equal(after["wide/kernel"], before["back/kernel"])
    np.testing.assert_array_equal(after["back/bias"], before["wide/bias"])


def test_another_last_layer_begins_anew_where_that_is_asked_for(netloom: CommandLine) -> None:
    words = ["weights", "other.netloom", FOLDER / "images.safetensors", "w.npz"]
    said = netloom(*words)
    assert said.code == 1
    assert "images.safetensors has nothing for classes/kernel." in said.error
    assert not Path("w.npz").exists()
    assert netloom(*words, "--partial").code == 0
    found = read_weights(Path("w.npz"))
    assert found["classes/kernel"].shape == (7, 4)
    assert found["classes/kernel"].any()


def test_weights_that_are_no_numbers_are_refused(netloom: CommandLine) -> None:
    np.savez("nan.npz", **{"depth/kernel": np.full((3, 3, 3, 2), np.nan, np.float32)})
    said = netloom("weights", "mobile.netloom", "nan.npz", "w.npz", "--partial")
    assert said.code == 1
    assert "depth/kernel in the file holds values that are no finite numbers" in said.error
    assert not Path("w.npz").exists()


def test_a_pickle_is_told_how_to_save_instead(netloom: CommandLine) -> None:
    Path("w.pt").write_bytes(b"\x80\x04\x95")
    said = netloom("weights", "mobile.netloom", "w.pt")
    assert said.code == 1
    assert "safetensors.torch.save_file" in said.error
