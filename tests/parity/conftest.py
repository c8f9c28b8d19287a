"""Keras in a process of its own, which the tests of a module ask."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

PYTHON = os.environ.get("NETLOOM_KERAS_PYTHON") or (sys.executable if importlib.util.find_spec("keras") else None)
"""The Python that has Keras: that of `make parity`, or another one that the variable names."""


class Keras:
    """What `keras_worker.py` answers for a folder of generated code and arrays."""

    def __init__(self, worker: subprocess.Popen[str]) -> None:
        self._worker = worker

    def ask(self, folder: Path) -> dict[str, Any]:
        """Let Keras run what is in `folder`. What it raises fails the test."""
        assert self._worker.stdin is not None
        assert self._worker.stdout is not None
        self._worker.stdin.write(f"{folder}\n")
        self._worker.stdin.flush()
        said: dict[str, Any] = json.loads(self._worker.stdout.readline())
        assert "error" not in said, said["error"]
        return said


@pytest.fixture(scope="session")
def keras_python(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, str]]:
    """The Python that has Keras, and the environment to run it in."""
    if PYTHON is None:
        pytest.skip("Keras is not installed; make parity installs it and runs this")
    ours = {
        "KERAS_BACKEND": "jax",
        "KERAS_HOME": str(tmp_path_factory.mktemp("keras")),
        # Small networks are compiled far longer than they run, so the compiler leaves out what makes them faster.
        "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",
        # Random networks do much that Keras would rather not see, such as a softmax over one value.
        "PYTHONWARNINGS": "ignore",
    }
    return PYTHON, {**os.environ, **ours}


@pytest.fixture(scope="module")
def keras(keras_python: tuple[str, dict[str, str]]) -> Iterator[Keras]:
    """Keras on JAX, ready to be asked."""
    python, environment = keras_python
    script = Path(__file__).with_name("keras_worker.py")
    with (
        TemporaryDirectory() as folder,
        subprocess.Popen(
            [python, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=folder
        ) as worker,
    ):
        yield Keras(worker)
        assert worker.stdin is not None
        worker.stdin.close()
