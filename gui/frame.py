"""How the parts of the window stand: palette, canvas and inspector side by side, tabs below, the toolbar on top."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from gui.settings import Settings
from gui.theme import current_theme


class Frame(QWidget):
    """Holds the parts of a window. Palette, inspector and tabs ("bottom") can be hidden; all sizes are remembered."""

    def __init__(self, toolbar: QWidget, palette: QWidget, canvas: QWidget, inspector: QWidget, tabs: QWidget) -> None:
        super().__init__()
        self._panels = {"palette": palette, "inspector": inspector, "bottom": tabs}
        metric = current_theme().metric
        self.across = QSplitter(Qt.Orientation.Horizontal)
        for widget in (palette, canvas, inspector):
            self.across.addWidget(widget)
        self.across.setStretchFactor(1, 1)
        self.across.setSizes([round(metric["palette"]), 1088, round(metric["inspector"])])
        self.down = QSplitter(Qt.Orientation.Vertical)
        self.down.addWidget(self.across)
        self.down.addWidget(tabs)
        self.down.setStretchFactor(0, 1)
        self.down.setSizes([640, 262])
        for splitter in (self.across, self.down):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        palette.setMinimumWidth(160)
        inspector.setMinimumWidth(284)
        canvas.setMinimumSize(240, 160)
        tabs.setMinimumHeight(120)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(toolbar)
        column.addWidget(self.down, 1)

    def shows(self, name: str) -> bool:
        """Whether a panel is shown."""
        return not self._panels[name].isHidden()

    def show_panel(self, name: str, shown: bool) -> None:
        """Show or hide a panel."""
        self._panels[name].setVisible(shown)

    def restore(self, settings: Settings) -> None:
        """Stand as in the last window."""
        self.across.restoreState(settings.state("across"))
        self.down.restoreState(settings.state("down"))
        for name in self._panels:
            self.show_panel(name, settings.shown(name))

    def remember(self, settings: Settings) -> None:
        """Remember how everything stands."""
        settings.set_state("across", self.across.saveState())
        settings.set_state("down", self.down.saveState())
