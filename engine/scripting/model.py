"""A model as Keras's users know it: built from layers or a project file, compiled, fitted, and asked.

Names, defaults and meaning of the arguments are Keras's. Underneath are the plans and the one trainer of the window and
the command line, so the same project, data and seed give the same curve here.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np

from engine import checkpoint
from engine import predict as running
from engine.cli.console import Console
from engine.cli.summary_table import summary_table
from engine.crew import at_work
from engine.figures import figures
from engine.formats import export
from engine.formats.importer import importers, read_import
from engine.formats.weights import ENDINGS, read_weights
from engine.kernel import Array
from engine.objective import Objective, goals_of, logits_of
from engine.plan import Plan
from engine.sample_weights import weights_by_result
from engine.scripting import arrays, spoken, weighing
from engine.scripting.built import Built, entries, with_shapes
from engine.scripting.chain import Layers, network_of
from engine.scripting.history import History
from engine.scripting.layer import ModelLayer, take
from engine.scripting.learning import Callback, Learning, Verbose, listeners
from engine.scripting.wrong import WrongUse
from engine.session import Session
from engine.trainer import Examples, Trainer, examples, learn
from graph.arrange import with_positions
from graph.infer import infer
from graph.losses import Loss
from graph.names import did_you_mean
from graph.optimizers import Optimizer
from graph.project import Project
from graph.recipe import TrainingRecipe
from graph.schedules import Schedule
from graph.serialize import load, save
from graph.summary import summarize


class Model:
    """A network with weights, and what it is trained for.

    `layers` are declarations one behind the other (a list, or a dict by name), or a Network with any wiring. Weights
    and the order of samples follow from `seed`. Where no layer states the shape of the samples, the first data says it.
    """

    def __init__(self, layers: Layers, *, seed: int = 0) -> None:
        self.project = Project(network_of(layers), training=TrainingRecipe(epochs=1, seed=seed))
        self.stop_training = False
        """Set by a callback: the run ends after the step under way."""
        self._base: Path | None = None
        self._compiled = False
        self._built: Built | None = None
        self._learning = Learning()
        self._classes: dict[str, tuple[str, ...]] = {}
        """What the class numbers of an output's targets stand for, where the project's own data says it."""

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """The model of a project file, ready to fit by its recipe, with the weights that `save` has put beside it.

        Or that in a file of another program, such as Keras, with its weights and where its training stopped.
        Raises FileProblem where the file holds no project, or the weights are those of another network.
        """
        path = Path(path)
        if path.suffix.lower() in importers:
            return cls._imported(path)
        loaded = load(path)
        for notice in loaded.notices:
            warnings.warn(str(notice), stacklevel=2)
        model = cls(loaded.project.network)
        model.project, model._base, model._compiled = loaded.project, path.parent, True
        if weights_beside(path).is_file():
            model.load_weights(weights_beside(path))
        return model

    @classmethod
    def _imported(cls, path: Path) -> Self:
        read = read_import(path)
        for notice in read.notices:
            warnings.warn(str(notice), stacklevel=3)
        model = cls(read.project.network)
        model.project, model._base, model._compiled = read.project, path.parent, True
        if read.weights:
            checkpoint.take(model._ready().parameters, read.weights, path.name)
        if read.optimizer is not None:
            model._learning.start_with(read.optimizer)
        return model

    def save(self, path: str | Path) -> None:
        """Write the project file, and the weights beside it as NAME.weights.safetensors."""
        path = Path(path)
        save(with_positions(self.project), path)
        self.save_weights(weights_beside(path))

    def export(self, path: str | Path, format: str | None = None) -> None:
        """Write the model for other programs; the format follows the ending of the file, or is named."""
        export(with_positions(self.project), Path(path), self._ready().parameters.named(), format)

    def compile(
        self,
        optimizer: str | Optimizer = "rmsprop",
        loss: str | Loss | Sequence[str | Loss] | Mapping[str, str | Loss] | None = None,
        loss_weights: float | Sequence[float] | Mapping[str, float] | None = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
        schedule: Schedule | None = None,
    ) -> None:
        """Say what the model is trained for. The optimizer begins anew; the weights stay.

        With several outputs, `loss`, `loss_weights` and `metrics` may be lists in their order or dicts by their names.
        `weighted_metrics` are measured in place of `metrics`: they count samples by their weights, as the loss does.
        """
        training = self.project.training
        measured, weighted = spoken.measured(metrics, weighted_metrics)
        said = spoken.recipe(training, self.output_names, optimizer, loss, measured, loss_weights, schedule)
        self.project = replace(self.project, training=replace(said, weighted_metrics=weighted))
        self._compiled = True
        self._learning = Learning()

    def fit(
        self,
        x: Any,
        y: Any,
        batch_size: int | None = None,
        epochs: int | None = None,
        verbose: Verbose = "auto",
        callbacks: Callback | Sequence[Callback] | None = None,
        validation_split: float = 0.0,
        validation_data: Sequence[Any] | Mapping[str, Any] | None = None,
        shuffle: bool | None = None,
        class_weight: Mapping[int, float] | Literal["balanced"] | None = None,
        sample_weight: Any = None,
    ) -> History:
        """Train, and return the figures of every epoch. A further call goes on where the last one ended.

        `batch_size`, `epochs` and `shuffle` are those of the recipe where they are not given: 32, 1 and True for a
        model made from layers. So are the weights of classes, which are multiplied by those of samples.
        `validation_split` keeps the last samples, all classes alike. Warns where the loss becomes no number.
        """
        weighing.not_both(class_weight, sample_weight)
        listed = listeners(callbacks)
        xs, ts, ws = self._given(x, y, sample_weight)
        held_out = None
        if validation_data is not None:
            held_out = self._given(*arrays.triple(validation_data, "validation_data"))
        elif validation_split:
            kept, last = arrays.divided(arrays.same_count(input=xs), validation_split)
            held_out = arrays.rows(xs, last), arrays.rows(ts, last), arrays.rows(ws, last)
            xs, ts, ws = arrays.rows(xs, kept), arrays.rows(ts, kept), arrays.rows(ws, kept)
        plan, objective = self._measured(xs)
        if class_weight is None:
            ws = weighing.by_recipe(ts, ws, objective, self.project.training, self._classes)
        else:
            ws = weighing.by_class(ts, class_weight)
        trainer = Trainer(
            plan,
            objective,
            self._learning.recipe(self.project.training, batch_size, epochs, shuffle, listed),
            _examples(plan, objective, xs, ts, ws),
            None if held_out is None else _examples(plan, objective, *held_out),
            self._learning.state(self._ready().parameters),
        )
        self.stop_training = False
        return self._learning.run(trainer, verbose, listed, lambda: self.stop_training)

    def evaluate(
        self,
        x: Any,
        y: Any,
        batch_size: int | None = None,
        verbose: Verbose = "auto",
        sample_weight: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """The loss, or a list of the loss and the metrics; with `return_dict`, all figures by name."""
        xs, ts, ws = self._given(x, y, sample_weight)
        plan, objective = self._measured(xs)
        chosen = _examples(plan, objective, xs, ts, ws)
        size = self._batch(batch_size, len(chosen))
        logs = running.evaluate(plan, objective, chosen.inputs, chosen.targets, size, weights=chosen.weights)
        if verbose:
            Console().say(figures(logs))
        return _said(logs, return_dict)

    def predict(self, x: Any, batch_size: int | None = None) -> Any:
        """What the model gives for samples: an array, or with several outputs a dict of arrays by name."""
        xs = self._inputs(x)
        size = self._batch(batch_size, arrays.same_count(input=xs))
        plan = self._plan(xs)
        chosen = {name: np.ascontiguousarray(one, plan.inputs[name].dtype) for name, one in xs.items()}
        found = running.predict(plan, chosen, size)
        return found if len(found) > 1 else next(iter(found.values()))

    def predict_on_batch(self, x: Any) -> Any:
        """What the model gives for samples, computed at once."""
        return self.predict(x, arrays.same_count(input=self._inputs(x)))

    def train_on_batch(
        self,
        x: Any,
        y: Any,
        sample_weight: Any = None,
        class_weight: Mapping[int, float] | Literal["balanced"] | None = None,
        return_dict: bool = False,
    ) -> Any:
        """Take one step, and return the figures of these samples as they were before it, as `evaluate` does."""
        weighing.not_both(class_weight, sample_weight)
        xs, ts, ws = self._given(x, y, sample_weight)
        count, ws = arrays.same_count(input=xs), ws if class_weight is None else weighing.by_class(ts, class_weight)
        plan, objective = self._measured(xs)
        chosen = _examples(plan, objective, xs, ts, ws)
        plan = plan.at(count, training=True)
        bound = objective.on(plan, chosen.weights)
        for group, places in (
            (chosen.inputs, plan.inputs),
            (chosen.targets, bound.targets),
            (chosen.weights, bound.weights),
        ):
            for name, place in places.items():
                np.copyto(place, group[name], casting="same_kind")
        with at_work():
            stepper = self._learning.stepper(self.project.training, plan.parameters, objective)
            objective.running.add(learn(plan, bound, stepper), count, bound.exact)
        return _said(objective.logs(), return_dict)

    def test_on_batch(self, x: Any, y: Any, sample_weight: Any = None, return_dict: bool = False) -> Any:
        """The figures of these samples, computed at once."""
        count = arrays.same_count(input=self._inputs(x))
        return self.evaluate(x, y, count, 0, sample_weight, return_dict)

    def data(self) -> dict[str, dict[str, dict[str, Array]]]:
        """The samples of the project's own data, prepared by its recipe, for training, validation and test.

        Each part has the arguments of `fit` and `evaluate`: x, y, and sample_weight where the data says how much a
        sample counts. Raises DataProblem, or CannotCompile where the network does not fit the data.
        """
        session = Session.prepare(self.project, self._base)
        self._classes = {goal.result: session.classes(goal.result) for goal in session.objective.goals}
        found = {}
        for name, part in session.prepared.parts.items():
            samples = session.examples[name]
            found[name] = {"x": dict(samples.inputs), "y": dict(samples.targets)}
            weights = weights_by_result(session.objective.goals, part, session.prepared.preparation)
            if weights:
                found[name]["sample_weight"] = weights
        return found

    @property
    def input_names(self) -> tuple[str, ...]:
        """The layers where samples come in, in the order of a list of inputs."""
        return entries(self.project.network)

    @property
    def output_names(self) -> tuple[str, ...]:
        """The layers whose output is a result, in the order of a list of outputs."""
        return infer(self.project.network).results

    @property
    def layers(self) -> list[ModelLayer]:
        """Every layer, each after those it depends on."""
        return self._ready().layers()

    def get_layer(self, name: str | None = None, index: int | None = None) -> ModelLayer:
        """One layer by its name, or by its place. Raises WrongUse, with the nearest name, where there is none."""
        layers = self.layers
        if (name is None) == (index is None):
            raise WrongUse("Give the name of a layer, or its index.")
        if index is not None:
            if not -len(layers) <= index < len(layers):
                raise WrongUse(f"There is no layer {index}: the model has {len(layers)} layers.")
            return layers[index]
        found = {layer.name: layer for layer in layers}
        if name not in found:
            near = did_you_mean(str(name), found)
            question = f" Did you mean {near!r}?" if near else ""
            raise WrongUse(f"There is no layer named {name!r}.{question}")
        return found[str(name)]

    def get_weights(self) -> list[Array]:
        """Copies of all weights in Keras's order: by layer, those that train first."""
        return [w for layer in self.layers for w in layer.get_weights()]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Take values for all weights, in the order of `get_weights`. Raises WrongUse where they do not fit."""
        take(self.layers, weights)

    def save_weights(self, path: str | Path) -> None:
        """Write the weights by name, as .safetensors or .npz."""
        if not str(path).lower().endswith(ENDINGS):
            raise WrongUse(f"{path}: weights are written to a file that ends in {' or '.join(ENDINGS)}.")
        self.export(path)

    def load_weights(self, path: str | Path) -> None:
        """Take the weights of a file. Raises FileProblem, and changes nothing, where they do not fit."""
        checkpoint.take(self._ready().parameters, read_weights(Path(path)), Path(path).name)

    def count_params(self) -> int:
        """How many numbers the model holds."""
        return self._ready().inference.parameters

    def summary(self) -> None:
        """Print a table of the layers: shapes, parameters, cost."""
        summary_table(summarize(self._ready().inference), Console())

    def _ready(self) -> Built:
        """The network with its weights, made when it is first needed."""
        if self._built is None:
            self._built = Built(self.project.network, self.project.training.seed)
        return self._built

    def _plan(self, xs: arrays.Arrays, logits: tuple[str, ...] = ()) -> Plan:
        if self._built is None:
            self.project = with_shapes(self.project, xs)
        return self._ready().plan(xs, logits)

    def _measured(self, xs: arrays.Arrays) -> tuple[Plan, Objective]:
        """A plan for these samples, and what it is held against."""
        if not self._compiled:
            raise WrongUse("The model is not compiled. Say what it is trained for: model.compile(optimizer, loss).")
        self._plan(xs)
        goals = goals_of(self._ready().inference, self.project.training, self.output_names)
        return self._plan(xs, logits_of(goals)), Objective(goals)

    def _batch(self, batch_size: int | None, samples: int) -> int:
        """How many samples are computed at once."""
        training = self.project.training
        return (training if batch_size is None else training.with_(batch_size=batch_size)).batch_of(samples)

    def _inputs(self, x: Any) -> dict[str, Array]:
        return arrays.named(x, self.input_names, "input")

    def _targets(self, y: Any) -> dict[str, Array]:
        return arrays.named(y, self.output_names, "output")

    def _given(self, x: Any, y: Any, sample_weight: Any = None) -> tuple[arrays.Arrays, arrays.Arrays, arrays.Arrays]:
        """Samples, their targets and their weights, checked against each other."""
        xs, ts = self._inputs(x), self._targets(y)
        arrays.same_count(input=xs, output=ts)
        return xs, ts, weighing.by_sample(ts, sample_weight)


def weights_beside(path: Path) -> Path:
    """Where the weights of a project file are kept."""
    return path.with_suffix(".weights.safetensors")


def _examples(plan: Plan, objective: Objective, xs: arrays.Arrays, ts: arrays.Arrays, ws: arrays.Arrays) -> Examples:
    """Samples in the types a plan takes, each with its weight."""
    for name, x in xs.items():
        expected = plan.inputs[name].shape[1:]
        if x.shape[1:] != expected:
            raise WrongUse(f"{name}: expected samples of the shape {expected}, received {x.shape[1:]}.")
    found = examples(plan, objective, xs, ts)
    return replace(found, weights=weighing.fitted(ws, plan))


def _said(logs: Mapping[str, float], return_dict: bool) -> Any:
    if return_dict:
        return dict(logs)
    return list(logs.values()) if len(logs) > 1 else logs["loss"]
