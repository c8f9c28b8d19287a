"""Whether every number in the samples has a vector in the Embeddings that look it up."""

from __future__ import annotations

from collections.abc import Mapping

from engine.data import Prepared
from engine.plan import CannotCompile
from graph.inference import Inference
from graph.layers.core import Embedding
from graph.message import Message
from graph.problem import Problem


def embeddings(inference: Inference) -> dict[str, int]:
    """The entries whose samples go straight into Embeddings, with the size of the smallest of their vocabularies."""
    network, found = inference.network, {}
    for entry in inference.entries:
        readers = [entry, *(wire.target for wire in network.wiring.out_of.get(entry, ()))]
        layers = [network.layers[name] for name in readers if network.layers[entry].key == "Input" or name == entry]
        sizes = [layer.input_dim for layer in layers if isinstance(layer, Embedding)]
        if sizes:
            found[entry] = min(sizes)
    return found


def check_vocabulary(inference: Inference, looked_up: Mapping[str, int], prepared: Prepared) -> None:
    """Raise CannotCompile where the samples hold a number that an Embedding has no vector for."""
    problems = []
    for entry, vocabulary in looked_up.items():
        arrays = [part.inputs[inference.sources[entry]] for part in prepared.parts.values()]
        low = min(int(x.min()) for x in arrays if x.size)
        high = max(int(x.max()) for x in arrays if x.size)
        if low < 0 or high >= vocabulary:
            text = Message(
                "The data has numbers from {low:,} to {high:,}, but the Embedding takes 0 to {most:,}.",
                low=low,
                high=high,
                most=vocabulary - 1,
            )
            problems.append(Problem(entry, text, Message("Set input_dim to at least {n:,}.", n=high + 1)))
    if problems:
        raise CannotCompile(tuple(problems))
