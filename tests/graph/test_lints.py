"""Every lint: when it speaks, what it says, and that its fix mends it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from graph import edits
from graph.check import check
from graph.datasets import DataFacts, TargetFacts
from graph.layers import layers
from graph.losses import losses
from graph.network import Network, Wire
from graph.problem import Problem, Severity
from graph.project import Project
from graph.recipe import DataRecipe, EarlyStopping, OutputRecipe, TrainingRecipe

TEN = TargetFacts("classes", (None,), tuple("0123456789"))
TWO = TargetFacts("classes", (None,), ("no", "yes"))
NUMBER = TargetFacts("values", (None, 1))
CROSSENTROPY, SPARSE = "categorical_crossentropy", "sparse_categorical_crossentropy"


def project(*described: tuple[str, dict[str, Any]], loss: str = "mean_squared_error", **training: Any) -> Project:
    """An Input of four values and layers behind it: a, b, c, ..."""
    found = {"input": layers.make("Input", {"shape": (4,)})}
    found |= {"abcdefgh"[i]: layers.make(key, config) for i, (key, config) in enumerate(described)}
    names = list(found)
    network = Network.of(found, [Wire(a, b) for a, b in pairwise(names)])
    return Project(network, training=TrainingRecipe(loss=losses.make(loss), **training))


def dense(units: int, activation: str = "linear") -> tuple[str, dict[str, Any]]:
    return ("Dense", {"units": units, "activation": activation})


def facts(target: TargetFacts | None = None, vocabulary: int | None = None, **targets: TargetFacts) -> DataFacts:
    return DataFacts(100, {"x": (None, 4)}, targets or {"y": target or NUMBER}, vocabulary)


def the_problem(made: Project, known: DataFacts | None = None) -> Problem:
    (problem,) = check(made, known).problems
    return problem


@pytest.mark.parametrize(
    ("activation", "units", "loss", "target", "severity", "text", "fix"),
    [
        ("softmax", 3, "mean_squared_error", None, "warning", "softmax with mean_squared_error learns slowly.",
         "Use categorical_crossentropy"),
        ("softmax", 10, "mean_squared_error", TEN, "warning", "softmax with mean_squared_error learns slowly.",
         "Use categorical_crossentropy"),
        ("linear", 3, CROSSENTROPY, None, "warning",
         "categorical_crossentropy needs probabilities, but the last activation is linear.", "Use softmax"),
        ("sigmoid", 3, CROSSENTROPY, None, "warning",
         "categorical_crossentropy needs probabilities, but the last activation is sigmoid.", "Use softmax"),
        ("relu", 1, "binary_crossentropy", TWO, "warning",
         "binary_crossentropy needs probabilities, but the last activation is relu.", "Use sigmoid"),
        ("softmax", 3, "binary_crossentropy", None, "warning",
         "binary_crossentropy needs probabilities, but the last activation is softmax.", "Use sigmoid"),
        ("softmax", 1, "binary_crossentropy", TWO, "warning", "softmax over one unit is always 1.",
         "Use sigmoid with binary_crossentropy"),
        ("sigmoid", 1, "mean_squared_error", TWO, "warning", "sigmoid with mean_squared_error learns slowly.",
         "Use binary_crossentropy"),
        ("linear", 1, "mean_squared_error", TWO, "warning", "The target is a class, but mean_squared_error compares "
         "numbers.", "Use sigmoid with binary_crossentropy"),
        ("linear", 10, "mean_squared_error", TEN, "warning", "The target is a class, but mean_squared_error compares "
         "numbers.", f"Use softmax with {SPARSE}"),
        ("softmax", 7, SPARSE, TEN, "error", "The target y has 10 classes, but the last layer gives 7.",
         "Set units to 10"),
        ("softmax", 12, CROSSENTROPY, TEN, "error", "The target y has 10 classes, but the last layer gives 12.",
         "Set units to 10"),
        ("linear", 3, "mean_squared_error", NUMBER, "error", "The target y is 1, but the result is 3.",
         "Set units to 1"),
        ("softmax", 3, SPARSE, NUMBER, "error", f"{SPARSE} compares classes, but the target y holds numbers.",
         "Use mean_squared_error"),
        ("sigmoid", 1, "binary_crossentropy", TEN, "error",
         "binary_crossentropy tells 2 classes apart, but the target y has 10.", f"Use softmax with {SPARSE}"),
    ],
)  # fmt: skip
def test_loss_activation_and_target(
    activation: str, units: int, loss: str, target: TargetFacts | None, severity: str, text: str, fix: str
) -> None:
    made = project(dense(units, activation), loss=loss)
    known = None if target is None else facts(target)
    problem = the_problem(made, known)
    assert (problem.node, problem.severity, problem.text) == ("a", severity, text)
    assert problem.hint
    assert problem.fixes[0].text == fix
    mended = check(problem.fixes[0].edit(made), known)
    assert problem.text not in [p.text for p in mended.problems]


@pytest.mark.parametrize(
    ("described", "loss", "target"),
    [
        ([dense(10, "softmax")], SPARSE, TEN),
        ([dense(10, "softmax")], CROSSENTROPY, TEN),
        ([dense(1, "sigmoid")], "binary_crossentropy", TWO),
        ([dense(2, "softmax")], SPARSE, TWO),
        ([dense(1)], "mean_squared_error", NUMBER),
        ([dense(10), ("Activation", {"activation": "softmax"})], SPARSE, TEN),
        ([dense(10, "softmax"), ("Output", {})], SPARSE, TEN),
        ([dense(3)], "mean_absolute_error", None),
        ([dense(6, "sigmoid")], "binary_crossentropy", TargetFacts("binary", (None, 6))),
    ],
)
def test_what_is_right_is_not_spoken_of(described: list[Any], loss: str, target: TargetFacts | None) -> None:
    assert check(project(*described, loss=loss), None if target is None else facts(target)).problems == ()


def test_the_fix_of_an_output_with_a_loss_of_its_own_changes_that_loss() -> None:
    own = OutputRecipe(loss=losses.make("mean_absolute_error"))
    made = project(dense(3, "softmax"), outputs={"a": own})
    mended = the_problem(made).fixes[0].edit(made)
    assert mended.training.loss == made.training.loss
    assert mended.training.loss_of("a").key == CROSSENTROPY


def test_a_result_of_another_rank() -> None:
    made = Project(
        Network.of({"d": layers.make("Dense", {"units": 10, "activation": "softmax", "input_shape": (8, 4)})}),
        training=TrainingRecipe(loss=losses.make(SPARSE)),
    )
    problem = the_problem(made, DataFacts(9, {"x": (None, 8, 4)}, {"y": TEN}))
    assert problem.text == "The result is 8×10 a sample, but the target y needs 10."
    assert problem.severity is Severity.ERROR


class TestPairing:
    def two_results(self) -> Project:
        made = project(dense(1), dense(1))
        return edits.connect(edits.add_layer(made, layers.make("Dense", {"units": 1}), name="c"), Wire("a", "c"))

    def test_several_results_and_one_target(self) -> None:
        problems = check(self.two_results(), facts()).problems
        assert [(p.node, p.text) for p in problems] == [
            ("b", "The data has no target for the result b; it has y."),
            ("c", "The data has no target for the result c; it has y."),
        ]

    def test_renaming_pairs_them(self) -> None:
        made, known = self.two_results(), facts(p=NUMBER, q=NUMBER)
        for _ in range(2):
            problem = check(made, known).errors[0]
            made = problem.fixes[0].edit(made)
        assert check(made, known).problems == ()
        assert set(made.network.layers) == {"input", "a", "p", "q"}

    def test_data_without_a_target(self) -> None:
        problem = the_problem(project(dense(1)), DataFacts(9, {"x": (None, 4)}, {}))
        assert (problem.node, problem.text) == (None, "The data has no target to learn.")


class TestLayers:
    def test_no_layers(self) -> None:
        assert the_problem(Project()).text == "The network has no layers."

    def test_nothing_to_train(self) -> None:
        assert the_problem(project(("Flatten", {}))).text == "Nothing in the network can be trained."
        frozen = project(("Dense", {"units": 1, "trainable": False}))
        assert the_problem(frozen).hint == "Set trainable on a layer with weights."

    @pytest.mark.parametrize("between", [[], [("Dropout", {})]])
    def test_a_stack_that_starves(self, between: list[Any]) -> None:
        stack = [dense(4, "sigmoid"), dense(4, "tanh"), *between, dense(4, "sigmoid"), dense(4, "tanh")]
        made = project(*stack, dense(1))
        problem = the_problem(made)
        assert problem.text == "4 layers with sigmoid or tanh in a row starve the early ones of gradient."
        assert problem.node == ("e" if between else "d")
        assert check(problem.fixes[0].edit(made)).problems == ()

    @pytest.mark.parametrize("between", [("BatchNormalization", {}), dense(4, "relu")])
    def test_what_breaks_a_stack(self, between: Any) -> None:
        squashing = dense(4, "sigmoid")
        assert check(project(squashing, squashing, between, squashing, squashing, dense(1))).problems == ()

    def test_functions_inside_of_a_layer_are_not_its_last_step(self) -> None:
        sequence = ("Reshape", {"target_shape": (4, 1)})
        memory = ("LSTM", {"units": 3, "return_sequences": True})
        assert check(project(sequence, *[memory] * 4, ("GRU", {"units": 3}), dense(1))).problems == ()
        problem = the_problem(project(sequence, ("LSTM", {"units": 3}), loss=CROSSENTROPY))
        assert "the last activation is linear" in problem.text
        assert problem.fixes == ()

    def test_three_and_the_output_are_not_too_many(self) -> None:
        squashing = dense(4, "tanh")
        assert check(project(squashing, squashing, squashing, dense(1, "tanh"))).problems == ()

    def test_an_activation_applied_twice(self) -> None:
        made = project(dense(3, "softmax"), ("Activation", {"activation": "softmax"}), loss=CROSSENTROPY)
        problem = the_problem(made)
        assert (problem.node, problem.text) == ("b", "softmax is applied twice in a row.")
        assert list(problem.fixes[0].edit(made).network.layers) == ["input", "a"]

    def test_dropout_at_the_end(self) -> None:
        made = project(dense(1), ("Dropout", {}))
        problem = the_problem(made)
        assert (problem.node, problem.text) == ("b", "Dropout at the very end sets results to zero while training.")
        assert check(problem.fixes[0].edit(made)).problems == ()

    def test_flatten_behind_a_sequence_of_unknown_length(self) -> None:
        found = {"input": layers.make("Input", {"shape": (None, 3)}), "flat": layers.make("Flatten")}
        texts = [p.text for p in check(Project(Network.of(found, [Wire("input", "flat")]))).warnings]
        assert "The length of the sequence is not known, so Flatten gives rows of any length." in texts


class TestEmbedding:
    def words(self, **config: Any) -> Project:
        return project(("Embedding", {"input_dim": 50, "output_dim": 3, **config}), ("Flatten", {}), dense(1))

    def test_a_vocabulary_that_is_too_small(self) -> None:
        made, known = self.words(), facts(vocabulary=80)
        problem = the_problem(made, known)
        assert problem.text == "The data counts up to 79, but input_dim is 50."
        assert problem.severity is Severity.ERROR
        assert problem.fixes[0].text == "Set input_dim to 80"
        assert check(problem.fixes[0].edit(made), known).problems == ()

    def test_fractions(self) -> None:
        problem = the_problem(self.words(), facts())
        assert problem.text == "Embedding takes whole numbers, but the data holds fractions."

    def test_not_first(self) -> None:
        made = project(dense(4), ("Embedding", {"input_dim": 50}), ("Flatten", {}), dense(1))
        problem = the_problem(made)
        assert (problem.node, problem.text) == ("b", "Embedding takes whole numbers, but Dense gives fractions.")

    def test_right(self) -> None:
        assert check(self.words(), facts(vocabulary=50)).problems == ()


class TestRecipes:
    def test_nothing_left_to_train_on(self) -> None:
        made = edits.set_data(project(dense(1)), validation=0.5, test=0.5)
        problem = the_problem(made)
        assert problem.text == "Validation and test take 100% of the samples, so none are left to train on."
        assert check(problem.fixes[0].edit(made)).problems == ()

    def test_watching_what_is_not_there(self) -> None:
        made = project(dense(1), early_stopping=EarlyStopping())
        made = edits.set_data(made, validation=0.0)
        problem = the_problem(made)
        assert problem.text == "Early stopping watches val_loss, but no samples are kept for validation."
        mended = problem.fixes[0].edit(made)
        assert mended.training.early_stopping == EarlyStopping(monitor="loss")

    def test_an_output_that_is_none(self) -> None:
        made = project(dense(1), outputs={"ghost": OutputRecipe()})
        problem = the_problem(made)
        assert problem.text == "Training says something of the output ghost, but it is no result."
        assert problem.fixes[0].edit(made).training.outputs == {}

    def test_accuracy_of_numbers(self) -> None:
        made = project(dense(1), metrics=("accuracy",))
        problem = the_problem(made, facts())
        assert problem.text == "accuracy counts classes, but the target holds numbers."
        assert check(problem.fixes[0].edit(made), facts()).problems == ()

    def test_the_usual_recipe_is_right(self) -> None:
        assert DataRecipe().validation + DataRecipe().test < 1

    def test_layers_without_any_wire(self) -> None:
        made = Project(Network.of({"a": layers.make("Dense", {}), "b": layers.make("Flatten", {})}, []))
        (error,) = check(made).errors
        assert error.text == "No layer is wired."


def sequence(*described: tuple[str, dict[str, Any]], batch: int | None = None, **training: Any) -> Project:
    """Padded words, and layers behind them: a, b, c, ..."""
    found = {"words": layers.make("Input", {"shape": (5,), "batch_size": batch})}
    found["embedding"] = layers.make("Embedding", {"input_dim": 9, "mask_zero": True})
    found |= {"abcdefgh"[i]: layers.make(key, config) for i, (key, config) in enumerate(described)}
    network = Network.of(found, [Wire(a, b) for a, b in pairwise(found)])
    return Project(network, training=TrainingRecipe(loss=losses.make("mean_squared_error"), **training))


@pytest.mark.parametrize("key", ["Flatten", "GlobalMaxPooling1D", "Conv1D", "Permute"])
def test_a_mask_that_is_lost(key: str) -> None:
    problem = the_problem(sequence((key, {"dims": (2, 1)} if key == "Permute" else {})))
    assert (problem.node, problem.severity) == ("a", Severity.WARNING)
    assert str(problem.text) == f"{key} gives no mask on: behind it, padding counts like everything else."


@pytest.mark.parametrize("key", ["LSTM", "GlobalAveragePooling1D"])
def test_a_mask_that_is_read(key: str) -> None:
    assert check(sequence(("Dropout", {}), (key, {}), dense(1))).problems == ()


def test_first_states_take_the_mask_away() -> None:
    made = sequence(("LSTM", {"units": 3, "return_state": True, "return_sequences": True}), ("LSTM", {"units": 3}))
    for port in ("h", "c"):
        made = edits.connect(made, Wire("a", "b", port, port))
    problem = the_problem(made)
    assert problem.node == "b"
    assert str(problem.text) == "With first states, LSTM reads padding like everything else, as in Keras."


def test_softmax_layer_of_a_masked_sequence() -> None:
    problem = the_problem(sequence(("Softmax", {}), ("LSTM", {})))
    assert str(problem.text) == "In Keras, a Softmax layer takes no masked sequence."
    (fix,) = problem.fixes
    assert check(fix.edit(sequence(("Softmax", {}), ("LSTM", {})))).problems == ()


def test_stateful_layers_and_the_batches_of_the_training() -> None:
    stateful = ("LSTM", {"stateful": True})
    made = sequence(stateful, batch=8, batch_size=16, shuffle=False)
    problem = the_problem(made)
    assert problem.severity is Severity.ERROR
    assert str(problem.text) == "It keeps the states of 8 samples, but a batch of the training has 16."
    assert check(problem.fixes[0].edit(made)).problems == ()
    made = sequence(("Bidirectional", {"layer": layers.make(*stateful)}), batch=8, batch_size=8)
    problem = the_problem(made)
    assert problem.severity is Severity.WARNING
    assert check(problem.fixes[0].edit(made)).problems == ()
