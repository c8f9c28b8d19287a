"""How the loops are compiled: kept on the disk, without the interpreter's lock, sums in whatever order is fastest.

Infinities and what is no number are kept as they are, since a run that diverges must be seen to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba
from numba.extending import register_jitable

F = TypeVar("F", bound=Callable[..., object])
SUMS_MAY_BE_REORDERED = frozenset({"contract", "reassoc", "nsz"})


def compiled(function: F) -> F:
    """A function that is compiled for the types of its arguments when it is first called with them."""
    options = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=set(SUMS_MAY_BE_REORDERED))
    return cast(F, options(function))


def inside(function: F) -> F:
    """A function that compiled ones may call."""
    made: F = register_jitable(function)
    return made
