"""The README's pictures: the real window on a virtual display, driven with real keys, read back from the X server.

`scripts/screenshots [FOLDER]` (default: scripts/pictures) runs `livespot demo` and writes point.jpg, freeze.jpg and
record.jpg.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2

from kit.xscreen import XScreen

SIZE = (1280, 768)  # the window: the picture and the strip below it


class Window:
    """`livespot demo` in a window of its own on a screen of its own."""

    def __init__(self, screen: XScreen, folder: Path, *words: str) -> None:
        self.screen = screen
        self.process = subprocess.Popen(
            [sys.executable, "-m", "livespot", *words],
            env=os.environ | {"DISPLAY": screen.name, "XDG_CACHE_HOME": str(folder / "cache")},
            cwd=folder,
        )

    def press(self, *names: str, then: float = 1.0) -> None:
        for name in names:
            self.screen.hands("key", name)
            time.sleep(0.4)
        time.sleep(then)

    def save(self, path: Path) -> None:
        cv2.imwrite(str(path), self.screen.pixels(*SIZE), [cv2.IMWRITE_JPEG_QUALITY, 88])
        print(f"wrote {path}", flush=True)

    def close(self) -> None:
        self.press("q", then=0.0)
        self.process.wait(30)


def main() -> int:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "scripts" / "pictures"
    lacks = XScreen.missing()
    if lacks:
        print(f"livespot: the screenshots need {lacks}", file=sys.stderr)
        return 1
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, XScreen(*SIZE) as screen:
        (Path(folder) / "cache" / "livespot").mkdir(parents=True)
        (Path(folder) / "cache" / "livespot" / "welcomed").touch()  # no hints for newcomers over the picture
        window = Window(screen, Path(folder), "demo", "--seed", "4")
        time.sleep(25)  # the first compilation, then enough frames for the evidence
        window.save(target / "point.jpg")
        window.press("r", then=3.0)
        window.save(target / "record.jpg")
        window.press("r", "space", "n", then=2.0)
        window.save(target / "freeze.jpg")
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
