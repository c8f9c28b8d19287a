"""What Qt needs of the system: displays, libraries, and the packages that bring them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gui import system


@pytest.mark.parametrize(
    ("environment", "platform", "there"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, "linux", False),
        ({"QT_QPA_PLATFORM": "vnc"}, "linux", True),
        ({}, "win32", True),
        ({}, "darwin", True),
    ],
)
def test_where_there_is_a_display(environment: dict[str, str], platform: str, there: bool) -> None:
    assert system.display(environment, platform) is there


@pytest.mark.parametrize(
    ("library", "package"),
    [
        ("libEGL.so.1", "libegl1"),
        ("libGL.so.1", "libgl1"),
        ("libxkbcommon.so.0", "libxkbcommon0"),
        ("libdbus-1.so.3", "libdbus-1-3"),
        ("libfontconfig.so.1", "libfontconfig1"),
        ("libglib-2.0.so.0", "libglib2.0-0"),
        ("libxcb-cursor.so.0", "libxcb-cursor0"),
    ],
)
def test_a_missing_library_is_named_with_its_package(library: str, package: str) -> None:
    error = ImportError(f"{library}: cannot open shared object file: No such file or directory")
    assert system.library_named(error) == library
    said = system.how_to_install([library])
    assert library in said
    assert f"sudo apt install {package}" in said.splitlines()[1]


def test_another_import_error_is_no_missing_library() -> None:
    assert system.library_named(ImportError("No module named 'PySide6'")) is None


def test_an_unknown_library_is_still_named() -> None:
    assert "(what brings libstrange.so.7)" in system.how_to_install(["libstrange.so.7"])


def test_packages_are_those_that_the_build_installs() -> None:
    """The list in .ci/run holds only what the mapping knows or what Qt is linked against besides."""
    text = (Path(__file__).parents[2] / ".ci" / "run").read_text(encoding="utf-8")
    listed = re.search(r"packages=\(([^)]+)\)", text)
    assert listed is not None
    needed = {system.DEBIAN[name] for name in ("libEGL.so.1", "libGL.so.1", "libxkbcommon.so.0", "libdbus-1.so.3")}
    assert needed <= set(listed[1].split())


def test_libraries_are_tried() -> None:
    assert system.loads("libc.so.6") or not Path("/lib").exists()
    assert not system.loads("libstrange.so.7")
    assert system.missing_for_qt() == []
