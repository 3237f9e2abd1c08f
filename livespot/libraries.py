"""The system libraries that the wheels expect on Linux, and which of them are missing.

Imports nothing of livespot, which needs them itself: the start script runs this file as a program before anything else.
It then prints the Debian packages to install, one line, empty when nothing is missing.
"""

import ctypes
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path

_FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


@dataclass(frozen=True)
class Library:
    """file: what the loader looks for. package: where Debian and Ubuntu have it. without: what then fails."""

    file: str
    package: str
    without: str


NEEDED = (
    Library("libGL.so.1", "libgl1", "OpenCV does not start"),
    Library("libgthread-2.0.so.0", "libglib2.0-0", "OpenCV does not start"),
    Library("libSM.so.6", "libsm6", "no window opens"),
    Library("libgomp.so.1", "libgomp1", "the kernels cannot use OpenMP"),
)
IMPORTED = ("cv2", "numpy", "numba", "skimage", "av", "platformdirs")
FONT_PACKAGE = "fonts-dejavu-core"


def missing() -> list[Library]:
    """The libraries that do not load here; none on other platforms, whose wheels bring all they need."""
    return [library for library in NEEDED if not _loads(library.file)] if sys.platform.startswith("linux") else []


def font_folder() -> Path | None:
    """Where the fonts for the window's own text lie; None when there are none (Linux only)."""
    for folder in _FONT_FOLDERS:
        for font in folder.rglob("DejaVuSans.ttf"):
            return font.parent
    return None


def missing_packages() -> list[str]:
    """The Debian packages that would bring everything that is missing."""
    packages = [library.package for library in missing()]
    if sys.platform.startswith("linux") and font_folder() is None:
        packages.append(FONT_PACKAGE)
    return packages


def _loads(file: str) -> bool:
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


def packages_missing() -> list[str]:
    """What livespot imports and this Python does not find inside its own environment."""
    here = Path(sys.prefix).resolve()
    specs = {name: importlib.util.find_spec(name) for name in IMPORTED}
    return [n for n, spec in specs.items() if not spec or here not in Path(spec.origin or "").resolve().parents]


if __name__ == "__main__":
    if sys.argv[1:] == ["--packages"]:
        sys.exit(f"not installed in {sys.prefix}: {', '.join(absent)}" if (absent := packages_missing()) else 0)
    print(" ".join(missing_packages()))
