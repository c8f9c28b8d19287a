"""Ten thousand steps leave the memory as it is."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.events import BatchEnded, EpochEnded
from engine.metrics import metric_function_of
from engine.metrics.running import Collection
from engine.trainer import Examples
from graph.optimizers import Adam
from graph.schedules import CosineDecay
from tests.engine.training.reference import RECIPE, trainer

STEPS = 10_000
WARM = 1_000
ROOM = 200_000
"""Bytes that may come and go: what Python keeps for later, and what a test beside this one has left."""
METRICS = ("accuracy", "f1_score", "roc_auc")


def resident() -> int:
    """Bytes of this process that are in memory; 0 where the system does not say."""
    said = Path("/proc/self/statm")
    return int(said.read_text().split()[1]) * 4096 if said.exists() else 0


@pytest.fixture
def traced() -> Iterator[None]:
    """Count what Python and NumPy allocate."""
    tracemalloc.start()
    yield
    tracemalloc.stop()


def test_many_epochs_leave_the_memory_flat(traced: None) -> None:
    """Steps of four samples, and a smaller one at the end of an epoch, with validation, a schedule and averages."""
    optimizer = Adam(0.001, use_ema=True, clipnorm=1.0)
    recipe = replace(RECIPE, optimizer=optimizer, schedule=CosineDecay(STEPS), batch_size=4, metrics=METRICS)
    run = trainer(replace(recipe, epochs=STEPS // 23 + 1))
    steps = before = pages = 0
    for event in run.events(every=23):
        if isinstance(event, EpochEnded):
            steps += 23
            if not before and steps >= WARM:
                gc.collect()
                before, pages = tracemalloc.get_traced_memory()[0], resident()
    gc.collect()
    assert steps >= STEPS
    assert tracemalloc.get_traced_memory()[0] - before < ROOM
    assert resident() - pages < 8 * 2**20


def test_a_long_epoch_keeps_no_more_than_the_scores_of_exact_areas(traced: None) -> None:
    """One epoch of steps of one sample: three values each, of at most 24 bytes."""
    run = trainer(replace(RECIPE, epochs=1, batch_size=1, metrics=("accuracy", "roc_auc")))
    given = run.training
    often = STEPS // 2 // len(given)
    run.training = Examples(
        {name: np.tile(x, (often, 1)) for name, x in given.inputs.items()},
        {name: np.tile(t, often) for name, t in given.targets.items()},
    )
    before = 0
    for event in run.events(every=WARM):
        if isinstance(event, BatchEnded):
            if event.step == WARM:
                gc.collect()
                before = tracemalloc.get_traced_memory()[0]
            assert tracemalloc.get_traced_memory()[0] - before < 24 * 3 * event.step + ROOM or not before
    assert before


def test_what_is_collected_is_kept_in_few_bytes() -> None:
    rng = np.random.default_rng(0)
    y, t = rng.random((7, 3)).astype(np.float32), np.eye(3, dtype=np.float32)[[0, 1, 2, 0, 1, 2, 0]]
    metric = metric_function_of("roc_auc", y, t)
    metric.value()
    kept = Collection(metric.last)
    for _ in range(99):
        kept.add(metric.last)
    assert kept.whole.nbytes == 12 * 700 * 3
    np.testing.assert_array_equal(kept.whole, np.tile(metric.last, 100))
    assert kept._room.nbytes <= 2 * kept.whole.nbytes + 1000
