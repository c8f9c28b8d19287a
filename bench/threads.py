"""What a second core brings to matrix products, by the multiply-adds of a step: where `engine.blas` draws its line.

    python bench/threads.py

Each network runs forward and backward, on one thread and on all of them in turns; the medians are printed. On a machine
that has other work to do the threads wait for each other, and a small step may take a hundred times as long: run this
once at rest, and once beside a program that keeps a core busy.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from engine.blas import describe, limit_threads, threads_for
from engine.plan import Plan, compile
from engine.templates import make
from engine.templates.base import chain
from graph.layers.base import Layer
from graph.layers.convolution import Conv2D
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.layers.pooling import MaxPooling2D
from graph.layers.reshape import Flatten
from graph.network import Network
from graph.recipe import DataRecipe, TrainingRecipe

TURNS = 4
TURN = 0.4


def network(*layers: Layer) -> Network:
    """A chain of layers."""
    named = {f"layer_{i}": layer for i, layer in enumerate(layers)}
    return chain(named, DataRecipe(), TrainingRecipe(), "").network


def convolutions(filters: int) -> Network:
    """The usual network for 28×28 grey values."""
    first, second = Conv2D(filters, 3, activation="relu"), Conv2D(2 * filters, 3, activation="relu")
    return network(Input(shape=(28, 28, 1)), first, second, MaxPooling2D(), Flatten(), Dense(128), Dense(10))


def perceptron(width: int) -> Network:
    """Two hidden layers of one width over 784 inputs."""
    return network(Input(shape=(784,)), Dense(width, activation="relu"), Dense(width, activation="relu"), Dense(10))


CASES = {
    "digits, batch 64": (make("digits")[0].network, 64),
    "28×28, 8 filters, batch 32": (convolutions(8), 32),
    "28×28, 32 filters, batch 32": (convolutions(32), 32),
    "28×28, 32 filters, batch 64": (convolutions(32), 64),
    "28×28, 32 filters, batch 128": (convolutions(32), 128),
    "28×28, 64 filters, batch 128": (convolutions(64), 128),
    "784-128-128-10, batch 32": (perceptron(128), 32),
    "784-512-512-10, batch 128": (perceptron(512), 128),
    "784-1024-1024-10, batch 128": (perceptron(1024), 128),
    "784-1024-1024-10, batch 512": (perceptron(1024), 512),
    "784-2048-2048-10, batch 512": (perceptron(2048), 512),
}


def turn(plan: Plan, threads: int | None) -> list[float]:
    """The milliseconds of each step in one turn."""
    times = []
    with limit_threads(threads):
        end = perf_counter() + TURN
        while (began := perf_counter()) < end or len(times) < 2:
            plan.forward()
            plan.backward()
            times.append((perf_counter() - began) * 1000)
    return times


def main() -> None:
    """Print one line a network."""
    print(describe())
    print(f"{'milliseconds a step (median)':32}{'GMAC':>8}{'one':>10}{'all':>10}{'gain':>8}  chosen")
    for name, (made, batch) in CASES.items():
        plan = compile(made, batch)
        generator = np.random.default_rng(0)
        for x in (*plan.inputs.values(), *plan.output_gradients.values()):
            x[...] = generator.standard_normal(x.shape)
        one: list[float] = []
        all_: list[float] = []
        for _ in range(TURNS):
            one += turn(plan, 1)
            all_ += turn(plan, None)
        macs = plan.inference.macs * batch
        chosen = "all" if threads_for(macs) is None else "one"
        gain = median(one) / median(all_)
        print(f"{name:32}{macs / 1e9:8.3f}{median(one):10.2f}{median(all_):10.2f}{gain:8.2f}  {chosen}", flush=True)


if __name__ == "__main__":
    main()
