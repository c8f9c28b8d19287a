"""Which epoch was the best, and when to stop waiting for a better one, as Keras's EarlyStopping does.

https://keras.io/api/callbacks/early_stopping/
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite

from engine.events import Logs
from engine.metrics import rises
from graph.message import Message
from graph.names import did_you_mean
from graph.recipe import EarlyStopping


@dataclass(frozen=True, slots=True)
class Best:
    """The best epoch so far, its figure, and how many epochs have passed since."""

    epoch: int | None = None
    figure: float | None = None
    waited: int = 0


@dataclass(frozen=True, slots=True)
class Watch:
    """Watches one figure of the logs."""

    monitor: str
    rule: EarlyStopping | None = None

    def after(self, best: Best, epoch: int, logs: Logs) -> Best:
        """The best epoch once `epoch` is done."""
        figure = logs[self.monitor]
        if self.improves(figure, best.figure):
            return Best(epoch, figure)
        return replace(best, waited=best.waited + 1)

    def improves(self, figure: float, best: float | None) -> bool:
        """Whether a figure is better than the best by more than the rule's `min_delta`."""
        if not isfinite(figure):
            return False
        if best is None:
            return True
        least = self.rule.min_delta if self.rule is not None else 0.0
        return figure - least > best if rises(self.monitor) else figure + least < best

    def is_over(self, best: Best, epoch: int) -> bool:
        """Whether to stop after `epoch`: as in Keras, never after the first."""
        return self.rule is not None and best.waited >= max(self.rule.patience, 1) and epoch > 1

    @property
    def restores(self) -> bool:
        """Whether the weights of the best epoch are taken at the end."""
        return self.rule is not None and self.rule.restore_best_weights


def watch(rule: EarlyStopping | None, names: Sequence[str]) -> tuple[Watch, Message | None]:
    """What to watch among the figures an epoch will have, and what to tell where it is not what was asked for.

    A figure that is not measured is replaced by that of the training samples, or else by the loss.
    """
    usual = "val_loss" if "val_loss" in names else "loss"
    if rule is None:
        return Watch(usual), None
    if rule.monitor in names:
        return Watch(rule.monitor, rule), None
    without = rule.monitor.removeprefix("val_")
    instead = without if without in names else did_you_mean(rule.monitor, names) or usual
    text = Message("{asked} is not measured, so {instead} is watched.", asked=rule.monitor, instead=instead)
    return Watch(instead, rule), text
