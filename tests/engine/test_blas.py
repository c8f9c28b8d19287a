"""The choice of OpenBLAS's kernels: made in time, only where it helps, and never over the user's own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.blas import AVX512, NEEDED, VARIABLE, choose_core_type, describe, limit_threads


@pytest.fixture
def capable(tmp_path: Path) -> Path:
    """A machine whose processors have AVX-512."""
    file = tmp_path / "cpuinfo"
    file.write_text(f"processor\t: 0\nflags\t\t: fpu {' '.join(sorted(NEEDED))} sse\n\n" * 2)
    return file


def test_asks_for_avx512_where_it_is(capable: Path) -> None:
    environment: dict[str, str] = {}
    assert choose_core_type(environment, capable) == AVX512
    assert environment == {VARIABLE: AVX512}


def test_leaves_the_users_choice_alone(capable: Path) -> None:
    environment = {VARIABLE: "Haswell"}
    assert choose_core_type(environment, capable) is None
    assert environment == {VARIABLE: "Haswell"}


@pytest.mark.parametrize(
    "text", ["", "processor : 0\n", "flags : fpu avx512f avx512bw avx512dq\n", "flags : \nflags : avx512f\n"]
)
def test_does_nothing_for_other_processors(text: str, tmp_path: Path) -> None:
    file = tmp_path / "cpuinfo"
    file.write_text(text)
    environment: dict[str, str] = {}
    assert choose_core_type(environment, file) is None
    assert choose_core_type(environment, tmp_path / "missing") is None
    assert environment == {}


def test_does_not_import_numpy() -> None:
    code = "import sys, engine.blas; engine.blas.choose_core_type(); assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_threads_are_limited_meanwhile() -> None:
    before = describe()
    with limit_threads(1):
        assert "1 thread" in describe()
        assert "1 threads" not in describe()
    assert describe() == before
