"""livespot: the differences between two printed pictures, found in a picture, live, or in a folder of them.

What stands in `__all__` is promised to stay. It is imported when it is first used; `import livespot` alone changes
nothing in the process and loads nothing.
"""

from __future__ import annotations

import importlib

from livespot.version import __version__ as __version__

TYPE_CHECKING = False  # taken for true by type checkers; `typing` would be most of what the import costs
if TYPE_CHECKING:
    from typing import Any

    from livespot.annotate.page import annotate as annotate
    from livespot.api.finding import find_differences as find_differences
    from livespot.api.maps import absdiff_map as absdiff_map
    from livespot.api.maps import ssim_map as ssim_map
    from livespot.api.maps import tolerant_difference as tolerant_difference
    from livespot.api.sources import open_source as open_source
    from livespot.api.spotter import Spotter as Spotter
    from livespot.errors import LivespotError as LivespotError
    from livespot.frame import Frame as Frame
    from livespot.record.recorder import Recorder as Recorder
    from livespot.settings import Settings as Settings
    from livespot.spotting.results import Difference as Difference
    from livespot.spotting.results import FrameResult as FrameResult
    from livespot.spotting.results import Kind as Kind

_HOMES = {
    "find_differences": "livespot.api.finding",
    "Spotter": "livespot.api.spotter",
    "open_source": "livespot.api.sources",
    "annotate": "livespot.annotate.page",
    "Recorder": "livespot.record.recorder",
    "ssim_map": "livespot.api.maps",
    "tolerant_difference": "livespot.api.maps",
    "absdiff_map": "livespot.api.maps",
    "Settings": "livespot.settings",
    "FrameResult": "livespot.spotting.results",
    "Difference": "livespot.spotting.results",
    "Kind": "livespot.spotting.results",
    "Frame": "livespot.frame",
    "LivespotError": "livespot.errors",
}
__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'livespot' has no attribute {name!r}")
    importlib.import_module("cv2")  # before anything imports av: the other way round the first window hangs for ever
    value = globals()[name] = getattr(importlib.import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
