"""The optimizers in every option, for Keras to step with and for us to be held against."""

from __future__ import annotations

import numpy as np

from graph.optimizers import (
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    Adamax,
    AdamW,
    Ftrl,
    Lamb,
    Lion,
    Nadam,
    Optimizer,
    RMSprop,
)

STEPS = 50
SIZES = (5, 7)
"""Two weight arrays, so that what goes by array shows."""

OPTIMIZERS: tuple[Optimizer, ...] = (
    SGD(0.05),
    SGD(0.05, momentum=0.9),
    SGD(0.05, momentum=0.9, nesterov=True),
    SGD(0.05, clipnorm=0.5),
    SGD(0.05, clipvalue=0.2),
    SGD(0.05, global_clipnorm=0.7),
    SGD(0.05, weight_decay=0.3),
    SGD(0.05, use_ema=True, ema_momentum=0.8),
    RMSprop(0.01),
    RMSprop(0.01, momentum=0.5),
    RMSprop(0.01, rho=0.8, momentum=0.5, centered=True),
    Adam(0.01),
    Adam(0.01, beta_1=0.8, beta_2=0.95, amsgrad=True),
    Adam(0.01, weight_decay=0.1, clipnorm=1.0, use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=10),
    AdamW(0.01),
    AdamW(0.01, weight_decay=0.2, amsgrad=True),
    Adamax(0.01),
    Adamax(0.01, beta_1=0.7, beta_2=0.9),
    Nadam(0.01),
    Nadam(0.01, beta_1=0.7, beta_2=0.9),
    Adagrad(0.05),
    Adagrad(0.05, initial_accumulator_value=0.5, epsilon=0.01),
    Adadelta(1.0),
    Adadelta(0.5, rho=0.8, epsilon=1e-3),
    Ftrl(0.05),
    Ftrl(
        0.1,
        learning_rate_power=-0.7,
        initial_accumulator_value=0.3,
        l1_regularization_strength=0.2,
        l2_regularization_strength=0.1,
        l2_shrinkage_regularization_strength=0.05,
        beta=0.3,
    ),
    Lion(0.01),
    Lion(0.01, beta_1=0.8, beta_2=0.9, weight_decay=0.1),
    Lamb(0.01),
    Lamb(0.01, beta_1=0.8, beta_2=0.95, weight_decay=0.1),
)


def gradient(w: np.ndarray, step: int) -> np.ndarray:
    """A slope that moves, so that momentum and running sizes matter."""
    return np.asarray(w - np.cos(np.arange(w.size) + 0.3 * step), np.float32)
