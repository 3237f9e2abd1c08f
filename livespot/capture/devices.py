"""Which cameras there are, and which one is meant: by index, path, identity or a part of the name.

OpenCV knows cameras by index alone, and indices change with every plug. cv2-enumerate-cameras gives names, paths and
USB numbers; on Linux the links in /dev/v4l/by-id add the serial number. The camera chosen last is remembered by
identity in the per-user configuration folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2

from livespot import startup
from livespot.errors import SourceError

if sys.platform == "linux":
    BACKEND = cv2.CAP_V4L2
elif sys.platform == "darwin":
    BACKEND = cv2.CAP_AVFOUNDATION
elif sys.platform == "win32":
    BACKEND = cv2.CAP_MSMF  # asks for MJPG and large sizes reliably, DirectShow does not
else:
    BACKEND = cv2.CAP_ANY

_BY_ID = Path("/dev/v4l/by-id")


@dataclass(frozen=True)
class Camera:
    """One camera. index: OpenCV's number for BACKEND. path: its device, "" where there is none.

    identity: stays the same over plugs and starts: the serial link, else USB vendor:product, else the path or name.
    """

    index: int
    name: str
    path: str
    identity: str

    def label(self) -> str:
        """What the user would call it."""
        return self.name or self.path or f"camera {self.index}"


def cameras() -> list[Camera]:
    """The cameras of this machine, in the order of their indices."""
    from cv2_enumerate_cameras import enumerate_cameras, supported_backends

    backend = BACKEND if BACKEND in supported_backends else cv2.CAP_ANY
    try:
        found = enumerate_cameras(backend)
    except Exception:  # the library asks the system; where that fails there is nothing to list
        return []
    links = _serial_links()
    listed = []
    for info in sorted(found, key=lambda info: info.index):
        path = info.path or ""
        identity = links.get(path) or _usb(info.vid, info.pid, info.name) or path or info.name or str(info.index)
        listed.append(Camera(int(info.index), info.name or "", path, identity))
    return listed


def find(text: str, among: Sequence[Camera]) -> Camera | None:
    """The camera that `text` means: an index, a path, an identity, or a part of a name. None when none does.

    Raises SourceError when a part of a name fits several.
    """
    if text.isdigit():
        return next((c for c in among if c.index == int(text)), None)
    exact = [c for c in among if text in (c.path, c.identity)]
    real = os.path.realpath(text)
    exact = exact or [c for c in among if c.path and os.path.realpath(c.path) == real]
    if exact:
        return exact[0]
    part = [c for c in among if text.lower() in c.name.lower()]
    if len(part) > 1:
        names = "; ".join(f"{c.index}: {c.name}" for c in part)
        raise SourceError(f"{text!r} is part of several cameras' names ({names}): give the index or the path")
    return part[0] if part else None


def permission_problem(path: str) -> str:
    """Why the device at `path` may not be opened, with the remedy; "" when it may."""
    if not path or not os.path.exists(path) or os.access(path, os.R_OK | os.W_OK):
        return ""
    return f"no permission to use {path}: run `sudo usermod -aG video $USER`, then log out and in again"


def remembered(among: Sequence[Camera]) -> Camera | None:
    """The camera that was chosen last, when it is here."""
    try:
        identity = json.loads(_memory().read_text(encoding="utf-8"))["identity"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return next((c for c in among if c.identity == identity), None)


def remember(camera: Camera) -> None:
    """Open this camera first from now on. A folder that cannot be written is no reason to fail."""
    with contextlib.suppress(OSError):
        _memory().parent.mkdir(parents=True, exist_ok=True)
        temporary = _memory().with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps({"identity": camera.identity, "name": camera.name}), encoding="utf-8")
        temporary.replace(_memory())


def _memory() -> Path:
    return startup.config_dir() / "camera.json"


def _usb(vendor: int | None, product: int | None, name: str | None) -> str:
    return "" if vendor is None or product is None else f"usb:{vendor:04x}:{product:04x}:{name or ''}".rstrip(":")


def _serial_links() -> dict[str, str]:
    """Device path to the name of its link by serial number (Linux; elsewhere empty)."""
    try:
        return {os.path.realpath(link): f"id:{link.name}" for link in sorted(_BY_ID.iterdir(), reverse=True)}
    except OSError:
        return {}
