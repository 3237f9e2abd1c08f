"""Damaged and invented input for as long as asked: scripts/fuzz [SECONDS [FIRST_SEED]]. Ends at the first fault.

Every seed makes one case: a still, a film, a row of JPEGs, a settings file, words of the command line, a person at the
window with keys, clicks and damaged pictures. What may come of one is what livespot promises: a result, or one line. A
crash ends the process, a hang is ended by the alarm; the last line then names the seed, and `scripts/fuzz 0 SEED` runs
it alone.
"""

import collections
import faulthandler
import io
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from kit.screen.desk import Sitting
from kit.truth_page import PageSource
from livespot.capture.network.web import jpegs
from livespot.capture.opening import open_source
from livespot.cli import options
from livespot.cli.main import COMMANDS, root_parser
from livespot.cli.settings import as_toml
from livespot.errors import LivespotError
from livespot.frame import Frame
from livespot.live.interaction import dispatch, keys, mouse, start_panel
from livespot.live.interaction.events import Mouse
from livespot.settings import Settings, from_toml

HANG = 120  # s for one case
Random = np.random.Generator
STEPS = 60  # of a person at the window
KEYS = [number for key in keys.TABLE for _, _, names in key.bindings for n in names if (number := keys.code(n))]
STILLS = (".jpg", ".png", ".webp", ".avif", ".gif", ".tiff", ".bmp", ".ppm", ".jp2")


def damaged(data: bytes, random: Random) -> bytes:
    """Some bytes changed, a piece cut out, doubled or put elsewhere."""
    new = bytearray(data)
    for _ in range(int(random.integers(1, 12))):
        at, n = int(random.integers(0, len(new) + 1)), int(random.integers(1, 64))
        how = int(random.integers(0, 5))
        if how < 2 and at < len(new):
            new[at] = int(random.integers(0, 256))
        elif how == 2:
            del new[at : at + n]
        elif how == 3:
            new[at:at] = new[max(0, at - n) : at]
        else:
            new[at : at + n] = random.bytes(n)
    return bytes(new if random.random() < 0.9 else new[: int(random.integers(0, len(new) + 1))])


def a_picture(random: Random) -> Any:
    return cv2.blur(random.integers(0, 256, (96, 128, 3), np.uint8), (5, 5))


def read(path: Path) -> str:
    with open_source(str(path), Settings()) as source:
        count = 0
        while count < 50 and source.read() is not None:
            count += 1
    return "read"


def still(random: Random, folder: Path) -> str:
    kind = STILLS[int(random.integers(0, len(STILLS)))]
    data = damaged(cv2.imencode(kind, a_picture(random))[1].tobytes(), random)
    path = folder / f"still{STILLS[int(random.integers(0, len(STILLS)))]}"
    path.write_bytes(data)
    return read(path)


def film(random: Random, folder: Path) -> str:
    import av

    container, suffix = [("mp4", ".mp4"), ("matroska", ".mkv"), ("avi", ".avi")][int(random.integers(0, 3))]
    whole = io.BytesIO()
    with av.open(whole, "w", container) as out:
        stream = out.add_stream("mjpeg" if container == "avi" else "libx264", 10)
        stream.width, stream.height = 128, 96
        stream.pix_fmt = "yuvj420p" if container == "avi" else "yuv420p"
        for _ in range(6):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(a_picture(random), "bgr24")))
        out.mux(stream.encode(None))
    path = folder / f"film{suffix}"
    path.write_bytes(damaged(whole.getvalue(), random))
    return read(path)


def row_of_jpegs(random: Random, folder: Path) -> str:
    row = b"--x\r\n\r\n".join(cv2.imencode(".jpg", a_picture(random))[1].tobytes() for _ in range(4))
    data, size = damaged(row, random), int(random.integers(1, 5000))
    return f"{sum(1 for _ in jpegs(data[i : i + size] for i in range(0, len(data), size)))} of 4"


def settings_file(random: Random, folder: Path) -> str:
    encoding = ("utf-8", "utf-8-sig", "utf-16")[int(random.integers(0, 3))]
    path = folder / "mine.toml"
    path.write_bytes(damaged(as_toml(Settings()).encode(encoding), random))
    from_toml(path)
    return "read"


def words(random: Random, folder: Path) -> str:
    name = sorted(COMMANDS)[int(random.integers(0, len(COMMANDS)))]
    known = [f"--{t.key.replace('_', '-')}" for t in options.top_level()] + ["--set", "--config", "--record", "-", "--"]
    said = [known[int(i)] for i in random.integers(0, len(known), int(random.integers(0, 3)))]
    if random.random() < 0.5:
        said.append(random.bytes(int(random.integers(0, 12))).decode("utf-8", "surrogateescape"))
    order = [said[int(i)] for i in random.permutation(len(said))]
    asked = [name, *(word for word in order if word not in ("-h", "--help"))]
    args = root_parser((name,)).parse_args(asked)
    options.settings_from(args)
    return "read"


def pressed(random: Random, sitting: Sitting) -> None:
    code = KEYS[int(random.integers(0, len(KEYS)))] if random.random() < 0.8 else int(random.integers(0, 1 << 25))
    if keys.action(code) is not keys.Action.EXPLAIN:  # seconds of the vision's own work
        dispatch.key(sitting.desk, code)


def clicked(random: Random, sitting: Sitting) -> None:
    for kind in (("down", "up"), ("down", "move", "up"), ("twice",), ("right",), ("wheel",))[random.integers(0, 5)]:
        x, y = (int(v) for v in random.integers(-40, (1000, 700)))
        mouse.mouse(sitting.desk, Mouse(kind, x, y, kind != "up", float(random.integers(-4, 5))))


def filmed(random: Random, sitting: Sitting) -> None:
    """The next picture of the camera: of any size, torn, dark, of nothing."""
    size = tuple(int(v) for v in random.integers(64, 900, 2))
    sitting.spotter.empty = bool(random.random() < 0.2)
    frame = PageSource(size=size, empty=bool(random.random() < 0.2)).read()
    for _ in range(int(random.integers(0, 6))):
        x, y, w, h = (int(v) for v in random.integers(1, 400, 4))
        torn = frame.image[y : y + h, x : x + w]
        torn[...] = random.integers(0, 256, torn.shape) if random.random() < 0.5 else random.integers(0, 256)
    frame = Frame(frame.image, sitting.now, sitting.frame.index + 1, sitting.now)
    sitting.frame = frame
    sitting.spotter.analyse(frame)
    sitting.desk.update(frame, sitting.spotter.spotting(frame), again=bool(random.random() < 0.2))
    sitting.desk.outputs.write(frame, sitting.desk.live)


def window(random: Random, folder: Path) -> str:
    path, os.environ["PATH"] = os.environ["PATH"], ""  # no player of sounds, no file manager
    sitting = Sitting(folder)
    desk, size = sitting.desk, (640, 400)
    desk.choosable = True
    try:
        with sitting.engine:
            for _ in range(STEPS):
                (pressed, pressed, clicked, clicked, filmed)[random.integers(0, 5)](random, sitting)
                if random.random() < 0.1:
                    sitting.settle()
                for call in sitting.engine.finished():
                    call()
                if desk.panel is not None:
                    desk.panel.update(start_panel.offers([], None, ["harbour"]))
                desk.quit, desk.chosen = False, ""
                sitting.now += float(random.exponential(0.4))
                size = (
                    tuple(int(v) for v in random.integers((320, 240), (1000, 700))) if random.random() < 0.1 else size
                )
                sitting.screen.draw(size)
            sitting.settle()
            wrong = sitting.engine.problems()
    finally:
        desk.outputs.close()
        for thread in threading.enumerate():
            if thread.name == "snapshot":
                thread.join()
        os.environ["PATH"] = path
    if wrong:
        raise AssertionError(f"the engine failed: {wrong}")
    return "read"


KINDS: tuple[Callable[[Random, Path], str], ...] = (still, film, row_of_jpegs, settings_file, words, window)


def case(seed: int, folder: Path) -> tuple[str, str]:
    """What kind of case a seed is, and what came of it. Any exception but livespot's own is a fault."""
    kind = KINDS[seed % len(KINDS)]
    try:
        return kind.__name__, kind(np.random.default_rng(seed), folder)
    except LivespotError as error:
        if "\n" in str(error).strip():
            raise AssertionError(f"more than one line: {error}") from None
        return kind.__name__, "refused"


def main(seconds: float = 3600.0, seed: int = 0) -> None:
    counts: collections.Counter[tuple[str, str]] = collections.Counter()
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as name:
        while True:
            print(f"\rseed {seed} ", end="", flush=True)
            faulthandler.dump_traceback_later(HANG, exit=True)
            kind, outcome = case(seed, Path(name))
            counts[kind, outcome if outcome in ("read", "refused") else "pictures found"] += 1
            seed += 1
            if time.monotonic() >= end:
                break
    faulthandler.cancel_dump_traceback_later()
    told = ", ".join(f"{kind} {outcome} {n}" for (kind, outcome), n in sorted(counts.items()))
    print(f"\r{sum(counts.values())} cases up to seed {seed - 1}, no fault: {told}")


if __name__ == "__main__":
    main(*(float(word) for word in sys.argv[1:2]), *(int(word) for word in sys.argv[2:3]))
