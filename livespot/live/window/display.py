"""Is there a display a window can open on? OpenCV aborts the process when there is none, so it is asked first.

All that differs between platforms about windows stands here, key codes apart (see keys).
"""

import ctypes
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import cv2

from livespot.live.window import x11
from livespot.live.window.keyboard import Keyboard
from livespot.live.window.x11_input import X11Input
from livespot.live.window.x11_input import monitor as monitor_on_x11

TITLE_BAR = 32  # px of a window manager's own above the window
_SCALES = ("QT_SCALE_FACTOR", "QT_SCREEN_SCALE_FACTORS", "QT_AUTO_SCREEN_SCALE_FACTOR", "QT_DEVICE_PIXEL_RATIO")
_FONT_FOLDERS = (
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/fonts/dejavu",
    "/usr/share/fonts/TTF",
    "/usr/share/fonts",
)


@dataclass(frozen=True)
class Display:
    """usable: a window will open. reason: why not. remedy: what to do about it."""

    usable: bool
    reason: str = ""
    remedy: str = ""


def probe() -> Display:
    """Find out without opening a window; a few ms, and it never aborts."""
    if not cv2.currentUIFramework():
        return Display(
            False,
            "this OpenCV was built without windows",
            "install opencv-contrib-python instead of the -headless package",
        )
    if sys.platform.startswith("linux"):
        return _probe_x11()
    # Windows and macOS always have one, except a session with no user in front of it, which cannot be asked safely.
    return Display(True)


def prepare() -> None:
    """Set what the window library reads from the environment; before the first window, after `import cv2`."""
    if not sys.platform.startswith("linux"):
        return
    # The wheel carries the X11 plugin only; under Wayland it runs through XWayland. Anything else asked for aborts.
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    # The wheel points Qt at a font folder it does not contain, and Qt complains on standard error.
    fonts = next((folder for folder in _FONT_FOLDERS if Path(folder).is_dir()), None)
    if fonts is not None:
        os.environ["QT_QPA_FONTDIR"] = fonts
    # Qt would count in px of its own, and the canvas is drawn for the screen's.
    for name in _SCALES:
        os.environ.pop(name, None)
    os.environ["QT_ENABLE_HIGHDPI_SCALING"] = "0"
    # The wheel comes as a button then, which can be taken before Qt magnifies the picture by it.
    os.environ.setdefault("QT_XCB_NO_XI2", "1")
    os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false;qt.qpa.*=false")


def monitor() -> tuple[int, int, int, int]:
    """Left, top, width, height of the monitor a window opens on, px; where nobody knows, a small one."""
    known = monitor_on_x11() if sys.platform.startswith("linux") else None
    if sys.platform == "win32":
        ask = ctypes.windll.user32.GetSystemMetrics
        known = (0, 0, int(ask(0)), int(ask(1)))
    return known or (0, 0, 1440, 900)


def room() -> tuple[int, int]:
    """Width and height that a window's inside may have on that monitor, beside its frame and the desktop's bars."""
    _, _, width, height = monitor()
    return round(0.97 * width), height - TITLE_BAR - round(0.05 * height)


def x11_input(title: str) -> X11Input | None:
    """What Qt keeps to itself over the window with this title; None where OpenCV tells it all."""
    return X11Input(title) if sys.platform.startswith("linux") else None


def mender(title: str) -> x11.Mender | None:
    """Makes sure that the window with this title is painted; None where it always is."""
    return x11.Mender(title) if sys.platform.startswith("linux") else None


def keyboard() -> Keyboard | None:
    """Tells which key was pressed, whatever the keyboard layout; None where the system does."""
    return Keyboard() if sys.platform.startswith("linux") else None


def _probe_x11() -> Display:
    name = os.environ.get("DISPLAY", "")
    if not name:
        return Display(False, "no display (DISPLAY is not set)", "start it from a desktop session, or use --headless")
    missing = _missing_library()
    if missing:
        return Display(
            False, f"the window needs a system library: {missing}", "apt-get install libsm6 libgl1 libglib2.0-0"
        )
    try:
        answers = x11.answers()
    except OSError:
        return Display(False, "libX11.so.6 is missing", "apt-get install libx11-6")
    if not answers:
        return Display(
            False, f"the display {name} does not answer", "check DISPLAY and who may use it, or use --headless"
        )
    return Display(True)


def _missing_library() -> str:
    """What the X11 plugin of the wheel cannot find, or "". Loading it early is harmless: the window does the same."""
    plugin = Path(cv2.__file__).parent / "qt" / "plugins" / "platforms" / "libqxcb.so"
    if not plugin.exists():
        return ""
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return str(error).split(":")[0]
    return ""
