"""The guide to exporting to code: its commands do what it says, as they are written."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.formats import export
from engine.templates import make
from tests.cli import CommandLine
from tests.helpers.plans import filled

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guide" / "export.md"


def commands(title: str) -> list[str]:
    """The lines that a section shows to be typed."""
    section = GUIDE.read_text(encoding="utf-8").split(f"## {title}\n")[1].split("\n## ")[0]
    return re.findall(r"^    ((?:netloom|python) .*)$", section, re.MULTILINE)


@pytest.fixture
def trained(netloom: CommandLine) -> CommandLine:
    """The command line, and weights of the digits in the folder it is in."""
    project = make("digits")[0]
    export(project, Path("weights.safetensors"), filled(project.network).parameters.named())
    return netloom


def test_pytorch_code_is_written_with_its_state(trained: CommandLine) -> None:
    said = trained(*shlex.split(commands("PyTorch")[0])[1:])
    assert said.code == 0, said.error
    assert Path("digits.torch.safetensors").is_file()
    assert "moving variance" in said.out


def test_numpy_code_is_written_verified_and_runs(trained: CommandLine) -> None:
    write, run = commands("NumPy")
    said = trained(*shlex.split(write)[1:])
    assert said.code == 0, said.error
    assert "NumPy gives the same predictions" in said.out
    np.save("samples.npy", np.zeros((2, 8, 8, 1), np.float32))
    done = subprocess.run([sys.executable, *shlex.split(run)[1:]], capture_output=True, text=True, check=True)
    assert done.stdout.count("[") == 3


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler (cc)")
def test_the_header_is_written_and_compiles_as_shown(trained: CommandLine) -> None:
    said = trained(*shlex.split(commands("C")[0])[1:])
    assert said.code == 0, said.error
    shown = GUIDE.read_text(encoding="utf-8").split('    #include "digits.h"')[1].split("\n## ")[0]
    program = '#include "digits.h"' + "\n".join(line[4:] for line in shown.split("\n"))
    Path("shown.c").write_text(program)
    subprocess.run(["cc", "-std=c99", "-Wall", "-Werror", "-o", "shown", "shown.c", "-lm"], check=True)
    subprocess.run(["./shown"], check=True)
