"""A session in front of a person: every frame is drawn and shown, keys and the mouse are obeyed.

Three threads: the source's, the analyser's, and this one, which waits for neither.
"""

import importlib
import sys
import time
from dataclasses import replace

from livespot import startup
from livespot.annotate import drawing
from livespot.capture.newest import Health, NewestFrame, Status
from livespot.capture.pacing import Paced
from livespot.frame import Frame
from livespot.live.analysis_thread import Engine
from livespot.live.interaction import dispatch, mouse
from livespot.live.interaction.start_panel import StartPanel
from livespot.live.interaction.state import WindowState
from livespot.live.loop import remembered, running
from livespot.live.loop.choosing import Chooser
from livespot.live.loop.film import Film
from livespot.live.loop.playback import Playback
from livespot.live.loop.tally import Following, Work
from livespot.live.window import display, status_bar
from livespot.live.window.canvas import Screen
from livespot.live.window.window import Window
from livespot.record import recover
from livespot.saying import say
from livespot.spotting.results import FrameResult

_REST = 0.1  # s between two pictures while the vision is compiled, which needs the processor
_WAIT = 0.012  # s for a frame, before keys are looked at again
_SCREEN_SHARE = (1600, 900)  # the largest picture a window opens with, px; on a large screen _LARGE of it
_LARGE = 0.6


def run(begun: Following, work: Work) -> Following | None:
    """Show the session in a window until it is closed, `stop` is set, or it is over. Raises LivespotError.

    Returns what was chosen in the window to go on with; the window is then left open.
    """
    source, settings = begun.source, work.settings
    pace: NewestFrame | Playback
    if source.live or work.options.realtime:
        pace = NewestFrame(source if source.live else Paced(source), settings.capture)
    else:
        pace = Playback(source)
    # The display asks for its turn more often than Python's usual 5 ms while the analyser computes.
    interval = sys.getswitchinterval()
    sys.setswitchinterval(0.001)
    window = begun.window or _opened()
    following: Following | None = None
    try:
        with Engine(work.spotter) as engine, Chooser(work.options.opener, source, settings) as chooser:
            view = Windowed(begun, window, pace, engine, chooser, work)
            with pace:  # the first sight of a window takes longer than any other: the source starts when it is there
                running.run(source, pace, engine, view, work)
            following = view.following
    finally:
        if following is None:
            if (rect := window.left_at) is not None:
                remembered.keep_window(rect)
            window.close()
        sys.setswitchinterval(interval)
    return following


class Windowed(running.View):
    """The window, and the person in front of it."""

    def __init__(
        self,
        begun: Following,
        window: Window,
        pace: NewestFrame | Playback,
        engine: Engine,
        chooser: Chooser,
        work: Work,
    ) -> None:
        options = work.options
        # With something to write, a file's end is the end; else its last picture stays for the person to look at.
        self.stays = not options.keeps and options.seconds is None
        self._new = begun.window is None
        self._window, self._pace, self._engine, self._chooser, self._work = window, pace, engine, chooser, work
        window.title(f"livespot: {begun.source.name}")
        self._desk = desk = WindowState(
            work.spotter, engine, work.outputs, work.settings, name=begun.source.name,
            camera=lambda: pace.source, welcome=_first_time(),
            full_screen=window.toggle_full_screen,
        )  # fmt: skip
        desk.beside = begun.beside
        desk.aimed = begun.source.live and not begun.source.name.startswith("screen")
        desk.choosable, desk.full = options.opener is not None, window.full
        if options.panel is not None:
            desk.panel = StartPanel(options.panel)
        self._screen = Screen(desk, chooser.pictures)
        self._film = Film(desk, work.outputs, lambda: self._screen.drawings, options.record_live)
        # What R needs takes a moment to load, and the first press should not wait for it.
        engine.ask("", lambda: importlib.import_module("av"))
        if leftover := recover.offer(desk.videos):
            say(leftover)
            desk.tell(leftover, seconds=6.0)
        window.show(self._screen.draw(window.size))
        for code in window.pressed():
            dispatch.key(desk, code)

    @property
    def open(self) -> bool:
        never = self._desk.feed.health is Health.FAILED and self._desk.frame is None and self._new
        return self._window.open and not (self._desk.quit or self.following or never)

    @property
    def patience(self) -> float:
        return 0.0 if self._desk.dirty else _WAIT

    def came(self, frame: Frame, spotting: FrameResult, again: bool) -> None:
        desk = self._desk
        if desk.frame is None:
            self._window.fit(first_size(frame, display.room()))
        if not again:
            marking = replace(desk.marking, selected=None)
            self._work.outputs.write(frame, spotting, marking, filmed=self._film.of(frame, spotting, marking))
        desk.update(frame, spotting, again=again)
        self._work.tally.shown = desk.shown

    def turn(self, status: Status, frame: Frame | None, problems: list[str]) -> None:
        """Draw, and obey keys and the mouse. See View."""
        desk, window = self._desk, self._window
        desk.feed, desk.invitation = status, self._pace.source.invitation
        for call in self._engine.finished():
            call()
        for line in problems:
            say(line)
            desk.alarm(line)
        self._work.outputs.tidy()
        if (chosen := self._chooser.serve(desk)) is not None:
            self.following = Following(chosen, window)
            return
        held = desk.frozen is not None
        if isinstance(self._pace, Playback):
            self._pace.hold(held)
            self._film.hold(desk.frame, held, time.monotonic())
        else:
            self._pace.rest = _REST if desk.getting_ready else 0.0
        if self._screen.due and window.open:
            window.show(self._screen.draw(window.size))
        # The library paints what it was shown while it is asked for keys: at once, not after the next frame.
        codes = window.pressed(typing=desk.panel is not None and desk.panel.typed is not None)
        if frame is not None:
            desk.age = time.monotonic() - frame.captured
        for event in window.mouse():
            mouse.mouse(desk, event)
        for code in codes:
            dispatch.key(desk, code)
        if desk.getting_ready:  # what nobody can look into yet is shown in passing
            time.sleep(_REST / 2)


def _opened() -> Window:
    """The window where it was left, if that is on this monitor; else in its middle."""
    left, top, width, height = display.monitor()
    was = remembered.window()
    if was is not None:
        x, y, across, down = was
        if left <= x and top <= y and x + across <= left + width and y + down <= top + height:
            return Window("livespot", (across, down), at=(x, y))
    return Window("livespot", first_size(None, display.room()))


def first_size(frame: Frame | None, room: tuple[int, int]) -> tuple[int, int]:
    """The size a window opens with: the picture and the strip below it, not tiny, and inside `room` px."""
    width, height = (1280, 720) if frame is None else (frame.image.shape[1], frame.image.shape[0])
    # The strip's height depends on the whole canvas, itself included: a few rounds settle it to the pixel.
    strip = 0
    for _ in range(4):
        share = [max(natural, _LARGE * all_of_it) for natural, all_of_it in zip(_SCREEN_SHARE, room, strict=True)]
        most = min(share[0], room[0]), min(share[1], room[1] - strip)
        # Larger than it is on a screen of so many px that its own would be hard to see.
        scale = min(max(1.0, _LARGE * room[0] / width), most[0] / width, most[1] / height)
        scale = min(max(scale, min(960 / width, 540 / height)), most[0] / width, most[1] / height)
        across, down = round(width * scale), round(height * scale)
        across = max(across, min(640, room[0]))  # room for the strip's words beside a portrait picture
        strip = status_bar.height(drawing.unit(across, down + strip), across)
    return across, min(down + strip, room[1])


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
