"""What all tests share."""

from pathlib import Path

import pytest
from hypothesis import settings

from tests.cli import CommandLine

# Cores are shared with other work, so how long one example takes says nothing; pytest's own timeout guards the whole.
settings.register_profile("netloom", deadline=None)
settings.load_profile("netloom")


@pytest.fixture
def netloom(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return CommandLine(capsys)
