"""The network as a figure for papers: feature maps as boxes in proportion, without a window.

`blocks` says what is drawn, `fold` draws a repeated part once, `solids` and `labels` say how one block looks, `place`
where it stands, and `compose` puts it together as a `Drawing`, which `svg` writes.
"""

from graph.figure.compose import figure
from graph.figure.drawing import Drawing
from graph.figure.svg import to_svg

__all__ = ["Drawing", "figure", "to_svg"]
