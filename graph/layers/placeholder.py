"""A layer that a file names and this program does not know, or whose parameters it cannot take.

It keeps everything that was said of it, stands on the canvas with its problem, and is written back unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from graph.layers.base import Layer
from graph.message import Message
from graph.shapes import Refusal, Shape, Shapes


class Placeholder(Layer):
    """Stand in for a layer that is not understood."""

    type_name: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    """The whole entry of the file, but for the name."""
    reason: Message = Message("This layer is not understood.")
    mended: Layer | None = None
    """The layer that was probably meant."""

    def output(self, xs: Shapes) -> Shape | Refusal:
        return Refusal(self.reason, Message("Replace it by a layer from the palette, or delete it."))

    def card(self, xs: Shapes | None) -> str:
        return "not understood"
