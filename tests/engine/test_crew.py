"""Work shared among threads: the same result whoever does it, errors told, no thread left."""

from __future__ import annotations

import multiprocessing
import threading
import warnings
from time import sleep

import numpy as np
import pytest

import engine.crew
from engine.crew import LEAST_MACS, LEAST_VALUES, at_work, cores, share, split


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of two cores, whatever this one has."""
    monkeypatch.setattr("engine.crew.CORES", 2)


def test_every_part_is_done_once() -> None:
    for entered in (False, True):
        done: list[int] = []
        if entered:
            with at_work():
                for _ in range(200):
                    share(done.append, range(5))
        else:
            share(done.append, range(1000))
        assert len(done) == 1000


def test_parts_run_at_the_same_time() -> None:
    meeting = threading.Barrier(2, timeout=30)
    with at_work():
        share(lambda part: meeting.wait(), range(2))


def test_a_helper_that_is_late_is_not_waited_for() -> None:
    busy, go_on = threading.Event(), threading.Event()

    def other() -> None:
        share(lambda part: (busy.set(), go_on.wait(30)), range(2))

    with at_work():
        thread = threading.Thread(target=other)
        thread.start()
        busy.wait(30)
        sleep(0.05)
        done: list[int] = []
        share(done.append, range(2))
        assert sorted(done) == [0, 1]
        go_on.set()
        thread.join()


@pytest.mark.parametrize("failing", [0, 1])
def test_an_error_of_a_part_is_raised_when_all_have_ended(failing: int) -> None:
    done: list[int] = []

    def run(part: int) -> None:
        if part == failing:
            raise ArithmeticError("part")
        sleep(0.02)
        done.append(part)

    with at_work():
        with pytest.raises(ArithmeticError, match="part"):
            share(run, range(2))
        assert done == [1 - failing]
        share(done.append, range(2))


def test_what_floating_point_errors_do_holds_in_every_part() -> None:
    meeting = threading.Barrier(2, timeout=30)

    def run(part: int) -> None:
        meeting.wait()
        np.divide(np.ones(3), np.zeros(3))

    with at_work(), warnings.catch_warnings():
        warnings.simplefilter("error")
        with np.errstate(all="ignore"):
            share(run, range(2))


def test_helpers_are_there_until_the_last_has_left() -> None:
    before = threading.active_count()
    first, second = at_work(), at_work()
    with first:
        second.__enter__()
        assert threading.active_count() == before + 1
    assert threading.active_count() == before + 1
    second.__exit__(None, None, None)
    assert threading.active_count() == before


def _share_in_child(answers: multiprocessing.SimpleQueue[int]) -> None:
    done: list[int] = []
    share(done.append, range(4))
    with at_work():
        share(done.append, range(4))
    answers.put(len(done))


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="there is no fork here")
def test_a_forked_process_has_a_crew_of_its_own() -> None:
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    with at_work(), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = context.Process(target=_share_in_child, args=(answers,))
        child.start()
    child.join(30)
    assert child.exitcode == 0
    assert answers.get() == 8


def test_parts_cover_everything_and_little_work_is_not_parted() -> None:
    assert split(10, macs=1e12) == (slice(0, 5), slice(5, 10))
    assert split(1, macs=1e12) == (slice(0, 1),)
    assert split(10, macs=2 * LEAST_MACS - 1) == split(10, values=LEAST_VALUES) == (slice(0, 10),)
    assert len(split(10, macs=LEAST_MACS, values=LEAST_VALUES)) == 2


def test_the_number_of_threads_is_the_one_that_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert engine.crew.cores() == 1
    for nonsense in ("", "0", "many"):
        monkeypatch.setenv("OMP_NUM_THREADS", nonsense)
        assert 1 <= cores() <= 8
