"""How a network is trained and on what: the two recipes of a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.datasets import Column, Dataset
from graph.losses import Loss, MeanSquaredError
from graph.optimizers import Adam, Optimizer


@dataclass(frozen=True, slots=True)
class DataRecipe:
    """Which samples, how they are prepared, and how they are split.

    `columns` is empty for data that is not a table, and for a table whose columns are all as they are detected.
    `validation` and `test` are parts of all samples; the split is drawn with `seed` and, for classes, keeps their
    proportions. The mean and deviation of a standardized column come from the training samples alone.
    """

    source: Dataset | None = None
    columns: tuple[Column, ...] = ()
    standardize: bool = True
    validation: float = 0.15
    test: float = 0.15
    seed: int = 0


@dataclass(frozen=True, slots=True)
class OutputRecipe:
    """What one output of several is trained with, where it differs from the rest. None means: as the recipe says."""

    loss: Loss | None = None
    weight: float = 1.0
    metrics: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class EarlyStopping:
    """Stop once a figure has not improved for a while, as Keras's callback of that name.

    `monitor` is a name of the epoch's logs, such as val_loss. An improvement is a change of more than `min_delta`.
    """

    monitor: str = "val_loss"
    patience: int = 10
    min_delta: float = 0.0
    restore_best_weights: bool = True


@dataclass(frozen=True, slots=True)
class TrainingRecipe:
    """Optimizer, loss, metrics and the length of a run. `outputs` holds what differs, by the output's name."""

    optimizer: Optimizer = field(default_factory=Adam)
    loss: Loss = field(default_factory=MeanSquaredError)
    metrics: tuple[str, ...] = ()
    outputs: Mapping[str, OutputRecipe] = field(default_factory=dict)
    epochs: int = 20
    batch_size: int = 32
    shuffle: bool = True
    seed: int = 0
    early_stopping: EarlyStopping | None = None

    def loss_of(self, output: str) -> Loss:
        """The loss of one output."""
        return self.outputs.get(output, OutputRecipe()).loss or self.loss

    def weight_of(self, output: str) -> float:
        """The factor of one output's loss in the sum that is trained on."""
        return self.outputs.get(output, OutputRecipe()).weight

    def metrics_of(self, output: str) -> tuple[str, ...]:
        """The metrics of one output."""
        own = self.outputs.get(output, OutputRecipe()).metrics
        return self.metrics if own is None else own
