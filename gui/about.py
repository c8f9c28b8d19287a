"""What is at work: versions of Netloom, Python, Qt and the libraries that compute."""

from __future__ import annotations

import platform
from importlib import metadata
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QVBoxLayout, QWidget
from threadpoolctl import threadpool_info

from gui.icons import pixmap
from gui.parts import label, line

PACKAGES = ("numpy", "networkx", "PySide6-Essentials", "pyqtgraph", "safetensors")


class About(QDialog):
    """The versions, to read and to copy into a report."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About Netloom"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        picture = QLabel(self)
        picture.setPixmap(pixmap("core", "accent", 48, self.devicePixelRatioF()))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(picture)
        column.addWidget(label("Netloom", "figure", self))
        told = self.tr("Wire layers into a neural network, watch it learn, and take it away.")
        column.addWidget(label(told, "muted", self, wrap=True))
        column.addWidget(line(self))
        form = QFormLayout()
        form.setHorizontalSpacing(24)
        form.setVerticalSpacing(4)
        for name, value in versions():
            shown = label(value, "", self)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            form.addRow(label(name, "muted", self), shown)
        column.addLayout(form)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        copy = buttons.addButton(self.tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(as_text()))
        copy.setAutoDefault(False)
        buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(True)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self.setMinimumWidth(420)


def versions() -> list[tuple[str, str]]:
    """The name and version of everything that matters for a report."""
    rows = [("Netloom", version("netloom")), ("Python", platform.python_version()), ("Qt", qVersion())]
    rows += [(name, version(name)) for name in PACKAGES]
    rows += [("BLAS", blas) for blas in blas_libraries()]
    system = QCoreApplication.translate("About", "System")
    return [*rows, (system, f"{platform.system()} {platform.release()} {platform.machine()}")]


def version(package: str) -> str:
    """The installed version of a package; "source" for one that runs without being installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "source"


def blas_libraries() -> list[str]:
    """The libraries that multiply matrices, with their threads."""
    found: list[dict[str, Any]] = [info for info in threadpool_info() if info.get("user_api") == "blas"]
    said = QCoreApplication.translate("About", "{library}, {n} threads")
    named = [(f"{info['internal_api']} {info.get('version') or ''}".strip(), info["num_threads"]) for info in found]
    return [said.format(library=library, n=threads) for library, threads in named]


def as_text() -> str:
    """The versions as lines of text."""
    return "\n".join(f"{name}: {value}" for name, value in versions())
