"""Writing a file so that a crash leaves either the old one or the new one, never half of one."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from graph.message import Message
from graph.problem import FileProblem


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` to a temporary file beside `path`, flush it to the disk, and rename it to `path`.

    What is no file but a device or a pipe, such as /dev/stdout, is written to and stays what it is. Raises FileProblem
    where the folder or the disk does not allow it; what was in `path` is then untouched.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)
        else:
            _replace(path.resolve(), content)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FileProblem(
            Message("{path} cannot be written: {reason}.", path=str(path), reason=reason), _hint(error)
        ) from error


def _replace(target: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _flush_folder(target.parent)


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, or those a new file gets."""
    with contextlib.suppress(OSError):
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _flush_folder(folder: Path) -> None:
    """Bring the rename itself to the disk, on systems that let a folder be opened."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _hint(error: OSError) -> Message:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Message("The folder is not there. Choose another one, or make it first.")
    if isinstance(error, IsADirectoryError):
        return Message("A folder has this name. Choose another name.")
    if isinstance(error, PermissionError):
        return Message("Choose a folder that you may write to.")
    return Message("Make room on the disk or choose another folder, and save again.")
