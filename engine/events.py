"""What a training run tells: small frozen values, in the order things happen.

`logs` have Keras's names: loss, accuracy, val_loss, val_accuracy; with several outputs also OUTPUT_loss and
OUTPUT_accuracy. Epochs and steps count from 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from graph.message import Message

Logs = Mapping[str, float]
Reason = Literal["completed", "early stopping", "stopped", "diverged"]


@dataclass(frozen=True, slots=True)
class Started:
    """A run begins, or goes on after `first_epoch` - 1 epochs."""

    epochs: int
    first_epoch: int
    steps_per_epoch: int
    samples: int
    validation_samples: int
    names: tuple[str, ...]
    """The names that the logs of an epoch will have."""


@dataclass(frozen=True, slots=True)
class BatchEnded:
    """One step is done. `logs` are this batch's own figures."""

    epoch: int
    step: int
    steps: int
    logs: Logs


@dataclass(frozen=True, slots=True)
class EpochEnded:
    """One pass over the training samples and the validation behind it are done."""

    epoch: int
    epochs: int
    logs: Logs
    seconds: float
    best: bool
    """Whether the monitored figure is the best so far."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The run is over; `test` has the figures on the test samples, with the weights that are kept."""

    epochs: int
    seconds: float
    reason: Reason
    best_epoch: int | None
    test: Logs = field(default_factory=dict)
    advice: Message | None = None
    """What to try, where the run diverged."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should know, which does not stop the run: it cannot be saved, a figure is not there."""

    text: Message
    hint: Message


Event = Started | BatchEnded | EpochEnded | Finished | Notice
