"""Has workers read damaged files, and starts another one where a worker died of a file."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
HDF5 = ("keras", "h5", "weights.h5")
"""Readers whose library may end a process; the program lets it do so in one of its own."""
LONGEST = 5
"""Seconds for a file, on the average of them all, after which a worker that waits for something is given up."""


@dataclass(frozen=True)
class Finding:
    """A file that was neither read nor refused as it should be."""

    reader: str
    number: int
    said: str


def findings(reader: str, count: int, seed: int = 0, first: int = 0) -> Iterator[Finding]:
    """What is wrong with how `count` damaged files are read."""
    end = first + count
    while first < end:
        found, died = worked(reader, first, end - first, seed)
        yield from found
        if died is None:
            return
        first = died.number + 1
        if reader in HDF5:
            found, died = worked(reader, died.number, 1, seed, "--apart")
            yield from found
        if died is not None:
            yield died


def worked(reader: str, first: int, count: int, seed: int, *options: str) -> tuple[list[Finding], Finding | None]:
    """What a worker found, and the file that it died of."""
    with TemporaryDirectory(prefix="fuzz") as folder:
        words = ["-m", "tests.fuzz.worker", reader, first, count, seed, folder, *options]
        command = [sys.executable, *map(str, words)]
        try:
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60 + LONGEST * count)
            code, out, error = done.returncode, done.stdout, done.stderr
        except subprocess.TimeoutExpired as late:
            code, out, error = -1, (late.stdout or b"").decode(), "it waits for ever"
        said = [json.loads(line) for line in out.splitlines() if line.endswith("}")]
        found = [Finding(reader, one["number"], one["said"]) for one in said]
        if not code:
            return found, None
        at = Path(folder, "at")
        if not at.exists():
            raise RuntimeError(f"the worker does not begin: {error}")
        return found, Finding(reader, int(at.read_text()), f"the process ended with {code}: {error[-3000:]}")
