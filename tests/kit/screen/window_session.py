"""A session in a window, in a process of its own (kit.screen.xscreen.Person)."""

import dataclasses
import faulthandler
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from kit.faulty_page import FaultyPage
from kit.truth_page import PageSource, TruthSpotter
from livespot import startup, threads
from livespot.errors import LivespotError, SourceError
from livespot.frame import Source
from livespot.live.loop import windowed
from livespot.live.loop.session import SessionOptions, run
from livespot.live.window import window
from livespot.settings import Settings


class WitnessedWindow(window.Window):
    """Says on standard error which buttons reached it: when a click does nothing, was it lost or ignored?

    Unless `placed`, it stays where the screen puts it, so that a pixel of the window is one of the screen.
    """

    placed = False

    def _centre(self, size: tuple[int, int]) -> None:
        if self.placed:
            super()._centre(size)

    def mouse(self) -> list[window.Mouse]:
        events = super().mouse()
        for event in events:
            if event.kind != "move":
                print(f"mouse {event.kind} at {event.x}, {event.y}", file=sys.stderr, flush=True)
        return events


def main(wishes: dict[str, Any]) -> int:
    """Wishes: the keywords of PageSource and TruthSpotter, folder, diary, mirror, record, welcome, panel.

    camera: keywords of FaultyPage, whose page is then in view.
    """
    startup.prepare()
    faulthandler.register(signal.SIGUSR1)  # where it hangs, when it does
    if not wishes.get("welcome", False):
        startup.cache_dir().mkdir(parents=True, exist_ok=True)
        (startup.cache_dir() / "welcomed").touch()
    still = wishes.get("still", True)
    WitnessedWindow.placed = wishes.get("placed", False)
    windowed.Window = WitnessedWindow  # type: ignore[misc]
    page = {
        "frames": wishes.get("frames"),
        "size": tuple(wishes.get("size", (1280, 720))),
        "live": wishes.get("live", True),
        "paper": wishes.get("paper", 236),
        "empty": wishes.get("empty", False),
        "fault": wishes.get("fault", ""),
        "still": still,
    }
    source: Source = FaultyPage(**wishes["camera"], page=page) if "camera" in wishes else PageSource(**page)
    spotter = TruthSpotter(
        empty=wishes.get("empty", False),
        fail=wishes.get("fail", False),
        slow=wishes.get("slow", 0.0),
        still=still,
        unsure=tuple(wishes.get("unsure", ())),
        away=Path(wishes["folder"]) / "away",
    )
    settings = dataclasses.replace(Settings(), folder=wishes["folder"], mirror=wishes.get("mirror", False))
    if "stall_timeout" in wishes:
        capture = dataclasses.replace(settings.capture, stall_timeout=wishes["stall_timeout"])
        settings = dataclasses.replace(settings, capture=capture)

    def another(text: str) -> Source:
        if not text.startswith("demo") and not Path(text).is_file():
            raise SourceError(f"there is no file {text}: is the name right?")
        return PageSource(**page | {"paper": 120 if text.startswith("demo") else 180})

    record = Path(wishes["record"]) if "record" in wishes else None
    try:
        options = SessionOptions(record=record, opener=another, panel=wishes.get("panel"))
        return run(source, settings, options, spotter=spotter)
    except LivespotError as error:
        print(f"livespot: {error}", file=sys.stderr)
        return error.exit_status
    finally:
        Path(wishes["diary"]).write_text(json.dumps(spotter.diary))


def begin(wishes: dict[str, Any], environment: dict[str, str], said: Path) -> None:
    """What a new process does: main, what it says written to a file, its status as the process's."""
    os.environ.update(environment)
    os.chdir(wishes["folder"])
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    status = main(wishes)
    if threads.helpers():  # as livespot.__main__ does
        os._exit(status)
    sys.exit(status)
