"""What must be true before the first picture is touched: import order, quiet logs, cache folder.

Imported by the package itself, so that any `import livespot.…` has it behind it. Two traps of the libraries are met
here and nowhere else: `av` imported before `cv2` makes the first window hang for ever (both wheels carry a libxcb), so
cv2 comes first; and FFmpeg writes to standard error unless told not to before cv2 is imported.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import time
from pathlib import Path

import platformdirs

APP = "livespot"
FIRST_START = "getting ready (only the first start takes this long)…"


def _kernel_folder() -> str:
    """The name of the folder for the kernels as they stand now.

    numba looks at a kernel's own file only: a change in one that it calls, in another file, would go unnoticed.
    """
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for file in (*sorted(here.glob("spotting/kernels/*.py")), here / "demo" / "kernels.py"):
        state = file.stat()
        digest.update(f"{file} {state.st_size} {state.st_mtime_ns}".encode())
    return f"numba-{digest.hexdigest()[:10]}"


os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
# On Windows a camera else takes up to minutes to open (github.com/opencv/opencv/issues/17687)
os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")
# small matrices only: a second thread of the linear algebra takes a core from the display and gives nothing back
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# OpenCV's helpers else go on asking for work after each call: a tenth of an analysis, taken from the other threads
os.environ.setdefault("OPENCV_THREAD_POOL_ACTIVE_WAIT_WORKER", "0")
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(platformdirs.user_cache_dir(APP)) / _kernel_folder()))

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


def compiled() -> bool:
    """Whether the vision's kernels, as they stand now, were all compiled before (the classic method's own apart)."""
    return _all_compiled().exists()


def remember_compiled() -> None:
    """From now on they are."""
    with contextlib.suppress(OSError):  # then the next start says once more that it gets ready
        _all_compiled().parent.mkdir(parents=True, exist_ok=True)
        _all_compiled().touch()


def _all_compiled() -> Path:
    return Path(os.environ["NUMBA_CACHE_DIR"]) / "all-compiled"


def forget_old_kernels(days: float = 30.0) -> None:
    """Remove what was compiled for kernels that have not been used for so long; those in use stay."""
    current = Path(os.environ["NUMBA_CACHE_DIR"])
    with contextlib.suppress(OSError):
        os.utime(current)
    with contextlib.suppress(OSError):
        for folder in cache_dir().glob("numba*"):
            if folder != current and time.time() - folder.stat().st_mtime > days * 86400:
                shutil.rmtree(folder, ignore_errors=True)
