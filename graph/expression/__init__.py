"""The expressions of a Lambda: read, given shapes, and never run as Python.

`parse` makes a tree of a text, `shape_of` says the shape of its value. What a tree computes, and its slope, is in
`engine.kernels.lambda_layer`; what it is in Keras, in `engine.formats.keras_functions`.
"""

from graph.expression.parse import parse
from graph.expression.shapes import shape_of, shapes_of
from graph.expression.tokens import ExpressionError
from graph.expression.tree import Call, Input, Node, Number, Part, Range, Reduce

__all__ = [
    "Call",
    "ExpressionError",
    "Input",
    "Node",
    "Number",
    "Part",
    "Range",
    "Reduce",
    "parse",
    "shape_of",
    "shapes_of",
]
