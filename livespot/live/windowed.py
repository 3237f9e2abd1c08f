"""The loop in front of a person: the newest frame is tracked, drawn and shown; keys and the mouse are obeyed.

Three threads: the source's, the analyser's, and this one, which waits for neither.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from livespot import startup
from livespot.capture.newest import NewestFrame
from livespot.capture.pacing import Paced
from livespot.errors import LivespotError
from livespot.frame import Frame, Source
from livespot.live import bar, look, recover
from livespot.live.desk import Desk, Feed
from livespot.live.engine import AT_REST, Engine, Spots
from livespot.live.outputs import Outputs
from livespot.live.playback import Playback
from livespot.live.screen import Screen
from livespot.live.window import Window
from livespot.saying import say
from livespot.settings import Settings

if TYPE_CHECKING:
    from livespot.live.session import SessionOptions, Tally

_WAIT = 0.012  # s for a frame, before keys are looked at again
_SCREEN_SHARE = (1600, 900)  # the largest picture a window opens with, px


def run(
    source: Source,
    spotter: Spots,
    settings: Settings,
    options: SessionOptions,
    outputs: Outputs,
    tally: Tally,
    stop: threading.Event,
) -> None:
    """Show the session in a window until it is closed, `stop` is set, or it is over. Raises LivespotError."""
    from livespot.live.session import over, timed, tracked

    feed: NewestFrame | Playback
    if source.live or options.realtime:
        feed = NewestFrame(source if source.live else Paced(source), settings.capture)
    else:
        feed = Playback(source)
    # With something to write, a file's end is the end; else its last picture stays for the person to look at.
    stays = not options.keeps and options.seconds is None
    # The display asks for its turn more often than Python's usual 5 ms while the analyser computes.
    interval = sys.getswitchinterval()
    sys.setswitchinterval(0.001)
    window = Window(f"livespot: {source.name}", _first_size(None))
    try:
        with contextlib.ExitStack() as open_things:
            engine = open_things.enter_context(Engine(spotter))
            desk = Desk(
                spotter,
                engine,
                outputs,
                settings,
                name=source.name,
                camera=feed if isinstance(feed, NewestFrame) else None,
                welcome=_first_time(),
                full_screen=window.toggle_full_screen,
            )
            screen = Screen(desk)
            # What R needs takes a moment to load, and the first press should not wait for it.
            engine.ask("", lambda: importlib.import_module("av"))
            leftover = recover.offer(Path(settings.folder))
            if leftover:
                say(leftover)
                desk.tell(leftover, seconds=6.0)
            first: Frame | None = None
            last: Frame | None = None
            seen = 0
            failure: LivespotError | None = None
            # The first sight of a window takes longer than any other: the source starts when it is there.
            window.show(screen.draw(window.size))
            for code in window.pressed():
                desk.key(code)
            open_things.enter_context(feed)
            began = time.monotonic()
            while window.open and not stop.is_set() and not desk.quit:
                try:
                    frame = feed.take(timeout=_WAIT if not desk.dirty else 0.0)
                except LivespotError as error:
                    frame, failure = None, error
                desk.feed = _state(feed)
                if frame is None and desk.feed.over and last is not None and engine.analysed != seen:
                    frame = last  # the end: what the analyser finds now still has to be shown
                    seen = engine.analysed
                    again = True
                    if engine.analysed < AT_REST:
                        engine.offer(last)
                else:
                    again = False
                if frame is not None:
                    if first is None:
                        first = frame
                        window.fit(_first_size(frame))
                    if not again and over(options, frame.time - first.time):
                        break
                    started = time.perf_counter()
                    spotting = timed(tracked(spotter, frame, engine), started)
                    tally.last, last = spotting, frame
                    if not again:
                        engine.offer(frame)
                        outputs.write(frame, spotting, replace(desk.marking, selected=None))
                    desk.update(frame, spotting, again=again)
                elif desk.feed.over and not stays:
                    break
                elif desk.feed.over and failure is None and isinstance(feed, NewestFrame):
                    try:
                        feed.raise_if_failed()
                    except LivespotError as error:
                        failure = error
                # A camera has its time to open; one that never gives a picture must not hold up the end.
                since = first.captured if first is not None else began + settings.capture.open_timeout
                if source.live and over(options, time.monotonic() - since):
                    break
                if failure is not None and first is None:
                    break
                if failure is not None and not desk.feed.trouble:
                    desk.feed = replace(desk.feed, trouble=str(failure), over=True)
                for call in engine.finished():
                    call()
                for line in engine.problems() + outputs.messages():
                    say(line)
                    desk.alarm(line)
                outputs.tidy()
                if isinstance(feed, Playback):
                    feed.hold(desk.frozen is not None)
                if screen.due and window.open:
                    window.show(screen.draw(window.size))
                # The library paints what it was shown while it is asked for keys: at once, not after the next frame.
                codes = window.pressed()
                if frame is not None and not again:
                    desk.age = time.monotonic() - frame.captured
                for event in window.mouse():
                    desk.mouse(event)
                for code in codes:
                    desk.key(code)
            _count(tally, feed, engine, desk)
            if failure is not None:
                raise failure
            if not stop.is_set() and isinstance(feed, NewestFrame):
                feed.raise_if_failed()
    finally:
        window.close()
        sys.setswitchinterval(interval)


def _state(feed: NewestFrame | Playback) -> Feed:
    if isinstance(feed, Playback):
        return Feed(over=not feed.running, captured=feed.captured)
    status = feed.status
    trouble = status.message if status.running else ""
    return Feed(
        trouble, not status.running, status.captured, status.dropped, status.refused, status.missed, status.losses
    )


def _count(tally: Tally, feed: NewestFrame | Playback, engine: Engine, desk: Desk) -> None:
    state = _state(feed)
    tally.captured, tally.dropped, tally.refused = state.captured, state.dropped, state.refused
    tally.missed, tally.losses = state.missed, state.losses
    tally.shown, tally.analysed = desk.shown, engine.analysed


def _first_size(frame: Frame | None) -> tuple[int, int]:
    """The size a window opens with: the picture and the strip below it, neither tiny nor larger than most screens."""
    width, height = (1280, 720) if frame is None else (frame.image.shape[1], frame.image.shape[0])
    scale = min(1.0, _SCREEN_SHARE[0] / width, _SCREEN_SHARE[1] / height)
    scale = max(scale, min(960 / width, 540 / height))
    width, height = round(width * scale), round(height * scale)
    width = max(width, 640)  # room for the strip's words beside a portrait picture
    # The strip's height depends on the whole canvas, itself included: two rounds settle it to the pixel.
    strip = 0
    for _ in range(3):
        strip = bar.height(look.unit(width, height + strip))
    return width, height + strip


def _first_time() -> bool:
    """Whether livespot's window was never opened before by this user; from now on it was."""
    mark = startup.cache_dir() / "welcomed"
    try:
        if mark.exists():
            return False
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    except OSError:
        return False
    return True
