"""Single layers and their neighbours: what is legal there and probably wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from graph import edits
from graph.inference import Inference
from graph.layers.activation import Activation
from graph.layers.core import Embedding
from graph.layers.reshape import Flatten
from graph.lints import fixes
from graph.lints.tail import tail_of
from graph.message import Message
from graph.problem import Fix, Problem, Severity

SQUASHING = ("sigmoid", "tanh")
LONGEST_STACK = 3
"""So many squashing layers in a row still learn; more starve the first ones of gradient (Glorot and Bengio 2010)."""
CARRYING = ("Reshape", "Pooling", "Regularization")
"""Categories whose layers stand between others without helping the gradient."""
WHOLE = ("Input", "Output", "Identity", "Flatten", "Reshape", "Permute", "RepeatVector", "Cropping1D", "Concatenate")
"""Layers that leave whole numbers whole."""


def lint_layers(inference: Inference) -> Iterator[Problem]:
    """The lints of single layers, in order, and of the stacks they form."""
    squashing = 0
    for name, layer in inference.network.layers.items():
        rule = RULES.get(type(layer))
        if rule is not None and inference.layers[name].outputs is not None:
            yield from rule(name, inference)
        squashing += layer.activation_behind in SQUASHING
    if squashing > LONGEST_STACK:
        yield from _starved(inference)


def _embedding(name: str, inference: Inference) -> Iterator[Problem]:
    layer = inference.network.layers[name]
    size = getattr(layer, "input_dim", 0)
    entries, counting = _origin(name, inference)
    if counting is not None:
        text = Message("Embedding takes whole numbers, but {layer} gives fractions.", layer=counting)
        yield _warning(name, text, Message("Put the Embedding first, right behind the data."))
        return
    facts = inference.facts
    if facts is None or not any(entry in inference.sources for entry in entries):
        return
    if facts.vocabulary is None:
        text = Message("Embedding takes whole numbers, but the data holds fractions.")
        yield _warning(name, text, Message("Use a Dense instead, or choose data of whole numbers."))
    elif facts.vocabulary > size:
        text = Message("The data counts up to {n:,}, but input_dim is {size:,}.", n=facts.vocabulary - 1, size=size)
        changes = {"input_dim": facts.vocabulary}
        fix = Fix(
            Message("Set input_dim to {n:,}", n=facts.vocabulary),
            partial(edits.set_parameters, name=name, changes=changes),
        )
        hint = Message("input_dim is the largest number plus one.")
        yield Problem(name, text, hint, parameter="input_dim", fixes=(fix,))


def _origin(name: str, inference: Inference) -> tuple[list[str], str | None]:
    """The entries that a layer's numbers come from, and the type of a layer on the way that makes fractions of them."""
    into, layers = inference.network.wiring.into, inference.network.layers
    entries: list[str] = []
    seen = {name}
    waiting = [name]
    while waiting:
        at = waiting.pop()
        if at != name and layers[at].key not in WHOLE:
            return entries, layers[at].key
        if at not in into:
            entries.append(at)
        waiting += [wire.source for wire in into.get(at, ()) if wire.source not in seen]
        seen.update(waiting)
    return entries, None


def _flatten(name: str, inference: Inference) -> Iterator[Problem]:
    inferred = inference.layers[name]
    if inferred.outputs is not None and inferred.outputs[0][-1] is None:
        text = Message("The length of the sequence is not known, so Flatten gives rows of any length.")
        hint = Message("State input_length or the shape of the Input, or use global pooling instead.")
        yield _warning(name, text, hint)


def _activation(name: str, inference: Inference) -> Iterator[Problem]:
    network = inference.network
    wires = network.wiring.into.get(name, ())
    if not wires:
        return
    own = network.layers[name].activation_behind
    before = network.layers[wires[0].source].activation_behind
    if own == before != "linear":
        text = Message("{activation} is applied twice in a row.", activation=own)
        hint = Message("The layer before applies it already.")
        yield _warning(name, text, hint, fixes.remove(name))


RULES: dict[type, Callable[[str, Inference], Iterator[Problem]]] = {
    Embedding: _embedding,
    Flatten: _flatten,
    Activation: _activation,
}


def _starved(inference: Inference) -> Iterator[Problem]:
    """One warning for every stack of squashing layers that is too long, on its last layer."""
    network = inference.network
    ends = {tail_of(inference, result).activated for result in inference.results}
    depth: dict[str | None, int] = {None: 0}
    below: dict[str, str | None] = {}
    reached: dict[str, str | None] = {}
    for name in network.order:
        layer = network.layers[name]
        sources = [reached.get(wire.source) for wire in network.wiring.into.get(name, ())]
        deepest = max(sources, key=depth.__getitem__, default=None)
        if layer.activation_behind in SQUASHING and "activation" in layer.parameters and name not in ends:
            depth[name], below[name], reached[name] = depth[deepest] + 1, deepest, name
        elif layer.category in CARRYING:
            reached[name] = deepest
    continued = set(below.values())
    for name in below:
        if depth[name] > LONGEST_STACK and name not in continued:
            stack = [name]
            while (lower := below[stack[-1]]) is not None:
                stack.append(lower)
            yield _starving(name, stack[::-1])


def _starving(name: str, stack: list[str]) -> Problem:
    text = Message("{n} layers with sigmoid or tanh in a row starve the early ones of gradient.", n=len(stack))
    hint = Message("Use relu in the hidden layers, or put a BatchNormalization between them.")
    fix = fixes.set_all(Message("Use relu in all {n}", n=len(stack)), {n: {"activation": "relu"} for n in stack})
    return _warning(name, text, hint, fix)


def _warning(name: str, text: Message, hint: Message, *mend: Fix) -> Problem:
    return Problem(name, text, hint, Severity.WARNING, fixes=mend)
