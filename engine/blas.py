"""The matrix library under NumPy: its choice of kernels, its threads, and what to say of it.

OpenBLAS picks kernels by the processor it recognizes, and older versions take old ones for a processor they do not
know; without the AVX-512 kernels, float32 products run at half the speed such a machine has. `choose_core_type` says
better. It must run before NumPy is imported, so this module imports nothing that would.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

VARIABLE = "OPENBLAS_CORETYPE"
AVX512 = "SkylakeX"
NEEDED = frozenset({"avx512f", "avx512bw", "avx512dq", "avx512vl"})
"""What OpenBLAS's SkylakeX kernels use."""

LARGE_STEP = 1_000_000_000
"""Multiply-adds from which on threads share a step (`bench/threads.py`)."""


def choose_core_type(
    environment: MutableMapping[str, str] = os.environ, cpuinfo: Path = Path("/proc/cpuinfo")
) -> str | None:
    """Ask OpenBLAS for its AVX-512 kernels where the processor has what they use.

    A choice that the user has made is left alone. Elsewhere than on Linux nothing is known and nothing is done.
    Returns the kernels asked for, or None.
    """
    if VARIABLE in environment or not NEEDED.issubset(processor_flags(cpuinfo)):
        return None
    environment[VARIABLE] = AVX512
    return AVX512


def processor_flags(cpuinfo: Path = Path("/proc/cpuinfo")) -> frozenset[str]:
    """What every processor of this machine can do, as Linux names it; empty where that cannot be read."""
    try:
        lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return frozenset()
    flags = [frozenset(line.partition(":")[2].split()) for line in lines if line.startswith("flags")]
    return frozenset.intersection(*flags) if flags else frozenset()


def describe() -> str:
    """The matrix libraries in use, for people: `openblas 0.3.31 (SkylakeX), 2 threads`."""
    import numpy  # noqa: F401  (loads the library that is asked about)
    from threadpoolctl import threadpool_info

    found = [
        f"{library['internal_api']} {library['version']} ({library.get('architecture', 'unknown kernels')}), "
        f"{library['num_threads']} {'thread' if library['num_threads'] == 1 else 'threads'}"
        for library in threadpool_info()
        if library["user_api"] == "blas"
    ]
    return "; ".join(found) or "no matrix library known"


def threads_for(macs: int) -> int | None:
    """How many threads a step of so many multiply-adds (forward, the whole batch) gets; None is all of them.

    Sharing pays for large products only: on a busy machine the threads wait for each other, and a small step may take
    a hundred times as long. Products shared otherwise are also rounded otherwise, so the choice follows from the
    network and the batch alone: the window and the command line train the same curve.
    """
    return None if macs >= LARGE_STEP else 1


@contextmanager
def limit_threads(n: int | None, first: bool = False) -> Iterator[None]:
    """Let matrix products use at most `n` threads meanwhile, in the whole program; None is all of them.

    Of several limits at once, in whatever threads, the oldest is in force, and one that is `first` goes before the
    others: so a prediction beside a run changes nothing for the run. When the last one ends, all threads are back.
    """
    limit = _Limit(n)
    with _lock:
        _limits.insert(0 if first else len(_limits), limit)
        _enforce()
    try:
        yield
    finally:
        with _lock:
            _limits.remove(limit)
            _enforce()


class _Limit:
    """A number of threads that somebody asked for; two of the same number are still two."""

    def __init__(self, threads: int | None) -> None:
        self.threads = threads


_lock = Lock()
_limits: list[_Limit] = []
_in_force: list[tuple[int, Any]] = []
"""The limit that the library was told, with what undoes it; nothing while it has all threads."""


def _enforce() -> None:
    """Tell the library the first limit, if it does not know it yet."""
    wanted = _limits[0].threads if _limits else None
    if [threads for threads, _ in _in_force] == ([] if wanted is None else [wanted]):
        return
    if _in_force:
        _take_over()
        _in_force.pop()[1].restore_original_limits()
    if wanted is not None:
        _take_over()
        _in_force.append((wanted, _controller().limit(limits=wanted, user_api="blas")))


def _take_over() -> None:
    """Let this thread tell the library. threadpoolctl listens to the first thread alone unless it is told otherwise."""
    for library in _controller().lib_controllers:
        release = getattr(library, "clear_controlling_thread", None)
        if release is not None:
            release(force=True)


@cache
def _controller() -> Any:
    """What speaks to the libraries; looking for them takes milliseconds."""
    import numpy  # noqa: F401
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
