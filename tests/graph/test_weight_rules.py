"""Rules of weights are held against the weight's axes: as in Keras, which refuses them only when it runs."""

from __future__ import annotations

from typing import Any

import pytest

from graph.infer import infer
from graph.layers import layers
from graph.layers.attention import Attention
from graph.layers.endpoints import Input
from graph.network import Network, Wire


def problems(key: str, **config: Any) -> list[tuple[str, str, str | None]]:
    layer = layers.make(key, config)
    shape = (8, 8, 3) if key == "Conv2D" else (5,)
    network = Network.of({"x": Input(shape=shape), "y": layer}, [Wire("x", "y")])
    return [(p.text, p.hint, p.parameter) for p in infer(network).problems]


@pytest.mark.parametrize(
    ("key", "parameter", "rule", "text", "hint"),
    [
        ("Dense", "bias_initializer", "orthogonal", "bias: orthogonal needs a matrix, but this weight has 1 axis.",
         "Choose another initializer."),
        ("Conv2D", "kernel_initializer", "identity", "kernel: identity needs a matrix, but this weight has 4 axes.",
         "Choose another initializer."),
        ("Dense", "bias_regularizer", "orthogonal_regularizer(factor=0.5)", "bias: orthogonal_regularizer needs a "
         "matrix, but this weight has 1 axis.", "Choose another regularizer."),
        ("Conv2D", "kernel_regularizer", "orthogonal_regularizer", "kernel: orthogonal_regularizer needs a matrix, but "
         "this weight has 4 axes.", "Choose another regularizer."),
        ("Dense", "kernel_constraint", "max_norm(axis=2)", "kernel: max_norm goes along axis 2, but this weight has 2 "
         "axes; the first is 0.", "Choose another constraint."),
    ],
)  # fmt: skip
def test_a_rule_that_does_not_fit_is_a_problem(key: str, parameter: str, rule: str, text: str, hint: str) -> None:
    assert problems(key, **{parameter: rule}) == [(text, hint, parameter)]


@pytest.mark.parametrize(
    ("key", "config"),
    [
        ("Dense", {"kernel_initializer": "orthogonal", "kernel_regularizer": "orthogonal_regularizer"}),
        ("Dense", {"kernel_constraint": "unit_norm(axis=1)", "bias_constraint": "max_norm"}),
        ("Dense", {"kernel_initializer": "identity"}),
        ("Conv2D", {"kernel_initializer": "orthogonal", "kernel_constraint": "min_max_norm(axis=3)"}),
        ("PReLU", {"alpha_initializer": "ones", "alpha_constraint": "non_neg"}),
    ],
)
def test_a_rule_that_fits_is_none(key: str, config: dict[str, Any]) -> None:
    assert problems(key, **config) == []


def test_a_single_number_has_no_axis_to_be_wrong() -> None:
    layers = {"x": Input(shape=(4, 3)), "y": Attention(use_scale=True)}
    network = Network.of(layers, [Wire("x", "y", "y", "query"), Wire("x", "y", "y", "value")])
    assert infer(network).problems == ()


def test_a_weight_without_axes_takes_rules_that_go_along_none() -> None:
    network = Network.of(
        {"x": Input(shape=(4, 3)), "y": layers.make("Attention", {"use_scale": True})},
        [Wire("x", "y", target_port="query"), Wire("x", "y", target_port="value")],
    )
    assert not infer(network).problems
