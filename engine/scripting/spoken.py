"""What `compile` is told, as a recipe: names as Keras has them, or declarations, for all outputs or for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from numbers import Real
from typing import Any, TypeVar

from engine.scripting.wrong import WrongUse
from graph.declare import Declared, Registry
from graph.losses import Loss, losses
from graph.metrics import Metric, metric_from, metric_text, metrics
from graph.names import did_you_mean, fold
from graph.optimizers import Optimizer, optimizers
from graph.recipe import OutputRecipe, TrainingRecipe
from graph.schedules import Schedule, schedules

D = TypeVar("D", bound=Declared)

SHORT = {
    "acc": "accuracy",
    "bce": "binary_crossentropy",
    "kld": "kl_divergence",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "mse": "mean_squared_error",
    "msle": "mean_squared_logarithmic_error",
}
"""Keras's short names."""


def recipe(
    before: TrainingRecipe,
    results: Sequence[str],
    optimizer: str | Optimizer,
    loss: Any,
    metrics: Any = None,
    loss_weights: Any = None,
    schedule: Schedule | None = None,
) -> TrainingRecipe:
    """The recipe `before` with what is said here. Raises WrongUse, or UnknownName with the nearest name."""
    if loss is None:
        raise WrongUse("compile needs a loss, such as loss='mean_squared_error'.")
    each_loss = {name: _loss(one) for name, one in spread(loss, results, "loss").items()}
    weights = {} if loss_weights is None else spread(loss_weights, results, "loss weight")
    measured = (
        {} if metrics is None else spread(_grouped(metrics, results), results, "list of metrics", all_needed=False)
    )
    if schedule is not None and type(schedule) not in set(schedules):
        raise WrongUse(f"schedule: expected one of netloom.schedules, such as CosineDecay(), received {schedule!r}.")
    first = results[0]
    common = replace(
        before,
        optimizer=declared(optimizers, optimizer),
        schedule=schedule,
        loss=each_loss[first],
        metrics=_metrics(measured.get(first)),
        outputs={},
    )
    outputs = {
        name: OutputRecipe(
            loss=None if each_loss[name] == common.loss else each_loss[name],
            weight=_number(weights.get(name, 1.0)),
            class_weight=before.outputs.get(name, OutputRecipe()).class_weight,
            metrics=None if _metrics(measured.get(name)) == common.metrics else _metrics(measured.get(name)),
        )
        for name in results
    }
    return replace(common, outputs={name: one for name, one in outputs.items() if one != OutputRecipe()})


def measured(metrics: Any, weighted_metrics: Any) -> tuple[Any, bool]:
    """The metrics, and whether they count samples by their weights. Raises WrongUse where there are both kinds."""
    if metrics and weighted_metrics:
        raise WrongUse("Give metrics or weighted_metrics: all metrics count samples by their weights, or none does.")
    return (weighted_metrics, True) if weighted_metrics else (metrics, False)


def declared(registry: Registry[D], said: str | D) -> D:
    """The declaration that a name stands for, in whatever case; a declaration stands for itself."""
    if not isinstance(said, str):
        if isinstance(said, type):
            raise WrongUse(f"{said.__name__} is the class; write {said.__name__}() to make one.")
        if type(said) not in set(registry):
            example = next(iter(registry)).__name__
            raise WrongUse(
                f"{registry.kind}: expected a name, or a declaration such as {example}(), received {said!r}."
            )
        return said
    folded = {fold(name): cls.key for cls in registry for name in (cls.__name__, cls.key)}
    wanted = SHORT.get(said.lower(), said)
    return registry.make(folded.get(fold(wanted), wanted))


def spread(said: Any, results: Sequence[str], what: str, all_needed: bool = True) -> dict[str, Any]:
    """One thing for each output: the same for all, a list in their order, or by name."""
    if isinstance(said, Mapping):
        for name in said:
            if name not in results:
                near = did_you_mean(str(name), results)
                question = f" Did you mean {near!r}?" if near else ""
                raise WrongUse(f"The model has no output named {name!r}.{question} It has {', '.join(results)}.")
        missing = [name for name in results if name not in said]
        if missing and all_needed:
            raise WrongUse(f"There is no {what} for the output {missing[0]!r}. Name one for each output.")
        return dict(said)
    if isinstance(said, list | tuple):
        if len(said) != len(results):
            raise WrongUse(
                f"Expected one {what} for each of the outputs {', '.join(results)}, received {len(said)} of them."
            )
        return dict(zip(results, said, strict=True))
    return dict.fromkeys(results, said)


def _grouped(metrics: Any, results: Sequence[str]) -> Any:
    """Metrics as something to spread: a plain list is meant for every output."""
    if isinstance(metrics, list | tuple) and not any(isinstance(one, list | tuple) for one in metrics):
        return dict.fromkeys(results, metrics)
    return metrics


def _metrics(said: Any) -> tuple[str, ...]:
    listed = [] if said is None else said if isinstance(said, list | tuple) else [said]
    return tuple(dict.fromkeys(_metric(one) for one in listed))


def _metric(said: str | Metric) -> str:
    return metric_text(metric_from(said) if isinstance(said, str) and "(" in said else declared(metrics, said))


def _number(said: Any) -> Any:
    """A number of whatever type as Python's own, for the recipe to check."""
    return float(said) if isinstance(said, Real) else said


def _loss(said: str | Loss) -> Loss:
    return declared(losses, said)
