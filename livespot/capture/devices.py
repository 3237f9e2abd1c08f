"""Which cameras there are, and which one is meant: by number, path, identity, USB numbers, serial number or name.

OpenCV knows cameras by index alone, and indices change with every plug. cv2-enumerate-cameras gives names, paths and
USB numbers; on Linux the links in /dev/v4l/by-id add what udev knows them by, and /sys the serial number and the plug a
camera is in, which tells two of a kind apart. The camera chosen last is remembered by identity in the per-user
configuration folder. All that differs between platforms about cameras stands at the head.
"""

import contextlib
import dataclasses
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2

from livespot import startup
from livespot.calibration import whole
from livespot.errors import SourceError

_IN_USE = "it may be in use by another program (close that), or gone (plug it in again)"
if sys.platform == "linux":
    BACKEND, CLOSED = cv2.CAP_V4L2, _IN_USE
elif sys.platform == "darwin":
    BACKEND = cv2.CAP_AVFOUNDATION
    CLOSED = f"{_IN_USE}, or not allowed (System Settings, Privacy & Security, Camera)"
elif sys.platform == "win32":
    BACKEND = cv2.CAP_MSMF  # asks for MJPG and large sizes reliably, DirectShow does not
    CLOSED = f"{_IN_USE}, or not allowed (Settings, Privacy & security, Camera)"
else:
    BACKEND, CLOSED = cv2.CAP_ANY, _IN_USE

_BY_ID = Path("/dev/v4l/by-id")
_NODES = Path("/sys/class/video4linux")
_USB = re.compile(r"(?:usb:)?([0-9a-f]{1,4}):([0-9a-f]{1,4})(?::(.+))?", re.IGNORECASE)
_PASSING = "index:"  # begins what is no real identity: it only holds until a camera is plugged in or out


@dataclass(frozen=True)
class Camera:
    """One camera. index: OpenCV's number for BACKEND. path: its device, "" where there is none.

    identity: stays the same over plugs and starts: what udev knows it by, else USB vendor:product and name, else the
    name, and the plug it is in where two are alike. usb: vendor:product in hexadecimal; port: the plug; "" if unknown.
    """

    index: int
    name: str
    path: str
    identity: str
    usb: str = ""
    serial: str = ""
    port: str = ""

    def label(self) -> str:
        """What the user would call it."""
        return self.name or self.path or f"camera {self.index}"

    @property
    def lasting(self) -> bool:
        """Whether the identity stays the same when cameras are plugged in and out."""
        return not self.identity.startswith(_PASSING)


def numbered(index: int, path: str = "") -> Camera:
    """A camera of which nothing else is known."""
    return Camera(index, "", path, f"{_PASSING}{index}")


def is_device(text: str) -> bool:
    r"""Whether this is the path of a device on Linux or Windows (\\?\usb#vid_046d&pid_0825#...), and not of a file."""
    return text.startswith("/dev/") or (text.startswith("\\\\?\\") and "#" in text)


def cameras() -> list[Camera]:
    """The cameras of this machine, in the order of their indices."""
    try:  # the library asks the system; where that fails, or the library does, there is nothing to list
        from cv2_enumerate_cameras import enumerate_cameras, supported_backends

        found = enumerate_cameras(BACKEND if BACKEND in supported_backends else cv2.CAP_ANY)
    except Exception:
        return []
    listed = []
    for info in sorted(found, key=lambda info: info.index):
        usb = "" if info.vid is None or info.pid is None else f"{info.vid:04x}:{info.pid:04x}"
        serial, port = _plug(info.path or "")
        listed.append(Camera(int(info.index), info.name or "", info.path or "", "", usb, serial, port))
    return _identified(_without_metadata(listed), _serial_links())


def _without_metadata(listed: Sequence[Camera]) -> list[Camera]:
    """The cameras without their second nodes, which give data about the pictures. A node that may not be opened cannot
    be asked what it is; then the first node of a plug is taken for the camera.
    """
    kept: list[Camera] = []
    for camera in listed:
        plug = camera.port.partition("/")[0]
        twice = plug and any(other.port.partition("/")[0] == plug for other in kept)
        if not (twice and permission_problem(camera.path)):
            kept.append(camera)
    return kept


def _identified(listed: Sequence[Camera], links: dict[str, str]) -> list[Camera]:
    """The same with their identities, each given once.

    Two cameras of one make without serial numbers, or with the same one, share a link, which leads to either of them
    and to the other as soon as one is gone: it says nothing about which is which.
    """
    shared = {camera.usb for camera in listed if camera.usb and camera.path not in links}
    named = []
    for camera in listed:
        link = links.get(camera.path, "") if camera.usb not in shared else ""
        usb = f"usb:{camera.usb}:{camera.name}".rstrip(":") if camera.usb else ""
        place = "" if camera.path.startswith("/dev/") else camera.path  # on Linux an index in other words
        named.append(link or usb or place or camera.name or numbered(camera.index).identity)
    alike = Counter(named)
    return [
        dataclasses.replace(c, identity=f"{name}#{c.port or c.path}" if alike[name] > 1 else name)
        for c, name in zip(listed, named, strict=True)
    ]


def find(text: str, among: Sequence[Camera]) -> Camera | None:
    """The camera that `text` means: a number, a path, an identity, a USB vendor:product (or vendor:product:serial), a
    serial number, a name or a part of one. None when none does.

    Raises SourceError when it fits several, naming them.
    """
    words, real = _folded(text), os.path.realpath(text)
    usb = _USB.fullmatch(text.strip())
    kind = f"{usb[1]:0>4}:{usb[2]:0>4}".lower() if usb else ""
    which = _folded(usb[3] or "") if usb else ""
    meanings: tuple[tuple[str, Callable[[Camera], bool]], ...] = (
        ("the number", lambda c: str(c.index) == text.strip()),
        ("the identity", lambda c: text != "" and text in (c.path, c.identity)),
        ("the path", lambda c: bool(c.path) and os.path.realpath(c.path) == real),
        ("the USB number", lambda c: c.usb == kind != "" and which in ("", _folded(c.serial), _folded(c.name))),
        ("the serial number", lambda c: _folded(c.serial) == words != ""),
        ("the name", lambda c: _folded(c.name) == words != ""),
        ("part of the name", lambda c: words != "" and words in _folded(c.name)),
    )
    for what, means in meanings:
        fitting = [camera for camera in among if means(camera)]
        if len(fitting) > 1:
            raise SourceError(f"{text!r} is {what} of several cameras ({_told_apart(fitting)}): give a number or path")
        if fitting:
            return fitting[0]
    return None


def again(known: Camera, among: Sequence[Camera]) -> Camera | None:
    """A camera that was here before, whatever its index is by now; None when it is not plugged in."""
    same = next((c for c in among if c.identity == known.identity), None)
    if same is not None or not known.port:
        return same
    # Whether another one is alike changes an identity; its make and its plug tell that it is the same.
    return next((c for c in among if (c.usb, c.name, c.port) == (known.usb, known.name, known.port)), None)


def permission_problem(path: str) -> str:
    """Why the device at `path` may not be opened, with the remedy; "" when it may (on Linux alone)."""
    if not path.startswith("/dev/") or not os.path.exists(path) or os.access(path, os.R_OK | os.W_OK):
        return ""
    return f"no permission to use {path}: run `sudo usermod -aG video $USER`, then log out and in again"


def chosen_last() -> Camera | None:
    """The camera that was chosen last, as it was known then, whether it is here or not."""
    try:
        told = json.loads(_memory().read_text(encoding="utf-8"))
        identity, rest = told["identity"], [str(told.get(key, "")) for key in ("name", "usb", "port")]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return Camera(-1, rest[0], "", str(identity), usb=rest[1], port=rest[2])


def remembered(among: Sequence[Camera]) -> Camera | None:
    """The camera that was chosen last, when it is here."""
    last = chosen_last()
    return None if last is None else again(last, among)


def remember(camera: Camera) -> None:
    """Open this camera first from now on, if it can be told from others. A folder that cannot be written is no reason
    to fail.
    """
    if not camera.lasting:
        return
    with contextlib.suppress(OSError):
        known = {key: getattr(camera, key) for key in ("identity", "name", "usb", "port")}
        whole.write(_memory(), json.dumps(known))


def _memory() -> Path:
    return startup.config_dir() / "camera.json"


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _told_apart(cameras: Sequence[Camera]) -> str:
    """The cameras in one line, with their paths where their names are the same."""
    names = Counter(camera.label() for camera in cameras)
    return "; ".join(
        f"{c.index}: {c.label()}{f', {c.path}' if names[c.label()] > 1 and c.path else ''}" for c in cameras
    )


def _serial_links() -> dict[str, str]:
    """Device path to the name of its link by serial number (Linux; elsewhere empty)."""
    try:
        return {os.path.realpath(link): f"id:{link.name}" for link in sorted(_BY_ID.iterdir(), reverse=True)}
    except OSError:
        return {}


def _plug(path: str) -> tuple[str, str]:
    """The serial number of the camera at `path` and the plug it is in, such as "1-2:1.0".

    A plug with several nodes gives them numbers: "1-2:1.0/1" is the second. Windows and macOS tell the plug in the path
    itself, and no serial number.
    """
    if not path.startswith("/dev/"):
        return "", path
    node = _NODES / Path(path).name
    if not (node / "device").exists():
        return "", ""
    interface = (node / "device").resolve()
    number = _line(node / "index")
    serial = _line((interface.parent if ":" in interface.name else interface) / "serial")
    return serial, interface.name + (f"/{number}" if number not in ("", "0") else "")


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
