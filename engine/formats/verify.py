"""Holding a written file against the network it came from: the same samples through both, the outputs compared.

A format has a verifier where a program that runs its files can be had in Python. Where that program is not installed,
nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.extras import installed
from engine.formats.exporter import Work
from engine.kernel import Array
from engine.plan import Plan, compile
from engine.vocabulary import embeddings
from graph.message import Message

SAMPLES = 4
LARGEST = 1e-5
"""The largest difference that is the same, as a part of the largest output or as it is, whichever is more."""

Outputs = Mapping[str, Array]
Runner = Callable[[Path, Mapping[str, Array]], Outputs]


@dataclass(frozen=True)
class Verdict:
    """Whether a file says the same as the network, in a sentence."""

    same: bool
    text: Message


@dataclass(frozen=True)
class Verifier:
    """`run` puts samples, by the names of the entries, through a file and gives the results by their names.

    A single result may have any name.
    """

    program: str
    module: str
    run: Runner


verifiers: dict[str, Verifier] = {}


def verifier(format: str, program: str, module: str) -> Callable[[Runner], Runner]:
    """A decorator: this function runs files of `format` with `program`, which is the Python package `module`."""

    def decorate(run: Runner) -> Runner:
        verifiers[format] = Verifier(program, module, run)
        return run

    return decorate


def verify(format: str, path: Path, work: Work) -> Verdict | None:
    """What the program that reads `format` makes of `path`, or None where it is not installed or has no verifier."""
    chosen = verifiers.get(format)
    if chosen is None or work.weights is None or not installed(chosen.module):
        return None
    plan = compile(work.project.network, SAMPLES, facts=work.inference.facts, training=False)
    plan.parameters.load(work.weights)
    inputs = samples_for(plan)
    for name, x in inputs.items():
        np.copyto(plan.inputs[name], x)
    plan.forward()
    try:
        given = chosen.run(path, inputs)
    except Exception as error:  # whatever another program does with the file is a finding, not a failure of ours
        text = Message("{program} does not run the file: {reason}", program=chosen.program, reason=str(error)[:500])
        return Verdict(False, text)
    if len(given) == len(plan.outputs) == 1:
        given = dict(zip(plan.outputs, given.values(), strict=True))
    return compared(plan.outputs, given, chosen.program)


def compared(expected: Outputs, given: Outputs, program: str) -> Verdict:
    """The verdict on two sets of outputs."""
    missing = [name for name in expected if name not in given or given[name].shape != expected[name].shape]
    if missing:
        text = Message("{program} gives no output {name} of the right shape.", program=program, name=missing[0])
        return Verdict(False, text)
    largest = 0.0
    for name, y in expected.items():
        scale = max(1.0, float(np.abs(y).max(initial=0.0)))
        largest = max(largest, float(np.abs(given[name] - y).max(initial=0.0)) / scale)
    if not largest <= LARGEST:
        text = Message("{program} gives other predictions: they differ by {d:.1e}.", program=program, d=largest)
        return Verdict(False, text)
    return Verdict(True, Message("{program} gives the same predictions, to {d:.1e}.", program=program, d=largest))


def samples_for(plan: Plan, seed: int = 0) -> dict[str, Array]:
    """Random samples for every entry: whole numbers in range where an Embedding looks them up."""
    generator = np.random.default_rng(seed)
    words = embeddings(plan.inference)
    return {
        name: generator.integers(0, words[name], x.shape).astype(x.dtype)
        if name in words
        else generator.standard_normal(x.shape).astype(x.dtype)
        for name, x in plan.inputs.items()
    }
