"""What livespot's window remembers from one start to the next: its size and place, and what was looked at last.

One small JSON file in the per-user configuration folder. A folder that cannot be read or written costs the memory, and
nothing else.
"""

import contextlib
import json
import os
from pathlib import Path
from typing import Any

from livespot import startup
from livespot.calibration import whole
from livespot.capture.network import address


def window() -> tuple[int, int, int, int] | None:
    """Left, top, width and height that the window was left with, px; None when nobody changed them."""
    told = _read().get("window")
    if isinstance(told, list) and len(told) == 4 and all(isinstance(value, int) for value in told):
        return told[0], told[1], told[2], told[3]
    return None


def keep_window(rect: tuple[int, int, int, int]) -> None:
    """Open the window here the next time."""
    _write("window", list(rect))


def source() -> str | None:
    """The SOURCE that was chosen last, as the command line takes it."""
    told = _read().get("source")
    return told if isinstance(told, str) and told.strip() else None


def keep_source(text: str) -> None:
    """Offer this SOURCE first the next time. One with a password is not written down."""
    if address.without_password(text) == text:
        path = Path(text).expanduser()
        _write("source", str(path.absolute()) if os.path.lexists(path) and not text.isdecimal() else text)


def _file() -> Path:
    return startup.config_dir() / "window.json"


def _read() -> dict[str, Any]:
    try:
        told = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _write(key: str, value: Any) -> None:
    with contextlib.suppress(OSError, ValueError):
        whole.write(_file(), json.dumps(_read() | {key: value}))
