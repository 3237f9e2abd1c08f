"""`livespot doctor`: what works on this machine, each thing tried for real, and the remedy for what does not.

Exit status 0 when everything essential works (OpenCV, the kernels, the encoder); a missing display or camera is said,
with its remedy, but livespot is of use without.
"""

import argparse
import importlib.metadata
import io
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from livespot import libraries, packages, startup
from livespot.settings import Settings


@dataclass(frozen=True)
class Finding:
    """What one check found. remedy: what to do when it does not work, "" when it does."""

    works: bool
    says: str
    remedy: str = ""


@dataclass(frozen=True)
class Check:
    """One check. essential: livespot is of no use without."""

    name: str
    look: Callable[[], Finding]
    essential: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Exit status: 0 when everything essential works, 1 when something essential does not."


def run(args: argparse.Namespace, settings: Settings) -> int:
    missing = 0
    width = max(len(check.name) for check in CHECKS)
    for check in CHECKS:
        finding = examine(check)
        mark = "ok" if finding.works else ("MISSING" if check.essential else "missing")
        print(f"{mark:<8} {check.name:<{width}}  {finding.says}", flush=True)
        if finding.remedy:
            print(f"{'':<8} {'':<{width}}  -> {finding.remedy}", flush=True)
        missing += check.essential and not finding.works
    if missing:
        print(f"\n{missing} essential thing{' does' if missing == 1 else 's do'} not work")
        return 1
    print("\neverything essential works")
    return 0


def examine(check: Check) -> Finding:
    """What a check finds; a check that fails in its own way is a finding too."""
    try:
        return check.look()
    except Exception as error:
        return Finding(
            False, f"{type(error).__name__}: {error}", "run scripts/livespot again to rebuild the environment"
        )


def _python() -> Finding:
    untried = "" if sys.platform == "linux" else " (livespot is meant to work here, and tested on Linux alone)"
    return Finding(
        True, f"{platform.python_version()} at {sys.executable}, on {platform.platform(terse=True)}{untried}"
    )


def _opencv() -> Finding:
    import cv2

    build = cv2.getBuildInformation()
    window = cv2.currentUIFramework() or "no windows"
    says = f"{cv2.__version__}, {window}, {cv2.getNumberOfCPUs()} processors"
    installed = packages.opencvs()
    if len(installed) > 1:
        return Finding(True, says, f"{packages.mended(installed)}: whichever is removed takes files of both")
    return Finding(True, says + (", FFmpeg" if "FFMPEG:                      YES" in build else ""))


def _libraries() -> Finding:
    if not sys.platform.startswith("linux"):
        return Finding(True, "nothing needed on this platform")
    missing = libraries.missing()
    if missing:
        effects = "; ".join(f"without {library.package}, {library.without}" for library in missing)
        return Finding(False, effects, f"sudo apt-get install {' '.join(library.package for library in missing)}")
    return Finding(True, ", ".join(library.file for library in libraries.NEEDED))


def _window() -> Finding:
    from livespot.live.window import display

    screen = display.probe()
    if not screen.usable:
        return Finding(False, screen.reason, screen.remedy)
    return Finding(True, f"display {os.environ.get('DISPLAY', 'of this session')}")


def _fonts() -> Finding:
    if not sys.platform.startswith("linux"):
        return Finding(True, "the system's")
    folder = libraries.font_folder()
    if folder is None:
        return Finding(False, "no DejaVu", f"sudo apt-get install {libraries.FONT_PACKAGE}")
    return Finding(True, str(folder))


def _encoder() -> Finding:
    import av
    import numpy as np

    film = io.BytesIO()
    started = time.perf_counter()
    with av.open(film, "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=30, options={"preset": "ultrafast", "tune": "zerolatency"})
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuv420p"
        for i in range(10):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.full((480, 640, 3), 20 * i, np.uint8), "bgr24")))
        out.mux(stream.encode(None))
    spent = (time.perf_counter() - started) * 1e3
    film.seek(0)
    with av.open(film, "r") as back:
        count = sum(1 for _ in back.decode(video=0))
    if count != 10:
        return Finding(False, f"H.264 gave back {count} of 10 frames", "pip install --force-reinstall av")
    return Finding(True, f"H.264 (libx264) in MP4, written and read back in {spent:.0f} ms, PyAV {av.__version__}")


def _cameras() -> Finding:
    from livespot.capture import devices

    there = devices.cameras()
    if not there:
        return Finding(False, "none", "plug a camera in; until then `livespot demo` and files work")
    problems = [problem for c in there if (problem := devices.permission_problem(c.path))]
    says = ", ".join(f"{c.index}: {c.label()}" for c in there)
    return Finding(not problems, says, problems[0] if problems else "")


def _kernels() -> Finding:
    import numba

    from livespot import compiling

    if not compiling.try_out()[0]:
        return Finding(False, "compiled code gives wrong results", "pip install --force-reinstall numba llvmlite")
    return Finding(True, f"numba {numba.__version__} compiles")


def _cache() -> Finding:
    from livespot import compiling
    from livespot.spotting.warming import compiled

    folder = startup.kernel_folder()
    if not compiling.try_out()[1]:
        problem = _unwritable(folder) or "is the disk full?"
        if compiled():
            return Finding(True, f"kernels are read from {folder}, nothing is added to it ({problem})")
        remedy = "make room, or set NUMBA_CACHE_DIR to a folder you can write"
        return Finding(False, f"{folder} keeps nothing ({problem}): every start compiles the kernels anew", remedy)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
    return Finding(True, f"kernels are kept in {folder} and read back; it holds {size:.1f} MB")


def _folders() -> Finding:
    for folder in (startup.config_dir(), startup.cache_dir()):
        problem = _unwritable(folder)
        if problem:
            return Finding(False, f"{folder}: {problem}", f"make {folder} writable; until then nothing is remembered")
    return Finding(True, f"{startup.config_dir()}, {startup.cache_dir()}")


def _unwritable(folder: Path) -> str:
    """Why nothing can be written into a folder (made when it is not there), or ""."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return (error.strerror or str(error)).lower()


def _packages() -> Finding:
    try:
        names = list(_requirements())
    except importlib.metadata.PackageNotFoundError:
        return Finding(True, "run from a folder, not installed")
    versions, missing = [], []
    for name in names:
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        return Finding(False, f"not installed: {', '.join(missing)}", f"pip install {' '.join(missing)}")
    return Finding(True, ", ".join(versions))


def _requirements() -> Iterator[str]:
    """The names of the packages that livespot asks for, from its own metadata; of OpenCV the kind that is installed."""
    for line in importlib.metadata.requires("livespot") or []:
        if "extra ==" not in line:
            name = line.split(";")[0].split(">")[0].split("<")[0].split("=")[0].split("[")[0].strip()
            yield next(iter(packages.opencvs()), name) if name.startswith("opencv") else name


CHECKS = (
    Check("Python", _python, essential=True),
    Check("packages", _packages, essential=True),
    Check("libraries", _libraries, essential=False),
    Check("OpenCV", _opencv, essential=True),
    Check("kernels", _kernels, essential=True),
    Check("cache", _cache, essential=False),
    Check("encoder", _encoder, essential=True),
    Check("window", _window, essential=False),
    Check("fonts", _fonts, essential=False),
    Check("cameras", _cameras, essential=False),
    Check("folders", _folders, essential=False),
)
