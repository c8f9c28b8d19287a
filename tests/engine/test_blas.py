"""The choice of OpenBLAS's kernels: made in time, only where it helps, and never over the user's own."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy  # noqa: F401  (loads the library whose threads are counted)
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from engine.blas import AVX512, NEEDED, VARIABLE, choose_core_type, describe, one_thread_each
from engine.session import Session
from tests.engine.training.projects import spirals


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


def threads() -> set[int]:
    """How many threads the libraries say they use."""
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


@pytest.fixture
def all_threads() -> Iterator[set[int]]:
    """What is in force while nobody asks for less; at the end it must be so again."""
    with threadpool_limits(2, user_api="blas"):
        yield threads()
        assert threads() == {2}


def test_every_thread_is_alone_meanwhile(all_threads: set[int]) -> None:
    with one_thread_each():
        assert threads() == {1}
        assert "1 thread" in describe()
        assert "1 threads" not in describe()
    assert threads() == all_threads


def test_the_last_to_end_gives_the_threads_back(all_threads: set[int]) -> None:
    one, two = one_thread_each(), one_thread_each()
    with one:
        two.__enter__()
        assert threads() == {1}
    assert threads() == {1}
    two.__exit__(None, None, None)
    assert threads() == all_threads


@pytest.mark.parametrize("closed", [False, True])
def test_a_run_is_alone_until_it_ends(closed: bool, all_threads: set[int]) -> None:
    session = Session.prepare(spirals(2))
    events = session.run()
    next(events)
    assert threads() == {1}
    for part in (session.predict(session.prepared.test.inputs), session.evaluate()):
        assert part
        assert threads() == {1}
    if closed:
        events.close()
    else:
        list(events)
    assert threads() == all_threads


def test_it_holds_whichever_thread_asks(all_threads: set[int]) -> None:
    found: list[set[int]] = []

    def work() -> None:
        with one_thread_each():
            found.append(threads())

    work()
    other = threading.Thread(target=work)
    other.start()
    other.join()
    work()
    assert found == [{1}] * 3
