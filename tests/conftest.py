"""What all tests share."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.cli import CommandLine

# Cores are shared with other work, so how long one example takes says nothing; pytest's own timeout guards the whole.
# Everyone's run draws the same examples; `make explore` draws new ones.
settings.register_profile("netloom", deadline=None, derandomize=True, database=None)
settings.register_profile("explore", deadline=None, derandomize=False)
settings.load_profile("netloom")


LONGEST_END = 5.0
"""Seconds in which a worker that was told to end has ended, however busy the machine is."""


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """Every thread that a test has started has ended when the test has."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + LONGEST_END
    while (left := set(threading.enumerate()) - before) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not left, f"threads are left running: {sorted(thread.name for thread in left)}"


@pytest.fixture
def netloom(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return CommandLine(capsys)
