"""The guide to the scripting face: its code runs as it is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.templates import make
from graph.serialize import save

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "python.md"


def test_the_code_of_the_guide_runs_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    save(make("digits")[0], Path("digits.netloom"))
    blocks = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 7
    scope: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, str(GUIDE), "exec"), scope)
    assert (tmp_path / "quadrants.weights.safetensors").is_file()
    assert "keras.Model" in (tmp_path / "digits.py").read_text(encoding="utf-8")
