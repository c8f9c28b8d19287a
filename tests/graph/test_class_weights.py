"""The weights of classes as text, and what is wrong with them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.check import check
from graph.datasets import DataFacts, TargetFacts
from graph.declare import ParameterError
from graph.fields.weights import read_weights, write_weights
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.losses import MeanSquaredError, SparseCategoricalCrossentropy
from graph.network import Network, Wire
from graph.project import Project
from graph.recipe import OutputRecipe, TrainingRecipe

FACTS = DataFacts(9, {"x": (None, 2)}, {"kind": TargetFacts("classes", (None,), ("cat", "dog", "fox"))})
NUMBERS = DataFacts(9, {"x": (None, 2)}, {"kind": TargetFacts("values", (None, 1))})


@given(st.dictionaries(st.text(max_size=8), st.integers(0, 10**9) | st.sampled_from([0.5, 1e-6]), min_size=1))
def test_what_is_written_is_read(weights: dict[str, float]) -> None:
    assert read_weights(write_weights(weights)) == weights


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("balanced", None),
        (" no:1 , yes : 3.5,", {"no": 1.0, "yes": 3.5}),
        ('"a, b": 2, "c: d": 1e2', {"a, b": 2.0, "c: d": 100.0}),
    ],
)
def test_a_line_is_read(text: str, weights: dict[str, float] | None) -> None:
    assert read_weights(text) == weights


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected balanced, or each class with its weight"),
        ("balancd", "expected balanced, or each class with its weight, as in “no: 1, yes: 3”, received 'balancd'"),
        ("no: 1, yes", "expected a class and its weight, as in “yes: 3”, at 'yes'"),
        ("no: 1, yes: -1", "expected a weight of at least 0, received '-1'"),
        ("no: 1, yes: inf", "expected a weight of at least 0, received 'inf'"),
        ("no: 1, no: 2", "the class 'no' has two weights"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(text: str, said: str) -> None:
    with pytest.raises(ParameterError, match="class_weight") as error:
        TrainingRecipe(class_weight=text)
    assert said in str(error.value)


def project(recipe: TrainingRecipe) -> Project:
    network = Network.of({"x": Input(shape=(2,)), "kind": Dense(3, activation="softmax")}, [Wire("x", "kind")])
    return Project(network, training=recipe)


CLASSES = TrainingRecipe(loss=SparseCategoricalCrossentropy())


def test_a_class_that_is_not_there_is_a_problem() -> None:
    assert not check(project(replace(CLASSES, class_weight="dog: 2")), FACTS).errors
    (problem,) = check(project(replace(CLASSES, class_weight="dog: 2, fix: 3")), FACTS).errors
    assert (problem.node, str(problem.text)) == ("kind", "The class 'fix' has a weight, but is not in the data.")
    assert str(problem.hint) == "Did you mean 'fox'?"
    (problem,) = check(project(replace(CLASSES, class_weight="7: 2")), FACTS).errors
    assert str(problem.hint) == "They are: cat, dog, fox."


def test_weights_of_classes_want_classes() -> None:
    recipe = TrainingRecipe(loss=MeanSquaredError(), outputs={"kind": OutputRecipe(class_weight="balanced")})
    network = Network.of({"x": Input(shape=(2,)), "kind": Dense(1)}, [Wire("x", "kind")])
    wrong = Project(network, training=recipe)
    (problem,) = check(wrong, NUMBERS).errors
    assert str(problem.text) == "Classes have weights, but the data has no classes."
    mended = problem.fixes[0].edit(wrong)
    assert not check(mended, NUMBERS).errors
    assert mended.training == TrainingRecipe(loss=MeanSquaredError())


@pytest.mark.parametrize("outputs", [{}, {"kind": OutputRecipe(metrics=("accuracy", "recall(class_id=3)"))}])
def test_a_metric_of_a_class_that_is_not_there_is_a_problem(outputs: dict[str, OutputRecipe]) -> None:
    wrong = project(replace(CLASSES, metrics=("recall(class_id=3)", "precision(class_id=2)"), outputs=outputs))
    (problem,) = check(wrong, FACTS).errors
    assert str(problem.text) == "recall measures class 3, but kind gives 3 values."
    assert not check(problem.fixes[0].edit(wrong), FACTS).errors
