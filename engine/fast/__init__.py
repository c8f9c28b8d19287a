"""Compiled kernels: the work of some NumPy kernels in one pass, for those who have numba (`pip install netloom[fast]`).

NumPy makes one pass over memory an operation; where memory is what bounds a layer, a loop that does all of them at once
is several times as fast. Each compiled kernel stands in for a NumPy kernel, which says what it must compute: the tests
hold the two against each other. Without numba, or with NETLOOM_FAST=0, all is computed by NumPy.

`loops` has the compiled functions. numba is imported, and a function compiled, when it is first called: in the thread
that trains, never while a window only asks what a network would need. What is compiled is kept on the disk, so the
pause of some seconds comes once.
"""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from engine.blas import NEEDED, processor_flags


@cache
def wanted() -> bool:
    """Whether the compiled kernels stand in for those of NumPy."""
    return os.environ.get("NETLOOM_FAST", "1") != "0" and find_spec("numba") is not None


@cache
def wide() -> bool:
    """Whether the processor has the registers that a convolution without columns is made for."""
    return wanted() and NEEDED.issubset(processor_flags())


class _Loops:
    """The functions of `engine.fast.loops`, which is imported for the first of them."""

    def __getattr__(self, name: str) -> Any:
        found = getattr(import_module("engine.fast.loops"), name)
        setattr(self, name, found)
        return found


loops = _Loops()
