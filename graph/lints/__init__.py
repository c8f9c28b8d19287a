"""Lints: what the shapes alone do not show, held against the recipes and the data.

What keeps a run from beginning is an error; what is legal and probably wrong is a warning. Each brings a fix where one
edit mends it.
"""

from __future__ import annotations

from collections.abc import Iterator

from graph.inference import Inference
from graph.lints.classes import lint_classes
from graph.lints.layers import lint_layers
from graph.lints.outputs import lint_outputs
from graph.lints.recipes import lint_recipes
from graph.lints.sequences import lint_sequences
from graph.message import Message
from graph.problem import Problem, Severity
from graph.project import Project

__all__ = ["lint"]


def lint(project: Project, inference: Inference) -> tuple[Problem, ...]:
    """Every lint of a project: of the whole, of its recipes, of its layers, of its outputs."""
    if not project.network.layers:
        hint = Message("Drag one from the palette, or begin with a template.")
        return (Problem(None, Message("The network has no layers."), hint),)
    if all(inferred.left_out for inferred in inference.layers.values()):
        return (Problem(None, Message("No layer is wired."), Message("Draw wires from the first to the last one.")),)
    return (
        *_nothing_to_train(inference),
        *lint_recipes(project, inference),
        *lint_layers(inference),
        *lint_sequences(project, inference),
        *lint_outputs(project, inference),
        *lint_classes(project, inference),
    )


def _nothing_to_train(inference: Inference) -> Iterator[Problem]:
    if inference.problems or inference.trainable_parameters:
        return
    frozen = inference.parameters > 0
    text = Message("Nothing in the network can be trained.")
    hint = (
        Message("Set trainable on a layer with weights.")
        if frozen
        else Message("Add a layer with weights, such as Dense.")
    )
    yield Problem(None, text, hint, Severity.WARNING)
