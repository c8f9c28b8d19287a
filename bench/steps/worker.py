"""One side of a benchmark: it makes one network, runs its steps when it is asked to, and prints their times.

Every line it reads is `MODE SECONDS`: `train` or `predict` answers with the seconds of each step; `facts` with what
else there is to say, the most memory the process had among it. Every answer is one line of JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

WARM_UP = 3
TRIAL = 0.15
"""Seconds that each way of doing the same is tried for."""

Step = Callable[[], object]


@dataclass(frozen=True)
class Side:
    """A network made ready: its steps in each mode, several where there are several ways, and further facts."""

    train: Mapping[str, Step]
    predict: Mapping[str, Step]
    facts: Callable[[], Mapping[str, Any]] = field(default=dict)


def timed(step: Step, seconds: float) -> list[float]:
    """The seconds of each step, for a while."""
    for _ in range(WARM_UP):
        step()
    times = []
    end = time.perf_counter() + seconds
    while (start := time.perf_counter()) < end or not times:
        step()
        times.append(time.perf_counter() - start)
    return times


def fastest(ways: Mapping[str, Step]) -> str:
    """The name of the way with the smallest median."""
    if len(ways) == 1:
        return next(iter(ways))
    medians = {}
    for name, step in ways.items():
        times = sorted(timed(step, TRIAL))
        medians[name] = times[len(times) // 2]
    return min(medians, key=lambda name: medians[name])


def peak() -> float:
    """The most memory that this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def resident() -> float:
    """The memory that this process has now, in MB, from which on `peak` counts; else the most it had."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return peak()
    return pages * resource.getpagesize() / 2**20


def serve(make: Callable[[str], Side | None]) -> None:
    """Make the network that the first argument names, and answer until the input ends.

    A network that this side does not have says so, and that is all.
    """
    before = resident()
    side = make(sys.argv[1])
    answer({"made": side is not None})
    if side is None:
        return
    chosen: dict[str, tuple[str, Step]] = {}
    for line in sys.stdin:
        mode, _, seconds = line.strip().partition(" ")
        if mode == "facts":
            ways = {mode: name for mode, (name, _) in chosen.items()}
            answer({"before": before, "peak": peak(), "ways": ways, **side.facts()})
            continue
        if mode not in chosen:
            ways_of = side.train if mode == "train" else side.predict
            name = fastest(ways_of)
            chosen[mode] = (name, ways_of[name])
        answer(timed(chosen[mode][1], float(seconds)))


def answer(value: object) -> None:
    """One line of JSON."""
    print(json.dumps(value), flush=True)
