"""A session from a project to its last event."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.data import Cancelled, DataProblem
from engine.events import EpochEnded, Event, Finished
from engine.plan import CannotCompile
from engine.session import Session
from engine.vocabulary import check_vocabulary, embeddings
from graph.datasets import Curve, Reviews, Spirals
from graph.layers.core import Dense, Embedding
from graph.layers.endpoints import Input
from graph.layers.reshape import Flatten
from graph.losses import BinaryCrossentropy, MeanSquaredError
from graph.network import Network
from graph.problem import FileProblem
from graph.project import Project
from graph.recipe import DataRecipe, TrainingRecipe
from tests.engine.training.projects import spirals
from tests.engine.training.reference import chain


def test_it_learns_and_measures_the_test_samples() -> None:
    session = Session.prepare(spirals(150, 400))
    events = list(session.run(every=100))
    end = events[-1]
    assert isinstance(end, Finished)
    assert end.test["accuracy"] > 0.6
    assert end.test == session.evaluate("test")
    test, goal = session.prepared.test, session.goal()
    chosen = session.predict(test.inputs)[goal.result].argmax(axis=-1)
    assert (chosen == test.targets[goal.target]).mean() == pytest.approx(end.test["accuracy"])
    assert session.classes() == ("first", "second")


def test_running_twice_gives_the_same_curve() -> None:
    session = Session.prepare(spirals())
    assert [e.logs for e in session.run() if isinstance(e, EpochEnded)] == [
        e.logs for e in session.run() if isinstance(e, EpochEnded)
    ]


def test_other_data_takes_the_place_of_the_projects_own(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    rng = np.random.default_rng(0)
    rows = [f"{a:.3f},{b:.3f},{'far' if a * a + b * b > 1 else 'near'}" for a, b in rng.standard_normal((60, 2))]
    path.write_text("\n".join(["a,b,kind", *rows]) + "\n")
    session = Session.prepare(spirals(), data=path)
    assert session.classes() == ("far", "near")
    assert isinstance(list(session.run())[-1], Finished)
    session = Session.prepare(spirals(), data=Spirals(samples=50))
    assert len(session.samples) == 50
    with pytest.raises(DataProblem, match="neither a CSV nor an NPZ file"):
        Session.prepare(spirals(), data=tmp_path / "points.xlsx")


def test_a_project_with_errors_is_refused_with_its_problems() -> None:
    wide = chain(("input", Input(shape=(5,))), ("output", Dense(2, activation="softmax")))
    with pytest.raises(CannotCompile) as caught:
        Session.prepare(replace(spirals(), network=wide))
    assert [problem.node for problem in caught.value.problems] == ["input"]
    with pytest.raises(DataProblem, match="No data is chosen"):
        Session.prepare(replace(spirals(), data=DataRecipe()))


def reviews(vocabulary: int) -> Project:
    network: Network = chain(
        ("words", Embedding(vocabulary, 4, input_length=12)),
        ("flatten", Flatten()),
        ("output", Dense(1, activation="sigmoid")),
    )
    recipe = TrainingRecipe(loss=BinaryCrossentropy(), metrics=("accuracy",), epochs=3)
    return Project(network, {}, DataRecipe(Reviews(samples=200)), recipe)


def test_words_without_a_vector_are_refused() -> None:
    with pytest.raises(CannotCompile) as caught:
        Session.prepare(reviews(20))
    assert any(problem.node == "words" for problem in caught.value.problems)


@pytest.mark.parametrize("bad", [20, -1])
def test_every_part_is_searched_for_words_without_a_vector(bad: int) -> None:
    session = Session.prepare(reviews(1000))
    inference, prepared = session.plan.inference, session.prepared
    assert embeddings(inference) == {"words": 1000}
    (name,) = prepared.test.inputs
    words = np.zeros_like(prepared.test.inputs[name])
    parts = {part: replace(prepared.parts[part], inputs={name: words[:2]}) for part in prepared.parts}
    check_vocabulary(inference, {"words": 20}, replace(prepared, **parts))
    words = words.copy()
    words[1, 3] = bad
    parts["test"] = replace(parts["test"], inputs={name: words})
    with pytest.raises(CannotCompile, match="but the Embedding takes 0 to 19"):
        check_vocabulary(inference, {"words": 20}, replace(prepared, **parts))


def test_words_are_looked_up() -> None:
    session = Session.prepare(reviews(1000))
    events = list(session.run())
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == "completed"


def test_numbers_are_predicted() -> None:
    network = chain(("input", Input()), ("hidden", Dense(8, activation="tanh")), ("output", Dense(1)))
    recipe = TrainingRecipe(loss=MeanSquaredError(), metrics=("mean_absolute_error",), epochs=3)
    session = Session.prepare(Project(network, {}, DataRecipe(Curve(samples=100)), recipe))
    end = list(session.run())[-1]
    assert isinstance(end, Finished)
    test = session.prepared.test
    y = session.predict(test.inputs)["output"]
    assert end.test["loss"] == pytest.approx(((y - test.targets["y"]) ** 2).mean(), rel=1e-5)
    assert end.test["mean_absolute_error"] == pytest.approx(np.abs(y - test.targets["y"]).mean(), rel=1e-5)
    assert session.classes() == ()


def test_no_validation_and_no_test_samples() -> None:
    project = spirals()
    session = Session.prepare(replace(project, data=project.data.with_(validation=0.0, test=0.0)))
    end = list(session.run())[-1]
    assert isinstance(end, Finished)
    assert end.test == {}
    assert end.best_epoch is not None


def test_loading_tells_its_progress_and_can_be_cancelled(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("a,b,kind\n" + "".join(f"{i % 7},{i % 5},{'ab'[i % 2]}\n" for i in range(20_000)))
    told: list[float] = []
    Session.prepare(spirals(), data=path, progress=told.append)
    assert told
    assert all(0.0 <= part <= 1.0 for part in told)

    def cancel(part: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        Session.prepare(spirals(), data=path, progress=cancel)


def test_a_snapshot_predicts_in_another_thread_while_training_goes_on() -> None:
    session = Session.prepare(spirals(60))
    alone = Session.prepare(spirals(60))
    expected = [e.logs for e in alone.run() if isinstance(e, EpochEnded)]
    seen: list[Event] = []
    work = threading.Thread(target=lambda: seen.extend(session.run()))
    work.start()
    sums = [session.predict(session.prepared.test.inputs, session.snapshot())["output"].sum(-1) for _ in range(20)]
    work.join()
    np.testing.assert_allclose(np.array(sums), 1.0, rtol=1e-5)
    assert [e.logs for e in seen if isinstance(e, EpochEnded)] == expected


def test_stop_comes_with_a_last_event() -> None:
    session = Session.prepare(spirals(1000))
    events = session.run()
    for event in events:
        if isinstance(event, EpochEnded):
            session.stop()
            break
    rest = list(events)
    assert isinstance(rest[-1], Finished)
    assert rest[-1].reason == "stopped"
    assert rest[-1].test


def test_stop_counts_before_the_run_has_begun(tmp_path: Path) -> None:
    session = Session.prepare(spirals(1000))
    session.stop()
    events = list(session.run(tmp_path))
    assert isinstance(events[-1], Finished)
    assert (events[-1].reason, events[-1].epochs) == ("stopped", 0)
    session.project = spirals(2)
    again = list(session.run(tmp_path))
    assert isinstance(again[-1], Finished)
    assert (again[-1].reason, again[-1].epochs) == ("completed", 2)


def test_weights_are_loaded_or_refused() -> None:
    session = Session.prepare(spirals())
    list(session.run())
    named = {name: array.copy() for name, array in session.plan.parameters.named().items()}
    other = Session.prepare(spirals())
    other.load_weights(named)
    assert other.evaluate() == session.evaluate()
    del named["hidden/bias"]
    with pytest.raises(FileProblem, match=r"mine\.npz has no hidden/bias"):
        other.load_weights(named, "mine.npz")
