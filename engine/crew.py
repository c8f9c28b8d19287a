"""Threads that work together: the parts of a job at once, each part on one core.

NumPy and compiled kernels let go of the interpreter while they compute, so threads share the work of one step. Who does
a part, and when, changes nothing of the result: a job is cut in the same parts every time, and nothing is added up but
in their order. A helper that is late finds its part done by the caller, so that a busy machine costs hardly more than
one thread alone. Each thread runs the matrix library by itself, on one thread.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import Context, copy_context
from itertools import pairwise
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, Generic, TypeVar

from engine.blas import one_thread_each

P = TypeVar("P")

LEAST_MACS = 3_000_000
"""Multiply-adds that are worth a thread: about as long as it takes to wake it."""
LEAST_VALUES = 60_000
"""Numbers that are worth a thread where each is only read, changed and written."""


def cores() -> int:
    """How many threads work at once: one a processor that we may use, or OMP_NUM_THREADS, and no more than 8."""
    may = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return max(1, min(may, int(asked) if asked.isdecimal() and int(asked) else may, 8))


CORES = cores()


def split(count: int, macs: float = 0.0, values: float = 0.0) -> tuple[slice, ...]:
    """`count` things in as many parts as their work is worth threads."""
    worth = int(macs / LEAST_MACS + values / LEAST_VALUES)
    parts = max(1, min(CORES, count, worth))
    ends = [count * i // parts for i in range(parts + 1)]
    return tuple(slice(a, b) for a, b in pairwise(ends))


class _Job(Generic[P]):
    """Parts to do, and what became of those that are done."""

    def __init__(self, run: Callable[[P], object], parts: Sequence[P]) -> None:
        self.run = run
        self.parts = deque(parts)
        self.done: SimpleQueue[BaseException | None] = SimpleQueue()

    def help(self) -> None:
        """Do parts until none are left."""
        while True:
            try:
                part = self.parts.popleft()
            except IndexError:
                return
            try:
                self.run(part)
            except BaseException as error:
                self.done.put(error)
            else:
                self.done.put(None)


_jobs: SimpleQueue[tuple[Context, _Job[Any]] | None] = SimpleQueue()
_helpers: list[Thread] = []
_lock = Lock()
_entered = 0


def share(run: Callable[[P], object], parts: Sequence[P]) -> None:
    """`run(part)` for every part, on several threads where a crew is at work. Raises what a part raises."""
    if len(parts) == 1 or not _helpers:
        for part in parts:
            run(part)
        return
    job = _Job(run, parts)
    for _ in _helpers[: len(parts) - 1]:
        _jobs.put((copy_context(), job))
    job.help()
    for error in [job.done.get() for _ in parts]:
        if error is not None:
            raise error


@contextmanager
def at_work() -> Iterator[None]:
    """Have helpers meanwhile, in the whole program, and the matrix library on one thread; until the last one ends."""
    global _entered
    with one_thread_each():
        with _lock:
            _entered += 1
            if not _helpers:
                _helpers.extend(Thread(target=_help, name="crew", daemon=True) for _ in range(CORES - 1))
                for helper in _helpers:
                    helper.start()
        try:
            yield
        finally:
            with _lock:
                _entered -= 1
                leaving = [] if _entered else _helpers[:]
                if leaving:
                    _helpers.clear()
                    for _ in leaving:
                        _jobs.put(None)
                    for helper in leaving:
                        helper.join()


def _help() -> None:
    """What a helper does until it is sent away."""
    while (given := _jobs.get()) is not None:
        context, job = given
        context.run(job.help)


def _forget() -> None:
    """A forked process has none of the threads."""
    global _entered, _jobs, _lock
    _helpers.clear()
    _entered, _jobs, _lock = 0, SimpleQueue(), Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
