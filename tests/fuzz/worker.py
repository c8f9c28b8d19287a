"""A process that reads damaged files of one kind: `worker.py READER FIRST COUNT SEED FOLDER [--apart]`.

It has so much memory and no more, and dies where one file takes five seconds of the processor. Before each file it
writes the number of it into FOLDER/at; what it finds it says on its output, a line of JSON each.

HDF5 is read in this process, which is a hundred times as fast as in one of its own. The library may crash or run on for
ever; then its file is tried once more with `--apart`, as the program itself does it.
"""

from __future__ import annotations

import contextlib
import faulthandler
import io
import json
import os
import random
import resource
import signal
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from engine.formats.keras import hdf5_child, read_weights
from graph.problem import FileProblem
from tests.fuzz.readers import READERS, Reader

SECONDS = 5
MEMORY = 3 * 2**29
"""Bytes that reading a small file may take."""
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.truncate")
STARTS = ("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.posix_spawn", "pty.spawn")
FORBIDDEN = ("pickle.find_class", "socket.connect", "socket.bind", "ctypes.dlopen")


class Guard:
    """Remembers what Python is asked to do that no reader may."""

    def __init__(self, scratch: Path, apart: bool) -> None:
        self._inside, self._apart = f"{scratch.resolve()}{os.sep}", apart
        self.met: list[str] = []

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        """An audit hook."""
        writes = event == "open" and isinstance(args[2], int) and args[2] & WRITES
        if writes or event in CHANGES:
            self._changed(event, args)
        elif event in FORBIDDEN or (event in STARTS and not self._apart):
            self.met.append(f"{event} {args[0]!r}")

    def _changed(self, event: str, args: tuple[Any, ...]) -> None:
        path = args[0]
        if event in ("os.remove", "os.rmdir") and args[1] >= 0:
            path = os.path.join(os.readlink(f"/proc/self/fd/{args[1]}"), path)
        if not isinstance(path, int) and not str(path).startswith(self._inside):
            self.met.append(f"{event} {path!r}")


def in_this_process(command: Sequence[str], **_: object) -> SimpleNamespace:
    """What the process that reads HDF5 gives back."""
    path, folder, seconds, most = command[-4:]
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            hdf5_child.main(path, folder, int(seconds), int(most))
    except (Exception, SystemExit):  # the process would end with another code than 0
        return SimpleNamespace(returncode=1, stdout=said.getvalue())
    return SimpleNamespace(returncode=0, stdout="")


def damaged_file(reader: Reader, name: str, wholes: list[bytes], seed: int, number: int) -> bytes:
    """The file of this number."""
    chance = random.Random(f"{name} {seed} {number}")
    return reader.mutation(wholes[number % len(wholes)], chance)


def trouble(reader: Reader, path: Path, guard: Guard) -> str:
    """What is wrong with how a file is read; empty where nothing is."""
    guard.met.clear()
    said = ""
    try:
        reader.read(path)
    except FileProblem as problem:
        if not str(problem.text).strip() or not str(problem.hint).strip():
            said = "it is refused without a sentence"
    except BaseException:
        said = traceback.format_exc()
    left = sorted({*os.listdir(path.parent)} - {path.name})
    if left:
        said += f"\nleft behind: {left}"
    if guard.met:
        said += f"\ndone that may not be: {guard.met}"
    with contextlib.suppress(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
        said += "\na process is left"
    return said


def run(name: str, first: int, count: int, seed: int, folder: Path, apart: bool, tell: Callable[[str], object]) -> None:
    """Read the files from `first` on."""
    reader, scratch = READERS[name], folder / "scratch"
    wholes = reader.wholes()
    for whole in wholes:
        prepared(scratch, reader.file, whole)
        with contextlib.suppress(FileProblem):
            reader.read(scratch / reader.file)  # whatever is imported late is imported now
    guard = Guard(scratch, apart)
    sys.addaudithook(guard)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    faulthandler.register(signal.SIGPROF, chain=True)
    with (folder / "at").open("w") as at:
        for number in range(first, first + count):
            os.pwrite(at.fileno(), f"{number:<20}".encode(), 0)
            path = prepared(scratch, reader.file, damaged_file(reader, name, wholes, seed, number))
            signal.setitimer(signal.ITIMER_PROF, SECONDS)
            said = trouble(reader, path, guard)
            signal.setitimer(signal.ITIMER_PROF, 0)
            if said:
                tell(json.dumps({"number": number, "said": said}))


def prepared(scratch: Path, file: str, content: bytes) -> Path:
    """A folder with nothing in it but this file."""
    scratch.mkdir(exist_ok=True)
    path = scratch / file
    path.write_bytes(content)
    return path


def main() -> None:
    """Read what the arguments say."""
    name, first, count, seed, folder = sys.argv[1:6]
    apart = "--apart" in sys.argv
    sys.dont_write_bytecode = True
    warnings.simplefilter("ignore")
    tempfile.tempdir = str(Path(folder) / "scratch")
    if not apart:
        hdf5_child.limit = lambda seconds, most: None  # this process has limits of its own
        read_weights.subprocess = SimpleNamespace(run=in_this_process, TimeoutExpired=TimeoutError)  # type: ignore[assignment]
    run(name, int(first), int(count), int(seed), Path(folder), apart, partial(print, flush=True))


if __name__ == "__main__":
    main()
