"""Expressions: what is read, what shape it has, what is refused and with which words."""

from __future__ import annotations

import time
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.declare import ParameterError
from graph.expression import Call, ExpressionError, Input, Node, Number, Part, Range, Reduce, parse, shape_of
from graph.layers.lambda_layer import Lambda
from graph.shapes import Refusal, Shape
from tests.helpers.strategies import expressions

X = Input(0)


def call(operation: str, *given: Node | float) -> Call:
    return Call(operation, tuple(Number(one) if isinstance(one, int | float) else one for one in given))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("x", X),
        ("x0", X),
        ("x2", Input(2)),
        ("x + 1 * x", call("add", X, call("multiply", 1.0, X))),
        ("x - 1 - 2", call("subtract", call("subtract", X, 1.0), 2.0)),
        ("-x ** 2", call("negative", call("square", X))),
        ("-x ** 3", call("negative", call("power", X, 3.0))),
        ("2 ** -x", call("power", 2.0, call("negative", X))),
        ("x ** 2 ** 3", call("power", X, 8.0)),
        ("-x * x", call("multiply", call("negative", X), X)),
        ("x > 1 + 1", call("greater", X, 2.0)),
        ("max(x, 1, 2)", call("maximum", call("maximum", X, 1.0), 2.0)),
        ("max(x)", Reduce("max", X)),
        ("mean(x, axis=-1, keepdims=True)", Reduce("mean", X, (-1,), True)),
        ("sum(x, axis=(1, 2))", Reduce("sum", X, (1, 2))),
        ("x[:, 0, 1:-1, ::2]", Part(X, (Range(), 0, Range(1, -1), Range(None, None, 2)))),
        ("x[..., -1]", Part(X, (..., -1))),
        ("1.5e1 * .5 + x", call("add", 7.5, X)),
    ],
)
def test_texts_are_read_as_python_reads_them(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Column 1: There is nothing here. Write an expression, such as x ** 2."),
        ("x +", "Column 4: expected a value, received the end."),
        ("x x", "Column 3: expected an operator or the end, received 'x'."),
        ("x = 2", "Column 3: expected an operator or the end, received '='. Values are compared with ==."),
        ("2 * sine(x)", "Column 5: There is no function named 'sine'. Did you mean 'sin'?"),
        ("x * y", "Column 5: There is no value named 'y'. Inputs are x, or x0, x1 and so on."),
        ("tanh", "Column 1: tanh needs its value in brackets. Write tanh(x)."),
        ("exp(x, x)", "Column 1: exp takes 1 value, but has 2. Write exp(x)."),
        ("where(x)", "Column 1: where takes 3 values, but has 1. Write where(c, a, b)."),
        ("mean(x, dim=1)", "Column 9: mean takes no dim here. Write mean(x, axis=1)."),
        ("x ^ 2", "Column 3: '^' has no meaning here. A power is written **."),
        ("0 < x < 1", "Column 7: Comparisons do not follow each other. Multiply them: (0 < x) * (x < 1)."),
        ("max(x, 0, axis=1)", "Column 1: max of several values has no axis."),
        ("x[]", "Column 3: expected a place, such as 0, 1:3 or :, received ']'."),
        ("x[:, ::0]", "Column 8: A step is at least 1."),
        ("x * (1 / 0)", "Column 8: This has no finite value."),
        ("sqrt(-1) * x", "Column 1: This has no finite value."),
    ],
)
def test_a_wrong_text_is_answered_with_its_column(text: str, said: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "x.__class__.__bases__",
        "(lambda: x)()",
        "[x for x in x]",
        "open(x)",
        "exec(x)",
        "globals()",
        "x if x else x",
        "x; x",
        "x\n.real",
        "f'{x}'",
        "9 ** 9 ** 9 ** 9 * x",
        "9" * 999,
        "1e999 + x",
        "(" * 999,
        "[" * 999,
        "-" * 998 + "x",
        "exp(" * 240 + "x" + ")" * 39,
        "x" + "+x" * 499,
        "x" * 999,
        "x[" + "0," * 480 + "0]" + "]",
        "x" + "**2" * 300,
        "x[" + "9" * 400 + "]",
        "\0",
        "x\u2028+ x\ud800",
        "ｘ",
    ],
)
def test_hostile_texts_are_refused_at_once(text: str) -> None:
    began = time.perf_counter()
    with pytest.raises(ExpressionError):
        parse(text)
    assert isinstance(Lambda(text).output(((None, 3),)), Refusal)
    assert time.perf_counter() - began < 0.2


def test_a_text_that_is_too_long_is_no_expression() -> None:
    with pytest.raises(ParameterError, match="at most 1000 characters"):
        Lambda("x" * 1001)
    with pytest.raises(ExpressionError):
        parse("x" * 1001)


@given(st.text("x0123456789.+-*/<>=!()[]:, axis=meanexplogwhere_", max_size=40) | st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ExpressionError):
        shape_of(parse(text), ((None, 3, 4),))


@pytest.mark.parametrize(
    ("text", "xs", "shape"),
    [
        ("x * 2", ((None, 3),), (None, 3)),
        ("x0 + x1", ((None, 3, 4), (None, 1, 4)), (None, 3, 4)),
        ("x0 + x1", ((None, None, 4), (None, 5, 1)), (None, 5, 4)),
        ("x[:, 10:-1:3]", ((None, 21),), (None, 4)),
        ("x[:, 1:]", ((None, 10**400),), (None, 10**400 - 1)),
        ("x0 + x1", ((None, None, 4), (None, 1, 4)), (None, None, 4)),
        ("mean(x)", ((None, 3, 4),), (None,)),
        ("mean(x, axis=1)", ((None, 3, 4),), (None, 4)),
        ("mean(x, axis=1, keepdims=True)", ((None, None, 4),), (None, 1, 4)),
        ("x[:, 1:]", ((None, 5),), (None, 4)),
        ("x[:, 1:]", ((None, None),), (None, None)),
        ("x[..., 0]", ((None, 5, 3),), (None, 5)),
        ("where(x > 0, 1, 2)", ((None, 5),), (None, 5)),
    ],
)
def test_shapes(text: str, xs: tuple[Shape, ...], shape: Shape) -> None:
    assert shape_of(parse(text), xs) == shape


@pytest.mark.parametrize(
    ("text", "xs", "said", "hint"),
    [
        ("x - mean(x, axis=1)", ((None, 3, 4),), "Column 3: 3×4 and 4 have different numbers of axes.", "keepdims"),
        ("x0 + x1", ((None, 3), (None, 4)), "Column 4: 3 and 4 have different sizes.", "one of them is 1"),
        ("x0 * x1", ((None, 3),), "Column 6: x1 is not wired: there is 1 input.", "counted from 0"),
        ("mean(x, axis=0)", ((None, 3),), "Column 1: axis 0 is not an axis of a sample, which has 1.", "batch as 0"),
        ("mean(x, axis=(1, -1))", ((None, 3),), "Column 1: An axis is named twice.", "Change"),
        ("x[0]", ((None, 3),), "Column 2: The first axis is the batch, which cannot be cut.", "x[:, 0]"),
        ("x[:, 3]", ((None, 3),), "Column 2: There is no place 3: axis 1 has 3.", "from 0"),
        ("x[:, 2:1]", ((None, 3),), "Column 2: Nothing is left of axis 1, which has 3.", "Change"),
        ("x[:, 0, 0]", ((None, 3),), "Column 2: 3 axes are named, but there are 2.", "Change"),
        ("1 + 2", ((None, 3),), "Column 1: This uses no input.", "Write x"),
        ("2 * sine(x)", ((None, 3),), "Column 5: There is no function named 'sine'.", "Did you mean 'sin'?"),
    ],
)
def test_a_layer_refuses_what_is_wrong_or_has_no_shape(text: str, xs: tuple[Shape, ...], said: str, hint: str) -> None:
    refused = Lambda(text).output(xs)
    assert isinstance(refused, Refusal)
    assert refused.parameter == "function"
    assert refused.text.startswith(said)
    assert hint in refused.hint


@given(expressions(2), st.sampled_from([(2, 3), (2, 3, 4), (2, 1, 4)]))
def test_the_shape_is_that_of_numpy(text: str, x: tuple[int, ...]) -> None:
    words = {name: getattr(np, name) for name in ("exp", "log", "sqrt", "square", "tanh", "abs", "sin", "cos", "where")}
    words |= {"mean": np.mean, "sum": np.sum, "sigmoid": lambda x: 1 / (1 + np.exp(-x))}

    def extreme(function: np.ufunc) -> object:
        def picked(*xs: object, axis: int = 0, keepdims: bool = False) -> object:
            if len(xs) == 1:
                return function.reduce(xs[0], axis=axis, keepdims=keepdims)
            return function(xs[0], xs[1] if len(xs) == 2 else function(xs[1], xs[2]))

        return picked

    words |= {"max": extreme(np.maximum), "min": extreme(np.minimum)}
    array = np.full(x, 0.5)
    expected = eval(text, words | {"x": array, "x0": array, "x1": array})
    assert shape_of(parse(text), (x, x)) == expected.shape
