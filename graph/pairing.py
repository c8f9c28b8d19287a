"""Which part of the data goes to which end of the network.

One goes to one, whatever the names; several go by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from graph import edits
from graph.inference import Inference
from graph.message import Message
from graph.names import wrong_name
from graph.problem import Fix, Problem


@dataclass(frozen=True)
class Pairing:
    """The data's input of each entry, and its target of each result; problems where a result has none."""

    inputs: Mapping[str, str]
    targets: Mapping[str, str]
    problems: tuple[Problem, ...] = ()


def pair(inference: Inference) -> Pairing:
    """Pair a network with the data it was checked against; without data, nothing is paired and nothing wrong."""
    if inference.facts is None:
        return Pairing({}, {})
    results, names = inference.results, list(inference.facts.targets)
    targets = matched(results, names)
    if results and not names:
        text = Message("The data has no target to learn.")
        return Pairing(inference.sources, targets, (Problem(None, text, Message("Choose a target column.")),))
    spare = [name for name in names if name not in targets.values()]
    problems = [_no_target(result, names, spare, inference) for result in results if result not in targets]
    return Pairing(inference.sources, targets, tuple(problems))


def matched(ends: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """The name that goes to each end of the network: one to one whatever they are called, several by name."""
    if len(ends) == 1 and len(names) == 1:
        return {ends[0]: names[0]}
    known = set(names)
    return {end: end for end in ends if end in known}


def _no_target(result: str, names: Sequence[str], spare: Sequence[str], inference: Inference) -> Problem:
    free = [name for name in spare if name not in inference.network.layers and wrong_name(name) is None]
    return Problem(
        result,
        Message(
            "The data has no target for the result {result}; it has {names}.", result=result, names=", ".join(names)
        ),
        Message("Wire it on, delete it, or rename it after a target of the data."),
        fixes=tuple(
            Fix(Message("Rename it to {name}", name=name), partial(edits.rename, old=result, new=name))
            for name in free[:3]
        ),
    )
