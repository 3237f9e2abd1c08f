"""The process of the program `livespot`: import order, quiet logs, environment; and the per-user folders.

`prepare` is called by the program alone, before anything else of livespot is imported: as a library livespot leaves
the process as it is. Two traps of the libraries are met there: `av` imported before `cv2` makes the first window hang
for ever (both wheels carry a libxcb), so cv2 comes first; and FFmpeg writes to standard error unless told not to before
cv2 is imported.
"""

import contextlib
import functools
import os
import stat
import sys
import tempfile
from pathlib import Path

APP = "livespot"
FIRST_START = "getting ready (only the first start takes this long)…"
EVERY_START = "getting ready (every start takes this long: set NUMBA_CACHE_DIR to a folder you can write)…"
QUIET = {
    "OPENCV_FFMPEG_LOGLEVEL": "-8",
    "OPENCV_LOG_LEVEL": "SILENT",
    # On Windows a camera else takes up to minutes to open (github.com/opencv/opencv/issues/17687)
    "OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS": "0",
    # small matrices only: a second thread of the linear algebra takes a core from the display and gives nothing back
    "OPENBLAS_NUM_THREADS": "1",
    # OpenCV's helpers else go on asking for work after each call: a tenth of an analysis, taken from the other threads
    "OPENCV_THREAD_POOL_ACTIVE_WAIT_WORKER": "0",
}
prepared = False  # whether this process is the program's own


def _place(name: str) -> Path:
    """The user's folder of this kind, "cache" or "config"; for a user without a home it is among the temporary ones."""
    import platformdirs  # here: `prepare` says in one line that it is missing

    with contextlib.suppress(RuntimeError):
        return Path(getattr(platformdirs, f"user_{name}_dir")(APP))
    return _temporary() / name


def _temporary() -> Path:
    """This user's folder among the temporary ones; where another user has put one there, a folder that cannot be."""
    if sys.platform == "win32":
        user = "user"
    else:
        user = str(os.getuid())
    path = Path(tempfile.gettempdir()) / f"{APP}-{user}"
    with contextlib.suppress(OSError):
        path.mkdir(mode=0o700, exist_ok=True)
        state = path.lstat()
        if sys.platform == "win32" or (state.st_uid == os.getuid() and state.st_mode == stat.S_IFDIR | 0o700):
            return path
    return Path(os.devnull) / APP


def cache_dir() -> Path:
    """The per-user cache folder of livespot (not made here)."""
    return _place("cache")


def config_dir() -> Path:
    """The per-user configuration folder of livespot (not made here)."""
    return _place("config")


@functools.cache
def _kernel_cache() -> Path:
    """Where compiled kernels are kept: the cache folder, or the temporary one where that cannot be written."""
    for place in (cache_dir, _temporary):
        with contextlib.suppress(OSError):
            folder = place() / "kernels"
            folder.mkdir(parents=True, exist_ok=True)
            if os.access(folder, os.W_OK):
                return folder
    return cache_dir() / "kernels"


def kernel_folder() -> Path:
    """Where compiled kernels are kept."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    return Path(given) if given else _kernel_cache()


def prepare() -> None:
    """Make this process the program's own. Raises LivespotError when a package that nothing works without is amiss."""
    global prepared
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    os.environ.pop("NUMBA_NUM_THREADS", None)  # numba ends at one that is no number of threads; none is used here
    from livespot import packages, saying

    saying.talk()
    packages.check()
    import cv2

    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    prepared = True


def getting_ready() -> str:
    """What to say while the kernels are compiled."""
    return FIRST_START if os.access(kernel_folder(), os.W_OK) else EVERY_START
