"""Choices with parameters on one line: read, written, refused with words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from graph.declare import ParameterError
from graph.fields.spec import read_spec, write_spec
from graph.initializers import Constant, HeNormal, VarianceScaling, initializers
from graph.layers.core import Dense
from tests.helpers.strategies import declared


@given(declared(initializers))
def test_what_is_written_is_read_back(value: Any) -> None:
    assert read_spec(initializers, write_spec(value)) == value


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("he_normal", HeNormal()),
        (" he_normal ( seed = 3 ) ", HeNormal(seed=3)),
        ("constant(0.5)", Constant(0.5)),
        ("constant(value=1e-3,)", Constant(0.001)),
        ("variance_scaling(2.0, mode=fan_out)", VarianceScaling(2.0, "fan_out")),
        ("variance_scaling(2, 'fan_out', seed=None)", VarianceScaling(2.0, "fan_out")),
    ],
)
def test_typed_text_is_read(text: str, meant: Any) -> None:
    assert read_spec(initializers, text) == meant
    assert Dense(kernel_initializer=text).kernel_initializer == write_spec(meant)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("he_norml", "expected the name of an existing initializer, received 'he_norml'; did you mean 'he_normal'?"),
        ("constant(vale=2)", "Constant: value|constant: vale: no such parameter; did you mean 'value'?"),
        ("constant(much)", "Constant: value: expected a number, received 'much'|constant: value: expected a number"),
        ("constant(1, 2)", "expected at most 1 parameters of constant"),
        ("__import__('os')", "expected the name of an existing initializer"),
        ("", "expected the name of an existing initializer"),
    ],
)
def test_what_cannot_be_read_is_answered(text: str, said: str) -> None:
    with pytest.raises(ParameterError) as caught:
        Dense(kernel_initializer=text)
    assert any(one in str(caught.value) for one in said.split("|")), str(caught.value)
