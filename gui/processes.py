"""Whether another window still runs, told by the number of its process."""

from __future__ import annotations

import os


def alive(process: int) -> bool:
    """Whether a process of this number runs. Where that cannot be told, it is taken to run."""
    if process == os.getpid():
        return True
    if os.name == "nt":
        return _runs_on_windows(process)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _runs_on_windows(process: int) -> bool:
    import ctypes

    query = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined]
    handle = kernel.OpenProcess(query, False, process)
    if handle:
        kernel.CloseHandle(handle)
    return bool(handle)
