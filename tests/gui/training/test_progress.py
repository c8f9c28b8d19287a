"""Time left and speed, from events and a clock that is set by hand."""

from __future__ import annotations

import pytest

from engine.events import BatchEnded, EpochEnded, Finished, Started
from gui.training.progress import Progress, duration


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def progress(clock: Clock) -> Progress:
    """A run of 10 epochs of 4 steps over 200 samples, just begun."""
    made = Progress(clock)
    made.feed([Started(10, 1, 4, 200, 50, ("loss", "val_loss"))])
    return made


def test_after_a_quarter_the_rest_takes_three_times_as_long(progress: Progress, clock: Clock) -> None:
    clock.now += 5.0
    progress.feed([BatchEnded(3, 2, 4, {"loss": 1.0})])
    assert progress.part == pytest.approx(0.25)
    assert progress.seconds_left == pytest.approx(15.0)


def test_the_speed_counts_samples_of_the_last_seconds(progress: Progress, clock: Clock) -> None:
    clock.now += 1.0
    progress.feed([BatchEnded(1, 2, 4, {"loss": 1.0})])
    assert progress.samples_per_second == pytest.approx(100.0)


def test_a_pause_counts_for_nothing(progress: Progress, clock: Clock) -> None:
    clock.now += 2.0
    progress.feed([EpochEnded(1, 10, {"loss": 1.0}, 2.0, True)])
    progress.hold()
    clock.now += 1000.0
    assert progress.seconds_left == pytest.approx(18.0)
    progress.go()
    assert progress.seconds_left == pytest.approx(18.0)
    clock.now += 2.0
    progress.feed([EpochEnded(2, 10, {"loss": 1.0}, 2.0, False)])
    assert progress.seconds_left == pytest.approx(16.0)
    assert progress.best_epoch == 1


def test_a_run_that_goes_on_leaves_out_what_was_done_before(clock: Clock) -> None:
    progress = Progress(clock)
    progress.feed([Started(10, 6, 4, 200, 50, ("loss",))])
    clock.now += 1.0
    progress.feed([EpochEnded(6, 10, {"loss": 1.0}, 1.0, True)])
    assert progress.part == pytest.approx(0.6)
    assert progress.seconds_left == pytest.approx(4.0)


def test_an_ended_run_has_nothing_left(progress: Progress, clock: Clock) -> None:
    clock.now += 3.0
    progress.feed([EpochEnded(1, 10, {"loss": 1.0}, 3.0, True), Finished(1, 3.0, "stopped", 1)])
    assert progress.seconds_left is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.84, "0.8 s"), (42.4, "42 s"), (200.0, "3 min 20 s"), (7500.0, "2 h 5 min")],
)
def test_times_are_told_in_units_that_matter(seconds: float, text: str) -> None:
    assert duration(seconds) == text
