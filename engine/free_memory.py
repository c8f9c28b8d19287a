"""Whether there is memory enough for a training, told before any of it is taken.

What is free is asked of the system. Where it does not say, what the machine has at all stands for it; where nothing is
known, nothing is refused.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from engine.figures import memory
from engine.memory import samples_in_step, training_memory
from engine.optimizers import vectors_of
from graph.inference import Inference
from graph.message import Message
from graph.recipe import TrainingRecipe

GROUP = Path("/sys/fs/cgroup")
MEMINFO = Path("/proc/meminfo")


class NotEnoughMemory(Exception):
    """A training that the memory does not suffice for: what it needs, what there is, what to try."""

    def __init__(self, text: Message, hint: Message) -> None:
        self.text, self.hint = text, hint
        super().__init__(f"{text} {hint}")


def require_memory(inference: Inference, recipe: TrainingRecipe, free: int | None) -> None:
    """Raise NotEnoughMemory where training takes more than is free."""
    parameters = 4 * inference.parameters * (2 + vectors_of(recipe.optimizer))
    try:
        need = training_memory(inference, recipe)
    except MemoryError as error:
        hint = _hint(2 * parameters > (free or 0), inference, recipe)
        raise NotEnoughMemory(Message("Training needs more memory than this machine can give."), hint) from error
    if free is not None and need > free:
        text = Message("Training needs {need} of memory, and {free} are free.", need=memory(need), free=memory(free))
        raise NotEnoughMemory(text, _hint(2 * parameters > need, inference, recipe))


def _hint(of_parameters: bool, inference: Inference, recipe: TrainingRecipe) -> Message:
    if of_parameters:
        text = "Most of it is for the {n} parameters: make the largest layers smaller, or close other programs."
        return Message(text, n=f"{inference.parameters:,}")
    text = "Most of it is for one batch of {n} samples: try a smaller batch size, or close other programs."
    return Message(text, n=f"{samples_in_step(inference, recipe):,}")


def free_memory() -> int | None:
    """Bytes that can be taken without pushing anything out; None where that is not known."""
    known = [one for one in (_of_system(), _of_group(GROUP)) if one is not None]
    return min(known, default=None)


def _of_system() -> int | None:
    if sys.platform == "win32":
        return _of_windows()
    try:
        lines = dict(line.split(":", 1) for line in MEMINFO.read_text().splitlines())
        return int(lines["MemAvailable"].split()[0]) * 1024
    except (OSError, ValueError, LookupError):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None


def _of_group(group: Path) -> int | None:
    """What a container leaves, where this runs in one; what it only keeps of files can be given back."""
    try:
        limit, used = (int((group / f"memory.{name}").read_text()) for name in ("max", "current"))
        stat = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
        return max(limit - used + int(stat.get("inactive_file", 0)), 0)
    except (OSError, ValueError):
        return None


def _of_windows() -> int | None:
    import ctypes

    class Status(ctypes.Structure):
        """MEMORYSTATUSEX"""

        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            ("total", ctypes.c_ulonglong),
            ("free", ctypes.c_ulonglong),
            ("others", ctypes.c_ulonglong * 5),
        )

    status = Status(length=ctypes.sizeof(Status))
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined]
    return int(status.free) if kernel.GlobalMemoryStatusEx(ctypes.byref(status)) else None
