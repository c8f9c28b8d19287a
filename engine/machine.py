"""What a run is trained with: versions, and the machine, without anything that tells whose it is."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping

import numpy as np

from graph.version import VERSION


def versions() -> dict[str, str]:
    """What decides the figures of a run."""
    return {"netloom": VERSION, "numpy": np.__version__, "python": platform.python_version()}


def machine() -> dict[str, object]:
    """The system, the kind of processor, and how many cores it has."""
    return {"system": platform.system(), "processor": platform.machine(), "cores": os.cpu_count()}


def machine_text(known: Mapping[str, object]) -> str:
    """A machine as people say it: Linux, x86_64, 8 cores."""
    cores = known.get("cores")
    said = [str(known[key]) for key in ("system", "processor") if known.get(key)]
    return ", ".join([*said, f"{cores} cores"] if cores else said)
