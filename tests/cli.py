"""The command line as tests use it: words in, exit code and both outputs out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.cli.command import Doors, run
from engine.cli.console import Console


@dataclass(frozen=True)
class Said:
    """What a command line gave back."""

    code: int
    out: str
    error: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines; fails where a line is none."""
        return [json.loads(line) for line in self.out.splitlines()]


class CommandLine:
    """Runs words in this process, with doors that only remember who came through."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.windows: list[str | None] = []

    def __call__(self, *words: str | Path) -> Said:
        self._capsys.readouterr()
        code = run([str(word) for word in words], Doors(self._window, self._demo, lambda: None, lambda: "no display"))
        out, error = self._capsys.readouterr()
        return Said(code, out, error)

    def _window(self, project: str | None) -> int:
        self.windows.append(project)
        return 0

    def _demo(self, folder: Path, console: Console) -> int:
        console.say(f"demo into {folder}")
        return 0
