"""The training recipe as Keras calls: compile and fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.formats.keras.made import Function, Made, source
from engine.formats.python_text import call, indented, python
from graph.losses import TargetKind
from graph.metrics import Metric, metric_from, metric_text
from graph.metrics.accuracies import TopKCategoricalAccuracy
from graph.metrics.classes import Averaged
from graph.recipe import TrainingRecipe
from graph.schedules import CosineDecay, OneCycle, PiecewiseConstantDecay, ReduceLROnPlateau

WRITTEN_OUT = {"exponential": "lambda t, y: keras.ops.mean(keras.ops.exp((1.0 - 2.0 * t) * y), axis=-1)"}
"""Losses that Keras does not have, as the function that it takes instead."""

VALUES = ("binary_accuracy", "mean_squared_error", "mean_absolute_percentage_error", "cosine_similarity")
BY_NAME = (
    "accuracy",
    "mean_absolute_error",
    "categorical_accuracy",
    "sparse_categorical_accuracy",
    "top_k_categorical_accuracy",
    *VALUES,
)
"""Metrics that Keras knows by the same name."""
BY_CLASS_NUMBER = {
    "categorical_accuracy": "sparse_categorical_accuracy",
    "top_k_categorical_accuracy": "sparse_top_k_categorical_accuracy",
}
MADE = {
    "precision": "Precision",
    "recall": "Recall",
    "f1_score": "F1Score",
    "fbeta_score": "FBetaScore",
    "auc": "AUC",
    "root_mean_squared_error": "RootMeanSquaredError",
    "r2_score": "R2Score",
    "binary_accuracy": "BinaryAccuracy",
    "top_k_categorical_accuracy": "TopKCategoricalAccuracy",
}
"""Metrics that Keras has as classes, with the same parameters. It has none for the others."""


def compile_call(training: TrainingRecipe, outputs: Sequence[str]) -> str:
    """`model.compile(...)` for these results."""
    said = compile_arguments(training, outputs)
    return call("model.compile", [], {key: source(value) for key, value in said.items()})


def compile_arguments(training: TrainingRecipe, outputs: Sequence[str]) -> dict[str, Any]:
    """What `model.compile` takes for these results; where there are several, each by its name."""
    optimizer = training.optimizer
    rate = {"learning_rate": _rate(training)}
    optimizer = optimizer.with_(**dict.fromkeys(list(optimizer.clips())[1:]))
    arguments: dict[str, Any] = {"optimizer": Made("keras.optimizers", optimizer.key, rate | optimizer.changed())}
    measured_as = "weighted_metrics" if training.weighted_metrics else "metrics"
    if len(outputs) == 1:
        (result,) = outputs
        arguments["loss"] = _loss(training, result)
        metrics = metrics_said(training, result)
        if metrics:
            arguments[measured_as] = metrics
        return arguments
    arguments["loss"] = {output: _loss(training, output) for output in outputs}
    weights = {output: training.weight_of(output) for output in outputs}
    if any(weight != 1.0 for weight in weights.values()):
        arguments["loss_weights"] = weights
    measured = {output: metrics_said(training, output) for output in outputs}
    if any(measured.values()):
        arguments[measured_as] = {key: said for key, said in measured.items() if said}
    return arguments


def fit_call(training: TrainingRecipe) -> str:
    """`return model.fit(...)`, with early stopping where the recipe asks for it.

    Which number a class has follows from the data, so the weights of classes are told, not written out.
    """
    whole = " or len(keras.tree.flatten(x)[0])" if training.batch_size is None else ""
    keywords = {"batch_size": f"batch_size{whole}", "epochs": "epochs"}
    if not training.shuffle:
        keywords["shuffle"] = python(False)
    keywords["validation_data"] = "validation_data"
    keywords["sample_weight"] = "sample_weight"
    stopping, schedule = training.early_stopping, training.schedule
    callbacks = []
    if isinstance(schedule, ReduceLROnPlateau):
        config = {key: python(value) for key, value in schedule.config().items()}
        callbacks.append(call("keras.callbacks.ReduceLROnPlateau", [], config))
    if stopping is not None:
        said = {
            "monitor": python(stopping.monitor),
            "patience": python(stopping.patience),
            "min_delta": python(stopping.min_delta),
            "restore_best_weights": python(stopping.restore_best_weights),
        }
        callbacks.append(call("keras.callbacks.EarlyStopping", [], said))
    if callbacks:
        keywords["callbacks"] = f"[\n{indented(f',{chr(10)}'.join(callbacks))}\n]"
    weighted = [text for text in (training.class_weight, *(o.class_weight for o in training.outputs.values())) if text]
    told = [f"# Netloom weighs the classes here ({text}); give that as sample_weight.\n" for text in weighted]
    return f"{''.join(told)}return {call('model.fit', ['x', 'y'], keywords)}"


def _rate(training: TrainingRecipe) -> float | Made:
    """The learning rate: a number, or a schedule.

    Keras has no OneCycle. Its CosineDecay goes down in the same way, and up evenly instead of along half a wave; it
    stands for the other ways of OneCycle too.
    """
    rate, schedule = training.optimizer.learning_rate, training.schedule
    if schedule is None or isinstance(schedule, ReduceLROnPlateau):
        return rate
    first: dict[str, Any] = {"initial_learning_rate": rate}
    if isinstance(schedule, PiecewiseConstantDecay):
        first = {}
    if isinstance(schedule, OneCycle):
        up = max(int(schedule.pct_start * schedule.total_steps) - 1, 0)
        first = {"initial_learning_rate": rate / schedule.div_factor}
        low = 1.0 / (schedule.div_factor * schedule.final_div_factor)
        schedule = CosineDecay(schedule.total_steps - up - 1, low, rate, up)
    return Made("keras.optimizers.schedules", schedule.key, first | schedule.config())


def metrics_said(training: TrainingRecipe, result: str) -> list[str | Made]:
    """The metrics of a result; none where there are none that Keras can measure there.

    Where targets are class numbers, those that compare values with values are left out: Keras cannot take them.
    """
    target = training.loss_of(result).target
    said = [_metric(metric_from(text), target) for text in training.metrics_of(result)]
    return [one for one in said if one is not None]


def _metric(metric: Metric, target: TargetKind) -> str | Made | None:
    by_number = target == "classes"
    if metric.key in BY_NAME and not metric.changed() and not (by_number and metric.key in VALUES):
        return BY_CLASS_NUMBER.get(metric.key, metric.key) if by_number else metric.key
    top_k = isinstance(metric, TopKCategoricalAccuracy)
    if metric.key not in MADE or (by_number and not top_k):
        return None
    keywords = metric.changed()
    if isinstance(metric, Averaged):
        keywords = metric.config()
        if metric.threshold is None:
            keywords = {key: value for key, value in keywords.items() if key != "threshold"}
            keywords |= {} if target == "one_hot" else {"threshold": 0.5}
    name = "Sparse" * (top_k and by_number) + MADE[metric.key]
    return Made("keras.metrics", name, keywords | {"name": metric_text(metric)})


def _loss(training: TrainingRecipe, result: str) -> str | Made | Function:
    loss = training.loss_of(result)
    if loss.key in WRITTEN_OUT:
        return Function(WRITTEN_OUT[loss.key])
    return Made("keras.losses", type(loss).__name__, loss.changed()) if loss.changed() else loss.key
