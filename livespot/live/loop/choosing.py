"""Another source for the window that is open: what there is, with live pictures, and the one that was chosen, opened.

In: the desk's panel and what was chosen on it. Out: the next Source, open, when there is one. Cameras are looked for
and looked through on a thread, and only while the panel is open: one that is looked through is in use.
"""

import contextlib
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import cv2
import numpy as np

from livespot.capture import devices
from livespot.capture.camera import CameraSource
from livespot.capture.newest import NewestFrame
from livespot.demo import demo_names
from livespot.errors import LivespotError
from livespot.frame import Closing, Image, Source
from livespot.live.interaction.start_panel import FILE, PASTE, offers
from livespot.live.interaction.state import WindowState
from livespot.live.loop import remembered
from livespot.live.window import desktop
from livespot.saying import say
from livespot.settings import Settings
from livespot.threads import lower_priority

_LOOK_AGAIN, _TICK = 3.0, 0.2  # s between two looks for cameras; between two pictures of one
_MOST = 4  # cameras with a picture: more need more of the bus than there is
_SMALL = 192  # px, width of a picture

T = TypeVar("T")
Opener = Callable[[str], Source]


class Chooser(Closing):
    """Serves one desk. opener: opens a SOURCE; None: there is no other one. A context manager."""

    def __init__(self, opener: Opener | None, running: Source, settings: Settings) -> None:
        self._opener = opener
        self._running = running.identity  # of the camera that the window shows; "" for what is none
        self._settings = settings
        self._lock = threading.Lock()  # guards what follows
        self._cameras: list[devices.Camera] | None = None
        self._done: list[Callable[[WindowState], Source | None]] = []
        self.pictures: dict[str, Image] = {}
        self._stop: threading.Event | None = None
        self._scout: threading.Thread | None = None
        self._last = remembered.source()
        self._opening = False

    def serve(self, desk: WindowState) -> Source | None:
        """Look after the panel; the source to go on with, once it is open. Display thread."""
        chosen, desk.chosen = desk.chosen, ""
        if chosen:
            self._take_up(desk, chosen)
        panel = desk.panel
        if panel is None:
            self._rest()
        else:
            self._look()
            with self._lock:
                found = self._cameras
            listed = offers(found or [], self._last, demo_names())
            if found is None:  # nobody has looked yet
                listed = [replace(o, title="Looking for cameras…", aside="") if not o.source else o for o in listed]
            desk.dirty |= panel.update(listed)
            if desk.frame is not None and self._running:
                self.pictures[self._running] = desk.frame.image
        with self._lock:
            done, self._done = self._done, []
        for call in done:
            desk.dirty = True
            source = call(desk)
            if source is not None:
                return source
        return None

    def _take_up(self, desk: WindowState, chosen: str) -> None:
        if chosen == PASTE:
            self._aside(desktop.clipboard, self._pasted)
        elif chosen == FILE:
            desk.tell("choose a file in the window that opens")
            self._aside(desktop.file_dialogue, self._picked)
        elif chosen == self._running:
            desk.panel = None
        elif not self._opening:  # Enter may be pressed twice
            self._opening = True
            offered = desk.panel.offers if desk.panel is not None else []
            camera = next((o.title for o in offered if o.source == chosen and o.sign == "camera"), chosen)
            desk.tell(f"opening {camera}…", seconds=60.0)
            self._rest()
            self._aside(lambda: self._open(chosen), self._opened)

    @staticmethod
    def _pasted(desk: WindowState, text: str | None) -> Source | None:
        if desk.panel is not None:
            desk.panel.paste(text or "")
        return None

    @staticmethod
    def _picked(desk: WindowState, path: str | None) -> Source | None:
        desk.toast, desk.chosen = None, path or ""
        if path is None:
            desk.tell("there is no file dialogue here: type the path instead")
        return None

    def _open(self, text: str) -> Source | LivespotError:
        if self._scout is not None:
            self._scout.join(3.0)  # a camera that is looked through cannot be opened twice
        assert self._opener is not None
        try:
            source = self._opener(text)
        except LivespotError as error:
            return error
        remembered.keep_source(text)
        if source.notice:
            say(source.notice)
        return source

    def _opened(self, desk: WindowState, result: Source | LivespotError) -> Source | None:
        self._opening = False
        if isinstance(result, LivespotError):
            desk.alarm(str(result))
            return None
        return result

    def _aside(self, work: Callable[[], T], then: Callable[[WindowState, T], Source | None]) -> None:
        """Do `work` on a thread; `then` on the display's, which may give the next source."""

        def run() -> None:
            result = work()
            with self._lock:
                self._done.append(lambda desk: then(desk, result))

        threading.Thread(target=run, name="choosing", daemon=True).start()

    # --- cameras, while the panel is open ---

    def _look(self) -> None:
        if self._scout is None or (self._stop is not None and self._stop.is_set() and not self._scout.is_alive()):
            self._stop = threading.Event()
            self._scout = threading.Thread(target=self._watch, args=(self._stop,), name="capture scout", daemon=True)
            self._scout.start()

    def _rest(self) -> None:
        if self._stop is not None:
            self._stop.set()

    def _watch(self, stop: threading.Event) -> None:
        lower_priority(10)
        feeds: dict[str, NewestFrame] = {}
        with contextlib.ExitStack() as opened:
            waited = _LOOK_AGAIN
            while not stop.is_set():
                if waited >= _LOOK_AGAIN:
                    waited = 0.0
                    there = devices.cameras()
                    with self._lock:
                        self._cameras = there
                    for camera in there:
                        if stop.is_set() or len(feeds) >= _MOST:
                            break
                        key = camera.identity if camera.lasting else str(camera.index)
                        if key in feeds or camera.identity == self._running:
                            continue
                        with contextlib.suppress(LivespotError):  # in use: no picture, and that is all
                            source = CameraSource(camera, self._settings)
                            feeds[key] = opened.enter_context(NewestFrame(source, self._settings.capture))
                for key, feed in feeds.items():
                    if (frame := feed.take()) is not None:
                        high = max(1, round(_SMALL * frame.image.shape[0] / frame.image.shape[1]))
                        small = cv2.resize(frame.image, (_SMALL, high), interpolation=cv2.INTER_AREA)
                        self.pictures[key] = np.asarray(small, np.uint8)
                waited += _TICK
                stop.wait(_TICK)

    def close(self) -> None:
        self._rest()
