"""A generator on a thread: its events in order, pausing, stopping, errors, and the end of the thread."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from gui.training.background import Background
from gui.training.worker import Control, Failed, Worker


class Listener:
    """Keeps what a worker says, and on which thread it was heard."""

    def __init__(self, worker: Worker) -> None:
        self.events: list[object] = []
        self.ticks = 0
        self.threads: set[QThread] = set()
        worker.events.connect(self._take)

    def _take(self, events: list[object]) -> None:
        self.events += events
        self.ticks += 1
        self.threads.add(QThread.currentThread())


def counting(control: Control) -> Iterator[int]:
    yield from range(10_000)


def endless(control: Control) -> Iterator[int]:
    number = 0
    while True:
        yield number
        number += 1
        time.sleep(0.001)


def test_all_events_arrive_in_order_on_the_gui_thread_in_few_signals(qtbot: QtBot) -> None:
    worker = Worker()
    heard = Listener(worker)
    with qtbot.waitSignal(worker.ended, timeout=10_000):
        worker.start(counting)
    assert heard.events == list(range(10_000))
    assert heard.threads == {QThread.currentThread()}
    assert heard.ticks < 1_000
    assert not worker.running


def test_a_paused_generator_stands_still_and_goes_on_where_it_was(qtbot: QtBot) -> None:
    worker = Worker()
    heard = Listener(worker)
    worker.start(endless)
    qtbot.waitUntil(lambda: len(heard.events) > 10, timeout=10_000)
    worker.pause()
    qtbot.wait(100)
    count = len(heard.events)
    qtbot.wait(150)
    assert worker.paused
    assert len(heard.events) == count
    worker.resume()
    qtbot.waitUntil(lambda: len(heard.events) > count + 10, timeout=10_000)
    worker.close()
    assert heard.events == list(range(len(heard.events)))


@pytest.mark.parametrize("paused", [False, True])
def test_stopping_runs_the_generators_finally_and_ends_the_thread(qtbot: QtBot, paused: bool) -> None:
    closed = threading.Event()

    def work(control: Control) -> Iterator[int]:
        try:
            yield from endless(control)
        finally:
            closed.set()

    worker = Worker()
    heard = Listener(worker)
    worker.start(work)
    qtbot.waitUntil(lambda: len(heard.events) > 0, timeout=10_000)
    if paused:
        worker.pause()
    with qtbot.waitSignal(worker.ended, timeout=10_000):
        worker.stop()
    assert closed.is_set()


def test_closing_joins_the_thread_and_says_nothing_more(qtbot: QtBot) -> None:
    worker = Worker()
    heard = Listener(worker)
    worker.start(endless)
    worker.close()
    count = len(heard.events)
    qtbot.wait(100)
    assert len(heard.events) == count
    assert not worker.running


def test_an_exception_becomes_an_event(qtbot: QtBot) -> None:
    def broken(control: Control) -> Iterator[int]:
        yield 1
        raise ValueError("the disk is full")

    worker = Worker()
    heard = Listener(worker)
    with qtbot.waitSignal(worker.ended, timeout=10_000):
        worker.start(broken)
    assert heard.events[0] == 1
    failed = heard.events[1]
    assert isinstance(failed, Failed)
    assert str(failed.error) == "the disk is full"


def test_a_worker_takes_one_work_at_a_time_and_gives_the_switch_interval_back(qtbot: QtBot) -> None:
    usual = sys.getswitchinterval()
    worker = Worker()
    worker.start(endless)
    assert sys.getswitchinterval() < usual
    with pytest.raises(RuntimeError, match="at work already"):
        worker.start(endless)
    worker.close()
    assert sys.getswitchinterval() == usual


def test_of_functions_in_the_background_the_newest_wins(qtbot: QtBot) -> None:
    background = Background()
    results: list[object] = []
    background.done.connect(results.append)
    for number in range(5):

        def work(progress: object, number: int = number) -> int:
            time.sleep(0.05)
            return number

        background.run(work)
    qtbot.waitUntil(lambda: not background.busy, timeout=10_000)
    qtbot.wait(100)
    assert results == [4]
    background.close()


def test_progress_is_told_and_cancels(qtbot: QtBot) -> None:
    background = Background()
    parts: list[float] = []
    results: list[object] = []
    background.progressed.connect(parts.append)
    background.done.connect(results.append)

    def work(progress: object) -> str:
        for step in range(10_000):
            progress(step / 10_000)  # type: ignore[operator]
            time.sleep(0.001)
        return "never"

    background.run(work)
    qtbot.waitUntil(lambda: len(parts) > 5, timeout=10_000)
    background.cancel()
    qtbot.wait(150)
    count = len(parts)
    qtbot.wait(100)
    assert len(parts) == count
    assert results == []
    background.close()
