"""The Python packages livespot needs: which are missing, and whether the OpenCV that answers is one it can use.

Two OpenCV distributions share one folder: the one installed last has overwritten the other, and removing either takes
the files of both. Nothing of it is a fault of the user's pictures, and every command says so.
"""

import contextlib
import importlib.metadata
import importlib.util
import os
from collections.abc import Mapping
from pathlib import Path

from livespot.errors import LivespotError

NEEDED = {  # as imported: as installed
    "cv2": "opencv-contrib-python",
    "numpy": "numpy",
    "numba": "numba",
    "av": "av",
    "PIL": "pillow",
    "cv2_enumerate_cameras": "cv2-enumerate-cameras",
    "platformdirs": "platformdirs",
    "yaml": "PyYAML",
    "tqdm": "tqdm",
    "jinja2": "Jinja2",
    "shtab": "shtab",
}
OPENCV = 5  # the oldest that will do


def check() -> None:
    """Raises LivespotError, one line with the remedy, when OpenCV or another package cannot be used."""
    missing = [package for name, package in NEEDED.items() if importlib.util.find_spec(name) is None]
    if missing:
        raise LivespotError(f"not installed: {', '.join(missing)}: pip install {' '.join(missing)}")
    try:
        with contextlib.redirect_stdout(None):  # what it says about a NumPy that it cannot use
            import cv2
    except ImportError as error:
        remedy = "on Debian and Ubuntu, sudo apt-get install libgl1 libglib2.0-0"
        remedy = "pip install --force-reinstall numpy" if "numpy" in str(error) else remedy
        raise LivespotError(f"OpenCV does not start ({error}): {_remedy(opencvs()) or remedy}") from None
    version = str(getattr(cv2, "__version__", ""))
    if version.partition(".")[0].isdecimal() and int(version.partition(".")[0]) >= OPENCV and hasattr(cv2, "imread"):
        return
    installed = opencvs()
    what = f"{cv2.__file__} is OpenCV {version}, and livespot needs {OPENCV}" if version else "OpenCV's files are gone"
    name = next(iter(installed), "opencv-contrib-python")
    remedy = _remedy(installed) or f"pip install --force-reinstall '{name}>=5,<6'"
    raise LivespotError(f"{what}: {remedy}")


def need(module: str, package: str, extra: str, what: str) -> None:
    """Raises LivespotError, naming the extra, when `what` cannot be done for want of a package."""
    if importlib.util.find_spec(module) is None:
        raise LivespotError(f"{what} needs {package}: pip install 'livespot[{extra}]'")


def opencvs() -> dict[str, str]:
    """The OpenCV distributions that are installed, with their versions."""
    found = importlib.metadata.distributions()
    return {d.metadata["Name"]: d.version for d in found if (d.metadata["Name"] or "").lower().startswith("opencv-")}


def _remedy(installed: Mapping[str, str]) -> str:
    """What of PYTHONPATH comes before the packages livespot was installed with, or what mended says."""
    named = [Path(place) for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if place]
    others = [str(place) for place in named if any((place / name).exists() for name in ("cv2", "numpy"))]
    return f"PYTHONPATH puts other packages first ({', '.join(others)}): unset it" if others else mended(installed)


def mended(installed: Mapping[str, str]) -> str:
    """What to do about several OpenCVs in one environment; "" where there is one."""
    if len(installed) < 2:
        return ""
    listed = " and ".join(f"{name} {version}" for name, version in sorted(installed.items()))
    names = " ".join(sorted(installed))
    return f"{listed} overwrite each other: pip uninstall -y {names}; then pip install 'opencv-contrib-python>=5,<6'"
