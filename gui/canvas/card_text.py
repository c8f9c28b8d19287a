"""What a card says: title, details, output shape and parameter count."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from graph.infer import Inferred
from graph.layers.base import Layer
from graph.layers.placeholder import Placeholder
from graph.names import snake
from graph.shapes import shape_text
from gui.figures import short


@dataclass(frozen=True, slots=True)
class CardText:
    """The words of one card. `shape` and `count` are empty where they are not known."""

    title: str
    details: str
    shape: str
    count: str


def card_text(name: str, layer: Layer, inferred: Inferred) -> CardText:
    """The words for a layer. Its type is the title while its name is the automatic one."""
    kind = layer.type_name if isinstance(layer, Placeholder) else layer.key
    said = layer.card(inferred.inputs or None)
    if said == kind:
        said = ""
    named = not is_automatic(name, layer)
    endpoint = not said and not named
    details = " · ".join(part for part in (kind if named else "", name if endpoint else said) if part)
    shape = ", ".join(shape_text(one) for one in inferred.outputs) if inferred.outputs else ""
    return CardText(name if named else kind, details, shape, short(inferred.parameters) if inferred.parameters else "")


def is_automatic(name: str, layer: Layer) -> bool:
    """Whether nobody chose this name: `conv2d` or `conv2d_1` for a Conv2D."""
    automatic = _automatic_name(layer.key)
    return name == automatic or (name.startswith(f"{automatic}_") and name[len(automatic) + 1 :].isdecimal())


_automatic_name = cache(snake)
