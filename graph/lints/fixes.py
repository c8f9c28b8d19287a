"""The edits that lints offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from graph import edits
from graph.lints.tail import Tail
from graph.losses import losses
from graph.message import Message
from graph.problem import Fix
from graph.project import Project


def use_loss(output: str, loss: str) -> Fix:
    """Train an output with another loss."""
    return Fix(Message("Use {loss}", loss=loss), partial(_with_loss, output=output, loss=loss))


def use_activation(tail: Tail, activation: str) -> tuple[Fix, ...]:
    """Give the end of the network another activation, where a layer there has one."""
    if tail.activated is None:
        return ()
    edit = partial(edits.set_parameters, name=tail.activated, changes={"activation": activation})
    return (Fix(Message("Use {activation}", activation=activation), edit),)


def set_units(tail: Tail, count: int) -> tuple[Fix, ...]:
    """Make the last layer as wide as the target, where it has units."""
    if tail.units is None:
        return ()
    edit = partial(edits.set_parameters, name=tail.ends, changes={tail.units: count})
    return (Fix(Message("Set {parameter} to {n}", parameter=tail.units, n=count), edit),)


def use_together(tail: Tail, activation: str, loss: str, units: int | None = None) -> tuple[Fix, ...]:
    """Change activation, loss and width in one step."""
    if tail.activated is None or (units is not None and tail.units is None):
        return ()
    text = Message("Use {activation} with {loss}", activation=activation, loss=loss)
    edit = partial(_together, tail=tail, activation=activation, loss=loss, units=units)
    return (Fix(text, edit),)


def remove(name: str) -> Fix:
    """Take a layer away and join what it stood between."""
    return Fix(Message("Remove {name}", name=name), partial(edits.remove_and_heal, names=(name,)))


def set_all(text: Message, changes: Mapping[str, Mapping[str, Any]]) -> Fix:
    """Change parameters of several layers in one step."""
    return Fix(text, partial(_set_all, changes=changes))


def _set_all(project: Project, changes: Mapping[str, Mapping[str, Any]]) -> Project:
    for name, values in changes.items():
        project = edits.set_parameters(project, name, values)
    return project


def _with_loss(project: Project, output: str, loss: str) -> Project:
    recipe = project.training
    own = recipe.outputs.get(output)
    if own is None or own.loss is None:
        return edits.set_training(project, loss=losses.make(loss))
    return edits.set_training(project, outputs={**recipe.outputs, output: replace(own, loss=losses.make(loss))})


def _together(project: Project, tail: Tail, activation: str, loss: str, units: int | None) -> Project:
    if tail.units is not None and units is not None:
        project = edits.set_parameters(project, tail.ends, {tail.units: units})
    if tail.activated is not None:
        project = edits.set_parameters(project, tail.activated, {"activation": activation})
    return _with_loss(project, tail.result, loss)
