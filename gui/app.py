"""Starts the window: the application with its name, theme, language and last resort for errors."""

from __future__ import annotations

import gc
import sys
import traceback
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from types import TracebackType

from platformdirs import user_data_path
from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTranslator
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from gui import ask
from gui.main_window import MainWindow
from gui.settings import Settings
from gui.theme import theme_switch


def run(arguments: Sequence[str]) -> int:
    """Open the window, on the project file or the template named in `arguments`, and stay until it is closed."""
    app = application(["netloom", *arguments])
    sys.excepthook = Excepthook(app)
    settings = Settings(parent=app)
    theme_switch().set_mode(settings.theme)
    theme_switch().apply()
    window = MainWindow(settings, recovery_folder())
    window.show()
    spare_collections()
    window.training.controller.folders.settle()
    window.files.offer_recovery()
    for name in arguments[:1]:
        window.begin_with(name)
    return app.exec()


def spare_collections() -> None:
    """Leave what lives as long as the program out of garbage collection, and collect the rest less often.

    A collection of everything would hold the window up for the time of several frames, and so would one of 200,000
    objects that came since.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 5, 200)


def application(argv: list[str]) -> QApplication:
    """The one QApplication, with the names under which its settings are kept, and its language."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(argv)
    app.setApplicationName("Netloom")
    app.setApplicationDisplayName("Netloom")
    app.setOrganizationName("Netloom")
    app.setDesktopFileName("netloom")
    app.setWindowIcon(QIcon(str(resources.files("resources").joinpath("netloom.svg"))))
    translate(app, QLocale())
    return app


def translate(app: QObject, locale: QLocale) -> list[QTranslator]:
    """Load what translations there are for a language: Qt's own texts, and ours."""
    folder = str(resources.files("resources").joinpath("translations"))
    places = (("netloom", folder), ("qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)))
    loaded = []
    for name, where in places:
        translator = QTranslator(app)
        if translator.load(locale, name, "_", where):
            QApplication.installTranslator(translator)
            loaded.append(translator)
    return loaded


def recovery_folder() -> Path:
    """Where unsaved edits are kept for after a crash."""
    return user_data_path("Netloom", appauthor=False) / "recovery"


class Excepthook:
    """Says that something went wrong inside, and lets the work go on: the document is a value and still whole.

    A second error while the first is being told is written to standard error only.
    """

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._telling = False

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._app.quit()
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(text)
        if self._telling:
            return
        self._telling = True
        try:
            ask.tell(
                QApplication.activeWindow(),
                ask.tr("Something went wrong inside Netloom."),
                ask.tr("Your project is still here. Save it, and please report what the details say."),
                QMessageBox.Icon.Critical,
                text,
            )
        finally:
            self._telling = False
