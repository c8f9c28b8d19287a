"""One training session, from a project to its last event: the one face for the window and the command line.

`Session.prepare` loads the data, checks the project against it and compiles; `run` trains, keeps the run in its folder
and measures the test samples at the end. Both may run in any thread. The session has a plan of its own, so the project
may be edited meanwhile.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np

from engine.checkpoint import CANNOT_GO_ON, flat, take
from engine.class_curves import ClassCurve, curves_of
from engine.data import DataProblem, Part, Prepared, Progress, Samples, Wanted, load, prepare
from engine.early_stopping import watch
from engine.events import EpochEnded, Event, Finished, Logs, Notice
from engine.formats.exporter import OptimizerState
from engine.free_memory import free_memory, require_memory
from engine.kernel import Array
from engine.objective import Goal, Objective, goals_of, logits_of
from engine.plan import CannotCompile, Plan, compile
from engine.predict import evaluate, predict
from engine.run_writer import About, RunWriter
from engine.runs import STATE, Run
from engine.sample_weights import weights_by_result
from engine.trainer import Examples, State, Trainer, examples
from engine.vocabulary import check_vocabulary, embeddings
from graph.check import check
from graph.datasets import CsvFile, Dataset, NpzFile
from graph.inference import Inference
from graph.message import Message
from graph.problem import FileProblem
from graph.project import Project
from graph.recipe import TrainingRecipe

PartName = Literal["training", "validation", "test"]


class Session:
    """A project with its data, compiled and ready to train. Made by `prepare`."""

    def __init__(
        self, project: Project, samples: Samples, prepared: Prepared, plan: Plan, objective: Objective
    ) -> None:
        self.project, self.samples, self.prepared = project, samples, prepared
        self.plan, self.objective = plan, objective
        self.examples: Mapping[str, Examples] = {
            name: self._examples(part, project.training if name == "training" else None)
            for name, part in prepared.parts.items()
        }
        self.folder: Path | None = None
        """The folder of the run, where it is kept."""
        self._start: tuple[Array, OptimizerState | None, str] | None = None
        self._trainer: Trainer | None = None
        self._stopping = False

    @classmethod
    def prepare(
        cls,
        project: Project,
        base: Path | None = None,
        data: Path | Dataset | None = None,
        progress: Progress | None = None,
    ) -> Session:
        """Load the data, check the project against it, and compile.

        `base` is the folder of the project file. `data` takes the place of the project's own source. `progress` is
        called with the part of the loading that is done and may raise to cancel it. Raises CannotCompile with the
        problems of a project that cannot be trained, DataProblem, CannotPair, UnknownSize, or NotEnoughMemory.
        """
        if data is not None:
            source = data if isinstance(data, Dataset) else source_of(data)
            project = replace(project, data=replace(project.data, source=source))
        checked = check(project)
        samples = load(
            project.data,
            base,
            inputs=checked.inference.entries,
            outputs=checked.inference.results,
            progress=progress,
        )
        checked = check(project, samples.facts)
        if checked.errors:
            raise CannotCompile(checked.errors)
        inference = checked.inference
        goals = goals_of(inference, project.training, tuple(samples.facts.targets))
        wanted = {goal.target: Wanted(goal.loss.target, units(inference, goal)) for goal in goals}
        looked_up = embeddings(inference)
        prepared = prepare(samples, project.data, wanted, {inference.sources[entry] for entry in looked_up})
        check_vocabulary(inference, looked_up, prepared)
        require_memory(inference, project.training, free_memory())
        batch_size = project.training.batch_of(len(prepared.training))
        plan = compile(
            project.network,
            batch_size,
            facts=samples.facts,
            logits=logits_of(goals),
            seed=project.training.seed,
        )
        return cls(project, samples, prepared, plan, Objective(goals))

    def run(self, runs: Path | None = None, resume: Run | None = None, every: int = 1) -> Generator[Event, None, None]:
        """Train from the beginning, or go on with the run `resume` until the recipe's number of epochs.

        A new run gets a folder of its own in `runs`, where that is given. `every` thins out the events of steps.
        Closing the iterator ends the run and keeps what is done. Raises FileProblem where the saved state of `resume`
        is damaged, or that of another network or optimizer; its folder then stays as it is.
        """
        slots = self.plan.parameters.slots
        trainer = self._trainer = self._begun() if resume is None else self._resumed(resume)
        if self._stopping:
            trainer.stop()
        writer = RunWriter(self._about(trainer), slots)
        notices = []
        if resume is not None:
            notices.append(writer.go_on(resume, trainer.state.epoch))
            if resume.about.get("data_hash") != self.prepared.digest:
                notices.append(OTHER_DATA)
        elif runs is not None:
            notices.append(writer.begin(runs))
        self.folder = writer.folder
        events = trainer.events(every)
        ended = False
        try:
            for event in events:
                if isinstance(event, EpochEnded):
                    notices.append(writer.epoch(event, trainer.state))
                elif isinstance(event, Finished):
                    event = self._tested(event)
                    notices.append(writer.end(event, self.plan.parameters.values, self._kept_epoch(trainer)))
                    ended = True
                self.folder = writer.folder
                told, notices = [notice for notice in notices if notice is not None], []
                if isinstance(event, Finished):
                    yield from told
                    yield event
                else:
                    yield event
                    yield from told
        except GeneratorExit:
            if not ended:
                events.close()
                stopped = Finished(trainer.state.epoch, trainer.state.seconds, "stopped", trainer.state.best.epoch)
                writer.end(stopped, self.plan.parameters.values, self._kept_epoch(trainer))
                ended = True
            raise
        finally:
            events.close()
            self._stopping = False
            if not ended:
                writer.cut_off("failed")

    def start_with(self, weights: Mapping[str, Array], optimizer: OptimizerState | None, file: str) -> None:
        """Let new runs begin with these weights, and where the optimizer stopped, where that is known.

        Raises FileProblem where they are those of another network.
        """
        self._start = flat(self.plan.parameters.slots, weights, file), optimizer, file

    def stop(self) -> None:
        """End the run after the step under way, with its last event; may be called from any thread.

        Before there is a run, the next one ends after its first step.
        """
        self._stopping = True
        if self._trainer is not None:
            self._trainer.stop()

    def evaluate(self, part: PartName = "test") -> Logs:
        """The figures of one part of the samples with the weights as they are; not while the run is under way."""
        chosen = self.examples[part]
        size = self.project.training.batch_of(len(chosen))
        return evaluate(self.plan, self.objective, chosen.inputs, chosen.targets, size or None, weights=chosen.weights)

    def predict(self, inputs: Mapping[str, Array], plan: Plan | None = None) -> dict[str, Array]:
        """Every result for prepared inputs, which are by the data's names.

        While the run is under way, give a plan from `snapshot`.
        """
        plan = plan or self.plan
        sources = plan.inference.sources
        return predict(plan, {entry: inputs[sources[entry]] for entry in plan.inputs})

    def snapshot(self) -> Plan:
        """A plan of its own for inference, with the weights of the best epoch so far (or as they are, before it).

        It may be made and used in another thread while the run is under way.
        """
        plan = compile(self.project.network, self.plan.batch_size, facts=self.samples.facts, training=False, logits=())
        state = None if self._trainer is None else self._trainer.state
        weights = None if state is None or state.best.epoch is None else state.best_weights
        np.copyto(plan.parameters.values, self.plan.parameters.values if weights is None else weights)
        return plan

    def load_weights(self, named: Mapping[str, Array], file: str = "The file") -> None:
        """Take the values of all weights. Raises FileProblem where they are those of another network."""
        take(self.plan.parameters, named, file)

    def curves(self, part: PartName = "test") -> dict[str, tuple[ClassCurve, ...]]:
        """The ROC and PR curves of every class, by the result; of those that have classes."""
        chosen: Part = self.prepared.parts[part]
        if not len(chosen):
            return {}
        outputs = self.predict(chosen.inputs)
        return curves_of(self.objective.goals, outputs, chosen.targets, self.prepared.preparation)

    def goal(self, result: str | None = None) -> Goal:
        """What one result is trained for; the first one where none is named."""
        return next(goal for goal in self.objective.goals if result in (None, goal.result))

    def classes(self, result: str | None = None) -> tuple[str, ...]:
        """The names of the classes of a result's target; empty for numbers."""
        return self.prepared.preparation.target(self.goal(result).target).classes

    def _examples(self, part: Part, recipe: TrainingRecipe | None) -> Examples:
        """A part for the plan; the weights of classes in `recipe` are those of training."""
        weights = weights_by_result(self.objective.goals, part, self.prepared.preparation, recipe)
        return replace(examples(self.plan, self.objective, part.inputs, part.targets), weights=weights)

    def _begun(self) -> Trainer:
        parameters = self.plan.parameters
        if self._start is None:
            parameters.initialize(self.project.training.seed)
            return self._new_trainer(None)
        weights, optimizer, file = self._start
        if optimizer is not None:
            return self._going_on(State(0, weights, optimizer.steps, optimizer.vectors), file)
        np.copyto(parameters.values, weights, casting="same_kind")
        return self._new_trainer(None)

    def _resumed(self, run: Run) -> Trainer:
        return self._going_on(run.state(self.plan.parameters.slots), str(run.folder / STATE))

    def _going_on(self, state: State, path: str) -> Trainer:
        try:
            return self._new_trainer(state)
        except (ValueError, TypeError) as error:
            reason = str(error)
            raise FileProblem(
                Message("{path} is not the state of this network and optimizer: {reason}", path=path, reason=reason),
                CANNOT_GO_ON,
            ) from error

    def _new_trainer(self, state: State | None) -> Trainer:
        parts = self.examples
        recipe = self.project.training
        return Trainer(self.plan, self.objective, recipe, parts["training"], parts["validation"], state)

    def _about(self, trainer: Trainer) -> About:
        preparation = self.prepared.preparation
        classes = {target.name: target.classes for target in preparation.targets if target.classes}
        monitor = watch(self.project.training.early_stopping, trainer.names)[0].monitor
        return About(self.project, self.prepared.digest, preparation, trainer.names, monitor, classes)

    def _tested(self, event: Finished) -> Finished:
        if event.reason == "diverged" and event.best_epoch is None:
            return event
        return replace(event, test=self.evaluate("test"))

    def _kept_epoch(self, trainer: Trainer) -> int:
        best = trainer.state.best.epoch
        return best if best is not None and trainer.watch.restores else trainer.state.epoch


OTHER_DATA = Notice(
    Message("The data has changed since this run began."),
    Message("The curve goes on with the new data. To compare fairly, train anew."),
)


def source_of(path: Path) -> Dataset:
    """The data set a file stands for. Raises DataProblem where its ending says nothing."""
    ending = path.suffix.lower()
    if ending == ".npz":
        return NpzFile(path=str(path.absolute()))
    if ending in (".csv", ".tsv", ".txt"):
        return CsvFile(path=str(path.absolute()))
    raise DataProblem(
        Message("{name} is neither a CSV nor an NPZ file.", name=path.name),
        Message("Save the data as .csv, or as .npz with arrays named after the inputs and outputs."),
    )


def units(inference: Inference, goal: Goal) -> int | None:
    """How many values a result has on its last axis."""
    outputs = inference.layers[goal.result].outputs
    return outputs[0][-1] if outputs else None
