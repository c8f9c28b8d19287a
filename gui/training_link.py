"""What the window's actions ask of training, whatever runs it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class TrainingLink(QObject):
    """Whether a run can begin, pause or stop, and the way to do so. `changed` follows every change of these."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)

    @property
    def can_toggle(self) -> bool:
        """Whether a run can begin, pause or go on."""
        return False

    @property
    def can_stop(self) -> bool:
        """Whether there is a run to end."""
        return False

    @property
    def toggle_text(self) -> str:
        """What `toggle` would do."""
        return self.tr("Train")

    @property
    def toggle_icon(self) -> str:
        """The drawing for it."""
        return "play"

    @property
    def can_choose_data(self) -> bool:
        """Whether there is a dialog to choose data in."""
        return False

    @property
    def can_export(self) -> bool:
        """Whether there is a dialog to export from."""
        return False

    def choose_data(self) -> None:
        """Let the samples be chosen."""

    def export(self) -> None:
        """Let the network be exported."""

    def toggle(self) -> None:
        """Begin a run, pause it, or go on with it."""

    def stop(self) -> None:
        """End the run."""

    def close(self) -> None:
        """End whatever runs, because the window closes."""
