"""How a network is trained and on what: the two recipes of a project.

They are declared as layers are, so that forms, limits and the project file follow from the same lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from graph.datasets import Column, Dataset
from graph.declare import Declared
from graph.fields import Bool, Float, Int, Text
from graph.fields.weights import ClassWeights
from graph.losses import Loss, MeanSquaredError
from graph.optimizers import Adam, Optimizer
from graph.schedules import Schedule

LARGEST_SEED = 2**32 - 1


class DataRecipe(Declared):
    """Which samples, how they are prepared, and how they are split.

    `columns` is empty for data that is not a table, and for a table whose columns are all as they are detected.
    `validation` and `test` are parts of all samples; the split is drawn with `seed` and, for classes, keeps their
    proportions. The mean and deviation of a standardized column come from the training samples alone.
    """

    source: Dataset | None = None
    columns: tuple[Column, ...] = ()
    standardize: bool = Bool(default=True, doc="Whether number columns are brought to mean 0 and deviation 1.")
    validation: float = Float(default=0.15, min=0.0, below=1.0, doc="The part of the samples kept for validation.")
    test: float = Float(default=0.15, min=0.0, below=1.0, doc="The part of the samples kept for the test at the end.")
    seed: int = Int(default=0, min=0, max=LARGEST_SEED, doc="The same seed splits the samples in the same way.")


class OutputRecipe(Declared):
    """What one output of several is trained with, where it differs from the rest. None means: as the recipe says."""

    loss: Loss | None = None
    weight: float = Float(default=1.0, min=0.0, doc="The factor of this output's loss in the sum that is trained on.")
    metrics: tuple[str, ...] | None = None
    class_weight: str | None = ClassWeights(
        doc="How much the classes of this output count in training: balanced, or each with its weight.",
        none_text="as above",
    )


class EarlyStopping(Declared):
    """Stop once a figure has not improved for a while, as Keras's callback of that name.

    `monitor` is a name of the epoch's logs, such as val_loss. An improvement is a change of more than `min_delta`.
    """

    monitor: str = Text(default="val_loss", doc="The figure that is watched.")
    patience: int = Int(default=10, min=0, max=1_000_000, doc="Epochs without improvement before training stops.")
    min_delta: float = Float(default=0.0, min=0.0, doc="The smallest change that counts as an improvement.")
    restore_best_weights: bool = Bool(default=True, doc="Whether the weights of the best epoch are taken at the end.")


class TrainingRecipe(Declared):
    """Optimizer, loss, metrics and the length of a run. `outputs` holds what differs, by the output's name."""

    optimizer: Optimizer = field(default_factory=Adam)
    loss: Loss = field(default_factory=MeanSquaredError)
    metrics: tuple[str, ...] = ()
    outputs: Mapping[str, OutputRecipe] = field(default_factory=dict)
    epochs: int = Int(default=20, min=1, max=1_000_000, doc="How often all training samples are gone through.")
    batch_size: int | None = Int(
        default=32,
        optional=True,
        min=1,
        max=10_000_000,
        none_text="all",
        doc="Samples in one step: 1 goes sample by sample; left empty, a step takes all of them.",
    )
    shuffle: bool = Bool(default=True, doc="Whether the samples come in another order every epoch.")
    seed: int = Int(default=0, min=0, max=LARGEST_SEED, doc="The same seed gives the same run.")
    early_stopping: EarlyStopping | None = None
    schedule: Schedule | None = None
    class_weight: str | None = ClassWeights(
        doc="How much each class counts in training: balanced, or each class with its weight, as in “no: 1, yes: 3”.",
        none_text="all alike",
    )
    weighted_metrics: bool = Bool(
        default=False, doc="Whether metrics count samples by their weights, as the loss does, or all alike."
    )

    def loss_of(self, output: str) -> Loss:
        """The loss of one output."""
        return self.outputs.get(output, OutputRecipe()).loss or self.loss

    def weight_of(self, output: str) -> float:
        """The factor of one output's loss in the sum that is trained on."""
        return self.outputs.get(output, OutputRecipe()).weight

    def class_weight_of(self, output: str) -> str | None:
        """How much the classes of one output count in training."""
        return self.outputs.get(output, OutputRecipe()).class_weight or self.class_weight

    def batch_of(self, samples: int) -> int:
        """How many of so many samples are in one step."""
        return min(self.batch_size or samples, samples)

    def metrics_of(self, output: str) -> tuple[str, ...]:
        """The metrics of one output."""
        own = self.outputs.get(output, OutputRecipe()).metrics
        return self.metrics if own is None else own
