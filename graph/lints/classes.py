"""What the recipe says of classes, held against the classes there are: their weights, and those that are measured."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from graph import edits
from graph.fields.weights import read_weights
from graph.inference import Inference
from graph.message import Message
from graph.metrics import metric_from, metric_text
from graph.names import did_you_mean
from graph.pairing import pair
from graph.problem import Fix, Problem
from graph.project import Project
from graph.recipe import OutputRecipe


def lint_classes(project: Project, inference: Inference) -> Iterator[Problem]:
    """Weights of classes that are not there, and metrics of classes that are not."""
    yield from _weights(project, inference)
    for result in inference.results:
        outputs = inference.layers[result].outputs
        units = outputs[0][-1] if outputs else None
        if units is not None:
            yield from _measured(project, result, units)


def _weights(project: Project, inference: Inference) -> Iterator[Problem]:
    if inference.facts is None:
        return
    training, targets = project.training, pair(inference).targets
    classes = {result: inference.facts.targets[name].classes for result, name in targets.items()}
    said = {result: text for result in targets if (text := training.class_weight_of(result)) is not None}
    if said and not any(classes[result] for result in said):
        fix = Fix(Message("Forget the weights"), _forget)
        text = Message("Classes have weights, but the data has no classes.")
        yield Problem(None, text, Message("Make the target a category, or leave the weights out."), fixes=(fix,))
        return
    for result, text in said.items():
        if classes[result]:
            yield from _unknown(result, tuple(read_weights(text) or ()), classes[result])


def _unknown(result: str, said: tuple[str, ...], known: tuple[str, ...]) -> Iterator[Problem]:
    for name in said:
        if name not in known:
            near, names = did_you_mean(name, known), ", ".join(known[:20])
            text = Message("The class {name!r} has a weight, but is not in the data.", name=name)
            question = Message("Did you mean {near!r}?", near=near)
            yield Problem(result, text, question if near else Message("They are: {names}.", names=names))


def _forget(project: Project) -> Project:
    outputs = {name: recipe.with_(class_weight=None) for name, recipe in project.training.outputs.items()}
    kept = {name: recipe for name, recipe in outputs.items() if recipe != OutputRecipe()}
    return edits.set_training(project, class_weight=None, outputs=kept)


def _measured(project: Project, result: str, units: int) -> Iterator[Problem]:
    for said in project.training.metrics_of(result):
        metric = metric_from(said)
        number = metric.config().get("class_id")
        if number is not None and number >= units:
            text = Message(
                "{metric} measures class {number}, but {result} gives {n} values.",
                metric=metric.key,
                number=number,
                result=result,
                n=units,
            )
            mended = metric_text(metric.with_(class_id=None))
            edit = partial(_instead, result=result, old=said, new=mended)
            fixes = (Fix(Message("Measure all classes"), edit),)
            yield Problem(result, text, Message("Classes are counted from 0."), fixes=fixes)


def _instead(project: Project, result: str, old: str, new: str) -> Project:
    """The project with one metric of a result in the place of another, wherever it is said."""

    def changed(said: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(new if one == old else one for one in said))

    own = project.training.outputs.get(result)
    if own is None or own.metrics is None:
        return edits.set_training(project, metrics=changed(project.training.metrics))
    outputs = {**project.training.outputs, result: own.with_(metrics=changed(own.metrics))}
    return edits.set_training(project, outputs=outputs)
