"""Whether the rules of a weight fit its shape: how it begins, what adds to the loss for it, what holds it in bounds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from graph.constraints import constraints
from graph.declare import Registry
from graph.fields.spec import read_spec
from graph.initializers import initializers
from graph.layers.base import Layer, Weight
from graph.message import Message, plural
from graph.regularizers import regularizers
from graph.shapes import Refusal

MATRICES = {"orthogonal": None, "identity": 2, "orthogonal_regularizer": 2}
"""Rules that need two axes or more, and how many they can take; None is any number."""


def wrong_rule(layer: Layer, weights: Mapping[str, Weight]) -> Refusal | None:
    """Why a layer cannot have these weights, or None where it can."""
    for name, weight in weights.items():
        rules = (initializers, weight.initializer), (regularizers, weight.regularizer), (constraints, weight.constraint)
        for registry, rule in rules:
            wrong = None if rule is None else _wrong(registry, rule, len(weight.shape))
            if wrong is not None:
                said = Message("{weight}: {text}", weight=name, text=wrong)
                hint = Message("Choose another {kind}.", kind=registry.kind)
                return Refusal(said, hint, _parameter(layer, registry.kind, rule))
    return None


def _parameter(layer: Layer, kind: str, rule: str | None) -> str | None:
    """The parameter of the layer that says the rule."""
    return next((name for name, value in layer.config().items() if name.endswith(kind) and value == rule), None)


@lru_cache(maxsize=1024)
def _wrong(registry: Registry[Any], rule: str, rank: int) -> Message | None:
    declared = read_spec(registry, rule)
    if declared.key in MATRICES:
        most = MATRICES[declared.key] or rank
        if not 2 <= rank <= most:
            text = "{rule} needs a matrix, but this weight has {axes}."
            return Message(text, rule=declared.key, axes=plural(rank, "axis", "axes"))
    axis = declared.config().get("axis")
    if axis is not None and axis >= rank:
        text = "{rule} goes along axis {axis}, but this weight has {axes}; the first is 0."
        return Message(text, rule=declared.key, axis=axis, axes=plural(rank, "axis", "axes"))
    return None
