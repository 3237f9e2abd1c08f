"""`python -m livespot.calibration`: the commands with nothing but OpenCV around them.

SOURCE is a camera's number, or a video file. The camera's identity is its number here, unless --camera NAME
gives a better one.
"""

import argparse
import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from . import commands
from .commands import Feed
from .errors import CalibrationError
from .session import Screen

KEYS = {27: "quit", ord("q"): "quit", 32: "take", 8: "undo", 65288: "undo", 65535: "undo", 13: "finish"}
_TRY = "import cv2; cv2.namedWindow('try'); cv2.pollKey()"


class PlainWindow:
    """An OpenCV window; see calibration.session.Screen."""

    def __init__(self, title: str) -> None:
        self._title = title
        cv2.namedWindow(title, cv2.WINDOW_NORMAL | cv2.WINDOW_GUI_NORMAL)
        self._shown = False

    def show(self, picture: NDArray[np.uint8]) -> list[str]:
        try:
            if self._shown and cv2.getWindowProperty(self._title, cv2.WND_PROP_VISIBLE) < 1:
                return ["quit"]
            if not self._shown:
                cv2.resizeWindow(self._title, picture.shape[1], picture.shape[0])
            cv2.imshow(self._title, picture)
            self._shown = True
            key = cv2.pollKey()
        except cv2.error:
            return ["quit"]
        return [] if key < 0 else [KEYS.get(key, "other")]


class Alone:
    """What surrounds the commands when nothing else does."""

    @contextlib.contextmanager
    def open(self, source: str | None, args: argparse.Namespace) -> Iterator[Feed]:
        words = source or "0"
        number = words.isdecimal()
        if words != words.encode(errors="replace").decode():  # OpenCV crashes on it
            raise CalibrationError(f"cannot open {words}: its name is not UTF-8; rename it")
        capture = cv2.VideoCapture(int(words)) if number else cv2.VideoCapture(words)
        try:
            if not capture.isOpened():
                raise CalibrationError(f"cannot open {words}: give a camera's number or a video file")
            yield Feed(f"index:{words}" if number else "", words, _frames(capture, number))
        finally:
            capture.release()

    @contextlib.contextmanager
    def screen(self, feed: Feed, args: argparse.Namespace) -> Iterator[Screen | None]:
        # Where there is no display a window kills the process, so a child tries first.
        if args.headless or subprocess.run([sys.executable, "-c", _TRY], capture_output=True).returncode != 0:
            yield None
            return
        yield PlainWindow("calibration")
        with contextlib.suppress(cv2.error):
            cv2.destroyAllWindows()

    def identity(self, words: str) -> str:
        return words

    def tell(self, line: str) -> None:
        print(line, flush=True)


def main(argv: list[str] | None = None) -> int:
    """Run with these words (default: the process's own); returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m livespot.calibration", formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    commands.add_arguments(parser)
    try:
        return commands.run(parser.parse_args(argv), Alone())
    except CalibrationError as error:
        print(f"calibration: {error}", file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        print("calibration: stopped", file=sys.stderr)
        return 130


def _frames(capture: cv2.VideoCapture, live: bool) -> Iterator[tuple[NDArray[np.uint8], float]]:
    start, index = time.monotonic(), 0
    rate = capture.get(cv2.CAP_PROP_FPS) or 30.0
    while True:
        good, image = capture.read()
        if not good or image is None:
            return
        yield np.asarray(image, np.uint8), time.monotonic() - start if live else index / rate
        index += 1


if __name__ == "__main__":
    sys.exit(main())
