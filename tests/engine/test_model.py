"""The scripting face: Keras's methods give what plain NumPy gives, and the curve of the command line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netloom
from engine.events import BatchEnded, EpochEnded
from engine.objective import CannotPair
from engine.plan import CannotCompile
from engine.session import Session
from graph.datasets import NpzFile
from graph.declare import ParameterError, UnknownName
from graph.problem import FileProblem
from graph.serialize import save
from netloom import EarlyStopping, Model, Network, Wire, WrongUse, layers, losses, optimizers, schedules
from tests.engine.training.projects import spirals

Array = np.ndarray[Any, Any]
random = np.random.default_rng(5)
X = random.normal(size=(60, 4)).astype(np.float32)
CLASSES = (X[:, 0] + X[:, 1] > 0).astype(np.int32) + (X[:, 2] > 1)
NUMBERS = X @ np.array([1.0, -2.0, 0.5, 3.0], np.float32) + 1


def classifier(seed: int = 0) -> Model:
    model = Model([layers.Dense(8, activation="relu"), layers.Dense(3, activation="softmax")], seed=seed)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def test_a_model_of_keras_is_loaded_with_its_weights(tmp_path: Path) -> None:
    pytest.importorskip("h5py")
    model = classifier()
    model.fit(X, CLASSES, verbose=0)
    model.export(tmp_path / "m.keras")
    again = Model.load(tmp_path / "m.keras")
    assert (again.predict(X) == model.predict(X)).all()
    assert again.evaluate(X, CLASSES, verbose=0) == pytest.approx(model.evaluate(X, CLASSES, verbose=0))


def line(rate: float = 0.1) -> Model:
    model = Model({"y": layers.Dense(1, input_dim=4)})
    model.compile(optimizers.SGD(rate), "mse")
    return model


def steps() -> Model:
    model = Model([layers.Dense(1, input_shape=(3, 4))])
    model.compile(optimizers.SGD(0.1), "mse", weighted_metrics=["mae"])
    return model


def two_ends() -> Model:
    network = Network.of(
        {
            "a": layers.Input((4,)),
            "b": layers.Input((2,)),
            "both": layers.Concatenate(),
            "kind": layers.Dense(3, activation="softmax"),
            "size": layers.Dense(1),
        },
        [Wire("a", "both"), Wire("b", "both"), Wire("both", "kind"), Wire("both", "size")],
    )
    model = Model(network)
    model.compile(
        "adam",
        {"kind": "sparse_categorical_crossentropy", "size": losses.MeanSquaredError()},
        loss_weights={"kind": 1.0, "size": 0.25},
        metrics={"kind": ["acc"]},
    )
    return model


def softmax(x: Array) -> Array:
    e = np.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def forward(weights: list[Array], x: Array) -> Array:
    """The classifier in plain NumPy."""
    w1, b1, w2, b2 = (w.astype(np.float64) for w in weights)
    return softmax(np.maximum(x @ w1 + b1, 0) @ w2 + b2)


def test_the_curve_is_that_of_the_command_line(tmp_path: Path) -> None:
    project = spirals(epochs=4)
    save(project, tmp_path / "spirals.netloom")
    session = Session.prepare(project)
    expected = [event.logs for event in session.run() if isinstance(event, EpochEnded)]
    model = Model.load(tmp_path / "spirals.netloom")
    parts = model.data()
    history = model.fit(**parts["training"], validation_data=parts["validation"], verbose=0)
    assert history.epoch == [0, 1, 2, 3]
    for name in expected[0]:
        assert history.history[name] == [logs[name] for logs in expected]
    assert model.evaluate(**parts["test"], verbose=0, return_dict=True) == session.evaluate("test")


def test_a_second_fit_goes_on_where_the_first_ended() -> None:
    whole, parted = classifier(), classifier()
    expected = whole.fit(X, CLASSES, epochs=5, verbose=0).history["loss"]
    first = parted.fit(X, CLASSES, epochs=2, verbose=0)
    second = parted.fit(X, CLASSES, epochs=3, verbose=0)
    assert first.history["loss"] + second.history["loss"] == expected
    assert second.epoch == [0, 1, 2]
    other = classifier(seed=1).fit(X, CLASSES, epochs=1, verbose=0).history["loss"]
    assert other != expected[:1]


def test_predictions_and_figures_are_those_of_plain_numpy() -> None:
    model = classifier()
    model.fit(X, CLASSES, epochs=3, verbose=0)
    y = forward(model.get_weights(), X)
    np.testing.assert_allclose(model.predict(X, batch_size=7), y, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(model.predict_on_batch(X[:5]), y[:5], rtol=1e-4, atol=1e-6)
    rows = -np.log(y[np.arange(60), CLASSES])
    loss, accuracy = model.evaluate(X, CLASSES, verbose=0)
    assert loss == pytest.approx(rows.mean(), rel=1e-4)
    assert accuracy == pytest.approx((y.argmax(1) == CLASSES).mean())
    assert model.test_on_batch(X, CLASSES) == pytest.approx([loss, accuracy], rel=1e-5)
    weight = np.linspace(0, 2, 60)
    weighted = model.evaluate(X, CLASSES, 16, 0, sample_weight=weight, return_dict=True)
    assert weighted["loss"] == pytest.approx((rows * weight).mean(), rel=1e-4)


def test_every_step_may_have_a_weight_of_its_own() -> None:
    model = steps()
    x, t = X.reshape(20, 3, 4), NUMBERS.reshape(20, 3, 1)
    w, b = model.get_weights()
    weight, error = np.linspace(0, 2, 60).reshape(20, 3), x @ w + b - t
    found = model.evaluate(x, t, 7, 0, sample_weight=weight, return_dict=True)
    assert found["loss"] == pytest.approx((error[..., 0] ** 2 * weight).mean(), rel=1e-5)
    assert found["mean_absolute_error"] == pytest.approx(np.average(np.abs(error[..., 0]), weights=weight), rel=1e-5)
    model.train_on_batch(x, t, sample_weight=weight)
    slope = 2 / 60 * np.einsum("bsi,bso,bs->io", x, error, weight)
    np.testing.assert_allclose(model.get_weights()[0], w - 0.1 * slope, rtol=1e-4, atol=1e-6)
    column = model.evaluate(x, t, verbose=0, sample_weight=weight[:, :1])
    assert column == model.evaluate(x, t, verbose=0, sample_weight=weight[:, 0])


def test_the_own_data_brings_the_weights_of_its_samples(tmp_path: Path) -> None:
    x, w = np.arange(40.0).reshape(20, 2), np.arange(20.0)
    np.savez(tmp_path / "weighed.npz", x=x, y=x.sum(1), sample_weight=w)
    model = Model([layers.Dense(1, input_dim=2)])
    source = NpzFile(path=str(tmp_path / "weighed.npz"))
    recipe = model.project.data.with_(source=source, validation=0.0, test=0.5, standardize=False)
    model.project = replace(model.project, data=recipe)
    parts = model.data()
    for part in (parts["training"], parts["test"]):
        np.testing.assert_allclose(*part["sample_weight"].values(), next(iter(part["x"].values()))[:, 0] / 2)
    model.compile(optimizers.SGD(1e-9), "mse")
    error = model.predict(parts["test"]["x"]) - next(iter(parts["test"]["y"].values()))
    weight = next(iter(parts["test"]["sample_weight"].values()))
    expected = pytest.approx((error[:, 0] ** 2 * weight).mean(), rel=1e-4)
    assert model.evaluate(**parts["test"], verbose=0) == expected
    history = model.fit(**parts["training"], validation_data=parts["test"], verbose=0).history
    assert history["val_loss"] == [expected]


def test_a_step_on_a_batch_follows_the_slope() -> None:
    model = line(rate=0.1)
    w, b = model.get_weights()
    error = X @ w + b - NUMBERS[:, None]
    assert model.train_on_batch(X, NUMBERS) == pytest.approx((error**2).mean(), rel=1e-5)
    stepped = [w - 0.1 * 2 * X.T @ error / len(X), b - 0.1 * 2 * error.mean(0)]
    for got, expected in zip(model.get_weights(), stepped, strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-6)


def test_batches_by_hand_are_those_of_fit() -> None:
    by_hand, fitted = (Model([layers.Dense(1, input_dim=4)]) for _ in range(2))
    for model in (by_hand, fitted):
        model.compile("adam", "mae", schedule=schedules.ExponentialDecay(2, 0.5))
    for _ in range(3):
        for at in range(0, 60, 25):
            by_hand.train_on_batch(X[at : at + 25], NUMBERS[at : at + 25])
    fitted.fit(X, NUMBERS, 25, 3, 0, shuffle=False)
    for got, expected in zip(by_hand.get_weights(), fitted.get_weights(), strict=True):
        np.testing.assert_array_equal(got, expected)


def test_the_last_samples_are_kept_for_validation() -> None:
    model = classifier()
    history = model.fit(X, CLASSES, epochs=2, verbose=0, validation_split=0.25)
    y = forward(model.get_weights(), X[45:])
    expected = -np.log(y[np.arange(15), CLASSES[45:]]).mean()
    assert history.history["val_loss"][-1] == pytest.approx(expected, rel=1e-4)
    weighted = classifier().fit(
        X[:45], CLASSES[:45], epochs=2, verbose=0, validation_data=(X[45:], CLASSES[45:], np.full(15, 2.0))
    )
    assert weighted.history["val_loss"][-1] == pytest.approx(2 * expected, rel=1e-4)


def test_the_weight_of_a_class_is_that_of_its_samples() -> None:
    by_class, by_sample = classifier(), classifier()
    by_class.fit(X, CLASSES, epochs=2, verbose=0, class_weight={1: 3.0, 2: 0.5})
    by_sample.fit(X, CLASSES, epochs=2, verbose=0, sample_weight=np.array([1.0, 3.0, 0.5])[CLASSES])
    for got, expected in zip(by_class.get_weights(), by_sample.get_weights(), strict=True):
        np.testing.assert_array_equal(got, expected)


def weighed(tmp_path: Path, class_weight: str) -> Model:
    """The spirals with a recipe that weighs classes."""
    project = spirals(epochs=2)
    project = replace(project, training=project.training.with_(class_weight=class_weight))
    save(project, tmp_path / "weighed.netloom")
    return Model.load(tmp_path / "weighed.netloom")


@pytest.mark.parametrize("class_weight", ["balanced", "{0}: 5, {1}: 0.5"])
def test_classes_count_as_the_recipe_says(tmp_path: Path, class_weight: str) -> None:
    names = Session.prepare(spirals()).classes()
    model = weighed(tmp_path, class_weight.format(*names))
    session = Session.prepare(model.project)
    expected = [event.logs for event in session.run() if isinstance(event, EpochEnded)]
    parts = model.data()
    history = model.fit(**parts["training"], validation_data=parts["validation"], verbose=0).history
    for name in expected[0]:
        assert history[name] == [logs[name] for logs in expected]


def test_classes_of_arrays_are_called_by_their_numbers(tmp_path: Path) -> None:
    x, t = X[:, :2], CLASSES % 2
    by_recipe = weighed(tmp_path, "1: 4")
    by_class = weighed(tmp_path, "balanced")
    by_recipe.fit(x, t, verbose=0)
    by_class.fit(x, t, verbose=0, class_weight={1: 4.0})
    for got, expected in zip(by_recipe.get_weights(), by_class.get_weights(), strict=True):
        np.testing.assert_array_equal(got, expected)
    by_both = weighed(tmp_path, "1: 4")
    by_both.fit(x, t, verbose=0, sample_weight=np.full(60, 0.5))
    by_sample = weighed(tmp_path, "1: 1")
    by_sample.fit(x, t, verbose=0, sample_weight=np.array([0.5, 2.0])[t])
    for got, expected in zip(by_both.get_weights(), by_sample.get_weights(), strict=True):
        np.testing.assert_array_equal(got, expected)
    unknown = weighed(tmp_path, "outer: 4")
    with pytest.raises(WrongUse, match=r"The recipe weighs the class 'outer', but arrays have class numbers only"):
        unknown.fit(x, t, verbose=0)


def test_the_classes_of_validation_all_count_alike() -> None:
    model = classifier()
    history = model.fit(X, CLASSES, epochs=1, verbose=0, validation_split=0.25, class_weight={0: 9.0, 2: 0.0})
    y = forward(model.get_weights(), X[45:])
    expected = -np.log(y[np.arange(15), CLASSES[45:]]).mean()
    assert history.history["val_loss"] == [pytest.approx(expected, rel=1e-4)]


def test_weighted_metrics_count_samples_by_their_weights() -> None:
    model = classifier()
    model.compile("adam", "sparse_categorical_crossentropy", weighted_metrics=["accuracy"])
    right, weight = model.predict(X).argmax(1) == CLASSES, np.linspace(0, 3, 60)
    found = model.evaluate(X, CLASSES, verbose=0, sample_weight=weight, return_dict=True)
    assert found["accuracy"] == pytest.approx(np.average(right, weights=weight), rel=1e-5)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    found = model.evaluate(X, CLASSES, verbose=0, sample_weight=weight, return_dict=True)
    assert found["accuracy"] == pytest.approx(right.mean(), rel=1e-5)
    with pytest.raises(WrongUse, match="Give metrics or weighted_metrics"):
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], weighted_metrics=["auc"])


def test_several_inputs_and_outputs_go_by_list_or_by_name() -> None:
    xs, ts = {"a": X, "b": X[:, :2]}, {"kind": CLASSES, "size": NUMBERS}
    named, listed = two_ends(), two_ends()
    history = named.fit(xs, ts, epochs=2, verbose=0)
    again = listed.fit([X, X[:, :2]], [CLASSES, NUMBERS], epochs=2, verbose=0)
    assert history.history == again.history
    assert list(history.history) == ["loss", "kind_loss", "size_loss", "kind_accuracy"]
    found = named.predict([X, X[:, :2]])
    logs = named.evaluate(xs, ts, verbose=0, return_dict=True)
    assert logs["size_loss"] == pytest.approx(((found["size"][:, 0] - NUMBERS) ** 2).mean(), rel=1e-4)
    assert logs["loss"] == pytest.approx(logs["kind_loss"] + 0.25 * logs["size_loss"], rel=1e-5)


def test_weights_are_in_the_order_of_the_layers_and_those_that_train_first() -> None:
    model = Model([layers.Input((6,)), layers.Dense(3), layers.BatchNormalization(), layers.Dense(2, use_bias=False)])
    assert [layer.name for layer in model.layers] == ["input", "dense", "batch_normalization", "dense_1"]
    assert [w.shape for w in model.get_weights()] == [(6, 3), (3,), (3,), (3,), (3,), (3,), (3, 2)]
    assert list(model.get_layer("batch_normalization").weights) == ["gamma", "beta", "moving_mean", "moving_variance"]
    assert model.get_layer(index=-1).output_shape == (None, 2)
    assert model.count_params() == sum(w.size for w in model.get_weights()) == 39
    values = [random.normal(size=w.shape) for w in model.get_weights()]
    model.set_weights(values)
    for got, value in zip(model.get_weights(), values, strict=True):
        np.testing.assert_array_equal(got, value.astype(np.float32))
    model.get_weights()[0][:] = 7
    assert not (model.get_weights()[0] == 7).any()


def test_samples_of_another_length_meet_the_same_weights() -> None:
    model = Model([layers.Input((None, 4)), layers.GlobalAveragePooling1D(), layers.Dense(1)])
    model.compile(optimizers.SGD(0.1), "mse")
    before, _ = model.get_weights()
    model.fit(random.normal(size=(8, 5, 4)), np.ones(8), verbose=0)
    w, b = model.get_weights()
    assert (w != before).any()
    x = random.normal(size=(3, 9, 4))
    np.testing.assert_allclose(model.predict(x), x.mean(1) @ w + b, rtol=1e-4, atol=1e-6)


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    model = classifier()
    model.fit(X, CLASSES, epochs=2, verbose=0)
    model.save(tmp_path / "one.netloom")
    again = Model.load(tmp_path / "one.netloom")
    np.testing.assert_array_equal(again.predict(X), model.predict(X))
    assert again.evaluate(X, CLASSES, verbose=0) == model.evaluate(X, CLASSES, verbose=0)
    model.save_weights(tmp_path / "w.npz")
    with np.load(tmp_path / "w.npz", allow_pickle=False) as file:
        np.testing.assert_array_equal(file["dense/kernel"], model.layers[0].get_weights()[0])
    fresh = classifier(seed=3)
    fresh.fit(X, CLASSES, verbose=0)
    fresh.load_weights(tmp_path / "w.npz")
    np.testing.assert_array_equal(fresh.predict(X), model.predict(X))
    with pytest.raises(FileProblem, match="the weights of another network"):
        line().load_weights(tmp_path / "w.npz")


def test_a_run_is_watched_and_ended(capsys: pytest.CaptureFixture[str]) -> None:
    model = classifier()
    seen: list[object] = []

    def stop(event: object) -> None:
        seen.append(event)
        model.stop_training = isinstance(event, EpochEnded) and event.epoch == 2

    history = model.fit(X, CLASSES, epochs=9, callbacks=[stop])
    assert history.reason == "stopped"
    assert len(history.epoch) == 2
    assert sum(isinstance(event, BatchEnded) for event in seen) == 4 + 1
    said = capsys.readouterr().out
    assert re.search(r"Epoch 2/9  \d+\.\d\d s  loss \d+\.\d{4}  accuracy 0\.\d{4}\n", said)
    model.summary()
    assert re.search(r"dense_1 +Dense +3 +27", capsys.readouterr().out)
    early = classifier().fit(X, CLASSES, epochs=50, verbose=0, callbacks=[EarlyStopping("loss", 2, min_delta=10)])
    assert early.reason == "early stopping"
    assert len(early.epoch) == 3


def test_numbers_of_numpy_are_numbers() -> None:
    two, half = np.int64(2), np.float32(0.5)
    model = Model([layers.Dense(two, input_shape=(np.int32(4),)), layers.Dropout(half)], seed=np.uint8(3))  # type: ignore[arg-type]
    model.compile(optimizers.Adam(half), "mse", loss_weights=half)  # type: ignore[arg-type]
    model.fit(X, X[:, :2], batch_size=np.int16(20), epochs=np.int64(2), verbose=0)  # type: ignore[arg-type]
    assert model.predict(X, batch_size=two).shape == (60, 2)
    assert repr(layers.Conv2D(two, (two, 3))) == "Conv2D(filters=2, kernel_size=(2, 3))"
    assert repr(layers.Reshape((-1, two))) == "Reshape(target_shape=(-1, 2))"
    with pytest.raises(ParameterError, match="a whole number from 1 to 65,536, received"):
        layers.Dense(np.float64(2.5))  # type: ignore[arg-type]


def test_a_loss_that_is_no_number_is_warned_of() -> None:
    model = line(rate=100.0)
    with pytest.warns(RuntimeWarning, match="Try a smaller learning rate"):
        history = model.fit(X, NUMBERS, epochs=30, verbose=0)
    assert history.reason == "diverged"


@pytest.mark.parametrize(
    ("wrong", "error", "text"),
    [
        (lambda: Model([]), WrongUse, "A model needs at least one layer"),
        (lambda: Model([layers.Dense]), WrongUse, r"Dense is the class; write Dense\(\) for a layer"),
        (lambda: Model([3]), WrongUse, r"Expected a layer such as Dense\(10\), received 3"),
        (lambda: Model({"a/b": layers.Dense(3)}), WrongUse, r'a/b.*A name holds no "/"'),
        (lambda: layers.Dens, AttributeError, "There is no layer named Dens. Did you mean Dense?"),
        (lambda: Model([layers.Dense(3)]).get_weights(), CannotCompile, "Dense has no input.*input_shape"),
        (lambda: Model([layers.Dense(3)]).fit(X, X), WrongUse, "The model is not compiled"),
        (lambda: line().compile("adam"), WrongUse, "compile needs a loss"),
        (lambda: line().compile("adm", "mse"), UnknownName, "no optimizer named 'adm'. Did you mean 'Adam'"),
        (lambda: line().compile("adam", "mean_square_error"), UnknownName, "Did you mean 'mean_squared_error'"),
        (lambda: line().compile(optimizers.Adam, "mse"), WrongUse, r"write Adam\(\) to make one"),
        (lambda: line().compile(losses.Huber(), "mse"), WrongUse, "optimizer: expected a name, or"),
        (lambda: line().compile("adam", {"z": "mse"}), WrongUse, "no output named 'z'.*It has y"),
        (lambda: two_ends().compile("adam", {"kind": "mse"}), WrongUse, "There is no loss for the output 'size'"),
        (lambda: two_ends().compile("adam", ["mse"]), WrongUse, "for each of the outputs kind, size, received 1"),
        (lambda: line().fit(X[:, :3], NUMBERS), CannotCompile, "It states 4, but the data has 3"),
        (lambda: line().fit(X, NUMBERS[:9]), WrongUse, "input y has 60, output y has 9"),
        (lambda: line().fit(X[:0], NUMBERS[:0]), WrongUse, r"samples first, received one of the shape \(0, 4\)"),
        (lambda: line().fit(X.astype(str), NUMBERS), WrongUse, "input: expected an array of numbers, received"),
        (lambda: line().fit([[1, 2], [3]], NUMBERS), WrongUse, "the rows have different lengths"),
        (lambda: line().fit(X, NUMBERS, validation_split=2), WrongUse, "a part between 0 and 1, received 2"),
        (lambda: line().fit(X[:1], NUMBERS[:1], validation_split=0.1), WrongUse, "leaves nothing.*1 sample"),
        (lambda: line().fit(X, NUMBERS, callbacks=[3]), WrongUse, "callbacks: expected .*received 3"),
        (lambda: classifier().fit(X, CLASSES + 5), ValueError, "class numbers from 5 to"),
        (lambda: line().fit(X, NUMBERS, sample_weight=[np.nan] * 60), WrongUse, "sample 0 has the weight nan"),
        (lambda: classifier().fit(X, CLASSES, class_weight=[1, 2]), WrongUse, r"expected a dict .*, received \[1, 2\]"),
        (lambda: classifier().fit(X, CLASSES, class_weight={0: "a"}), WrongUse, "expected a dict"),
        (lambda: classifier().fit(X, CLASSES, class_weight={0: np.nan}), WrongUse, "expected a dict"),
        (lambda: classifier().fit(X, CLASSES - 1, class_weight="balanced"), WrongUse, "dense_1 has -1, which"),
        (lambda: line().fit(X, NUMBERS, class_weight="balanced"), WrongUse, "class_weight is for classes"),
        (lambda: classifier().fit(X, CLASSES + 0.5), CannotPair, "which is no class number"),
        (lambda: classifier().fit(X, np.full(60, np.nan)), CannotPair, "dense_1 has nan, which is no class number"),
        (lambda: line().fit(X, None), WrongUse, "output: expected an array of numbers, received NoneType"),
        (lambda: line().fit((x for x in X), NUMBERS), WrongUse, "expected an array of numbers, received generator"),
        (lambda: line().fit(X, NUMBERS, validation_split="a"), WrongUse, "a part between 0 and 1, received 'a'"),
        (lambda: line().fit(X, NUMBERS, validation_data=(X,)), WrongUse, r"expected \(x, y\) or"),
        (lambda: line().fit(X, NUMBERS, validation_data=X), WrongUse, r"expected \(x, y\) or"),
        (lambda: line().predict(X, batch_size=-3), ParameterError, "batch_size: expected a whole number from 1"),
        (lambda: line().evaluate(X, NUMBERS, batch_size=0), ParameterError, "batch_size: expected a whole number"),
        (lambda: line().compile("sgd", "mse", loss_weights="a"), ParameterError, "weight: expected a number"),
        (lambda: line().compile("sgd", "mse", schedule="cosine"), WrongUse, "expected one of netloom.schedules"),
        (lambda: Model(None), WrongUse, r"made from a list of layers, such as \[Dense\(10\)\], received None"),  # type: ignore[arg-type]
        (lambda: Model([layers.Embedding(5, 2)]).predict(X), WrongUse, "whole numbers from 0 to 4, received "),
        (lambda: Model([layers.Embedding(5, 2)]).predict(X * np.nan), WrongUse, "0 to 4, received nan"),
        (lambda: line().fit(X, NUMBERS, sample_weight=X), WrongUse, r"one number a sample, .* \(60, 4\)"),
        (
            lambda: steps().fit(X.reshape(20, 3, 4), NUMBERS.reshape(20, 3), sample_weight=X[:20]),
            WrongUse,
            r"one number a sample, or one for each of its 3 places, received \(20, 4\)",
        ),
        (lambda: line().fit(X, NUMBERS, sample_weight=X, class_weight={}), WrongUse, "class_weight or sample"),
        (lambda: classifier().fit(X, CLASSES, class_weight="even"), WrongUse, 'or "balanced", received .even'),
        (lambda: two_ends().fit(X, CLASSES), WrongUse, r"2 inputs \(a, b\), .*one array.*a list"),
        (lambda: two_ends().predict({"a": X, "c": X}), WrongUse, "no input named 'c'.*It has a, b"),
        (lambda: two_ends().predict({"a": X}), WrongUse, "no array for the input 'b'"),
        (lambda: line().set_weights([X]), WrongUse, r"Expected 2 arrays of weights \(y/kernel, y/bias\), received 1"),
        (lambda: line().set_weights([X, X]), WrongUse, r"y/kernel has the shape \(4, 1\), .* \(60, 4\)"),
        (lambda: line().get_layer("z"), WrongUse, "There is no layer named 'z'"),
        (lambda: line().get_layer(index=4), WrongUse, "There is no layer 4: the model has 1 layer"),
        (lambda: line().get_layer(), WrongUse, "Give the name of a layer, or its index"),
        (lambda: line().save_weights("w.h5"), WrongUse, r"ends in .safetensors or .npz"),
        (lambda: Model.load("nowhere.netloom"), FileProblem, "cannot be opened"),
    ],
)  # fmt: skip
def test_a_mistake_is_answered_in_words(wrong: Callable[[], object], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        wrong()


def test_words_without_a_vector_are_refused() -> None:
    model = Model([layers.Embedding(10, 4, input_length=3), layers.Flatten(), layers.Dense(1)])
    assert model.predict([[0, 3, 9]]).shape == (1, 1)
    with pytest.raises(WrongUse, match="whole numbers from 0 to 9, received 2 to 10"):
        model.predict([[2, 3, 10]])


def test_the_door_lists_what_there_is() -> None:
    assert "Dense" in dir(netloom.layers)
    assert set(dir(netloom.optimizers)) >= {"SGD", "Adam", "Lion"}
    assert netloom.metrics.MeanAbsoluteError().key == "mean_absolute_error"


def test_metrics_have_parameters() -> None:
    model = classifier()
    said = ["acc", netloom.metrics.TopKCategoricalAccuracy(k=2), "top_k_categorical_accuracy(k=3)"]
    model.compile("adam", "sparse_categorical_crossentropy", metrics=said)
    logs = model.evaluate(X, CLASSES, verbose=0, return_dict=True)
    two = (np.argsort(-model.predict(X), axis=1)[:, :2] == CLASSES[:, None]).any(1).mean()
    assert logs["top_k_categorical_accuracy(k=2)"] == pytest.approx(two)
    assert logs["top_k_categorical_accuracy(k=3)"] == 1.0
