"""How the loops are compiled: kept on the disk, without the interpreter's lock, sums in whatever order is fastest.

Infinities and what is no number are kept as they are, since a run that diverges must be seen to.

numba asks of what it has kept only whether the file of the function itself has changed, not the files of the functions
that it calls. So everything is kept in a folder named after the content of all these files.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TypeVar, cast

import numba
from numba.extending import register_jitable
from platformdirs import user_cache_path

F = TypeVar("F", bound=Callable[..., object])
SUMS_MAY_BE_REORDERED = frozenset({"contract", "reassoc", "nsz"})


def kept_in() -> Path:
    """The folder of what these files, as they are now, were compiled to."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return user_cache_path("netloom", False) / "compiled" / sha256(b"".join(map(Path.read_bytes, sources))).hexdigest()


if "NUMBA_CACHE_DIR" not in os.environ:
    numba.config.CACHE_DIR = str(kept_in())  # type: ignore[attr-defined]


def compiled(function: F) -> F:
    """A function that is compiled for the types of its arguments when it is first called with them.

    Where no folder can be written, it is compiled anew in every process.
    """
    try:
        return _compiled(function, kept=True)
    except RuntimeError:
        return _compiled(function, kept=False)


def _compiled(function: F, kept: bool) -> F:
    reordered = set(SUMS_MAY_BE_REORDERED)
    return cast(F, numba.njit(cache=kept, nogil=True, error_model="numpy", fastmath=reordered)(function))


def inside(function: F) -> F:
    """A function that compiled ones may call."""
    made: F = register_jitable(function)
    return made
