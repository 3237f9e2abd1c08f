"""The README's pictures: the real window on a virtual display, driven with real keys, read back from the X server.

`scripts/screenshots [FOLDER]` (default: scripts/pictures) runs `livespot demo` and writes point.jpg (live), freeze.jpg
(one difference, A beside B), heat.jpg (the difference map), play.jpg (a hint), card.jpg (what S saves) and start.jpg
(the start panel). It waits until the page's differences are all found, however busy the machine is.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

from kit.screen.pixels import near
from kit.screen.xscreen import XScreen
from livespot.annotate import drawing
from livespot.frame import Image

SIZE = (1280, 768)  # the window: the picture and the strip below it
CARD_WIDTH = 1280  # px, at most
ALL, STEADY, PATIENCE = 7, 20, 240.0  # differences on the page; frames in a row with all of them; s to wait for that


class Window:
    """`livespot demo` in a window of its own on a screen of its own."""

    def __init__(self, screen: XScreen, folder: Path, *words: str) -> None:
        self.screen = screen
        self.events = folder / "events.jsonl"
        places = {f"XDG_{kind.upper()}_HOME": str(folder / kind) for kind in ("cache", "config")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "livespot", "demo", "--seed", "4", "--folder", str(folder), *words],
            env=os.environ | {"DISPLAY": screen.name} | places,
            cwd=folder,
        )

    def press(self, *names: str, then: float = 1.5) -> None:
        for name in names:
            self.screen.hands("key", name)
            time.sleep(0.4)
        time.sleep(then)

    def wait_for_all(self) -> None:
        """Until every difference is found, and none but those, for a while."""
        until = time.monotonic() + PATIENCE
        while not self._all_found():
            if time.monotonic() > until or self.process.poll() is not None:
                raise SystemExit("livespot: the demo's differences were not all found; try again on a calmer machine")
            time.sleep(0.2)

    def wait_for_boxes(self) -> None:
        """Until there are some, and no more come."""
        until, before, now = time.monotonic() + PATIENCE, -1, 0
        while now < 3000 or now > 1.05 * before:
            if time.monotonic() > until or self.process.poll() is not None:
                raise SystemExit("livespot: no boxes; try again on a calmer machine")
            time.sleep(4.0)
            before, now = now, int(near(self.screen.pixels(*SIZE), drawing.ACCENT).sum())

    def _all_found(self) -> bool:
        if not self.events.exists():
            return False
        lines = self.events.read_text().splitlines()[-STEADY - 1 : -1]  # the last may be half written
        found = [len(event["differences"]) for event in map(json.loads, lines) if event["state"] == "locked"]
        return found == [ALL] * STEADY

    def save(self, path: Path) -> None:
        write(path, self.screen.pixels(*SIZE))

    def close(self) -> None:
        self.press("q", then=0.0)
        self.process.wait(30)


def write(path: Path, picture: Image) -> None:
    cv2.imwrite(str(path), picture, [cv2.IMWRITE_JPEG_QUALITY, 88])
    print(f"wrote {path}", flush=True)


def card(folder: Path) -> Image:
    """The card that S saved, no wider than the README shows it."""
    until = time.monotonic() + 20
    while not list(folder.glob("livespot-*.json")):  # written last
        if time.monotonic() > until:
            raise SystemExit("livespot: no snapshot was saved")
        time.sleep(0.1)
    sheet = np.asarray(cv2.imread(str(next(folder.glob("livespot-*-card.png")))), np.uint8)
    scale = min(1.0, CARD_WIDTH / sheet.shape[1])
    return np.asarray(cv2.resize(sheet, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def main() -> int:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[3] / "scripts" / "pictures"
    lacks = XScreen.missing()
    if lacks:
        print(f"livespot: the screenshots need {lacks}", file=sys.stderr)
        return 1
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, XScreen(*SIZE) as screen:
        folder = Path(temporary)
        (folder / "cache" / "livespot").mkdir(parents=True)
        (folder / "cache" / "livespot" / "welcomed").touch()  # no hints for newcomers over the picture
        window = Window(screen, folder, "--events", str(folder / "events.jsonl"))
        window.wait_for_all()
        window.save(target / "point.jpg")
        window.press("s", then=0.0)
        write(target / "card.jpg", card(folder))
        window.press("space", "n", then=3.0)
        window.save(target / "freeze.jpg")
        window.press("0", "h")
        window.save(target / "heat.jpg")
        window.press("h", "space", "i", "i", "i")
        window.save(target / "play.jpg")
        window.close()
        window = Window(screen, folder)  # with --events there would be nothing to choose
        window.wait_for_boxes()
        window.press("w", then=3.0)
        window.save(target / "start.jpg")
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
