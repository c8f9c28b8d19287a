"""One layer applied to known input shapes: its outputs, weights and cost, or its refusal as a problem."""

from __future__ import annotations

from functools import partial

from graph import edits
from graph.inference import Inferred
from graph.layers.base import Layer
from graph.message import Message
from graph.problem import Fix, Problem
from graph.ranks import wrong_rank
from graph.shapes import Refusal, Shapes
from graph.weight_rules import wrong_rule


def apply(name: str, layer: Layer, xs: Shapes, masked: tuple[bool, ...] = (), entry: bool = False) -> Inferred:
    """What is known of a layer that gets `xs`, of which `masked` says which have a mask; none where it is empty."""
    ys = wrong_rank(layer, xs) or layer.output_shapes(xs)
    if isinstance(ys, Refusal):
        return Inferred(inputs=xs, problems=(refused(name, layer, ys),), entry=entry)
    masked = masked or (False,) * len(xs)
    marked = layer.mask_rule.marks(masked)
    weights, macs = layer.weights(xs), layer.macs(xs, ys[0])
    wrong = wrong_rule(layer, weights)
    if wrong is not None:
        return Inferred(inputs=xs, problems=(refused(name, layer, wrong),), entry=entry)
    return Inferred(xs, ys, weights, macs, entry=entry, masked_inputs=masked, masked=marked)


def refused(name: str, layer: Layer, refusal: Refusal) -> Problem:
    """A layer's refusal as a problem, its changes as a fix where they can be."""
    fixes: tuple[Fix, ...] = ()
    if refusal.changes and layer.allows(**refusal.changes):
        said = ", ".join(f"{key}={value!r}" for key, value in refusal.changes.items())
        edit = partial(edits.set_parameters, name=name, changes=refusal.changes)
        fixes = (Fix(Message("Set {changes}", changes=said), edit),)
    return Problem(name, refusal.text, refusal.hint, parameter=refusal.parameter, fixes=fixes)
