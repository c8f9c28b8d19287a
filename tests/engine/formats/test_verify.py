"""A written file is run in a process of its own, of which nothing is left, however it ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.data.problem import Cancelled
from engine.formats import Work, exporters, make, verify, work_on
from engine.formats.verify import Verdict
from engine.formats.verify import verify as held_against
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.network import Network, Wire
from graph.project import Project

WORK: Work = work_on(
    Project(Network.of({"x": Input((3,)), "y": Dense(2)}, [Wire("x", "y")])),
    "my",
    {"y/kernel": np.ones((3, 2), np.float32), "y/bias": np.zeros(2, np.float32)},
)
CHILDREN = """
import os, subprocess, sys, time
other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(PIDS + ".part", "w").write(f"{os.getpid()} {other.pid}")
os.rename(PIDS + ".part", PIDS)
time.sleep(600)
"""


def said(code: str, folder: Path, progress: Callable[[float], None] | None = None) -> Verdict:
    """The verdict on a file that begins with other code."""
    path = make(exporters["numpy"], WORK).write(folder / "my.numpy.py")[0]
    path.write_text(code + path.read_text())
    verdict = held_against("numpy", path, WORK, progress)
    assert verdict is not None
    return verdict


def runs(process: int) -> bool:
    """Whether a process is there that is more than a name."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def nothing_is_left(pids: Path) -> None:
    """Both processes have ended, soon."""
    processes = [int(one) for one in pids.read_text().split()]
    assert len(processes) == 2
    deadline = time.monotonic() + 5
    while any(map(runs, processes)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(map(runs, processes))


def test_it_runs_in_another_process(tmp_path: Path) -> None:
    where = tmp_path / "where"
    verdict = said(f"import os, sys; open({str(where)!r}, 'w').write(str(os.getpid()))\n", tmp_path)
    assert verdict.same, verdict.text
    assert int(where.read_text()) != os.getpid()


@pytest.mark.parametrize(
    ("code", "reason"),
    [("raise ValueError('no such thing')\n", "no such thing"), ("import os; os._exit(3)\n", "it ended with 3")],
)
def test_what_ends_badly_is_told(code: str, reason: str, tmp_path: Path) -> None:
    verdict = said(code, tmp_path)
    assert not verdict.same
    assert str(verdict.text).startswith("NumPy does not run the file: ")
    assert reason in str(verdict.text)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_what_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "SECONDS", 5.0)
    pids = tmp_path / "pids"
    verdict = said(f"PIDS = {str(pids)!r}\n{CHILDREN}", tmp_path)
    assert str(verdict.text) == "NumPy does not run the file: it takes more than 5 seconds"
    nothing_is_left(pids)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_what_is_wanted_no_more_is_ended(tmp_path: Path) -> None:
    pids = tmp_path / "pids"

    def progress(part: float) -> None:
        assert 0 <= part <= 1
        if pids.exists():
            raise Cancelled

    with pytest.raises(Cancelled):
        said(f"PIDS = {str(pids)!r}\n{CHILDREN}", tmp_path, progress)
    nothing_is_left(pids)
