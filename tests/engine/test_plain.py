"""The NumPy kernels that compiled ones stand in for keep the contract of every kernel themselves."""

from __future__ import annotations

import pytest

from engine import fast
from graph.layers.activation import Activation
from tests.engine import test_kernels as kernels
from tests.engine.test_fast import PLAIN, numpy_only
from tests.reference.case import Case
from tests.reference.cases import CASES

pytestmark = [
    pytest.mark.skipif(not fast.wanted(), reason="all kernels are those of NumPy"),
    pytest.mark.usefixtures("numpy_only"),
]
__all__ = ["numpy_only"]

CONVOLUTIONS = {"Conv1D", "Conv2D", "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "MultiHeadAttention"}


def stood_in_for(case: Case) -> bool:
    """Whether a compiled kernel computes the layer of this case."""
    if isinstance(case.layer, Activation):
        return case.layer.activation in ("relu", "softmax")
    return case.layer.key in PLAIN.keys() | CONVOLUTIONS


every_case = pytest.mark.parametrize("case", list(filter(stood_in_for, CASES)), ids=lambda case: case.name)


@every_case
def test_plain_training_is_as_in_keras(case: Case) -> None:
    if not case.random:
        kernels.test_training_is_as_in_keras(case)


@every_case
def test_plain_gradient_is_the_slope(case: Case) -> None:
    kernels.test_gradient_is_the_slope(case)
