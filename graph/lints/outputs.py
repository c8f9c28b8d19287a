"""Every result held against its loss and its target."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from graph import edits
from graph.datasets import TargetFacts
from graph.inference import Inference
from graph.lints import fixes
from graph.lints.tail import Tail, tail_of
from graph.losses import Loss, losses
from graph.message import Message
from graph.pairing import pair
from graph.problem import Fix, Problem, Severity
from graph.project import Project
from graph.shapes import Shape, agree, shape_text


def lint_outputs(project: Project, inference: Inference) -> Iterator[Problem]:
    """What is wrong between the results, their losses and their targets."""
    pairing = pair(inference)
    yield from pairing.problems
    for result in inference.results:
        outputs = inference.layers[result].outputs
        if outputs is None:
            continue
        loss, tail = project.training.loss_of(result), tail_of(inference, result)
        name = pairing.targets.get(result)
        target = inference.facts.targets[name] if inference.facts is not None and name is not None else None
        impossible = list(_target(outputs[0], name or "", target, loss, tail)) if target is not None else []
        yield from impossible or _activation(outputs[0], target, loss, tail)
        yield from _metrics(project, result, target, loss)
        yield from _dropout(inference, tail)


def _target(y: Shape, name: str, target: TargetFacts, loss: Loss, tail: Tail) -> Iterator[Problem]:
    """Errors: a loss that cannot compare with the target, or an output of another shape."""
    if target.kind != "classes" and (loss.target == "classes" or (loss.target != "values" and target.kind == "values")):
        fitting = {"one_hot": "categorical_crossentropy", "binary": "binary_crossentropy"}
        yield Problem(
            tail.result,
            Message("{loss} compares classes, but the target {name} holds numbers.", loss=loss.key, name=name),
            Message("Use a loss for numbers, or make the target a category."),
            fixes=(fixes.use_loss(tail.result, fitting.get(target.kind, "mean_squared_error")),),
        )
        return
    wanted = expected(target, loss)
    if any(agree(y, shape) for shape in wanted):
        return
    classes = len(target.classes)
    if loss.target == "binary" and classes > 2 and y[-1] == 1:
        yield Problem(
            tail.result,
            Message(
                "{loss} tells 2 classes apart, but the target {name} has {n}.", loss=loss.key, name=name, n=classes
            ),
            Message("Use a softmax over {n} units.", n=classes),
            fixes=fixes.use_together(tail, "softmax", "sparse_categorical_crossentropy", classes),
        )
        return
    yield _other_shape(y, wanted[0], name, classes, tail)


def _other_shape(y: Shape, wanted: Shape, name: str, classes: int, tail: Tail) -> Problem:
    """The result has another shape than the loss needs for the target: of other axes, or of other sizes."""
    got, need = shape_text(y), shape_text(wanted)
    if len(y) != len(wanted):
        text = Message(
            "The result is {got} a sample, but the target {name} needs {need}.", got=got, name=name, need=need
        )
        hint = Message("Put a Flatten, a global pooling or a Reshape before the last layer.")
        return Problem(tail.result, text, hint)
    text = (
        Message("The target {name} has {n} classes, but the last layer gives {got}.", name=name, n=classes, got=_n(y))
        if classes
        else Message("The target {name} is {need}, but the result is {got}.", name=name, need=need, got=got)
    )
    count = wanted[-1]
    mend = fixes.set_units(tail, count) if count is not None and agree(y[:-1], wanted[:-1]) else ()
    return Problem(tail.result, text, Message("The last layer gives one value for each."), fixes=mend)


def expected(target: TargetFacts, loss: Loss) -> list[Shape]:
    """The output shapes that this loss can compare with this target, the usual one first."""
    if target.kind != "classes":
        return [target.shape]
    one: Shape = (*target.shape, 1)
    each: Shape = (*target.shape, len(target.classes) or None)
    if loss.target in ("classes", "one_hot"):
        return [each]
    if loss.target == "binary":
        return [one, each] if len(target.classes) <= 2 else [each]
    return [each, one]


def _n(y: Shape) -> str:
    return shape_text(y[-2:]) if len(y) == 2 else shape_text(y)


def _activation(y: Shape, target: TargetFacts | None, loss: Loss, tail: Tail) -> Iterator[Problem]:
    """Warnings: a last activation that does not suit the loss."""
    said = {"activation": tail.activation, "loss": loss.key}
    if tail.activation == "softmax" and y[-1] == 1:
        mend = fixes.use_together(tail, "sigmoid", "binary_crossentropy")
        text = Message("softmax over one unit is always 1.")
        yield _warning(tail, text, Message("Use sigmoid for two classes, or one unit a class."), *mend)
    elif loss.target == "values":
        if tail.activation in loss.activations:
            return
        if tail.activation == "softmax":
            text = Message("{activation} with {loss} learns slowly.", **said)
            hint = Message("categorical_crossentropy is made for softmax.")
            yield _warning(tail, text, hint, fixes.use_loss(tail.result, "categorical_crossentropy"))
        elif target is not None and target.kind != "values":
            yield from _numbers_for_classes(y, target, tail, said)
    elif loss.activations == ("linear",) and tail.activation in ("softmax", "sigmoid"):
        text = Message("{loss} takes logits, but the last activation is {activation}.", **said)
        hint = Message("Turn off from_logits, or end without an activation.")
        yield _warning(tail, text, hint, *fixes.use_activation(tail, "linear"))
    elif loss.target == "binary" and not loss.activations and tail.activation == "softmax":
        text = Message("{loss} takes one number for yes and no, but the last activation is {activation}.", **said)
        hint = Message("End in one unit without an activation, or in tanh.")
        yield _warning(tail, text, hint, *fixes.use_activation(tail, "linear"))
    elif loss.activations and loss.activations != ("linear",) and tail.activation not in loss.activations:
        text = Message("{loss} needs probabilities, but the last activation is {activation}.", **said)
        right = loss.activations[0]
        offered = list(fixes.use_activation(tail, right))
        if tail.activation in ("softmax", "sigmoid"):
            other = "categorical_crossentropy" if tail.activation == "softmax" else "binary_crossentropy"
            fits = target is None or any(agree(y, shape) for shape in expected(target, losses.make(other)))
            offered += [fixes.use_loss(tail.result, other)] if fits else []
        yield _warning(tail, text, Message("End in {activation} for this loss.", activation=right), *offered)


def _numbers_for_classes(y: Shape, target: TargetFacts, tail: Tail, said: dict[str, str]) -> Iterator[Problem]:
    if tail.activation == "sigmoid":
        text = Message("{activation} with {loss} learns slowly.", **said)
        hint = Message("binary_crossentropy is made for sigmoid.")
        yield _warning(tail, text, hint, fixes.use_loss(tail.result, "binary_crossentropy"))
        return
    text = Message("The target is a class, but {loss} compares numbers.", **said)
    if y[-1] == 1 and len(target.classes) <= 2:
        mend = fixes.use_together(tail, "sigmoid", "binary_crossentropy")
    else:
        loss = "sparse_categorical_crossentropy" if target.kind == "classes" else "categorical_crossentropy"
        mend = fixes.use_together(tail, "softmax", loss, len(target.classes) or None)
    yield _warning(tail, text, Message("Use a cross-entropy for classes."), *mend)


def _metrics(project: Project, result: str, target: TargetFacts | None, loss: Loss) -> Iterator[Problem]:
    known_numbers = target is not None and target.kind == "values"
    if known_numbers and loss.target == "values" and "accuracy" in project.training.metrics_of(result):
        text = Message("accuracy counts classes, but the target holds numbers.")
        own = project.training.outputs.get(result)
        edit = partial(edits.set_training, metrics=("mean_absolute_error",))
        mend = (Fix(Message("Use mean_absolute_error"), edit),) if own is None or own.metrics is None else ()
        yield Problem(result, text, Message("Use mean_absolute_error as the metric."), Severity.WARNING, fixes=mend)


def _dropout(inference: Inference, tail: Tail) -> Iterator[Problem]:
    for name in tail.passed:
        if inference.network.layers[name].key == "Dropout":
            text = Message("Dropout at the very end sets results to zero while training.")
            hint = Message("Put it before the last layer, or remove it.")
            yield Problem(name, text, hint, Severity.WARNING, fixes=(fixes.remove(name),))


def _warning(tail: Tail, text: Message, hint: Message, *mend: Fix) -> Problem:
    return Problem(tail.result, text, hint, Severity.WARNING, fixes=mend)
