"""How many axes an input has, held against what a port takes."""

from __future__ import annotations

from graph.layers.base import Layer, Port
from graph.message import Message
from graph.shapes import Refusal, Shape, Shapes, shape_text

AXES = {
    1: "one value",
    2: "a row of features",
    3: "a sequence (steps, features)",
    4: "images (height, width, channels)",
    5: "volumes (3 axes and channels)",
}
"""What a batch of so many axes usually holds."""

EXAMPLES = {2: "(features,)", 3: "(steps, features)", 4: "(height, width, 1)", 5: "(depth, height, width, 1)"}


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


def rank_text(port: Port) -> str:
    """What a port takes, in words."""
    return " or ".join(AXES[rank] for rank in port.ranks)


def rank_hint(port: Port, x: Shape) -> Message:
    """How to bring `x` to a rank that the port takes."""
    if len(x) > max(port.ranks):
        return Message("Put a Flatten, a GlobalAveragePooling2D or a Reshape before it.")
    return Message("Put a Reshape before it, for example to {example}.", example=EXAMPLES[min(port.ranks)])
