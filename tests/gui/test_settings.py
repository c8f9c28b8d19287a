"""What the window remembers comes back the next time."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QApplication

from gui.settings import RECENT, Settings


def again(path: Path) -> Settings:
    """The settings of the next start."""
    return Settings(QSettings(str(path), QSettings.Format.IniFormat))


def test_everything_is_there_at_the_next_start(tmp_path: Path, qapp: QApplication) -> None:
    file = tmp_path / "s.ini"
    store = QSettings(str(file), QSettings.Format.IniFormat)
    first = Settings(store)
    first.set_theme("light")
    first.set_shown("palette", False)
    first.set_state("window", QByteArray(b"\x01\x02"))
    first.add_recent(tmp_path / "a.netloom")
    store.sync()
    then = again(file)
    assert (then.theme, then.shown("palette"), then.shown("inspector")) == ("light", False, True)
    assert then.state("window").data() == b"\x01\x02"
    assert then.recent == [tmp_path / "a.netloom"]


def test_recent_files_are_the_newest_first_without_doubles_and_not_too_many(settings: Settings) -> None:
    for n in range(RECENT + 3):
        settings.add_recent(Path(f"/x/{n}.netloom"))
    settings.add_recent(Path("/x/5.netloom"))
    assert settings.recent[0] == Path("/x/5.netloom")
    assert len(settings.recent) == len(set(settings.recent)) == RECENT


def test_a_setting_that_makes_no_sense_is_as_if_it_were_not_there(tmp_path: Path, qapp: QApplication) -> None:
    file = tmp_path / "s.ini"
    file.write_text("[General]\ntheme=purple\nrecent=7\n[state]\nwindow=nonsense\n")
    found = again(file)
    assert found.theme == "system"
    assert found.state("window").isEmpty()
    assert isinstance(found.recent, list)
