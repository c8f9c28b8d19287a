"""One side of a benchmark: it reads the name of a network, runs its training step for a while, and prints the times."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping

WARM_UP = 3


def serve(steps: Mapping[str, Callable[[], Callable[[], None]]]) -> None:
    """Answer every line `SECONDS NAME` with the seconds of each step, until the input ends."""
    made: dict[str, Callable[[], None]] = {}
    for line in sys.stdin:
        seconds, name = line.rstrip("\n").split(" ", 1)
        if name not in made:
            made[name] = steps[name]()
        step = made[name]
        for _ in range(WARM_UP):
            step()
        times = []
        end = time.perf_counter() + float(seconds)
        while (start := time.perf_counter()) < end or not times:
            step()
            times.append(time.perf_counter() - start)
        print(json.dumps(times), flush=True)
