"""What Qt needs of the system before it can show a window. Importing this needs no Qt, which may not load."""

from __future__ import annotations

import ctypes
import os
import re
import sys
from collections.abc import Mapping

DEBIAN = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
"""The Debian and Ubuntu package of every library that Qt's windows are linked against."""

FEDORA = {
    "libEGL.so.1": "libglvnd-egl",
    "libGL.so.1": "libglvnd-glx",
    "libdbus-1.so.3": "dbus-libs",
    "libfontconfig.so.1": "fontconfig",
    "libglib-2.0.so.0": "glib2",
    "libxkbcommon.so.0": "libxkbcommon",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11",
    "libxcb-cursor.so.0": "xcb-util-cursor",
    "libxcb-icccm.so.4": "xcb-util-wm",
    "libxcb-image.so.0": "xcb-util-image",
    "libxcb-keysyms.so.1": "xcb-util-keysyms",
    "libxcb-render-util.so.0": "xcb-util-renderutil",
}

X11 = tuple(name for name in DEBIAN if "xcb" in name or "X11" in name or "xkb" in name)
"""What the X11 window needs besides; Qt ends the program where one of them does not load."""


QT = tuple(name for name in DEBIAN if name not in X11 and "wayland" not in name)
"""What every window of Qt needs, also one that is never shown."""


def display(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether there is a display that a window can open on."""
    if not platform.startswith("linux"):
        return True
    chosen = environment.get("QT_QPA_PLATFORM", "")
    if chosen:
        return chosen.split(":")[0] not in ("offscreen", "minimal")
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def missing_for_qt() -> list[str]:
    """The library that Qt's own modules lack here, found by loading them; Qt names one at a time."""
    try:
        from PySide6 import QtGui, QtWidgets  # noqa: F401 - only to see whether they load
    except ImportError as error:
        library = library_named(error)
        if library is None:
            raise
        return sorted({library, *(name for name in QT if not loads(name))})
    return []


def library_named(error: ImportError) -> str | None:
    """The library that an import did not find, or None where it failed for another reason."""
    found = re.match(r"(lib[\w.+-]+\.so[.\d]*): cannot open shared object file", str(error))
    return found[1] if found else None


def missing_for_x11() -> list[str]:
    """Those libraries of the X11 window that this system does not load."""
    return [name for name in X11 if not loads(name)]


def loads(library: str) -> bool:
    """Whether the system finds and loads `library`."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def how_to_install(libraries: list[str]) -> str:
    """The sentence and the commands that bring in missing libraries."""
    debian = sorted({DEBIAN.get(name, f"(what brings {name})") for name in libraries})
    fedora = sorted({FEDORA.get(name, name) for name in libraries})
    return "\n".join(
        [
            f"Qt cannot open a window, because the system has no {', '.join(libraries)}. Install it:",
            f"  Debian, Ubuntu:  sudo apt install {' '.join(debian)}",
            f"  Fedora:          sudo dnf install {' '.join(fedora)}",
        ]
    )
