"""The state of one window, for one person at it: what is shown, what is going on, what is said.

`dispatch` and `mouse` change it, `window.canvas` draws what it holds; nobody here waits for the engine.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from livespot.annotate import drawing
from livespot.annotate.boxes import Marking
from livespot.annotate.viewport import Rect, View
from livespot.capture.newest import Status
from livespot.capture.turned import Beside
from livespot.frame import Frame, Source
from livespot.live.analysis_thread import Engine, SpotterProtocol
from livespot.live.interaction.events import Echo
from livespot.live.interaction.game import Play
from livespot.live.interaction.inspector import Inspector
from livespot.live.interaction.keys import Action
from livespot.live.interaction.marks import Marks
from livespot.live.interaction.menu import Menu
from livespot.live.interaction.sound import Sound
from livespot.live.interaction.start_panel import StartPanel
from livespot.record import naming
from livespot.record.outputs import Outputs
from livespot.settings import Settings
from livespot.spotting.results import FrameResult, State

_TOAST_SECONDS = 3.0
_WELCOME_SECONDS = 25.0
_SEARCHING_SECONDS = 1.5
_LOOKS = 2  # analyses after which nothing found is news
FIRST_LOOK = "taking a first look: hold still"


@dataclass(frozen=True)
class Toast:
    """Something said for a while. words: asked for at every drawing, so that numbers in them are today's."""

    words: Callable[[], str]
    colour: drawing.Colour
    until: float


class WindowState:
    """The state of one window. Display thread only."""

    def __init__(
        self,
        spotter: SpotterProtocol,
        engine: Engine,
        outputs: Outputs,
        settings: Settings,
        *,
        name: str,
        camera: Callable[[], Source] = Source,
        welcome: bool = False,
        full_screen: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.spotter = spotter
        self.engine = engine
        self.outputs = outputs
        self.pictures, self.videos = (naming.place(settings.folder, kind) for kind in ("pictures", "videos"))
        self.kept: Path | None = None  # the folder of what was kept last
        self.name = name
        self.camera = camera
        self._full_screen = full_screen
        self.clock = clock
        self.feed = Status()  # how the source is doing
        self.invitation = ""  # the address that another device has to open before pictures come
        self.frame: Frame | None = None
        self.live = FrameResult(0, 0.0, State.SEARCHING)
        self.marks = Marks()
        self.play: Play | None = None
        self.frozen: Inspector | None = None
        self.mirror = settings.mirror
        self.sensitivity = settings.sensitivity
        self.locked = False
        self.sound = Sound(settings.sound)
        self.focus_kept = settings.lock_focus
        self.help = False
        self.details = False
        self.quit = False
        self.full = False
        self.leaving_until = 0.0  # until then the key that asked first ends the program
        self.menu: Menu | None = None
        self.beside = Beside()  # lays the remembered picture beside every frame
        self.panel: StartPanel | None = None
        self.aimed = True  # whether a person shows the page to the source; nobody does that to a file or the screen
        self.choosable = False  # whether another source can be chosen
        self.chosen = ""  # what was chosen on the panel, until somebody opens it
        self.undoing: list[Callable[[], str]] = []  # what takes back the last steps; each says what it took back
        self.shown = 0
        self.dirty = True
        self.opened = clock()
        self.welcome_until = math.inf if welcome else 0.0  # from when there is something to welcome: see update
        self._found = False  # whether a page was ever held
        self._seen = clock()  # when it was last
        self.toast: Toast | None = None
        self.echo: Echo | None = None
        # Left here by the screen, for the mouse: where the chips are, and how the live picture lies.
        self.chips: list[tuple[Rect, Action]] = []
        self.view: View | None = None
        self.pressed: tuple[int, int] | None = None  # where the mouse went down on the live picture
        self.age = 0.0
        self._interval = 0.0
        self._last_shown = 0.0

    # --- what comes in ---

    def update(self, frame: Frame, spotting: FrameResult, *, again: bool = False) -> None:
        """A new frame with its spotting; again: the same frame, about which more is known."""
        now = self.clock()
        if self.shown and not again:
            interval = now - self._last_shown
            self._interval = interval if self._interval == 0 else 0.95 * self._interval + 0.05 * interval
        self._last_shown = now
        self._found |= spotting.state is State.LOCKED
        if spotting.state is State.LOCKED or self.getting_ready:
            self._seen = now
        if spotting.state is State.LOST and not self._found:
            # The first look took so long that the page has moved on: nobody has seen it yet, so it is not lost.
            spotting = replace(spotting, state=State.SEARCHING, reason=FIRST_LOOK)
        if self._found and self.welcome_until == math.inf:
            self.welcome_until = now + _WELCOME_SECONDS
        self.frame, self.live = frame, spotting
        self.marks.follow(spotting)
        if self.frozen is None:
            self.sound.hear(spotting, now)
        self.shown += 0 if again else 1
        if self.frozen is None:
            self.dirty = True

    @property
    def getting_ready(self) -> bool:
        """Whether nothing can be looked at yet, and that for longer than a moment."""
        return self.engine.ready < 1.0 and self.clock() - self.opened > 1.0

    @property
    def trouble(self) -> str:
        """Why no picture comes, "" when one does. No first one yet while all gets ready is no trouble, but a wait."""
        waits = self.frame is None and self.getting_ready and self.feed.running
        return "" if waits else self.feed.message

    @property
    def searching(self) -> bool:
        """Whether no page is in view, and that for long enough to show how one is held."""
        there = self.live.state is State.LOCKED or self.getting_ready or bool(self.feed.message or self.invitation)
        there |= self.beside.picture is not None  # which shows what is wanted
        return (
            self.aimed
            and not there
            and self.engine.analysed >= _LOOKS
            and self.clock() - self._seen > _SEARCHING_SECONDS
        )

    @property
    def rate(self) -> float:
        """Frames shown a second."""
        return 1.0 / self._interval if self._interval > 0 else 0.0

    def tell(
        self, line: str | Callable[[], str], colour: drawing.Colour = drawing.PAPER, seconds: float = _TOAST_SECONDS
    ) -> None:
        """Say something for a while."""
        words = line if callable(line) else lambda: line
        self.toast = Toast(words, colour, self.clock() + seconds)
        self.dirty = True

    def alarm(self, line: str) -> None:
        """Say that something went wrong."""
        self.tell(line, drawing.ALARM, 6.0)

    @property
    def spotting(self) -> FrameResult:
        """What is on screen: frozen or live."""
        return self.frozen.spotting if self.frozen is not None else self.live

    @property
    def marking(self) -> Marking:
        """How the differences on screen are marked."""
        self.marks.renumber(self.spotting)
        hiding = self.play is not None
        revealed = self.play.revealed if self.play is not None else ()
        selected = self.frozen.selected if self.frozen is not None else None
        return self.marks.marking(selected=selected, hiding=hiding, revealed=revealed)

    def give_up(self) -> None:
        """End the game."""
        if self.play is not None:
            self.play = None
            self.tell("every box is shown again")

    def toggle_full(self) -> None:
        """To full screen, or back."""
        self.full = not self.full
        self._full_screen()
