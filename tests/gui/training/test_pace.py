"""Drawing what a run tells: often where it is cheap, seldom where it is dear, and the last of it always."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from gui.training.pace import SHARE, SLOWEST, Pace


class Drawn:
    """Counts what is asked for and what is done, with work of a known length for the processor."""

    def __init__(self, work: float) -> None:
        self._work = work
        self.asked = 0
        self.shown: list[int] = []

    def draw(self) -> None:
        began = time.thread_time()
        while time.thread_time() - began < self._work:
            pass
        self.shown.append(self.asked)


def asked_for(qtbot: QtBot, drawn: Drawn, seconds: float) -> float:
    """Ask every ten milliseconds for so long; gives the time of the processor that it took."""
    owner = QObject()
    pace = Pace(drawn.draw, owner)
    timer = QTimer(owner)

    def ask() -> None:
        drawn.asked += 1
        pace.ask()

    timer.timeout.connect(ask)
    began = time.thread_time()
    timer.start(10)
    qtbot.wait(int(1000 * seconds))
    timer.stop()
    spent = time.thread_time() - began
    qtbot.waitUntil(lambda: drawn.shown[-1] == drawn.asked, timeout=int(2000 * SLOWEST))
    return spent


def test_what_is_cheap_is_done_several_times_a_second_and_the_last_is_not_lost(qtbot: QtBot) -> None:
    drawn = Drawn(0.0)
    asked_for(qtbot, drawn, 1.0)
    assert 4 <= len(drawn.shown) <= 12
    assert drawn.shown[0] == 1


def test_what_is_dear_takes_no_more_than_its_share(qtbot: QtBot) -> None:
    drawn = Drawn(0.02)
    spent = asked_for(qtbot, drawn, 2.0)
    assert len(drawn.shown) >= 3
    assert spent < 2.0 * SHARE + 2 * 0.02


def test_what_is_very_dear_is_still_done_every_second(qtbot: QtBot) -> None:
    drawn = Drawn(0.2)
    asked_for(qtbot, drawn, 2.0 * SLOWEST)
    assert len(drawn.shown) >= 2
