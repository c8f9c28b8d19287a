"""What `fit` gives back, and what it says meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.cli.console import Console
from engine.events import BatchEnded, EpochEnded, Event, Finished, Notice, Reason
from engine.figures import figures
from graph.message import Message


@dataclass
class History:
    """The figures of each epoch by name, as Keras's History has them; `epoch` counts from 0."""

    history: dict[str, list[float]] = field(default_factory=dict)
    epoch: list[int] = field(default_factory=list)
    reason: Reason = "completed"
    """Why the run ended: all epochs are done, stopped (early or on request), or the loss was no number any more."""
    best_epoch: int | None = None
    """The place in `epoch` of the best figure; the weights are those of it where early stopping restores them."""
    notices: list[Message] = field(default_factory=list)
    """What the run had to say: a figure that is not measured, or what to try after a loss that is no number."""

    def take(self, event: Event, before: int) -> None:
        """Note what an event tells; `before` epochs were done in earlier runs."""
        match event:
            case EpochEnded(epoch, _, logs, _, best):
                self.epoch.append(epoch - before - 1)
                if best:
                    self.best_epoch = epoch - before - 1
                for name, value in logs.items():
                    self.history.setdefault(name, []).append(value)
            case Notice(text, hint):
                self.notices.append(Message("{text} {hint}", text=text, hint=hint))
            case Finished(reason=reason, advice=advice):
                self.reason = reason
                if advice is not None:
                    self.notices.append(advice)


class Teller:
    """Says a line after every epoch, and draws a bar meanwhile where there is a terminal and `bar` is wanted."""

    def __init__(self, epochs: int, before: int, bar: bool) -> None:
        self._console = Console()
        self._epochs, self._before, self._bar = epochs, before, bar

    def tell(self, event: Event) -> None:
        """Say what a person wants to know of an event."""
        match event:
            case BatchEnded(epoch, step, steps, logs) if self._bar and step % max(steps // 50, 1) == 0:
                self._console.progress(step / steps, f"epoch {epoch - self._before}  {figures(logs)}")
            case EpochEnded(epoch, _, logs, seconds):
                self._console.say(f"Epoch {epoch - self._before}/{self._epochs}  {seconds:.2f} s  {figures(logs)}")
