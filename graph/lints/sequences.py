"""Sequences: masks that get lost on the way, and states that are carried from batch to batch."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from graph import edits
from graph.inference import Inference, Inferred
from graph.layers.activation import Activation
from graph.layers.base import Layer
from graph.layers.rectifiers import Softmax
from graph.message import Message
from graph.problem import Fix, Problem, Severity
from graph.project import Project


def lint_sequences(project: Project, inference: Inference) -> Iterator[Problem]:
    """The lints of layers that a mask comes to, and of stateful ones."""
    stateful = []
    for name, layer in inference.network.layers.items():
        inferred = inference.layers[name]
        if True in inferred.masked_inputs:
            yield from _masked(name, layer, inferred)
        if is_stateful(layer) and inferred.outputs is not None:
            stateful.append(name)
    for name in stateful:
        yield from _batches(name, project, inference)
    if stateful and project.training.shuffle:
        text = Message("The samples are shuffled, so a stateful layer goes on from the states of others.")
        fix = _training(Message("Keep their order"), shuffle=False)
        yield Problem(stateful[0], text, Message("Keep the samples in their order."), Severity.WARNING, fixes=(fix,))


def is_stateful(layer: Layer) -> bool:
    """Whether a layer, or the one inside of it, carries states from batch to batch."""
    inner = getattr(layer, "layer", None)
    return bool(getattr(layer, "stateful", False)) or (isinstance(inner, Layer) and is_stateful(inner))


def _masked(name: str, layer: Layer, inferred: Inferred) -> Iterator[Problem]:
    if layer.mask_rule.drops(inferred.masked_inputs):
        text = Message("{layer} gives no mask on: behind it, padding counts like everything else.", layer=layer.key)
        hint = Message("Use layers that skip padding, such as LSTM, GlobalAveragePooling1D or attention.")
        yield Problem(name, text, hint, Severity.WARNING)
    elif len(layer.inputs) > 1 and layer.inputs[1].argument == "initial_state" and len(inferred.inputs) > 1:
        text = Message("With first states, {layer} reads padding like everything else, as in Keras.", layer=layer.key)
        hint = Message("Cut the padding off, or let the states begin at 0.")
        yield Problem(name, text, hint, Severity.WARNING)
    elif isinstance(layer, Softmax):
        text = Message("In Keras, a Softmax layer takes no masked sequence.")
        hint = Message("An Activation does the same along the last axis, and gives the mask on.")
        replace = partial(edits.replace_layer, name=name, layer=Activation("softmax"))
        last = layer.axis in (-1, len(inferred.inputs[0]) - 1)
        use = (Fix(Message("Use {layer}", layer="Activation"), replace),) if last else ()
        yield Problem(name, text, hint, Severity.WARNING, fixes=use)


def _batches(name: str, project: Project, inference: Inference) -> Iterator[Problem]:
    kept, size = inference.layers[name].inputs[0][0], project.training.batch_size
    if kept is None or size == kept:
        return
    text = Message(
        "It keeps the states of {kept} samples, but a batch of the training has {size}.",
        kept=kept,
        size=Message("all") if size is None else size,
    )
    fix = _training(Message("Train with batches of {kept}", kept=kept), batch_size=kept)
    yield Problem(name, text, Message("Let both have the same size."), fixes=(fix,))


def _training(text: Message, **changes: Any) -> Fix:
    """A fix that changes the recipe of the training."""
    return Fix(text, partial(edits.set_training, **changes))
