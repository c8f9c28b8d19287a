"""The schedules in every option, for Keras and PyTorch to compute and for us to be held against."""

from __future__ import annotations

from graph.schedules import (
    CosineDecay,
    CosineDecayRestarts,
    ExponentialDecay,
    InverseTimeDecay,
    OneCycle,
    PiecewiseConstantDecay,
    PolynomialDecay,
    ReduceLROnPlateau,
    Schedule,
)

RATE = 0.08
STEPS = 240

SCHEDULES: tuple[Schedule, ...] = (
    ExponentialDecay(30),
    ExponentialDecay(30, decay_rate=0.5, staircase=True),
    InverseTimeDecay(30),
    InverseTimeDecay(30, decay_rate=2.0, staircase=True),
    PiecewiseConstantDecay((10, 50, 51), (0.1, 0.05, 0.02, 0.001)),
    PiecewiseConstantDecay((7,), (0.3, 0.2)),
    PolynomialDecay(100),
    PolynomialDecay(60, end_learning_rate=0.01, power=2.0, cycle=True),
    CosineDecay(100),
    CosineDecay(100, alpha=0.2, warmup_target=0.3, warmup_steps=20),
    CosineDecayRestarts(33),
    CosineDecayRestarts(37, t_mul=1.5, m_mul=0.7, alpha=0.1),
    CosineDecayRestarts(37, t_mul=1.0, m_mul=0.9),
    OneCycle(STEPS),
    OneCycle(STEPS, pct_start=0.45, div_factor=5.0, final_div_factor=100.0),
    OneCycle(STEPS, anneal_strategy="linear"),
    OneCycle(STEPS, pct_start=0.35, three_phase=True),
    OneCycle(STEPS, anneal_strategy="linear", three_phase=True),
)

PLATEAUS: tuple[ReduceLROnPlateau, ...] = (
    ReduceLROnPlateau(patience=2),
    ReduceLROnPlateau(patience=1, factor=0.5, cooldown=3, min_delta=0.05),
    ReduceLROnPlateau(patience=0, factor=0.3, min_lr=0.002),
    ReduceLROnPlateau(monitor="val_accuracy", patience=3, factor=0.5),
)
"""Of these, each row of stored figures is one run."""
