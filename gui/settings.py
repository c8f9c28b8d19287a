"""What the window remembers from one start to the next: theme, sizes, recent files."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from gui.theme import Mode

RECENT = 10


class Settings(QObject):
    """Typed access to the settings of this user. Without a store of its own it uses the system's usual place."""

    recent_changed = Signal()

    def __init__(self, store: QSettings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store or QSettings()

    @property
    def theme(self) -> Mode:
        """Follow the system, light, or dark."""
        found = self._store.value("theme")
        return next((mode for mode in get_args(Mode) if mode == found), "system")

    def set_theme(self, mode: Mode) -> None:
        """Remember the chosen theme."""
        self._store.setValue("theme", mode)

    def state(self, name: str) -> QByteArray:
        """The remembered sizes of a window or a splitter; empty where there are none."""
        found = self._store.value(f"state/{name}")
        return found if isinstance(found, QByteArray) else QByteArray()

    def set_state(self, name: str, state: QByteArray) -> None:
        """Remember the sizes of a window or a splitter."""
        self._store.setValue(f"state/{name}", state)

    def shown(self, name: str) -> bool:
        """Whether a panel is shown."""
        return str(self._store.value(f"shown/{name}", "true")).lower() == "true"

    def set_shown(self, name: str, shown: bool) -> None:
        """Remember whether a panel is shown."""
        self._store.setValue(f"shown/{name}", "true" if shown else "false")

    @property
    def recent(self) -> list[Path]:
        """The files opened or saved last, the newest first."""
        found = self._store.value("recent") or []
        texts = [found] if isinstance(found, str) else found if isinstance(found, list) else []
        return [Path(text) for text in texts if isinstance(text, str)]

    def add_recent(self, path: Path) -> None:
        """Put a file first among the recent ones."""
        others = [other for other in self.recent if other != path]
        self._set_recent([path, *others])

    def forget_recent(self, path: Path) -> None:
        """Leave out a file that is gone."""
        self._set_recent([other for other in self.recent if other != path])

    def clear_recent(self) -> None:
        """Leave out all."""
        self._set_recent([])

    @property
    def folder(self) -> Path:
        """Where the file dialog opens."""
        recent = self.recent
        return recent[0].parent if recent and recent[0].parent.is_dir() else Path.home()

    def _set_recent(self, paths: list[Path]) -> None:
        self._store.setValue("recent", [str(path) for path in paths[:RECENT]])
        self.recent_changed.emit()
