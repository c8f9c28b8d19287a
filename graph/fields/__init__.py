"""The parameters of a declaration: what it writes for one, and what everything else reads of it.

A declaration writes `units: int = Int(default=64, min=1, doc="...")`. The specifier (`Int`) returns a dataclass field
that carries an `IntField`, and everything else reads that: the constructor parses with it, the inspector picks an
editor by it, a card prints with it, the project file stores what it returns.
"""

from graph.fields.kinds import (
    BoolField,
    ChoiceField,
    Field,
    FloatField,
    IntField,
    IntsField,
    ShapeField,
    TextField,
    limits_text,
    shortened,
)
from graph.fields.specifiers import Bool, Choice, Float, Int, Ints, Sizes, Text, fields_of

__all__ = [
    "Bool",
    "BoolField",
    "Choice",
    "ChoiceField",
    "Field",
    "Float",
    "FloatField",
    "Int",
    "IntField",
    "Ints",
    "IntsField",
    "ShapeField",
    "Sizes",
    "Text",
    "TextField",
    "fields_of",
    "limits_text",
    "shortened",
]
