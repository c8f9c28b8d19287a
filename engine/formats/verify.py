"""Holding a written file against the network it came from: the same samples through both, the outputs compared.

A format has a verifier where a program that runs its files can be had in Python. Where that program is not installed,
nothing is said. It runs in a process of its own (`verify_child`), which is ended where it takes too long or is wanted
no more: neither code that was written nor a heavy library comes into this one.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from engine.data.problem import Progress
from engine.extras import installed
from engine.formats import verify_child
from engine.formats.exporter import Work
from engine.kernel import Array
from engine.plan import Plan, compile
from engine.vocabulary import embeddings
from graph.message import Message

SAMPLES = 4
LARGEST = 1e-5
"""The largest difference that is the same, as a part of the largest output or as it is, whichever is more."""

SECONDS = 300.0
"""How long a program may take with a file."""
WATCHED = 0.1
"""Seconds between two looks at whether the work is still wanted."""
CHILD = Path(__file__).with_name("verify_child.py")
BACKENDS = ("jax", "tensorflow", "torch")
"""What Keras may compute with, the first that is installed."""

Outputs = Mapping[str, Array]


@dataclass(frozen=True)
class Verdict:
    """Whether a file says the same as the network, in a sentence."""

    same: bool
    text: Message


@dataclass(frozen=True)
class Verifier:
    """The program that runs files of a format, which is the Python package `module`."""

    program: str
    module: str


verifiers = {
    "numpy": Verifier("NumPy", "numpy"),
    "pytorch": Verifier("PyTorch", "torch"),
    "keras": Verifier("Keras", "keras"),
    "onnx": Verifier("ONNX Runtime", "onnxruntime"),
}
"""By the name of the format."""


class Failed(Exception):
    """A program did not run a file; the text is what it says of it."""


def verify(format: str, path: Path, work: Work, progress: Progress | None = None) -> Verdict | None:
    """What the program that reads `format` makes of `path`, or None where it is not installed or has no verifier.

    `progress` is called again and again while the program runs; the program is ended where that raises.
    """
    chosen = verifiers.get(format)
    if chosen is None or work.weights is None or not installed(chosen.module):
        return None
    plan = compile(work.project.network, SAMPLES, facts=work.inference.facts, training=False)
    plan.parameters.load(work.weights)
    inputs = samples_for(plan)
    for name, x in inputs.items():
        np.copyto(plan.inputs[name], work.prepared(name, x))
    plan.forward()
    try:
        given = run_apart(format, path, inputs, progress)
    except Failed as error:
        text = Message("{program} does not run the file: {reason}", program=chosen.program, reason=str(error)[:500])
        return Verdict(False, text)
    if len(given) == len(plan.outputs) == 1:
        given = dict(zip(plan.outputs, given.values(), strict=True))
    return compared(plan.outputs, given, chosen.program)


def run_apart(format: str, path: Path, inputs: Mapping[str, Array], progress: Progress | None = None) -> Outputs:
    """What a file gives for samples, in a process of its own, of which nothing is left. Raises Failed.

    The process has a folder of its own, which is also Keras's home, so that nothing is written into the user's.
    """
    with TemporaryDirectory(prefix="netloom") as home:
        folder = Path(home)
        verify_child.write(folder, "inputs", inputs)
        backend = next((name for name in BACKENDS if installed(name)), BACKENDS[0])
        environment = {"KERAS_BACKEND": backend, **os.environ, "KERAS_HOME": home, "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-P", str(CHILD), format, str(path.resolve()), home]
        with (folder / "said.txt").open("wb") as said:
            child = subprocess.Popen(
                command, cwd=home, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                start_new_session=True,
            )  # fmt: skip
            try:
                _wait(child, progress)
            finally:
                _end(child)
        if child.returncode:
            lines = (folder / "said.txt").read_text(encoding="utf-8", errors="replace").strip().splitlines()
            raise Failed(lines[-1] if lines else f"it ended with {child.returncode}")
        try:
            return verify_child.read(folder, "outputs")
        except (OSError, ValueError, LookupError) as error:
            raise Failed(str(error)) from error


def _wait(child: subprocess.Popen[bytes], progress: Progress | None) -> None:
    """Until the process has ended. Raises Failed where it takes too long, and whatever `progress` raises."""
    begun = time.monotonic()
    while True:
        try:
            child.wait(WATCHED)
            return
        except subprocess.TimeoutExpired:
            passed = time.monotonic() - begun
        if passed > SECONDS:
            raise Failed(f"it takes more than {SECONDS:g} seconds")
        if progress is not None:
            progress(passed / SECONDS)


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the process and, where the system knows which they are, those that it has started."""
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    child.kill()
    child.wait()


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
