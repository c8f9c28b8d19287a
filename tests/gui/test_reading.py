"""What is typed is read as a person means it, and every value can be typed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.fields import FloatField, IntField, IntsField, ShapeField, TextField
from graph.fields.numbers import NumbersField
from graph.fields.pairs import PairsField
from gui.inspector.reading import read, written

WHOLE = IntField(default=1, doc="", min=1, max=65_536)
MAYBE = IntField(default=None, doc="", optional=True)
PART = FloatField(default=0.5, doc="", min=0.0, below=1.0)
PAIR = IntsField(default=(1, 1), doc="", count=2)
PAIRS = PairsField(default=((1, 1), (1, 1)), doc="", count=2, min=0)
SHAPE = ShapeField(default=None, doc="", optional=True, unknown=True)
TARGET = ShapeField(default=(-1,), doc="", inferred=True)
TEXT = TextField(default="", doc="")
RATES = NumbersField(default=(1.0,), doc="")


@pytest.mark.parametrize(
    ("field", "typed", "meant"),
    [
        (WHOLE, "32", 32),
        (WHOLE, " 1,024 ", 1024),
        (WHOLE, "1e3", 1000),
        (MAYBE, "", None),
        (PART, "0.25", 0.25),
        (PART, ".5", 0.5),
        (PAIR, "3", (3, 3)),
        (PAIR, "3 × 5", (3, 5)),
        (PAIR, "3x5", (3, 5)),
        (PAIR, "3, 5", (3, 5)),
        (PAIR, "(3, 5)", (3, 5)),
        (PAIR, "3 5", (3, 5)),
        (PAIRS, "2", ((2, 2), (2, 2))),
        (PAIRS, "2 × 3", ((2, 2), (3, 3))),
        (PAIRS, "1, 2, 3, 4", ((1, 2), (3, 4))),
        (SHAPE, "(784,)", (784,)),
        (SHAPE, "28×28×1", (28, 28, 1)),
        (SHAPE, "None, 16", (None, 16)),
        (SHAPE, "? × 16", (None, 16)),
        (SHAPE, "", None),
        (TARGET, "-1, 4", (-1, 4)),
        (TEXT, "a b", "a b"),
        (RATES, "0.1, 1e-3", (0.1, 0.001)),
        (RATES, "(0.5,)", (0.5,)),
    ],
)
def test_typed_text_is_read(field: Any, typed: str, meant: Any) -> None:
    assert read(field, typed) == meant


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        (WHOLE, "", "a whole number from 1 to 65,536"),
        (WHOLE, "0", "a whole number from 1 to 65,536"),
        (WHOLE, "many", "a whole number from 1 to 65,536"),
        (WHOLE, "9" * 400, "a whole number from 1 to 65,536"),
        (PART, "1", "a number"),
        (PART, "nan", "a number"),
        (PAIR, "3 × 3 × 3", "2 whole numbers"),
        (PAIR, "", "2 whole numbers"),
        (SHAPE, "8 × 0", "sizes without the batch"),
    ],
)
def test_what_cannot_be_says_what_is_expected(field: Any, typed: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read(field, typed)


@given(st.integers(1, 65_536))
def test_whole_numbers_round_trip(value: int) -> None:
    assert read(WHOLE, written(WHOLE, value)) == value


@given(st.floats(0.0, 1.0, exclude_max=True))
def test_numbers_round_trip(value: float) -> None:
    assert read(PART, written(PART, value)) == value


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=2))
def test_pairs_round_trip(value: list[int]) -> None:
    assert read(PAIR, written(PAIR, tuple(value))) == tuple(value)


@given(st.none() | st.lists(st.none() | st.integers(1, 10**6), min_size=1, max_size=8))
def test_shapes_round_trip(value: list[int | None] | None) -> None:
    shape = None if value is None else tuple(value)
    assert read(SHAPE, written(SHAPE, shape)) == shape
