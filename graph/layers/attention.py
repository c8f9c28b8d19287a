"""Layers that look things up: every query takes a mean of the values, weighed by how well their keys fit it.

Formulas: https://keras.io/api/layers/attention_layers/ (Bahdanau et al. 2015; Luong et al. 2015; Vaswani et al. 2017).
"""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import ClassVar

from graph.fields import Bool, Choice, Float, Int
from graph.fields.numbers import Numbers
from graph.layers.base import Layer, Port, Weight, Y, layer
from graph.layers.parameters import ConstraintName, InitializerName, RegularizerName, Seed
from graph.masks import PASSES_AND_READS, MaskRule
from graph.message import Message, plural
from graph.shapes import Refusal, Shape, Shapes, agree, shape_text

QUERY = Port("query", "What looks: (steps, features).", ranks=(3,))
VALUE = Port("value", "What is looked up: (steps, features).", ranks=(3,))
KEY = Port("key", "What the queries are held against; the values where nothing comes in.", ranks=(3,), optional=True)
IN_HEADS = tuple(replace(port, ranks=(3, 4, 5)) for port in (QUERY, VALUE, KEY))
"""What several heads take: steps along one axis or more."""
SCORES = Port("scores", "How much of every value each query takes.")


class Lookup(Layer):
    """What the layers of this family share: their ports, their causal mask, their scores given on."""

    inputs: ClassVar[tuple[Port, ...]] = (QUERY, VALUE, KEY)
    masking: ClassVar[MaskRule] = PASSES_AND_READS
    call_arguments: ClassVar[tuple[str, ...]] = ("use_causal_mask", "return_attention_scores")

    dropout: float = Float(
        default=0.0, min=0.0, below=1.0, doc="Share of the scores dropped while training.", kw_only=True
    )
    use_causal_mask: bool = Bool(
        default=False, doc="Whether a step sees only itself and the steps before it.", kw_only=True
    )
    return_attention_scores: bool = Bool(default=False, doc="Whether the scores are given on as well.", kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.return_attention_scores:
            object.__setattr__(self, "outputs", (Y, SCORES))

    def output_shapes(self, xs: Shapes) -> Shapes | Refusal:
        y = self.output(xs)
        return y if isinstance(y, Refusal) else (y, self.scores(xs))[: len(self.outputs)]

    def scores(self, xs: Shapes) -> Shape:
        """The shape of the scores."""
        return (xs[0][0], xs[0][1], xs[1][1])


def wrong_steps(xs: Shapes) -> Refusal | None:
    """Why keys and values cannot belong together."""
    value, key = xs[1], xs[-1]
    if None not in (value[1], key[1]) and value[1] != key[1]:
        return Refusal(
            Message("There are {n} values, but {m} keys.", n=value[1], m=key[1]),
            Message("Every value needs a key: give both the same number of steps."),
        )
    return None


class SameFeatures(Lookup):
    """A look-up whose queries and keys are held against each other as they are."""

    takes_list = True

    def output(self, xs: Shapes) -> Shape | Refusal:
        query, value, key = xs[0], xs[1], xs[-1]
        if query[-1] is None or key[-1] is None or value[-1] is None or query[-1] != key[-1]:
            return Refusal(
                Message(
                    "Queries of {query} and keys of {key} need the same number of features, and a known one.",
                    query=shape_text(query),
                    key=shape_text(key),
                ),
                Message("Put a Dense before one of them, or use MultiHeadAttention."),
            )
        return wrong_steps(xs) or (query[0], query[1], value[-1])

    def macs(self, xs: Shapes, y: Shape) -> int:
        return (xs[0][1] or 1) * (xs[1][1] or 1) * ((xs[0][-1] or 1) + (xs[1][-1] or 1))


@layer(category="Attention")
class Attention(SameFeatures):
    """Look values up by the product of queries and keys: softmax(query keyᵀ) value."""

    use_scale: bool = Bool(default=False, doc="Whether a factor of the scores is trained.")
    score_mode: str = Choice(
        default="dot",
        choices=("dot", "concat"),
        what="score mode",
        doc="dot: the product of query and key. concat: the sum of tanh(query + key).",
    )
    seed: int | None = Seed()

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        made = {"scale": Weight((), "ones")} if self.use_scale else {}
        return made | ({"concat_score_weight": Weight((), "ones")} if self.score_mode == "concat" else {})


@layer(category="Attention")
class AdditiveAttention(SameFeatures):
    """Look values up by the sum of queries and keys: softmax(sum scale tanh(query + key)) value."""

    use_scale: bool = Bool(default=True, doc="Whether a factor of every feature is trained.")

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        return {"scale": Weight((xs[0][-1] or 1,), "glorot_uniform")} if self.use_scale else {}


@layer(category="Attention")
class MultiHeadAttention(Lookup):
    """Look values up in several heads at once, each with queries, keys and values of its own."""

    inputs = IN_HEADS

    num_heads: int = Int(default=4, min=1, max=1024, show="value", doc="Number of heads.")
    key_dim: int = Int(default=32, min=1, max=65_536, show="value", doc="Features of a query and a key in every head.")
    value_dim: int | None = Int(
        default=None,
        optional=True,
        min=1,
        max=65_536,
        none_text="as key_dim",
        doc="Features of a value in every head.",
    )
    use_bias: bool = Bool(default=True, doc="Whether biases are added.")
    output_shape: int | None = Int(
        default=None,
        optional=True,
        min=1,
        max=65_536,
        none_text="as the query",
        doc="Number of features given on.",
    )
    attention_axes: tuple[int, ...] | None = Numbers(
        default=None,
        optional=True,
        whole=True,
        rising=True,
        min=1,
        max=3,
        none_text="all",
        doc="The axes whose places look at each other, the batch being 0; else all but batch and features.",
    )
    kernel_initializer: str = InitializerName("glorot_uniform", "How the weights begin.")
    bias_initializer: str = InitializerName("zeros", "How the biases begin.")
    kernel_regularizer: str | None = RegularizerName("the weights")
    bias_regularizer: str | None = RegularizerName("the biases")
    kernel_constraint: str | None = ConstraintName("the weights")
    bias_constraint: str | None = ConstraintName("the biases")
    seed: int | None = Seed()

    def output(self, xs: Shapes) -> Shape | Refusal:
        if any(x[-1] is None for x in xs):
            return Refusal(
                Message("The number of features is not known, so the weights have no size."),
                Message("State it in the Input node, such as (None, 128)."),
            )
        return self._wrong_axes(xs) or wrong_steps(xs) or (*xs[0][:-1], self.output_shape or xs[0][-1])

    def _wrong_axes(self, xs: Shapes) -> Refusal | None:
        """Why places cannot look at each other along these axes."""
        rank = len(xs[0])
        looked, rest = self.axes(rank), self.rest(rank)
        if looked[-1] > rank - 2 or (self.use_causal_mask and rank > 3):
            named = "use_causal_mask" if looked[-1] <= rank - 2 else "attention_axes"
            return Refusal(
                Message("{name} does not go with queries of {shape}.", name=named, shape=shape_text(xs[0])),
                Message("Axes lie between the batch and the features; only sequences have steps before others."),
                named,
                {named: self.parameters[named].default},
            )
        fits = len({len(x) for x in xs}) == 1
        fits = fits and all(agree(tuple(x[a] for a in rest), tuple(xs[0][a] for a in rest)) for x in xs[1:])
        if fits and agree(tuple(xs[1][a] for a in looked), tuple(xs[-1][a] for a in looked)):
            return None
        if fits and rank == 3:
            return wrong_steps(xs)
        return Refusal(
            Message("{shapes} do not fit each other.", shapes=" and ".join(shape_text(x) for x in xs)),
            Message("Values and keys have the same places, and as queries along axes that do not look at each other."),
        )

    def axes(self, rank: int) -> tuple[int, ...]:
        """The axes whose places look at each other."""
        return self.attention_axes or tuple(range(1, rank - 1))

    def rest(self, rank: int) -> tuple[int, ...]:
        """The axes along which every place is by itself, the batch first."""
        return tuple(axis for axis in range(rank - 1) if axis not in self.axes(rank))

    def scores(self, xs: Shapes) -> Shape:
        looked, rest = self.axes(len(xs[0])), self.rest(len(xs[0]))
        return (*(xs[0][a] for a in rest), self.num_heads, *(xs[0][a] for a in looked), *(xs[1][a] for a in looked))

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        features = {"query": xs[0][-1] or 1, "key": xs[-1][-1] or 1, "value": xs[1][-1] or 1}
        given = self.output_shape or features["query"]
        made: dict[str, Weight] = {}
        for name, size in features.items():
            head = (self.num_heads, (self.value_dim or self.key_dim) if name == "value" else self.key_dim)
            made |= self._pair(name, (size, *head), head)
        return made | self._pair("attention_output", (self.num_heads, self.value_dim or self.key_dim, given), (given,))

    def card(self, xs: Shapes | None) -> str:
        return f"{plural(self.num_heads, 'head')} of {self.key_dim}{' · causal' if self.use_causal_mask else ''}"

    def _pair(self, name: str, kernel: tuple[int, ...], bias: tuple[int, ...]) -> dict[str, Weight]:
        made = {f"{name}_kernel": self.weight("kernel", kernel)}
        return made | ({f"{name}_bias": self.weight("bias", bias)} if self.use_bias else {})

    def macs(self, xs: Shapes, y: Shape) -> int:
        looked, rest = self.axes(len(y)), self.rest(len(y))[1:]
        queries, values = (prod(x[a] or 1 for a in looked) for x in xs[:2])
        of_value = self.value_dim or self.key_dim
        one = (
            queries * (xs[0][-1] or 1) * self.key_dim
            + values * (xs[-1][-1] or 1) * self.key_dim
            + values * (xs[1][-1] or 1) * of_value
            + queries * values * (self.key_dim + of_value)
            + queries * of_value * (y[-1] or 1)
        )
        return self.num_heads * one * prod(y[a] or 1 for a in rest)
