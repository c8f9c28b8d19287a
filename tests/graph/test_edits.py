"""Edits and undo: the value before is untouched, going back gives that very object, and nothing dangles."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from graph import edits
from graph.history import History
from graph.infer import infer
from graph.layers import layers
from graph.names import did_you_mean, fresh, snake
from graph.network import Network, Wire
from graph.project import Project
from graph.recipe import OutputRecipe, TrainingRecipe
from graph.serialize import dumps
from tests.graph.test_network import edited
from tests.helpers.strategies import projects


def three() -> Project:
    """input → dense → output, each with a place."""
    found = {
        "input": layers.make("Input", {"shape": (4,)}),
        "dense": layers.make("Dense"),
        "output": layers.make("Output"),
    }
    network = Network.of(found, [Wire("input", "dense"), Wire("dense", "output")])
    return Project(network, {name: (252.0 * i, 0.0) for i, name in enumerate(found)})


@given(projects(6), st.data())
def test_undo_gives_the_very_value_before(project: Project, data: st.DataObject) -> None:
    text = dumps(project)
    history = History.of(project).push(data.draw(edited(project)), "Edit")
    assert history.undo().value is project
    assert history.undo().redo().value is history.value
    assert dumps(project) == text


@given(projects(6), st.data())
def test_an_edit_leaves_nothing_dangling(project: Project, data: st.DataObject) -> None:
    after = data.draw(edited(project))
    names = after.network.layers.keys()
    assert all(wire.source in names and wire.target in names for wire in after.network.wires)
    assert after.positions.keys() == names
    assert after.network.wiring.names == tuple(names)
    assert after.training.outputs.keys() <= names | project.training.outputs.keys() - project.network.layers.keys()


@given(projects(6))
def test_copying_and_pasting_gives_the_same_piece_under_other_names(project: Project) -> None:
    piece = edits.extract(project, list(project.network.layers)[:4])
    pasted, names = edits.paste(project, piece, (8.0, 4.0))
    assert set(names.values()).isdisjoint(project.network.layers)
    assert [pasted.network.layers[names[n]] for n in piece.network.layers] == list(piece.network.layers.values())
    inside = [w for w in pasted.network.wires if w.source in names.values()]
    assert [(w.source, w.target) for w in inside] == [(names[w.source], names[w.target]) for w in piece.network.wires]


class TestEdits:
    def test_a_parameter_keeps_the_wiring(self) -> None:
        before = three()
        after = edits.set_parameters(before, "dense", {"units": 3})
        assert after.network.wiring is before.network.wiring
        assert after.network.layers["input"] is before.network.layers["input"]

    def test_moving_keeps_the_network(self) -> None:
        before = three()
        assert edits.move(before, {"dense": (1.0, 2.0)}).network is before.network

    def test_removing_and_healing_joins_the_ends(self) -> None:
        assert edits.remove_and_heal(three(), ["dense"]).network.wires == (Wire("input", "output"),)

    def test_a_new_wire_takes_the_place_of_the_old_one(self) -> None:
        assert edits.connect(three(), Wire("input", "output")).network.wires == (
            Wire("input", "dense"),
            Wire("input", "output"),
        )

    def test_inserting_leads_the_wire_through(self) -> None:
        project = edits.add_layer(three(), layers.make("Dropout"))
        after = edits.insert(project, Wire("dense", "output"), "dropout")
        assert set(after.network.wires) == {
            Wire("input", "dense"),
            Wire("dense", "dropout"),
            Wire("dropout", "output"),
        }

    def test_reordering_changes_the_order_of_the_inputs(self) -> None:
        found = {"a": layers.make("Input", {"shape": (2,)}), "b": layers.make("Input", {"shape": (3,)})}
        network = Network.of({**found, "c": layers.make("Concatenate")}, [Wire("a", "c"), Wire("b", "c")])
        after = edits.reorder_inputs(Project(network), "c", [Wire("b", "c"), Wire("a", "c")])
        assert infer(after.network).layers["c"].inputs == ((None, 3), (None, 2))

    def test_renaming_goes_everywhere(self) -> None:
        training = TrainingRecipe(outputs={"output": OutputRecipe(weight=2.0)})
        project = edits.rename(edits.set_training(three(), outputs=training.outputs), "output", "digit")
        assert list(project.network.layers) == ["input", "dense", "digit"]
        assert project.network.wires[1] == Wire("dense", "digit")
        assert project.positions["digit"] == (504.0, 0.0)
        assert project.training.weight_of("digit") == 2.0

    @pytest.mark.parametrize(
        "edit",
        [
            lambda p: edits.remove(p, ["ghost"]),
            lambda p: edits.disconnect(p, [Wire("a", "b")]),
            lambda p: edits.rename(p, "input", "dense"),
            lambda p: edits.add_layer(p, layers.make("Dense"), name="dense"),
            lambda p: edits.set_parameters(p, "ghost", {}),
            lambda p: edits.rename(p, "ghost", "other"),
            lambda p: edits.rename(p, "input", "a/b"),
            lambda p: edits.insert(p, Wire("a", "b"), "dense"),
            lambda p: edits.move(p, {"ghost": (0.0, 0.0)}),
        ],
    )
    def test_what_is_not_there_is_the_programmers_mistake(self, edit: object) -> None:
        with pytest.raises(KeyError):
            edit(three())  # type: ignore[operator]


class TestHistory:
    def test_an_edit_that_changed_nothing_leaves_no_step(self) -> None:
        history = History.of("a")
        assert history.push("a", "Nothing") is history

    def test_edits_of_one_gesture_are_one_step(self) -> None:
        history = History.of("a").push("b", "Slide", "slider").push("c", "Slide", "slider").push("d", "Type", "text")
        assert [step.value for step in history.steps] == ["a", "c", "d"]
        assert history.undo_text == "Type"
        assert history.undo().undo_text == "Slide"

    def test_what_was_undone_is_forgotten_by_the_next_edit(self) -> None:
        history = History.of("a").push("b", "B").undo().push("c", "C")
        assert [step.value for step in history.steps] == ["a", "c"]
        assert history.redo_text is None

    def test_a_saved_step_is_not_merged_away(self) -> None:
        history = History.of("a").push("b", "Slide", "slider").mark_saved().push("c", "Slide", "slider")
        assert history.dirty
        assert not history.undo().dirty
        assert history.undo().value == "b"

    def test_going_back_ends_the_gesture(self) -> None:
        history = History.of("a").push("b", "Slide", "k").push("x", "Other").undo().push("c", "Slide", "k")
        assert history.undo().value == "b"

    def test_the_oldest_steps_go_beyond_the_limit(self) -> None:
        history = History.of(0, limit=3)
        for number in range(1, 6):
            history = history.push(number, str(number))
        assert [step.value for step in history.steps] == [3, 4, 5]
        assert history.go_to(0).undo_text is None


class HistoryMachine(RuleBasedStateMachine):
    """The history against two plain stacks."""

    def __init__(self) -> None:
        super().__init__()
        self.history = History.of(object())
        self.before: list[object] = []
        self.now: object = self.history.value
        self.after: list[object] = []

    @rule()
    def edit(self) -> None:
        value = object()
        self.history = self.history.push(value, "Edit")
        self.before.append(self.now)
        self.now, self.after = value, []

    @precondition(lambda self: self.before)
    @rule()
    def undo(self) -> None:
        self.history = self.history.undo()
        self.after.append(self.now)
        self.now = self.before.pop()

    @precondition(lambda self: self.after)
    @rule()
    def redo(self) -> None:
        self.history = self.history.redo()
        self.before.append(self.now)
        self.now = self.after.pop()

    @invariant()
    def agrees(self) -> None:
        assert self.history.value is self.now
        assert (self.history.undo_text is None) == (not self.before)
        assert (self.history.redo_text is None) == (not self.after)


TestHistoryMachine = HistoryMachine.TestCase


class TestNames:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("Dense", "dense"),
            ("Conv2D", "conv2d"),
            ("MaxPooling2D", "max_pooling2d"),
            ("BatchNormalization", "batch_normalization"),
            ("GlobalAveragePooling2D", "global_average_pooling2d"),
            ("LSTM", "lstm"),
        ],
    )
    def test_keras_automatic_names(self, name: str, expected: str) -> None:
        assert snake(name) == expected

    @given(st.text(max_size=5), st.sets(st.text(max_size=5)))
    def test_a_fresh_name_is_not_taken(self, wanted: str, taken: set[str]) -> None:
        assert fresh(wanted, copy.copy(taken)) not in taken

    def test_numbers_go_on(self) -> None:
        assert fresh("dense", {"dense", "dense_1", "dense_3"}) == "dense_2"
        assert fresh("dense_1", {"dense_1"}) == "dense_2"

    def test_the_nearest(self) -> None:
        assert did_you_mean("max pooling 2d", layers.names()) == "MaxPooling2D"
        assert did_you_mean("qqq", layers.names()) is None
