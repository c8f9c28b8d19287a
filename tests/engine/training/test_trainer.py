"""Training runs: against Keras step by step, and what must hold of every run."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.early_stopping import Best, Watch, watch
from engine.events import BatchEnded, EpochEnded, Event, Finished, Notice, Started
from engine.metrics.classes import confusion_matrix
from engine.metrics.targets import chosen_class, right_class
from engine.objective import CannotPair, Objective, goals_of, logits_of
from engine.plan import compile
from engine.predict import evaluate, predict
from engine.sample_weights import weights_of_classes
from engine.trainer import Examples, Trainer, examples
from graph.infer import infer
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.losses import MeanSquaredError, SparseCategoricalCrossentropy
from graph.network import Network, Wire
from graph.optimizers import SGD, Adam
from graph.recipe import EarlyStopping, OutputRecipe, TrainingRecipe
from tests.engine.training.reference import RECIPE, chain, classifier, samples, stored, trainer

STOPPING = EarlyStopping(monitor="val_loss", patience=2)


def curve(events: list[Event]) -> list[tuple[int, dict[str, float]]]:
    return [(event.epoch, dict(event.logs)) for event in events if isinstance(event, BatchEnded | EpochEnded)]


def last(events: list[Event]) -> Finished:
    assert isinstance(events[-1], Finished)
    return events[-1]


def two_outputs() -> tuple[Network, TrainingRecipe]:
    layers = {
        "x": Input(shape=(6,)),
        "hidden": Dense(8, activation="relu"),
        "label": Dense(3, activation="softmax"),
        "number": Dense(1),
    }
    network = Network.of(layers, [Wire("x", "hidden"), Wire("hidden", "label"), Wire("hidden", "number")])
    outputs = {
        "label": OutputRecipe(SparseCategoricalCrossentropy(), 1.0, ("accuracy",)),
        "number": OutputRecipe(MeanSquaredError(), 0.25, ("mean_absolute_error",)),
    }
    return network, TrainingRecipe(Adam(0.02), outputs=outputs, epochs=5, batch_size=16, shuffle=False)


@pytest.mark.parametrize("fused", [True, False])
def test_twenty_steps_with_two_outputs_are_those_of_keras(fused: bool) -> None:
    kept = stored()
    network, recipe = two_outputs()
    goals = goals_of(infer(network), recipe, ["label", "number"])
    assert logits_of(goals) == ("label",)
    goals = tuple(replace(goal, fused=goal.fused and fused) for goal in goals)
    plan = compile(network, 16, logits=logits_of(goals))
    plan.parameters.load({name: kept[f"run_weights/{name}"] for name in plan.parameters.named()})
    objective = Objective(goals)
    data = examples(plan, objective, {"x": kept["run_x"]}, {"label": kept["run_label"], "number": kept["run_number"]})
    steps = [e.logs for e in Trainer(plan, objective, recipe, data).events() if isinstance(e, BatchEnded)]
    names = [str(name) for name in kept["run_names"]]
    assert set(objective.names) == set(names)
    found = np.array([[logs[name] for name in names] for logs in steps])
    np.testing.assert_allclose(found, kept["run_logs"], rtol=1e-4, atol=1e-6)


def test_the_events_come_in_order() -> None:
    events = list(trainer().events(every=4))
    assert isinstance(events[0], Started)
    assert (events[0].samples, events[0].validation_samples, events[0].steps_per_epoch) == (90, 30, 6)
    assert events[0].names == ("loss", "accuracy", "val_loss", "val_accuracy")
    of_an_epoch = [type(event) for event in events[1:-1]][:3]
    assert of_an_epoch == [BatchEnded, BatchEnded, EpochEnded]
    assert [event.step for event in events if isinstance(event, BatchEnded)][:2] == [4, 6]
    assert [event.epoch for event in events if isinstance(event, EpochEnded)] == [1, 2, 3, 4, 5, 6]
    assert last(events).reason == "completed"


def test_the_figures_of_an_epoch_are_those_of_its_samples() -> None:
    """With a step of nearly nothing, the figures over uneven batches are those over all samples at once."""
    recipe = RECIPE.with_(optimizer=SGD(1e-12), epochs=1)
    run = trainer(recipe, classifier())
    (epoch,) = (event for event in run.events() if isinstance(event, EpochEnded))
    for part, prefix in ((run.training, ""), (run.validation, "val_")):
        assert part is not None
        p = predict(run.plan, part.inputs, 7)["y"].astype(np.float64)
        t = part.targets["y"]
        assert epoch.logs[prefix + "loss"] == pytest.approx(-np.log(p[np.arange(len(t)), t]).mean(), rel=1e-5)
        assert epoch.logs[prefix + "accuracy"] == pytest.approx((p.argmax(1) == t).mean())


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_same_seed_gives_the_same_curve(seed: int) -> None:
    recipe = RECIPE.with_(seed=seed, epochs=2)
    assert curve(list(trainer(recipe).events())) == curve(list(trainer(recipe).events()))


def test_every_epoch_has_another_order_unless_none_is_wanted() -> None:
    """With a step of nearly nothing, the figures of a batch depend on its samples alone."""

    def batches(shuffle: bool) -> list[list[float]]:
        recipe = RECIPE.with_(optimizer=SGD(1e-12), epochs=2, shuffle=shuffle)
        events = [e for e in trainer(recipe, classifier()).events() if isinstance(e, BatchEnded)]
        return [[e.logs["loss"] for e in events if e.epoch == epoch] for epoch in (1, 2)]

    first, second = batches(shuffle=True)
    assert not np.allclose(first, second)
    first, second = batches(shuffle=False)
    np.testing.assert_allclose(first, second, rtol=1e-6)
    assert not np.allclose(first, batches(shuffle=True)[0])


def test_the_weight_of_one_loss_is_in_the_figure_and_in_the_step() -> None:
    """Half the weight of a loss is half the loss, and with plain descent half the step."""
    moves, figures = [], []
    for weight in (1.0, 0.5):
        recipe = RECIPE.with_(optimizer=SGD(0.1), outputs={"y": OutputRecipe(weight=weight)}, shuffle=False)
        run = trainer(recipe, classifier())
        before = run.plan.parameters.values.copy()
        events = run.events()
        figures.append(next(e.logs["loss"] for e in events if isinstance(e, BatchEnded)))
        moves.append(run.plan.parameters.values - before)
    assert figures[1] == pytest.approx(figures[0] / 2, rel=1e-6)
    np.testing.assert_allclose(moves[1], moves[0] / 2, rtol=1e-3, atol=1e-7)


def test_a_confusion_matrix_has_the_true_class_in_its_rows() -> None:
    true, chosen = np.array([0, 0, 0, 1, 2]), np.array([0, 1, 1, 1, 0])
    assert confusion_matrix(true, chosen, 3).tolist() == [[1, 2, 0], [0, 1, 0], [1, 0, 0]]
    assert right_class(np.eye(3)[true], np.zeros((5, 3))).tolist() == true.tolist()
    assert right_class(true, np.zeros((5, 3))).tolist() == true.tolist()
    assert right_class(np.array([[1.0], [0.0]]), np.zeros((2, 1))).tolist() == [1, 0]
    assert chosen_class(np.array([[0.6], [0.4]])).tolist() == [1, 0]
    assert chosen_class(np.array([[0.1, 0.7, 0.2]])).tolist() == [1]


def test_another_seed_gives_another_curve() -> None:
    assert curve(list(trainer().events())) != curve(list(trainer(RECIPE.with_(seed=1)).events()))


def test_another_thread_and_pauses_change_nothing() -> None:
    here = curve(list(trainer().events()))
    there: list[Event] = []
    run = trainer()
    work = run.events()
    there += [next(work) for _ in range(9)]
    noise = trainer(RECIPE.with_(seed=5))
    list(noise.events())
    thread = threading.Thread(target=lambda: there.extend(work))
    thread.start()
    thread.join()
    assert curve(there) == here


@pytest.mark.parametrize("stop_after", [1, 3, 5])
@pytest.mark.parametrize("optimizer", [Adam(0.01, amsgrad=True), SGD(0.1, momentum=0.9)])
def test_stopping_and_going_on_is_as_not_having_stopped(stop_after: int, optimizer: Adam | SGD) -> None:
    recipe = RECIPE.with_(optimizer=optimizer, early_stopping=STOPPING)
    whole = trainer(recipe)
    expected = curve(list(whole.events()))
    first = trainer(recipe)
    seen: list[Event] = []
    events = first.events()
    for event in events:
        seen.append(event)
        if isinstance(event, EpochEnded) and event.epoch == stop_after:
            break
    next(events)
    events.close()
    second = trainer(recipe, state=first.state)
    seen += list(second.events())
    assert curve(seen) == expected
    np.testing.assert_array_equal(second.plan.parameters.values, whole.plan.parameters.values)
    assert second.state.best == whole.state.best


def test_stop_ends_the_run_after_the_step_under_way() -> None:
    run = trainer()
    events = run.events()
    for _ in range(4):
        next(events)
    run.stop()
    rest = list(events)
    assert last(rest).reason == "stopped"
    assert len(rest) == 1


def test_a_run_that_is_cut_off_keeps_the_weights_of_the_last_finished_epoch() -> None:
    run = trainer()
    events = run.events()
    for event in events:
        if isinstance(event, EpochEnded) and event.epoch == 2:
            break
    finished = run.plan.parameters.values.copy()
    next(events)
    assert (run.plan.parameters.values != finished).any()
    events.close()
    np.testing.assert_array_equal(run.plan.parameters.values, finished)


def test_early_stopping_takes_the_weights_of_the_best_epoch() -> None:
    recipe = RECIPE.with_(optimizer=SGD(2.0), epochs=40, early_stopping=STOPPING)
    run = trainer(recipe, classifier())
    weights, figures = {}, {}
    end: Finished | None = None
    for event in run.events():
        if isinstance(event, EpochEnded):
            weights[event.epoch] = run.plan.parameters.values.copy()
            figures[event.epoch] = event.logs["val_loss"]
        elif isinstance(event, Finished):
            end = event
    assert end is not None
    assert end.reason == "early stopping"
    best = min(figures, key=figures.__getitem__)
    assert end.best_epoch == best
    assert end.epochs == best + 2
    np.testing.assert_array_equal(run.plan.parameters.values, weights[best])


def keras_early_stopping(figures: list[float], patience: int, min_delta: float, rising: bool) -> tuple[int, int]:
    """Keras's callback, written down from its source: the epoch it stops after, and the best one."""
    wait, best, best_epoch = 0, None, 0
    for epoch, current in enumerate(figures):
        wait += 1
        better = best is None or (current - min_delta > best if rising else current + min_delta < best)
        if better:
            best, best_epoch, wait = current, epoch, 0
        elif wait >= patience and epoch > 0:
            return epoch + 1, best_epoch + 1
    return len(figures), best_epoch + 1


@example([0.2, 0.25, 0.25, 0.3], 1, 0.06, "val_accuracy")
@example([0.3, 0.25, 0.25, 0.2], 1, 0.06, "val_loss")
@given(
    figures=st.lists(st.sampled_from([0.1, 0.2, 0.25, 0.3, 0.5]), min_size=1, max_size=12),
    patience=st.integers(0, 4),
    min_delta=st.sampled_from([0.0, 0.06]),
    monitor=st.sampled_from(["val_loss", "val_accuracy"]),
)
def test_waiting_is_as_in_keras(figures: list[float], patience: int, min_delta: float, monitor: str) -> None:
    rule = EarlyStopping(monitor=monitor, patience=patience, min_delta=min_delta)
    best, stopped = Best(), len(figures)
    for epoch, figure in enumerate(figures, 1):
        best = Watch(monitor, rule).after(best, epoch, {monitor: figure})
        if Watch(monitor, rule).is_over(best, epoch):
            stopped = epoch
            break
    assert (stopped, best.epoch) == keras_early_stopping(figures, patience, min_delta, monitor == "val_accuracy")


def test_a_figure_that_is_not_measured_is_replaced_and_told() -> None:
    chosen, said = watch(STOPPING, ["loss", "accuracy"])
    assert chosen.monitor == "loss"
    assert said == "val_loss is not measured, so loss is watched."
    run = trainer(RECIPE.with_(early_stopping=EarlyStopping(monitor="val_acuracy")))
    notices = [event for event in run.events() if isinstance(event, Notice)]
    assert [notice.text for notice in notices] == ["val_acuracy is not measured, so val_accuracy is watched."]


def regression(x: np.ndarray, t: np.ndarray, rate: float) -> list[Event]:
    network = chain(("x", Input(shape=(1,))), ("y", Dense(1)))
    recipe = TrainingRecipe(SGD(rate), MeanSquaredError(), epochs=60)
    plan = compile(network, 32)
    objective = Objective(goals_of(infer(network), recipe, ["t"]))
    events = list(Trainer(plan, objective, recipe, examples(plan, objective, {"a": x}, {"t": t})).events())
    assert np.isfinite(plan.parameters.values).all()
    return events


def test_a_run_that_diverges_says_what_to_try() -> None:
    x = np.linspace(-1, 1, 64, dtype=np.float32)[:, None]
    end = last(regression(x * 1000, x, 0.1))
    assert end.reason == "diverged"
    assert end.advice is not None
    assert "The loss is no longer a number in epoch" in end.advice
    assert "Try a smaller learning rate, such as 0.01 instead of 0.1." in end.advice
    assert "The input x reaches 1e+03: standardize it as well." in end.advice
    end = last(regression(x, x * 1e6 + 1e20, 0.01))
    assert end.advice is not None
    assert "bring it to a smaller scale" in end.advice
    assert "look for wrong values" in (last(regression(x, x, 900.0)).advice or "")


def test_values_that_are_no_numbers_are_named() -> None:
    x = np.linspace(-1, 1, 64, dtype=np.float32)[:, None]
    x[[3, 5]] = np.nan
    end = last(regression(x, np.ones_like(x), 0.01))
    assert end.reason == "diverged"
    assert end.best_epoch is None
    assert "The data of x has 2 values that are not numbers. Fill or remove them." in (end.advice or "")


def test_predictions_do_not_depend_on_the_batch_size() -> None:
    run = trainer()
    list(run.events())
    whole = predict(run.plan, run.training.inputs, 90)["y"]
    np.testing.assert_allclose(predict(run.plan, run.training.inputs, 7)["y"], whole, rtol=1e-5)
    figures = evaluate(run.plan, run.objective, run.training.inputs, run.training.targets)
    assert figures["accuracy"] == pytest.approx((whole.argmax(1) == run.training.targets["y"]).mean())


def test_data_that_does_not_fit_is_refused_in_words() -> None:
    network = classifier()
    plan = compile(network, 8)
    objective = Objective(goals_of(infer(network), RECIPE, ["y"]))
    x, t = samples(20)
    with pytest.raises(CannotPair, match=r"y has class numbers from 1 to 3, but y has 3 outputs\. Give the last"):
        examples(plan, objective, {"x": x}, {"y": t + 1})
    with pytest.raises(CannotPair, match=r"needs targets of one value, but y has 5"):
        examples(plan, objective, {"x": x}, {"y": np.zeros((20, 5))})
    with pytest.raises(CannotPair, match=r"The data has no input for x; it has a, b\."):
        examples(plan, objective, {"a": x, "b": x}, {"y": t})


NEVER_BETTER = EarlyStopping(patience=1, min_delta=1e6, restore_best_weights=False)


@pytest.mark.parametrize("every", [None, 4])
@pytest.mark.parametrize(
    ("end", "rule", "stop_after", "steps"),
    [
        ("completed", None, None, 18),
        ("early stopping", NEVER_BETTER, None, 12),
        ("stopped", None, 14, 12),
        ("stopped", None, 2, 2),
    ],
)
def test_the_weights_end_as_their_moving_average(
    end: str, rule: EarlyStopping | None, stop_after: int | None, steps: int, every: int | None
) -> None:
    """As in Keras, however the run ends: an average taken by hand from the weights after each step, six an epoch.

    What is done in an epoch that is broken off does not count, but in the first one.
    """
    optimizer = SGD(0.1, use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=every)
    run = trainer(replace(RECIPE, optimizer=optimizer, epochs=3, early_stopping=rule))
    w = run.plan.parameters.trainable
    average = w.astype(np.float64)
    averages, plain, last = [], [], None
    learnt = run.optimizer._follow

    def follow() -> None:
        nonlocal average
        average = w.astype(np.float64) if run.optimizer.steps == 1 else 0.9 * average + 0.1 * w
        averages.append(average)
        learnt()
        plain.append(w.copy())

    run.optimizer._follow = follow  # type: ignore[method-assign]
    for event in run.events():
        last = event
        if isinstance(event, BatchEnded) and len(averages) == stop_after:
            run.stop()
    assert isinstance(last, Finished)
    assert last.reason == end
    np.testing.assert_allclose(w, averages[steps - 1], rtol=1e-4, atol=1e-6)
    if run.state.epoch:
        np.testing.assert_array_equal(run.state.weights[: w.size], plain[steps - 1])


def test_a_continued_run_goes_on_from_the_weights_themselves() -> None:
    recipe = replace(RECIPE, optimizer=SGD(0.1, use_ema=True, ema_momentum=0.9), epochs=4)
    whole = trainer(recipe)
    list(whole.events())
    first = trainer(replace(recipe, epochs=2))
    list(first.events())
    second = trainer(recipe, state=first.state)
    list(second.events())
    np.testing.assert_array_equal(second.plan.parameters.values, whole.plan.parameters.values)
    assert (first.plan.parameters.values != first.state.weights).any()


def test_the_best_weights_are_taken_as_they_were() -> None:
    """Keras restores the weights of the best epoch after it has averaged."""
    recipe = replace(RECIPE, optimizer=SGD(0.1, use_ema=True), epochs=3, early_stopping=STOPPING)
    run = trainer(recipe)
    list(run.events())
    np.testing.assert_array_equal(run.plan.parameters.values, run.state.best_weights)


def test_a_weight_of_two_is_a_sample_that_comes_twice() -> None:
    """A batch with weights has the slope of one in which samples are repeated, scaled to the same count."""
    weighted = trainer(replace(RECIPE, optimizer=SGD(0.2), epochs=1, batch_size=4, shuffle=False), classifier())
    x, t = weighted.training.inputs["x"][:4], weighted.training.targets["y"][:4]
    weighted.training = Examples({"x": x}, {"y": t}, {"y": np.array([2.0, 1.0, 0.0, 1.0], np.float32)})
    repeated = trainer(replace(RECIPE, optimizer=SGD(0.2), epochs=1, batch_size=4, shuffle=False), classifier())
    rows = [0, 0, 1, 3]
    repeated.training = Examples({"x": x[rows]}, {"y": t[rows]})
    first, second = (
        next(event.logs["loss"] for event in run.events() if isinstance(event, BatchEnded))
        for run in (weighted, repeated)
    )
    assert first == pytest.approx(second, rel=1e-5)
    np.testing.assert_allclose(weighted.plan.parameters.values, repeated.plan.parameters.values, rtol=1e-5, atol=1e-6)


def test_balanced_classes_count_the_same() -> None:
    t = np.array([0, 0, 0, 2])
    np.testing.assert_allclose(weights_of_classes(t), [2 / 3, 2 / 3, 2 / 3, 2.0])
    np.testing.assert_allclose(weights_of_classes(np.eye(3)[t]), weights_of_classes(t))
    np.testing.assert_allclose(weights_of_classes(t[:, None], {2: 5.0}), [1.0, 1.0, 1.0, 5.0])
