"""What must be true before the first picture is touched: import order, quiet logs, cache folder.

Imported by the package itself, so that any `import livespot.…` has it behind it. Two traps of the libraries are met
here and nowhere else: `av` imported before `cv2` makes the first window hang for ever (both wheels carry a libxcb), so
cv2 comes first; and FFmpeg writes to standard error unless told not to before cv2 is imported.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

APP = "livespot"

os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
# small matrices only: a second thread of the linear algebra takes a core from the display and gives nothing back
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(platformdirs.user_cache_dir(APP)) / "numba"))

try:
    import cv2
except ImportError as error:
    # Nothing of livespot runs without it, and a traceback would not say what to do.
    raise SystemExit(
        f"livespot: OpenCV does not start ({error}): on Debian and Ubuntu, sudo apt-get install libgl1 libglib2.0-0"
    ) from None

cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def cache_dir() -> Path:
    """The per-user cache folder of livespot (not made here)."""
    return Path(platformdirs.user_cache_dir(APP))


def config_dir() -> Path:
    """The per-user configuration folder of livespot (not made here)."""
    return Path(platformdirs.user_config_dir(APP))
