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


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Let every thread of ours compute its matrix products by itself meanwhile, in the whole program.

    Of several at once, in whatever threads, the last to end gives the library all its threads back.
    """
    with _lock:
        if not _limits:
            _take_over()
            _limits.append(_controller().limit(limits=1, user_api="blas"))
        _limits.append(None)
    try:
        yield
    finally:
        with _lock:
            _limits.pop()
            if len(_limits) == 1:
                _take_over()
                _limits.pop().restore_original_limits()


_lock = Lock()
_limits: list[Any] = []
"""What undoes the limit, and behind it one entry for everybody who wants it."""


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
