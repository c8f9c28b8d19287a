"""A network with trained weights, ready for new samples: what evaluate and predict share.

How the training samples were prepared is read from the folder of the run, where the weights still lie in it, so that
the training data need not be there. Otherwise it is found again from the project's own data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.checkpoint import take
from engine.class_curves import ClassCurve, curves_of
from engine.cli.console import Console
from engine.cli.projects import Opened
from engine.cli.verb_train import prepared
from engine.data import DataProblem, Fresh, Preparation, read
from engine.data.preparation import TargetPreparation
from engine.data.weights import checked
from engine.events import Logs
from engine.formats.weights import read_weights
from engine.kernel import Array
from engine.objective import Objective, goals_of, logits_of
from engine.plan import CannotCompile, Plan, compile
from engine.predict import evaluate, predict
from engine.runs import ABOUT, open_run
from engine.session import Session
from engine.trainer import examples
from graph.datasets import DataFacts
from graph.message import Message
from graph.problem import FileProblem
from graph.project import Project


@dataclass(frozen=True)
class Trained:
    """A plan with its weights, what it is measured by, and how samples are prepared for it."""

    project: Project
    plan: Plan
    objective: Objective
    preparation: Preparation

    def evaluate(self, fresh: Fresh) -> Logs:
        """The figures of new samples. Raises DataProblem where there is nothing to compare with."""
        if not fresh.complete:
            names = ", ".join(target.name for target in self.preparation.targets)
            raise DataProblem(
                Message("The data has no target to compare with."),
                Message("Add {names}, or use netloom predict.", names=names),
            )
        chosen = examples(self.plan, self.objective, fresh.inputs, fresh.targets)
        weights = {}
        if fresh.weights is not None:
            counted = checked(self.preparation.weighed_by or "", fresh.weights)
            weights = {goal.result: counted for goal in self.objective.goals}
        batch_size = self.project.training.batch_of(fresh.samples)
        return evaluate(self.plan, self.objective, chosen.inputs, chosen.targets, batch_size, weights=weights)

    def curves(self, fresh: Fresh) -> dict[str, tuple[ClassCurve, ...]]:
        """The ROC and PR curves of new samples, by the result; of those that have classes."""
        outputs = self.predict(fresh.inputs)
        return curves_of(self.objective.goals, outputs, fresh.targets, self.preparation)

    def predict(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """Every result for prepared samples."""
        sources = self.plan.inference.sources
        return predict(self.plan, {entry: inputs[sources[entry]] for entry in self.plan.inputs})

    def target(self, result: str) -> TargetPreparation:
        """What is known of the target of a result."""
        goal = next(goal for goal in self.objective.goals if goal.result == result)
        return self.preparation.target(goal.target)


def of_run(opened: Opened, weights: Path, console: Console) -> Trained:
    """The project with these weights. Raises FileProblem where they are those of another network."""
    if (weights.parent / ABOUT).is_file() and not open_run(weights.parent).imported:
        try:
            found = _from_run(opened.project, weights.parent)
        except CannotCompile as error:
            first = error.problems[0]
            raise FileProblem(
                Message("{path} was not trained with this network. {problem}", path=str(weights), problem=first.text),
                Message("Name the project that these weights were trained with, or train this one."),
            ) from None
    else:
        session = prepared(opened.project, opened, None, console)
        found = Trained(session.project, session.plan, session.objective, session.prepared.preparation)
    load_weights(found.plan, weights)
    return found


def of_session(session: Session, weights: Path) -> Session:
    """The session with these weights. Raises FileProblem where they are those of another network."""
    session.load_weights(read_weights(weights), weights.name)
    return session


def load_weights(plan: Plan, path: Path) -> None:
    """Take the weights of a file. Raises FileProblem where they are those of another network."""
    take(plan.parameters, read_weights(path), path.name)


def samples(trained: Trained, path: Path, console: Console) -> Fresh:
    """The samples of a file, prepared for the network."""
    try:
        return read(trained.preparation, path, lambda part: console.progress(part, "reading the data"))
    finally:
        console.clear()


def _from_run(project: Project, folder: Path) -> Trained:
    try:
        preparation = open_run(folder).preparation
    except ValueError as error:
        raise FileProblem(
            Message("{text}", text=str(error)), Message("Train again, or move the weights out of that folder.")
        ) from error
    inputs = {one.name: (None, *one.shape) for one in preparation.inputs}
    facts = DataFacts(0, inputs, {})
    plan = compile(project.network, 1, facts=facts, training=False)
    goals = goals_of(plan.inference, project.training, [target.name for target in preparation.targets])
    plan = compile(project.network, 64, facts=facts, training=False, logits=logits_of(goals))
    for goal in goals:
        _check_classes(plan, goal.result, preparation.target(goal.target))
    return Trained(project, plan, Objective(goals), preparation)


def _check_classes(plan: Plan, result: str, target: TargetPreparation) -> None:
    """Raise FileProblem where a result gives other classes than its target has."""
    (output,) = plan.inference.layers[result].outputs or ((),)
    units = output[-1] if output else None
    if target.classes and units is not None and len(target.classes) != max(units, 2):
        raise FileProblem(
            Message(
                "The run knows {n} classes, but {result} gives {units}.",
                n=len(target.classes),
                result=result,
                units=units,
            ),
            Message("Name the project that these weights were trained with, or train this one."),
        )
