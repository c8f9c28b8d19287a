"""Training steps and predictions of sixteen networks, side by side with other libraries on this machine.

    python bench/engine_bench.py [--peers PYTHON] [--rounds N] [--only TEXT] [--one-core] [--keep-core-type] [--table]

Every training step is forward, loss, backward and Adam, in float32, on two threads, with the same sizes of samples.
The programs take turns of a quarter of a second, so that a busy machine slows all, and the medians of all steps are
compared. A ratio is the peer's time by ours: over 1, Netloom is faster. Each network has processes of its own, so that
the most memory a process had is that network's.

With --one-core every program is held on one processor. Threads that wait for each other suffer from other work on the
machine, some libraries more than others; on one processor nobody waits, and the ratios say who computes faster.

PYTHON is an interpreter that has PyTorch, Keras with JAX, or scikit-learn: by default that of NETLOOM_PEERS_PYTHON, or
this one. What it lacks is left out.

Some environments pin the kernels of OpenBLAS (OPENBLAS_CORETYPE), which Netloom leaves alone. Measured is what a user
without such a pin has: all of OpenBLAS's variables are taken out of the programs' environment, unless
--keep-core-type is given.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from math import exp, fsum, log
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TURN = 0.25
MODES = ("train", "predict")
NETWORKS = (
    "mlp 2-8-8-2, batch 32",
    "mlp 64-128-10, batch 64",
    "mlp 784-512-256-10, batch 128",
    "mlp 784-1024-1024-10, batch 256",
    "cnn 28x28, batch 64",
    "vgg 32x32x3, batch 64",
    "residual cnn 32x32x3, batch 64",
    "separable cnn 32x32x3, batch 64",
    "conv1d text 128 words, batch 64",
    "lstm 32x64-128, batch 64",
    "gru 32x64-128, batch 64",
    "bidirectional lstm, batch 64",
    "mean of 200 words, batch 64",
    "transformer 64x128, batch 32",
    "autoencoder 784, batch 128",
    "skip-gram 10,000x128, batch 256",
)
OURS = "Netloom"
PEERS = {
    "PyTorch": ("bench.steps.pytorch", "torch"),
    "Keras": ("bench.steps.keras_jax", "keras"),
    "sklearn": ("bench.steps.sklearn_mlp", "sklearn"),
}


@dataclass
class Side:
    """A program that has one network, and runs its steps when it is asked to."""

    process: subprocess.Popen[str]
    times: dict[str, list[float]] = field(default_factory=lambda: {mode: [] for mode in MODES})

    def ask(self, line: str) -> Any:
        """The answer to one line; nothing to no line, when the program has begun."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        if line:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"{self.process.args!r} ended with exit code {self.process.wait()}")
        return json.loads(answer)

    def milliseconds(self, mode: str) -> float:
        """The median of all steps."""
        return median(self.times[mode]) * 1e3


@contextmanager
def side(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[Side | None]:
    """A program with one network, or None where it does not have it; ended afterwards."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        made = Side(process)
        yield made if made.ask("")["made"] else None
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait()


def environment_of(keep_core_type: bool, threads_each: int, folder: str) -> dict[str, str]:
    """What the programs are started with: so many threads, and no choice of kernels."""
    kept = {key: value for key, value in os.environ.items() if keep_core_type or not key.startswith("OPENBLAS_")}
    threads = {f"{library}_NUM_THREADS": str(threads_each) for library in ("OMP", "OPENBLAS", "MKL")}
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_HOME": folder, "PYTHONWARNINGS": "ignore"}
    return kept | threads | quiet | {"PYTHONPATH": str(ROOT)}


def has(python: str, module: str) -> bool:
    """Whether an interpreter has a module."""
    look = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
    return subprocess.run([python, "-c", look], check=False).returncode == 0


def compare(sides: Mapping[str, Side], rounds: int) -> Mapping[str, Mapping[str, Any]]:
    """Run all sides in turns; returns what each had to say at the end."""
    for _ in range(rounds):
        for mode in MODES:
            for each in sides.values():
                each.times[mode] += each.ask(f"{mode} {TURN}")
    return {name: each.ask("facts") for name, each in sides.items()}


@dataclass
class Report:
    """What is printed: one line a network, as text or as a table for a page."""

    peers: tuple[str, ...]
    table: bool
    ratios: dict[str, list[float]] = field(default_factory=lambda: {mode: [] for mode in MODES})
    notes: list[str] = field(default_factory=list)

    def head(self) -> None:
        """The head of the table."""
        cells = [cell for mode in MODES for cell in (f"{mode}, ms", *self.peers, "best")]
        self.line("network", [*cells, "MB", *(f"{peer} MB" for peer in self.peers), "told MB", "took MB"])
        if self.table:
            self.line("---", ["---"] * (len(cells) + len(self.peers) + 3))

    def network(self, name: str, sides: Mapping[str, Side], facts: Mapping[str, Mapping[str, Any]]) -> None:
        """The line of one network."""
        cells = []
        for mode in MODES:
            own = sides[OURS].milliseconds(mode)
            found = {peer: sides[peer].milliseconds(mode) / own for peer in self.peers if peer in sides}
            cells += [f"{own:.3f}", *(f"{found[peer]:.2f}" if peer in found else "–" for peer in self.peers)]
            cells.append(f"{min(found.values()):.2f}" if found else "–")
            if found:
                self.ratios[mode].append(min(found.values()))
        ours = facts[OURS]
        memory = [f"{facts[peer]['peak']:.0f}" if peer in facts else "–" for peer in (OURS, *self.peers)]
        self.line(name, [*cells, *memory, f"{ours['foretold']:.1f}", f"{ours['peak'] - ours['before']:.1f}"])
        if "gemm" in ours:
            share = ours["gemm"] / min(sides[OURS].times["train"])
            self.notes.append(f"{name}: {share:.0%} of a step is what its matrix products take by themselves")

    def line(self, name: str, cells: list[str]) -> None:
        """One line."""
        if self.table:
            print("| " + " | ".join([name, *cells]) + " |", flush=True)
        else:
            print(f"{name:32}" + "".join(f"{cell:>12}" for cell in cells), flush=True)

    def end(self) -> bool:
        """The geometric means; whether nothing was slower than the best peer."""
        for mode in MODES:
            if found := self.ratios[mode]:
                mean = exp(fsum(map(log, found)) / len(found))
                print(f"{mode}: geometric mean {mean:.2f}, least {min(found):.2f} times the best peer")
        print(*self.notes, sep="\n")
        return all(ratio >= 1.0 for found in self.ratios.values() for ratio in found)


def main() -> None:
    """Print one line a network, and the geometric means. Exit code 1 where a peer was faster."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", metavar="PYTHON", default=os.environ.get("NETLOOM_PEERS_PYTHON", sys.executable))
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--only", metavar="TEXT", default="", help="networks whose name contains TEXT")
    parser.add_argument("--one-core", action="store_true", help="hold every program on one processor")
    parser.add_argument("--keep-core-type", action="store_true", help="leave OpenBLAS's variables as they are")
    parser.add_argument("--table", action="store_true", help="print the lines as Markdown")
    options = parser.parse_args()
    peers = {name: module for name, (module, needs) in PEERS.items() if has(options.peers, needs)}
    if not peers:
        print(f"{options.peers} has none of {', '.join(PEERS)}; name an interpreter that has with --peers.")
    report = Report(tuple(peers), options.table)
    report.head()
    with tempfile.TemporaryDirectory() as folder:
        environment = environment_of(options.keep_core_type, 1 if options.one_core else 2, folder)
        held = ["taskset", "--cpu-list", str(max(os.sched_getaffinity(0)))] if options.one_core else []
        for name in (name for name in NETWORKS if options.only in name):
            with ExitStack() as stack:
                programs = {OURS: (sys.executable, "bench.steps.netloom")}
                programs |= {peer: (options.peers, module) for peer, module in peers.items()}
                made = {
                    who: stack.enter_context(side([*held, python, "-m", module, name], environment))
                    for who, (python, module) in programs.items()
                }
                sides = {who: each for who, each in made.items() if each is not None}
                if OURS in sides:
                    report.network(name, sides, compare(sides, options.rounds))
                else:
                    print(f"{name}: Netloom does not have all of its layers")
    if not report.end():
        sys.exit(1)


if __name__ == "__main__":
    main()
