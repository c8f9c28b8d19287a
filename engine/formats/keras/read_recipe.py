"""How a model of Keras was compiled, as a training recipe; what is not known here is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.formats.keras_recipe import BY_CLASS_NUMBER, MADE
from graph.declare import Declared, ParameterError, Registry, UnknownName
from graph.losses import losses
from graph.message import Message
from graph.metrics import metric_text, metrics
from graph.optimizers import optimizers
from graph.recipe import OutputRecipe, TrainingRecipe
from graph.schedules import Schedule, schedules

Tell = Callable[[Message], None]
SHORT = {
    "acc": "accuracy",
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
    "bce": "binary_crossentropy",
    "kld": "kl_divergence",
    "logcosh": "log_cosh",
}
MEASURED_AS = {"Sparse" + MADE[key]: key for key in BY_CLASS_NUMBER if key in MADE} | {
    name: key for key, name in MADE.items()
}
"""Our metrics by Keras's classes."""
BY_NUMBER = {theirs: ours for ours, theirs in BY_CLASS_NUMBER.items()}
"""Names that Keras keeps for targets that are class numbers."""
ABOUT_ITSELF = ("name", "dtype", "fn", "jit_compile", "is_legacy_optimizer", "initial_learning_rate")
"""What Keras keeps of an optimizer or a loss that changes nothing of what it computes."""
OLD_PREFIX = "Custom>"
"""What Keras 2 writes before the names of its own optimizers in HDF5."""
LEAST_RATE = 1e-12
"""What stands for a learning rate of 0, from which warm-ups rise."""
USUAL = {"reduction": "sum_over_batch_size", "axis": -1, "decay": 0.0}
"""What is the same here."""


def read_recipe(said: Any, results: Mapping[str, str], tell: Tell) -> TrainingRecipe:
    """The recipe of `compile_config`, or of the older `training_config`.

    `results` are our names of the outputs by those of the file, in its order.
    """
    recipe = TrainingRecipe()
    if not isinstance(said, Mapping):
        return recipe
    loss, weights = said.get("loss"), said.get("loss_weights")
    weighted = not said.get("metrics") and bool(said.get("weighted_metrics"))
    measured = said.get("weighted_metrics" if weighted else "metrics")
    own_loss, own_weight, own_metrics = (_by_output(one, results) for one in (loss, weights, measured))
    recipe = _optimizer(said.get("optimizer", said.get("optimizer_config")), recipe, tell)
    recipe = recipe.with_(weighted_metrics=weighted)
    if not own_loss:
        found = _declared(losses, _alone(loss), tell)
        recipe = recipe if found is None else recipe.with_(loss=found)
    if not own_metrics:
        recipe = recipe.with_(metrics=_metrics(_alone(measured), tell))
    outputs = {}
    for name in dict.fromkeys((*own_loss, *own_weight, *own_metrics)):
        changes: dict[str, Any] = {}
        if name in own_loss:
            changes["loss"] = _declared(losses, own_loss[name], tell)
        if isinstance(own_weight.get(name), int | float):
            changes["weight"] = float(own_weight[name])
        if name in own_metrics:
            changes["metrics"] = _metrics(own_metrics[name], tell)
        try:
            outputs[name] = OutputRecipe(**changes)
        except ParameterError as error:
            tell(Message("{error}", error=str(error)))
    return recipe.with_(outputs=outputs)


def _by_output(said: Any, results: Mapping[str, str]) -> dict[str, Any]:
    """What is said of each of several outputs, by our names; nothing where it is the same for all."""
    if len(results) < 2:
        return {}
    if isinstance(said, Mapping) and "class_name" not in said:
        return {results[name]: one for name, one in said.items() if name in results}
    if isinstance(said, list) and len(said) == len(results):
        return dict(zip(results.values(), said, strict=True))
    return {}


def _alone(said: Any) -> Any:
    """What is said of the only output, whether by its name or in a list."""
    if isinstance(said, Mapping) and "class_name" not in said and len(said) == 1:
        (said,) = said.values()
    while isinstance(said, list) and len(said) == 1 and not isinstance(said[0], str):
        said = said[0]
    return said


def _metrics(said: Any, tell: Tell) -> tuple[str, ...]:
    names = []
    for one in said if isinstance(said, list) else [] if said is None else [said]:
        found = _metric(one)
        if found is None:
            config = one.get("config") if isinstance(one, Mapping) else None
            name = config.get("name") if isinstance(config, Mapping) else config or one
            tell(Message("The metric {name} is not known here, and left out.", name=str(name)))
        else:
            names.append(found)
    return tuple(dict.fromkeys(names))


def _metric(said: Any) -> str | None:
    """A metric as a recipe has it: by its name, a function, or an object with its parameters."""
    if isinstance(said, Mapping):
        config = said.get("config")
        key = MEASURED_AS.get(str(said.get("class_name")))
        if key is not None and isinstance(config, Mapping):
            return _with_parameters(key, config)
        said = config.get("fn", config.get("name")) if isinstance(config, Mapping) else config
        said = said.get("config") if isinstance(said, Mapping) else said
    name = SHORT.get(str(said).lower(), str(said))
    return name if name in metrics else BY_NUMBER.get(name)


def _with_parameters(key: str, config: Mapping[str, Any]) -> str | None:
    """A metric with what is said of it, by the names of Keras, which are ours."""
    parameters = metrics[key].parameters
    given = {name: one for name, one in config.items() if name in parameters and one is not None}
    given = {name: one[0] if isinstance(one, list) and len(one) == 1 else one for name, one in given.items()}
    try:
        return metric_text(metrics.make(key, given))
    except (ParameterError, UnknownName):
        return None


def _optimizer(said: Any, recipe: TrainingRecipe, tell: Tell) -> TrainingRecipe:
    """The recipe with this optimizer, and with the schedule of its learning rate."""
    schedule: Schedule | None = None
    config = said.get("config") if isinstance(said, Mapping) else None
    if isinstance(config, Mapping) and isinstance(config.get("learning_rate"), Mapping):
        rate = config["learning_rate"]
        inner = rate.get("config")
        schedule = _declared(schedules, rate, tell)
        first = inner.get("initial_learning_rate") if isinstance(inner, Mapping) else None
        if first == 0.0:
            tell(Message("A learning rate that begins at 0 begins at {least} here.", least=LEAST_RATE))
            first = LEAST_RATE
        without = {key: one for key, one in config.items() if key != "learning_rate"}
        said = {**said, "config": without if first is None else {**without, "learning_rate": first}}
    found = _declared(optimizers, said, tell)
    return recipe if found is None else recipe.with_(optimizer=found, schedule=schedule)


def _declared(registry: Registry[Any], said: Any, tell: Tell) -> Any:
    """A loss, an optimizer or a schedule by its name, or as an object with its arguments."""
    config: Mapping[str, Any] = {}
    name = said
    if isinstance(said, Mapping):
        name = said.get("class_name")
        inner = said.get("config")
        if name == "function":
            name = inner
        elif isinstance(inner, Mapping):
            config = inner
    if name is None:
        return None
    name = str(name).removeprefix(OLD_PREFIX)
    name = SHORT.get(name.lower(), name)
    found: type[Declared] | None = next((o for o in registry if name in (o.key, o.__name__, o.key.lower())), None)
    if found is None:
        tell(Message("The {kind} {name} is not known here; the recipe has another.", kind=registry.kind, name=name))
        return None
    given = {}
    for key, value in config.items():
        if key in found.parameters:
            given[key] = tuple(value) if isinstance(value, list) else value
        elif key not in ABOUT_ITSELF and value not in (None, False, "", USUAL.get(key)):
            text = Message("{parameter} = {value} is not known here, and left out.", parameter=key, value=str(value))
            tell(text)
    try:
        return registry.make(found.key, given)
    except (ParameterError, UnknownName) as error:
        tell(Message("{error}", error=str(error)))
        return registry.make(found.key)
