"""Every layer computes the same on three threads as Keras does, and its gradients are its slopes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.crew import at_work
from tests.engine import test_kernels as kernels
from tests.reference.case import Case


@pytest.fixture(autouse=True)
def three_threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three cores, and no work too little to share."""
    monkeypatch.setattr("engine.crew.CORES", 3)
    monkeypatch.setattr("engine.crew.LEAST_MACS", 1)
    monkeypatch.setattr("engine.crew.LEAST_VALUES", 1)
    with at_work():
        yield


@kernels.every_settled_case
def test_shared_training_is_as_in_keras(case: Case) -> None:
    kernels.test_training_is_as_in_keras(case)


@kernels.every_case
def test_shared_gradient_is_the_slope(case: Case) -> None:
    kernels.test_gradient_is_the_slope(case)
