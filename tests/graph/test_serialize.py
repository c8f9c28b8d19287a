"""The project file: what was saved is what is loaded, and every broken file is answered in a sentence."""

from __future__ import annotations

import contextlib
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import edits, json_text, read_layers
from graph.fields import shortened
from graph.infer import infer
from graph.layers import layers
from graph.layers.placeholder import Placeholder
from graph.migrate import VERSION
from graph.network import Network, Wire
from graph.project import Project
from graph.serialize import FileProblem, dumps, load, loads, save
from tests.helpers.strategies import projects

FIXTURES = Path(__file__).parent / "fixtures"


def document(**changes: Any) -> str:
    """The text of a small project, with some of its sections changed."""
    usual = {
        "format": "netloom",
        "version": 1,
        "layers": [
            {"name": "input", "type": "Input", "parameters": {"shape": [4]}},
            {"name": "dense", "type": "Dense", "parameters": {"units": 3}},
        ],
        "wires": [{"from": "input", "to": "dense"}],
    }
    return json.dumps(usual | changes)


@given(projects())
def test_what_was_saved_is_what_is_loaded(project: Project) -> None:
    loaded = loads(dumps(project))
    assert loaded.notices == ()
    assert loaded.project == project
    assert list(loaded.project.network.layers) == list(project.network.layers)


@given(projects())
def test_the_text_is_stable_and_plain_json(project: Project) -> None:
    text = dumps(project)
    assert dumps(loads(text).project) == text
    assert json.loads(text)["format"] == "netloom"
    text.encode()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)
KEYS = ("layers", "wires", "positions", "data", "training", "notes", "version")
ENTRY = st.fixed_dictionaries(
    {},
    optional={
        "name": JSON | st.just("dense"),
        "type": JSON | st.sampled_from([*layers.names(), "Dens"]),
        "parameters": JSON | st.fixed_dictionaries({}, optional={"units": JSON, "unit": JSON, "input_shape": JSON}),
    },
)


@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, JSON)),
    st.lists(ENTRY, max_size=4),
    st.dictionaries(st.sampled_from(["optimizer", "loss", "metrics", "outputs", "epochs", "early_stopping"]), JSON),
    st.dictionaries(st.sampled_from(["source", "columns", "validation", "seed"]), JSON),
)
def test_no_json_object_is_answered_with_anything_but_a_project_or_a_file_problem(
    sections: dict[str, Any], entries: list[Any], training: dict[str, Any], data: dict[str, Any]
) -> None:
    usual = {"format": "netloom", "version": 1, "layers": entries, "training": training, "data": data}
    try:
        loaded = loads(json.dumps(usual | sections))
    except FileProblem:
        return
    again = loads(dumps(loaded.project))
    assert again.project == loaded.project
    assert again.notices == ()


def test_one_edit_changes_one_line() -> None:
    project = loads(document()).project
    changed = edits.set_parameters(project, "dense", {"units": 5})
    before, after = dumps(project).splitlines(), dumps(changed).splitlines()
    assert [(a, b) for a, b in zip(before, after, strict=True) if a != b] == [
        (
            '    {"name": "dense", "type": "Dense", "parameters": {"units": 3}}',
            '    {"name": "dense", "type": "Dense", "parameters": {"units": 5}}',
        )
    ]


def test_defaults_are_not_written() -> None:
    project = edits.add_layer(Project(), layers.make("Conv2D", {"filters": 8, "strides": 1}))
    assert '{"name": "conv2_d", "type": "Conv2D"' not in dumps(project)
    assert '{"name": "conv2d", "type": "Conv2D", "parameters": {"filters": 8}}' in dumps(project)


class TestWhatIsNotUnderstood:
    def load(self, **changes: Any) -> tuple[Project, list[str]]:
        loaded = loads(document(**changes))
        return loaded.project, list(loaded.notices)

    def test_an_unknown_layer_is_kept_and_written_back_unchanged(self) -> None:
        entry = {"name": "d", "type": "Dens", "parameters": {"units": 3, "colour": {"a": [1, None]}}, "since": 7}
        project, notices = self.load(layers=[entry], wires=[])
        placeholder = project.network.layers["d"]
        assert isinstance(placeholder, Placeholder)
        assert placeholder.reason == "There is no layer named 'Dens'. Did you mean 'Dense'?"
        assert placeholder.mended == layers.make("Dense", {"units": 3})
        assert notices == []
        assert json.loads(dumps(project))["layers"] == [entry]
        assert loads(dumps(project)).project == project

    def test_the_fix_puts_the_layer_that_was_meant_in_its_place(self) -> None:
        project, _ = self.load(
            layers=[
                {"name": "input", "type": "Input", "parameters": {"shape": [4]}},
                {"name": "d", "type": "dense", "parameters": {"unitz": 3}},
            ],
            wires=[{"from": "input", "to": "d"}],
        )
        (problem,) = infer(project.network).problems
        assert problem.node == "d"
        (fix,) = problem.fixes
        assert fix.text == "Use Dense"
        mended = fix.edit(project)
        assert infer(mended.network).layers["d"].outputs == ((None, 3),)

    @pytest.mark.parametrize(
        ("parameters", "reason"),
        [
            ({"unitz": 3}, "Dense cannot be read. unitz: no such parameter; did you mean 'units'?"),
            ({"units": 0}, "Dense cannot be read. units: expected a whole number from 1 to 65,536, received 0."),
            (
                {"activation": "rellu"},
                "Dense cannot be read. activation: expected the name of an existing activation, received 'rellu'; "
                "did you mean 'relu'?",
            ),
        ],
    )
    def test_a_parameter_that_cannot_be(self, parameters: dict[str, Any], reason: str) -> None:
        project, _ = self.load(layers=[{"name": "d", "type": "Dense", "parameters": parameters}], wires=[])
        layer = project.network.layers["d"]
        assert isinstance(layer, Placeholder)
        assert layer.reason == reason

    def test_a_wire_with_an_unknown_end_is_dropped_and_said(self) -> None:
        project, notices = self.load(wires=[{"from": "input", "to": "dense"}, {"from": "imput", "to": "dense"}])
        assert project.network.wires == (Wire("input", "dense"),)
        assert notices == [
            "The wire from 'imput' to 'dense' is left out: there is no layer named 'imput'. Did you mean 'input'?"
        ]

    @pytest.mark.parametrize(
        ("changes", "notice"),
        [
            ({"wires": [["a", "b"]]}, "A wire does not say its two ends, so it is left out: ['a', 'b']."),
            ({"wires": 3}, "The wires are not a list, so they are left out."),
            ({"wirse": []}, "In the project, 'wirse' is not known and is left out. Did you mean 'wires'?"),
            ({"positions": {"ghost": [1, 2]}}, "There is a position for 'ghost', but no such layer; it is left out."),
            (
                {"positions": {"dense": [1]}},
                "The position of 'dense' is not two numbers, so it is left out: [1].",
            ),
            (
                {"positions": {"dense": [10**400, 1]}},
                f"The position of 'dense' is not two numbers, so it is left out: {shortened(f'[{10**400}, 1]')}.",
            ),
            ({"training": {"loss": "mse_loss"}}, "There is no loss named 'mse_loss'. The usual one is used instead."),
            (
                {"training": {"optimizer": {"type": "Addam"}}},
                "There is no optimizer named 'Addam'. Did you mean 'Adam'? The usual one is used instead.",
            ),
            (
                {"training": {"epochs": 0}},
                "In training, epochs: expected a whole number from 1 to 1,000,000, received 0. "
                "Its default, 20, is used instead.",
            ),
            (
                {"training": {"metrics": ["acuracy"]}},
                "There is no metric named 'acuracy', so it is left out. Did you mean 'accuracy'?",
            ),
            (
                {"data": {"source": {"type": "digit"}}},
                "There is no data set named 'digit'. Did you mean 'digits'? The usual one is used instead.",
            ),
            ({"data": []}, "data is not an object, so it is left out: []."),
            (
                {"data": {"columns": [{"name": "a", "role": "goal"}]}},
                "In the column 'a', role is 'goal'; expected one of feature, target, weight, ignore. "
                "The first is used instead.",
            ),
            ({"notes": 5}, "The notes are not text, so they are left out."),
            ({"layers": [7]}, "A layer is not an object, so it is left out: 7."),
            ({"layers": [{"type": "Add"}]}, "A layer has no name; it is called 'layer' now."),
        ],
    )
    def test_everything_else_is_said(self, changes: dict[str, Any], notice: str) -> None:
        _, notices = self.load(**({"wires": []} if "layers" in changes else {}) | changes)
        assert notices == [notice]

    def test_a_name_taken_twice_gets_a_number(self) -> None:
        project, notices = self.load(layers=[{"name": "a", "type": "Add"}] * 3, wires=[])
        assert list(project.network.layers) == ["a", "a_1", "a_2"]
        assert notices[0] == "Two layers are named 'a'; one is called 'a_1' now, without wires."

    def test_a_cycle_is_kept_for_its_problem_to_show(self) -> None:
        project, notices = self.load(wires=[{"from": "dense", "to": "dense"}])
        assert notices == []
        assert "circle" in infer(project.network).problems[0].text

    def test_notices_are_counted_beyond_a_hundred(self) -> None:
        _, notices = self.load(layers=[7] * 250, wires=[])
        assert len(notices) == 101
        assert notices[-1] == "And 150 more notices."


class TestBrokenFiles:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "The file is empty. Restore an earlier copy, or begin a new project."),
            (
                '{"format": "netloom",\n "version" 1}',
                "The file is not valid JSON at line 2, column 12: expecting ':' delimiter. "
                "Mend that line in a text editor, or restore an earlier copy.",
            ),
            (
                '{\n<<<<<<< HEAD\n"a": 1}',
                "The file holds the marks of an unfinished merge at line 2. "
                "Finish the merge in your version control, then open it again.",
            ),
            ('{"format": NaN}', "The file holds a number that cannot be read: NaN is not JSON."),
            ("1e999", "The file holds a number that cannot be read: 1e999 is too large."),
            ("1" * 5000, "The file holds a number that cannot be read: Exceeds the limit"),
            ("[" * 100_000, "The file is nested more than 32 levels deep."),
            ("[]", "This is not a Netloom project."),
            ('{"class_name": "Functional"}', "This is not a Netloom project. It looks like a Keras configuration."),
            (document(version="1"), "The file does not say its version; expected a whole number, received '1'."),
            (document(version=99), "The file has version 99; this Netloom reads up to version 2. Update Netloom"),
            (document(layers=None), "The file has no list of layers."),
        ],
    )
    def test_what_is_wrong_is_said(self, text: str, said: str) -> None:
        with pytest.raises(FileProblem) as caught:
            loads(text)
        assert str(caught.value).startswith(said)

    def test_what_is_kept_unread_may_not_be_deep(self) -> None:
        deep: Any = 1
        for _ in range(200):
            deep = [deep]
        with pytest.raises(FileProblem, match="nested more than 32 levels"):
            loads(document(layers=[{"name": "a", "type": "Nothing", "parameters": {"a": deep}}]))

    def test_there_is_a_limit_to_the_layers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(read_layers, "MOST_LAYERS", 1)
        with pytest.raises(FileProblem, match="The file has 2 layers; at most 1 are read"):
            loads(document())

    def test_there_is_a_limit_to_the_text(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(json_text, "LARGEST_TEXT", 10)
        with pytest.raises(FileProblem, match="larger than"):
            loads(document())

    def test_many_layers_of_one_name_are_read_in_time(self) -> None:
        project = loads(document(layers=[{"name": "a", "type": "Add"}] * 20_000, wires=[])).project
        assert len(project.network.layers) == 20_000


class TestFiles:
    def test_save_and_load(self, tmp_path: Path) -> None:
        project = loads(document()).project
        path = tmp_path / "ä.netloom"
        save(project, path)
        assert load(path).project == project
        assert [p.name for p in tmp_path.iterdir()] == ["ä.netloom"]

    def test_a_byte_order_mark_is_no_mistake(self, tmp_path: Path) -> None:
        path = tmp_path / "a.netloom"
        path.write_bytes(b"\xef\xbb\xbf" + document().encode())
        assert len(load(path).project.network.layers) == 2

    def test_text_that_is_no_text(self, tmp_path: Path) -> None:
        path = tmp_path / "a.netloom"
        path.write_bytes(b"ab\xff")
        with pytest.raises(FileProblem, match=r"is not UTF-8 text \(byte 3\)"):
            load(path)

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(FileProblem, match="cannot be opened: No such file"):
            load(tmp_path / "a.netloom")

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(
            FileProblem, match=r"cannot be written: No such file or directory\. The folder is not there."
        ):
            save(Project(), tmp_path / "b" / "a.netloom")

    def test_a_failed_save_leaves_the_old_file_and_no_other(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "a.netloom"
        save(Project(notes="old"), path)

        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(FileProblem, match=r"No space left on device\. Make room on the disk"):
            save(Project(notes="new"), path)
        assert load(path).project.notes == "old"
        assert [p.name for p in tmp_path.iterdir()] == ["a.netloom"]

    def test_permissions_and_links_stay(self, tmp_path: Path) -> None:
        real, link = tmp_path / "real.netloom", tmp_path / "link.netloom"
        save(Project(), real)
        real.chmod(0o640)
        link.symlink_to(real)
        save(Project(notes="new"), link)
        assert link.is_symlink()
        assert stat.S_IMODE(real.stat().st_mode) == 0o640
        assert load(real).project.notes == "new"


class TestMigration:
    def test_the_first_drafts_are_read(self) -> None:
        loaded = load(FIXTURES / "version_0.netloom")
        assert loaded.notices == ()
        assert loaded.project.network == Network.of(
            {
                "input": layers.make("Input", {"shape": (4,)}),
                "dense": layers.make("Dense", {"units": 16, "activation": "relu"}),
                "dense_1": layers.make("Dense", {"units": 3, "activation": "softmax"}),
            },
            [Wire("input", "dense"), Wire("dense", "dense_1")],
        )
        assert json.loads(dumps(loaded.project))["version"] == VERSION

    def test_metrics_that_are_now_others_with_parameters_are_read(self) -> None:
        loaded = load(FIXTURES / "version_1.netloom")
        assert loaded.notices == ()
        training = loaded.project.training
        assert training.metrics == ("accuracy", "fbeta_score(beta=2.0)", "auc(curve='PR')")
        assert training.metrics_of("b") == ("fbeta_score(beta=0.5)", "auc")

    @given(JSON, JSON)
    def test_a_step_meets_anything_a_file_can_hold(self, entries: Any, wires: Any) -> None:
        with contextlib.suppress(FileProblem):
            loads(document(version=0, layers=entries, wires=wires))
            loads(document(version=1, training=entries))
            loads(document(version=1, training={"metrics": entries, "outputs": wires}))


def test_layers_without_a_position_are_laid_out() -> None:
    """A file written by hand need not say where the cards stand; those that it says stay there."""
    found = [{"name": name, "type": "Dense"} for name in "abc"]
    text = json.dumps({"format": "netloom", "version": 1, "layers": found, "positions": {"b": [400, 80]}})
    positions = loads(text).project.positions
    assert positions["b"] == (400.0, 80.0)
    assert len(set(positions.values())) == 3
