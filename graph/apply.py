"""One layer applied to known input shapes: its outputs, weights and cost, or its refusal as a problem."""

from __future__ import annotations

from functools import partial

from graph import edits
from graph.inference import Inferred
from graph.layers.base import Layer, Port
from graph.message import Message
from graph.problem import Fix, Problem
from graph.shapes import Refusal, Shape, Shapes, shape_text


def apply(name: str, layer: Layer, xs: Shapes, entry: bool = False) -> Inferred:
    """What is known of a layer that gets `xs`."""
    ys = wrong_rank(layer, xs) or layer.output_shapes(xs)
    if isinstance(ys, Refusal):
        return Inferred(inputs=xs, problems=(refused(name, ys),), entry=entry)
    return Inferred(xs, ys, layer.weights(xs), layer.macs(xs, ys[0]), entry=entry)


def refused(name: str, refusal: Refusal) -> Problem:
    """A layer's refusal as a problem, its changes as a fix."""
    fixes: tuple[Fix, ...] = ()
    if refusal.changes:
        said = ", ".join(f"{key}={value!r}" for key, value in refusal.changes.items())
        edit = partial(edits.set_parameters, name=name, changes=refusal.changes)
        fixes = (Fix(Message("Set {changes}", changes=said), edit),)
    return Problem(name, refusal.text, refusal.hint, parameter=refusal.parameter, fixes=fixes)


def wrong_rank(layer: Layer, xs: Shapes) -> Refusal | None:
    """A refusal where an input has a number of axes that its port does not take."""
    for port, x in zip(_ports(layer, len(xs)), xs, strict=False):
        if port.ranks and len(x) not in port.ranks:
            return Refusal(
                Message(
                    "{layer} takes {expected}, but gets {got}.",
                    layer=layer.key,
                    expected=rank_text(port),
                    got=shape_text(x),
                ),
                rank_hint(port, x),
            )
    return None


def _ports(layer: Layer, count: int) -> list[Port]:
    ports = layer.inputs or (Port("x"),)
    return [port for port in ports for _ in range(count - len(ports) + 1 if port.many else 1)]


AXES = {
    1: "one value",
    2: "a row of features",
    3: "a sequence (steps, features)",
    4: "images (height, width, channels)",
    5: "volumes (3 axes and channels)",
}
"""What a batch of so many axes usually holds."""


def rank_text(port: Port) -> str:
    """What a port takes, in words."""
    return " or ".join(AXES[rank] for rank in port.ranks)


def rank_hint(port: Port, x: Shape) -> Message:
    """How to bring `x` to a rank that the port takes."""
    if len(x) > max(port.ranks):
        return Message("Put a Flatten, a GlobalAveragePooling2D or a Reshape before it.")
    return Message("Put a Reshape before it, for example to {example}.", example=EXAMPLES[min(port.ranks)])


EXAMPLES = {2: "(features,)", 3: "(steps, features)", 4: "(height, width, 1)", 5: "(depth, height, width, 1)"}
