"""A session in a window, in a process of its own: `python -m kit.window_session '{"still": true}'`."""

from __future__ import annotations

import dataclasses
import faulthandler
import json
import os
import signal
import sys
from pathlib import Path

import livespot  # noqa: F401  (cv2 before anything else)
from kit.faulty_page import FaultyPage
from kit.truth_page import PageSource, TruthSpotter
from livespot import startup, threads
from livespot.errors import LivespotError
from livespot.frame import Source
from livespot.live import window, windowed
from livespot.live.session import SessionOptions, run
from livespot.settings import Settings


class WitnessedWindow(window.Window):
    """Says on standard error which buttons reached it: when a click does nothing, was it lost or ignored?"""

    def mouse(self) -> list[window.Mouse]:
        events = super().mouse()
        for event in events:
            if event.kind != "move":
                print(f"mouse {event.kind} at {event.x}, {event.y}", file=sys.stderr, flush=True)
        return events


def main() -> int:
    """Wishes: the keywords of PageSource and TruthSpotter, folder, diary, mirror, record, welcome.

    camera: keywords of FaultyPage, whose page is then in view.
    """
    faulthandler.register(signal.SIGUSR1)  # where it hangs, when it does
    wishes = json.loads(sys.argv[1])
    if not wishes.get("welcome", False):
        startup.cache_dir().mkdir(parents=True, exist_ok=True)
        (startup.cache_dir() / "welcomed").touch()
    still = wishes.get("still", True)
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
        away=tuple(wishes.get("away", (0.0, 0.0))),
    )
    settings = dataclasses.replace(Settings(), folder=wishes["folder"], mirror=wishes.get("mirror", False))
    if "stall_timeout" in wishes:
        capture = dataclasses.replace(settings.capture, stall_timeout=wishes["stall_timeout"])
        settings = dataclasses.replace(settings, capture=capture)
    record = Path(wishes["record"]) if "record" in wishes else None
    try:
        return run(source, settings, SessionOptions(record=record, progress=False), spotter=spotter)
    except LivespotError as error:
        print(f"livespot: {error}", file=sys.stderr)
        return error.exit_status
    finally:
        Path(wishes["diary"]).write_text(json.dumps(spotter.diary))


if __name__ == "__main__":
    status = main()
    if threads.helpers():  # as livespot.__main__ does
        os._exit(status)
    sys.exit(status)
