"""Keeps Python's garbage collector on the GUI thread while other threads are at work.

Python collects garbage on whichever thread happens to need memory. A widget, a timer or a graphics item in that garbage
would then be destroyed on a worker's thread, which Qt does not allow: a timer destroyed elsewhere still fires, and the
program ends. So automatic collection rests while any worker runs, and the workers' ticks on the GUI thread do it.

They also let Python hand the interpreter on more often. With the usual 5 ms, painting would wait that long for each of
the many times it asks for the interpreter.
"""

from __future__ import annotations

import gc
import sys

SWITCH = 0.0001
"""Seconds after which Python hands the interpreter on, while a worker runs."""

_usual = sys.getswitchinterval()
_at_work: set[object] = set()


def begin(worker: object) -> None:
    """A thread is about to start."""
    _at_work.add(worker)
    gc.disable()
    sys.setswitchinterval(SWITCH)


def end(worker: object) -> None:
    """A thread has ended."""
    _at_work.discard(worker)
    if not _at_work:
        sys.setswitchinterval(_usual)
        gc.enable()


def sweep() -> None:
    """Collect what is due, on the GUI thread."""
    ages = zip(gc.get_count(), gc.get_threshold(), strict=True)
    due = [age for age, (count, limit) in enumerate(ages) if count > limit]
    if 0 in due:
        gc.collect(due[-1])
