"""What a model keeps between one call and the next: the optimizer's state, and how many epochs are done."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any, Literal, cast

from engine.events import Event
from engine.formats.exporter import OptimizerState
from engine.objective import Objective
from engine.optimizers import Stepper, stepper_of
from engine.parameters import Parameters
from engine.schedules import Rates
from engine.scripting.history import History, Teller
from engine.scripting.wrong import WrongUse
from engine.trainer import State, Trainer
from graph.recipe import EarlyStopping, TrainingRecipe
from graph.schedules import ReduceLROnPlateau

Callback = EarlyStopping | ReduceLROnPlateau | Callable[[Event], object]
"""What watches a run: a rule that Keras has as a callback too, or a function that is told of every event."""
Verbose = Literal["auto", 0, 1, 2]


def listeners(callbacks: Callback | Sequence[Callback] | None) -> list[Callback]:
    """One, several or none, as a list."""
    if callbacks is None:
        return []
    return list(callbacks) if isinstance(callbacks, list | tuple) else [cast(Callback, callbacks)]


class Learning:
    """The training of one model by one recipe, in as many runs as are asked for."""

    def __init__(self) -> None:
        self.epochs = 0
        self._optimizer: Stepper[Any] | None = None
        self._rates: Rates | None = None
        self._start: OptimizerState | None = None

    def start_with(self, state: OptimizerState) -> None:
        """Let the first step go on from here."""
        self._start = state

    def state(self, parameters: Parameters) -> State | None:
        """What to go on from; None before the first step, where nothing was given."""
        if self._optimizer is None or self._rates is None:
            if self._start is None:
                return None
            return State(0, parameters.values.copy(), self._start.steps, self._start.vectors)
        kept = {**self._optimizer.state, **self._rates.state}
        return State(self.epochs, parameters.values.copy(), self._optimizer.steps, kept)

    def stepper(self, recipe: TrainingRecipe, parameters: Parameters, objective: Objective) -> Stepper[Any]:
        """The optimizer, made when it is first needed."""
        if self._optimizer is None:
            self._rates = Rates(recipe, objective.names)
            self._optimizer = stepper_of(
                recipe.optimizer, parameters.trainable, parameters.gradient, parameters.arrays(), self._rates
            )
            if self._start is not None:
                self._optimizer.restore(self._start.steps, self._start.vectors)
        return self._optimizer

    def run(
        self,
        trainer: Trainer,
        verbose: Verbose,
        callbacks: Sequence[Callback],
        is_stopped: Callable[[], bool],
    ) -> History:
        """Train, tell whoever listens, and note the figures."""
        history, before = History(), self.epochs
        listeners = [one for one in callbacks if callable(one)]
        if verbose:
            listeners.insert(0, Teller(trainer.recipe.epochs - before, before, bar=verbose != 2).tell)
        with closing(trainer.events(1 if listeners else sys.maxsize)) as events:
            for event in events:
                history.take(event, before)
                for tell in listeners:
                    tell(event)
                if is_stopped():
                    trainer.stop()
        self.epochs, self._optimizer, self._rates = trainer.state.epoch, trainer.optimizer, trainer.rates
        for notice in history.notices:
            warnings.warn(str(notice), RuntimeWarning, stacklevel=4)
        return history

    def recipe(
        self,
        recipe: TrainingRecipe,
        batch_size: int | None,
        epochs: int | None,
        shuffle: bool | None,
        callbacks: Sequence[Callback],
    ) -> TrainingRecipe:
        """The recipe of the next run: what is given here, and else what the model has."""
        changes: dict[str, Any] = {"epochs": self.epochs + (recipe.epochs if epochs is None else epochs)}
        changes |= {} if batch_size is None else {"batch_size": batch_size}
        changes |= {} if shuffle is None else {"shuffle": shuffle}
        for one in callbacks:
            if isinstance(one, EarlyStopping):
                changes["early_stopping"] = one
            elif isinstance(one, ReduceLROnPlateau):
                changes["schedule"] = one
            elif isinstance(one, type) or not callable(one):
                known = "EarlyStopping(...), ReduceLROnPlateau(...) or a function that takes an event"
                raise WrongUse(f"callbacks: expected {known}, received {one!r}.")
        return replace(recipe, **changes)
