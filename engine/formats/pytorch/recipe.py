"""The training recipe as PyTorch code: loss, optimizer and schedule, and what is done otherwise there."""

from __future__ import annotations

from typing import Any

from engine.formats.exporter import Note
from engine.formats.python_text import call, indented, python
from graph.inference import Inference
from graph.message import Message
from graph.names import snake
from graph.optimizers import (
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    Adamax,
    AdamW,
    Nadam,
    Optimizer,
    RMSprop,
)
from graph.recipe import TrainingRecipe
from graph.schedules import OneCycle, ReduceLROnPlateau

OPTIMIZERS: dict[type[Optimizer], tuple[str, dict[str, str]]] = {
    SGD: ("SGD", {"momentum": "momentum", "nesterov": "nesterov"}),
    RMSprop: ("RMSprop", {"rho": "alpha", "momentum": "momentum", "epsilon": "eps", "centered": "centered"}),
    Adam: ("Adam", {"epsilon": "eps", "amsgrad": "amsgrad"}),
    AdamW: ("AdamW", {"epsilon": "eps", "amsgrad": "amsgrad"}),
    Adamax: ("Adamax", {"epsilon": "eps"}),
    Nadam: ("NAdam", {"epsilon": "eps"}),
    Adagrad: ("Adagrad", {"initial_accumulator_value": "initial_accumulator_value", "epsilon": "eps"}),
    Adadelta: ("Adadelta", {"rho": "rho", "epsilon": "eps"}),
}
"""PyTorch's optimizers, and what our parameters are called there."""


def optimizer_call(optimizer: Optimizer) -> str:
    """The optimizer for the model's parameters; Adam where PyTorch has none of that name."""
    config = optimizer.config()
    name, names = OPTIMIZERS.get(type(optimizer), ("Adam", {}))
    said = {"lr": python(optimizer.learning_rate)}
    if "beta_1" in config and type(optimizer) in OPTIMIZERS:
        said["betas"] = python((config["beta_1"], config["beta_2"]))
    said |= {theirs: python(config[ours]) for ours, theirs in names.items()}
    if config.get("weight_decay"):
        name = "AdamW" if name == "Adam" else name
        said["weight_decay"] = python(config["weight_decay"])
    return call(f"torch.optim.{name}", ["model.parameters()"], said)


def schedule_call(training: TrainingRecipe) -> str | None:
    """What changes the learning rate, if anything does."""
    schedule, rate = training.schedule, training.optimizer.learning_rate
    if schedule is None:
        return None
    config: dict[str, Any] = dict(schedule.config())
    if isinstance(schedule, ReduceLROnPlateau):
        keys = {"factor": "factor", "patience": "patience", "min_delta": "threshold", "cooldown": "cooldown"}
        said = {theirs: python(config[ours]) for ours, theirs in keys.items()}
        said |= {"min_lr": python(config["min_lr"]), "threshold_mode": python("abs")}
        return call("torch.optim.lr_scheduler.ReduceLROnPlateau", ["optimizer"], said)
    if isinstance(schedule, OneCycle):
        said = {"max_lr": python(rate), **{key: python(value) for key, value in config.items()}}
        return call("torch.optim.lr_scheduler.OneCycleLR", ["optimizer"], said | {"cycle_momentum": "False"})
    made = call(snake(schedule.key), [python(rate), "step"], {key: python(value) for key, value in config.items()})
    return f"torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: {made} / {rate!r})"


def loss_lines(training: TrainingRecipe, results: tuple[str, ...]) -> str:
    """The function that compares outputs with targets, both by name."""
    terms = []
    for result in results:
        loss = training.loss_of(result)
        at = f"[{python(result)}]" if len(results) > 1 else ""
        said = {key: python(value) for key, value in loss.changed().items()}
        term = call(snake(loss.key) if loss.key[0].isupper() else loss.key, [f"y{at}", f"t{at}"], said)
        weight = training.weight_of(result)
        terms.append(term if weight == 1.0 or len(results) == 1 else f"{weight!r} * {term}")
    return 'def loss_of(y, t):\n    """How far outputs are from targets."""\n' + indented(f"return {' + '.join(terms)}")


def clip_lines(optimizer: Optimizer) -> list[str]:
    """What is done to gradients before a step."""
    clips = optimizer.clips()
    if not clips:
        return []
    name, value = next(iter(clips.items()))
    said = {
        "clipvalue": f"nn.utils.clip_grad_value_(model.parameters(), {value!r})",
        "global_clipnorm": f"nn.utils.clip_grad_norm_(model.parameters(), {value!r})",
    }
    each = f"for p in model.parameters():\n    nn.utils.clip_grad_norm_([p], {value!r})"
    return [said.get(name, each)]


def recipe_notes(training: TrainingRecipe, inference: Inference) -> list[Note]:
    """What the program trains with otherwise, or leaves out."""
    notes = []
    optimizer = training.optimizer
    if type(optimizer) not in OPTIMIZERS:
        text = Message("PyTorch has no {name}, so the program trains with Adam.", name=optimizer.key)
        notes.append(Note(None, text))
    if isinstance(optimizer, SGD) and optimizer.momentum and optimizer.config().get("weight_decay"):
        notes.append(Note(None, Message("PyTorch's SGD takes the weight decay into its momentum, Keras's does not.")))
    if optimizer.use_ema:
        notes.append(Note(None, Message("The program does not average weights over the steps.")))
    weighed = [training.class_weight, *(one.class_weight for one in training.outputs.values())]
    if any(weighed):
        notes.append(Note(None, Message("The program counts all classes alike.")))
    for name, found in inference.layers.items():
        held = any(weight.regularizer or weight.constraint for weight in found.weights.values())
        layer = inference.network.layers[name]
        if held or layer.penalty or layer.key == "ActivityRegularization":
            notes.append(Note(name, Message("The program trains without its regularizers and constraints.")))
        if layer.key == "BatchNormalization" and layer.trainable:
            text = Message("PyTorch's moving variance is that of a sample, n / (n - 1) times Keras's of a batch.")
            notes.append(Note(name, text))
    return notes
