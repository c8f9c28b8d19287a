"""Let Keras, and PyTorch for OneCycle, compute the learning rates of every schedule, and store them.

    KERAS_BACKEND=jax KERAS_HOME=/tmp/keras python -m tests.reference.make_training_schedules

Keras, JAX and PyTorch are not needed for the tests.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import torch

from graph.schedules import OneCycle, PiecewiseConstantDecay, ReduceLROnPlateau, Schedule
from tests.reference.training_losses import name_of
from tests.reference.training_schedules import PLATEAUS, RATE, SCHEDULES, STEPS

PATH = Path(__file__).with_name("training_schedules.npz")


def rates(schedule: Schedule) -> np.ndarray:
    """The rate of every step."""
    if isinstance(schedule, OneCycle):
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=RATE)
        cycle = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, cycle_momentum=False, **schedule.config())
        found = []
        for step in range(STEPS):
            found.append(cycle.get_last_lr()[0])
            optimizer.step()
            if step + 1 < STEPS:
                cycle.step()
        return np.array(found)
    first = {} if isinstance(schedule, PiecewiseConstantDecay) else {"initial_learning_rate": RATE}
    made = getattr(keras.optimizers.schedules, schedule.key)(**first, **schedule.config())
    return np.array([float(made(step)) for step in range(STEPS)])


def plateau(schedule: ReduceLROnPlateau, figures: np.ndarray) -> np.ndarray:
    """The rate after every epoch."""
    model = SimpleNamespace(optimizer=keras.optimizers.SGD(RATE), metrics=[keras.metrics.BinaryAccuracy("accuracy")])
    config = schedule.config() | {"mode": "max" if "accuracy" in schedule.monitor else "min"}
    callback = keras.callbacks.ReduceLROnPlateau(**config)
    callback.set_model(model)
    callback.on_train_begin()
    found = []
    for epoch, figure in enumerate(figures):
        callback.on_epoch_end(epoch, {schedule.monitor: float(figure)})
        found.append(float(model.optimizer.learning_rate))
    return np.array(found)


def main() -> None:
    rng = np.random.default_rng(4)
    found = {"versions": np.array([f"keras {keras.__version__}", f"torch {torch.__version__}"])}
    found |= {name_of(schedule): rates(schedule) for schedule in SCHEDULES}
    for schedule in PLATEAUS:
        figures = np.round(np.exp(-np.arange(40) / 6) + rng.uniform(0, 0.2, 40), 2)
        figures = 1 - figures if "accuracy" in schedule.monitor else figures
        found[f"{name_of(schedule)}|figures"] = figures
        found[name_of(schedule)] = plateau(schedule, figures)
    np.savez_compressed(PATH, **found)


if __name__ == "__main__":
    main()
