"""Layers that hold a layer: one for every step of a sequence, and one for each direction.

Shapes and formulas: https://keras.io/api/layers/recurrent_layers/ (Schuster and Paliwal 1997).
"""

from __future__ import annotations

from dataclasses import replace

from graph.declare import ParameterError
from graph.fields import Choice
from graph.fields.inner import Inner
from graph.layers.base import Layer, Port, Weight, Y, layer, layers
from graph.layers.core import Dense
from graph.layers.normalization import BatchNormalization
from graph.layers.recurrent import LSTM
from graph.layers.regularization import Dropout
from graph.masks import PASSES, PASSES_AND_READS_STEPS, READS_STEPS, MaskRule
from graph.message import Message
from graph.ranks import wrong_rank
from graph.shapes import Refusal, Shape, Shapes, shape_text

MERGES = ("concat", "sum", "mul", "ave")
STATED = ("input_shape", "input_dim", "input_length", "batch_size")
FORWARD, BACKWARD = "forward_", "backward_"


def simple() -> tuple[str, ...]:
    """The layers with one input and one output. An Embedding takes sequences by itself."""
    return tuple(cls.key for cls in layers if _is_simple(cls) and cls.category != "Input & output")


def _is_simple(cls: type[Layer]) -> bool:
    needed = [port for port in cls.inputs if not port.optional]
    return len(needed) == 1 and not needed[0].many and len(cls.outputs) == 1 and cls.key != "Embedding"


def with_memory() -> tuple[str, ...]:
    """The layers that read a sequence step by step."""
    return tuple(cls.key for cls in layers if "go_backwards" in cls.parameters)


def mixes_samples(inner: Layer) -> bool:
    """Whether a sample's result depends on the others of its batch while training, so that steps must stay apart."""
    if isinstance(inner, TimeDistributed):
        return mixes_samples(inner.layer)
    return isinstance(inner, BatchNormalization) or (isinstance(inner, Dropout) and inner.noise_shape is not None)


def no_stated_input(outer: Layer, name: str, inner: Layer) -> None:
    """Raise ParameterError where a layer inside of another states what comes in: that is for the outer one."""
    for stated in STATED:
        if getattr(inner, stated) is not None:
            text = Message("expected nothing, received {value}: state it outside", value=getattr(inner, stated))
            raise ParameterError(outer.key, f"{name}.{stated}", text)


def taken(inner: Layer, xs: Shapes, parameter: str) -> Shapes | Refusal:
    """What the layer in a parameter gives for these inputs, or why it cannot take them."""
    ys = wrong_rank(inner, xs) or inner.output_shapes(xs)
    if not isinstance(ys, Refusal):
        return ys
    mended = bool(ys.changes) and inner.allows(**ys.changes)
    changes: dict[str, object] = {parameter: inner.with_(**ys.changes)} if mended else {}
    return Refusal(ys.text, ys.hint, parameter, changes)


def held(inner: Layer, xs: Shapes, prefix: str = "") -> dict[str, Weight]:
    """The weights of a layer inside of another, by their names there."""
    weights = inner.weights(xs)
    return {prefix + name: replace(w, trainable=w.trainable and inner.trainable) for name, w in weights.items()}


@layer(category="Recurrent")
class TimeDistributed(Layer):
    """Apply a layer to every step of a sequence, with the same weights."""

    inputs = (Port("x", "A sequence of whatever the layer inside takes: (steps, ...)."),)

    masking = PASSES

    layer: Layer = Inner(
        default=Dense(),
        registry=layers,
        choices=simple,
        what="a layer with one input and one output",
        doc="The layer that every step goes through.",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        no_stated_input(self, "layer", self.layer)

    @property
    def activation_behind(self) -> str:
        return self.layer.activation_behind

    def output(self, xs: Shapes) -> Shape | Refusal:
        if len(xs[0]) < 3:
            return Refusal(
                Message("{layer} takes a sequence, but gets {got}.", layer=self.key, got=shape_text(xs[0])),
                Message("Use {layer} itself, or put a Reshape before it.", layer=self.layer.key),
            )
        if len(self.layer.outputs) > 1:
            return Refusal(
                Message("The layer inside has {n} outputs, but one can be given on.", n=len(self.layer.outputs)),
                Message("Turn its further outputs off."),
                "layer",
                {"layer": self.layer.with_(return_state=False)} if "return_state" in self.layer.parameters else {},
            )
        if self.layer.config().get("stateful"):
            return Refusal(
                Message("A layer at every step cannot carry states from batch to batch."),
                Message("Turn stateful off inside."),
                "layer",
                {"layer": self.layer.with_(stateful=False)},
            )
        ys = taken(self.layer, (_step(xs[0]),), "layer")
        return ys if isinstance(ys, Refusal) else (ys[0][0], xs[0][1], *ys[0][1:])

    def inside(self, xs: Shapes) -> dict[str, Shapes]:
        return {"layer": (_step(xs[0]),)}

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        return held(self.layer, (_step(xs[0]),))

    def macs(self, xs: Shapes, y: Shape) -> int:
        return (xs[0][1] or 1) * self.layer.macs((_step(xs[0]),), _step(y))


def _step(x: Shape) -> Shape:
    return (x[0], *x[2:])


@layer(category="Recurrent")
class Bidirectional(Layer):
    """Read a sequence in both directions, each with weights of its own, and join what they give."""

    layer: Layer = Inner(
        default=LSTM(),
        registry=layers,
        choices=with_memory,
        what="a layer with memory",
        doc="The layer that reads forwards.",
    )
    merge_mode: str | None = Choice(
        default="concat",
        choices=MERGES,
        optional=True,
        none_text="not joined",
        doc="How the two results are joined: side by side, added, multiplied, their mean, or given on as two outputs.",
    )
    backward_layer: Layer | None = Inner(
        default=None,
        optional=True,
        none_text="the same, backwards",
        registry=layers,
        choices=with_memory,
        what="a layer with memory",
        doc="The layer that reads backwards, where it is another one.",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        no_stated_input(self, "layer", self.layer)
        if self.backward_layer is not None:
            no_stated_input(self, "backward_layer", self.backward_layer)
        first, second = self.layer, self.backwards
        two = () if self.merge_mode is not None else (SECOND,)
        inputs = (first.inputs[0], *_named(FORWARD, first.inputs[1:]), *_named(BACKWARD, second.inputs[1:]))
        outputs = (Y, *two, *_named(FORWARD, first.outputs[1:]), *_named(BACKWARD, second.outputs[1:]))
        object.__setattr__(self, "inputs", inputs)
        object.__setattr__(self, "outputs", outputs)

    @property
    def backwards(self) -> Layer:
        """The layer that reads backwards."""
        return self.layer.with_(go_backwards=True) if self.backward_layer is None else self.backward_layer

    @property
    def penalty(self) -> str | None:
        return self.layer.penalty

    @property
    def mask_rule(self) -> MaskRule:
        return PASSES_AND_READS_STEPS if self.layer.config()["return_sequences"] else READS_STEPS

    def parts(self, xs: Shapes) -> tuple[Shapes, Shapes]:
        """The inputs of each direction: the sequence, and its first states where there are any."""
        first = len(self.layer.inputs) - 1
        return (xs[0], *xs[1 : 1 + first]), (xs[0], *xs[1 + first :])

    def output_shapes(self, xs: Shapes) -> Shapes | Refusal:
        refused = self._unlike() or self._unlike_states(xs[1:])
        if refused is not None:
            return refused
        forward, backward = self.parts(xs)
        first = taken(self.layer, forward, "layer")
        if isinstance(first, Refusal):
            return first
        second = taken(self.backwards, backward, "backward_layer" if self.backward_layer else "layer")
        if isinstance(second, Refusal):
            return second
        if first[0] != second[0]:
            return Refusal(
                Message(
                    "The two directions give {one} and {other}.", one=shape_text(first[0]), other=shape_text(second[0])
                ),
                Message("Give both layers the same size."),
                "backward_layer",
                {"backward_layer": None},
            )
        return (*self._joined(first[0]), *first[1:], *second[1:])

    def _joined(self, y: Shape) -> Shapes:
        if self.merge_mode is None:
            return (y, y)
        return ((*y[:-1], None if y[-1] is None else 2 * y[-1]) if self.merge_mode == "concat" else y,)

    def _unlike(self) -> Refusal | None:
        """Why the two layers do not belong together."""
        first, second = self.layer.config(), self.backwards.config()
        if first["go_backwards"] == second["go_backwards"]:
            wrong = "layer" if self.backward_layer is None else "backward_layer"
            other = getattr(self, wrong).with_(go_backwards=not first["go_backwards"])
            return Refusal(
                Message("Both layers read in the same direction."),
                Message("One of them must have go_backwards, the other not."),
                wrong,
                {wrong: other},
            )
        unlike = [name for name in SHARED if first.get(name) != second.get(name)]
        if unlike:
            return Refusal(
                Message("The two layers differ in {name}.", name=unlike[0]),
                Message("Give both the same."),
                "backward_layer",
                {"backward_layer": self.backwards.with_(**{name: first[name] for name in unlike})},
            )
        return self._joined_penalty()

    def _joined_penalty(self) -> Refusal | None:
        """A refusal where the penalty of what is given on is not that of both directions, as Keras has it."""
        penalty = self.penalty
        if penalty is None or (self.merge_mode in ("concat", None) and not penalty.startswith("orthogonal")):
            return None
        directions = ["layer"] + (["backward_layer"] if self.backward_layer is not None else [])
        return Refusal(
            Message("The activity_regularizer {penalty} cannot be told of joined directions.", penalty=penalty),
            Message("Put an ActivityRegularization behind this layer instead."),
            "layer",
            {name: getattr(self, name).with_(activity_regularizer=None) for name in directions},
        )

    def _unlike_states(self, states: Shapes) -> Refusal | None:
        """Why the states of the two layers do not belong together, or the first ones cannot be these."""
        if len(self.layer.inputs) != len(self.backwards.inputs) and (states or len(self.outputs) > 2):
            return Refusal(
                Message("The two layers have different states."),
                Message("Use the same type for both."),
                "backward_layer",
                {"backward_layer": None},
            )
        if len(states) in (0, len(self.inputs) - 1):
            return None
        return Refusal(
            Message(
                "{layer} takes {n} first states together, but has {got}.",
                layer=self.key,
                n=len(self.inputs) - 1,
                got=len(states),
            ),
            Message("Wire the others as well, or remove them: without any, they begin at 0."),
        )

    def inside(self, xs: Shapes) -> dict[str, Shapes]:
        forward, backward = self.parts(xs)
        return {"layer": forward, "backward_layer": backward}

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        forward, backward = self.parts(xs)
        return held(self.layer, forward, FORWARD) | held(self.backwards, backward, BACKWARD)

    def macs(self, xs: Shapes, y: Shape) -> int:
        forward, backward = self.parts(xs)
        return self.layer.macs(forward, y) + self.backwards.macs(backward, y)


SECOND = Port("backward", "What the layer that reads backwards gives on.")
SHARED = ("return_sequences", "return_state", "stateful", "activity_regularizer")
"""The parameters that both directions have alike."""


def _named(prefix: str, ports: tuple[Port, ...]) -> tuple[Port, ...]:
    return tuple(replace(port, name=prefix + port.name) for port in ports)
