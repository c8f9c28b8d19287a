"""How a model of Keras was compiled, as a training recipe; what is not known here is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graph.declare import Declared, ParameterError, Registry, UnknownName
from graph.losses import losses
from graph.message import Message
from graph.metrics import metrics
from graph.optimizers import optimizers
from graph.recipe import OutputRecipe, TrainingRecipe

Tell = Callable[[Message], None]
SHORT = {"acc": "accuracy", "mse": "mean_squared_error", "mae": "mean_absolute_error"}


def read_recipe(said: Any, tell: Tell) -> TrainingRecipe:
    """The recipe of `compile_config`, or of the older `training_config`."""
    recipe = TrainingRecipe()
    if not isinstance(said, Mapping):
        return recipe
    optimizer = _declared(optimizers, said.get("optimizer", said.get("optimizer_config")), tell)
    if optimizer is not None:
        recipe = recipe.with_(optimizer=optimizer)
    loss, measured = said.get("loss"), said.get("metrics") or said.get("weighted_metrics")
    weights = said.get("loss_weights")
    if not isinstance(loss, Mapping) or "class_name" in loss:
        found = _declared(losses, loss, tell)
        recipe = recipe if found is None else recipe.with_(loss=found)
        return recipe.with_(metrics=_metrics(measured, tell))
    outputs = {}
    for name, one in loss.items():
        weight = weights.get(name) if isinstance(weights, Mapping) else None
        own = measured.get(name) if isinstance(measured, Mapping) else None
        factor = float(weight) if isinstance(weight, int | float) else 1.0
        outputs[str(name)] = OutputRecipe(_declared(losses, one, tell), factor, _metrics(own, tell))
    return recipe.with_(outputs=outputs)


def _metrics(said: Any, tell: Tell) -> tuple[str, ...]:
    while isinstance(said, list) and len(said) == 1 and isinstance(said[0], list):
        said = said[0]
    names = []
    for one in said if isinstance(said, list) else []:
        name = one.get("config") if isinstance(one, Mapping) and one.get("class_name") == "function" else one
        if isinstance(name, Mapping):
            config = name.get("config")
            name = config.get("name") if isinstance(config, Mapping) else None
        name = SHORT.get(str(name), str(name))
        if name in metrics:
            names.append(name)
        else:
            tell(Message("The metric {name} is not known here, and left out.", name=name))
    return tuple(dict.fromkeys(names))


def _declared(registry: Registry[Any], said: Any, tell: Tell) -> Any:
    """A loss or optimizer by its name, or as an object with its arguments."""
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
    found: type[Declared] | None = next((o for o in registry if name in (o.key, o.__name__, o.key.lower())), None)
    found = found or next((one for one in registry if SHORT.get(str(name)) == one.key), None)
    if found is None:
        tell(Message("{name} is not known here; the recipe has another.", name=str(name)))
        return None
    given = {key: value for key, value in config.items() if key in found.parameters}
    if isinstance(given.get("learning_rate"), Mapping):
        tell(Message("The learning rate followed a schedule, which is not read; here it stays the same."))
        first = given.pop("learning_rate").get("config")
        rate = first.get("initial_learning_rate") if isinstance(first, Mapping) else None
        given |= {"learning_rate": rate} if isinstance(rate, float) else {}
    try:
        return registry.make(found.key, given)
    except (ParameterError, UnknownName) as error:
        tell(Message("{error}", error=str(error)))
        return registry.make(found.key)
