"""What a person does at the window, and what comes of it: keys and the mouse become actions.

One Desk is one person at one window. It decides and asks the engine, and never waits for it; livespot.live.screen draws
what it holds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from livespot.capture.newest import Adjustable
from livespot.frame import Frame
from livespot.live import correcting, keeping, keys, look, looking, pointing
from livespot.live.engine import Engine, Spots
from livespot.live.inspector import Inspector
from livespot.live.keys import Action
from livespot.live.marks import Marks
from livespot.live.outputs import Outputs
from livespot.live.overlay import Marking
from livespot.live.play import Play
from livespot.live.pointing import Echo
from livespot.live.view import Rect, View
from livespot.live.window import Mouse
from livespot.settings import Settings
from livespot.spotting.findings import Spotting, State

_TOAST_SECONDS = 3.0
_WELCOME_SECONDS = 25.0


@dataclass(frozen=True)
class Feed:
    """How the source is doing. trouble: "" or what to show over the last picture. over: it is at its end."""

    trouble: str = ""
    over: bool = False
    captured: int = 0
    dropped: int = 0
    refused: int = 0
    missed: int = 0
    losses: int = 0


@dataclass(frozen=True)
class Toast:
    """Something said for a while. words: asked for at every drawing, so that numbers in them are today's."""

    words: Callable[[], str]
    colour: look.Colour
    until: float


class Desk:
    """The state of one window, and everything a person can do in it. Display thread only."""

    def __init__(
        self,
        spotter: Spots,
        engine: Engine,
        outputs: Outputs,
        settings: Settings,
        *,
        name: str,
        camera: Adjustable | None = None,
        welcome: bool = False,
        full_screen: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.spotter = spotter
        self.engine = engine
        self.outputs = outputs
        self.folder = Path(settings.folder)
        self.name = name
        self.camera = camera
        self._full_screen = full_screen
        self.clock = clock
        self.feed = Feed()
        self.frame: Frame | None = None
        self.live = Spotting(0, 0.0, State.SEARCHING)
        self.marks = Marks()
        self.play: Play | None = None
        self.frozen: Inspector | None = None
        self.mirror = settings.mirror
        self.sensitivity = settings.sensitivity
        self.locked = False
        self.focus_kept = settings.lock_focus
        self.help = False
        self.details = False
        self.quit = False
        self.shown = 0
        self.dirty = True
        self.opened = clock()
        self.welcome_until = self.opened + _WELCOME_SECONDS if welcome else 0.0
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

    def update(self, frame: Frame, spotting: Spotting, *, again: bool = False) -> None:
        """A new frame with its spotting; again: the same frame, about which more is known."""
        now = self.clock()
        if self.shown and not again:
            interval = now - self._last_shown
            self._interval = interval if self._interval == 0 else 0.95 * self._interval + 0.05 * interval
        self._last_shown = now
        self.frame, self.live = frame, spotting
        self.marks.follow(spotting)
        self.shown += 0 if again else 1
        if self.frozen is None:
            self.dirty = True

    @property
    def rate(self) -> float:
        """Frames shown a second."""
        return 1.0 / self._interval if self._interval > 0 else 0.0

    def tell(
        self, line: str | Callable[[], str], colour: look.Colour = look.PAPER, seconds: float = _TOAST_SECONDS
    ) -> None:
        """Say something for a while."""
        words = line if callable(line) else lambda: line
        self.toast = Toast(words, colour, self.clock() + seconds)
        self.dirty = True

    def alarm(self, line: str) -> None:
        """Say that something went wrong."""
        self.tell(line, look.ALARM, 6.0)

    @property
    def spotting(self) -> Spotting:
        """What is on screen: frozen or live."""
        return self.frozen.spotting if self.frozen is not None else self.live

    @property
    def marking(self) -> Marking:
        """How the differences on screen are marked."""
        hiding = self.play is not None
        revealed = self.play.revealed if self.play is not None else ()
        selected = self.frozen.selected if self.frozen is not None else None
        return self.marks.marking(selected=selected, hiding=hiding, revealed=revealed)

    # --- keys ---

    def key(self, code: int) -> None:
        """A key was pressed."""
        action = keys.action(code)
        if action is not None:
            self.do(action)

    def do(self, action: Action) -> None:
        """Carry out an action."""
        self.dirty = True
        self.welcome_until = 0.0
        self.toast = None
        if action is Action.QUIT:
            # One step back first: a help page or a game is left, not the program.
            if self.help:
                self.help = False
            else:
                self.quit = True
            return
        if action is Action.HELP:
            self.help = not self.help
            return
        self.help = False
        handler = {
            Action.FREEZE: lambda: looking.freeze(self),
            Action.RECORD: lambda: keeping.record(self),
            Action.SNAPSHOT: lambda: keeping.save(self),
            Action.NEXT: lambda: looking.step(self, +1),
            Action.PREVIOUS: lambda: looking.step(self, -1),
            Action.TICK: lambda: looking.tick(self),
            Action.DISMISS: lambda: looking.dismiss(self),
            Action.VIEW: lambda: looking.next_view(self),
            Action.BLINK: lambda: looking.blink(self),
            Action.HEAT: lambda: looking.heat(self),
            Action.EXPLAIN: lambda: keeping.explain(self),
            Action.MORE: lambda: looking.adjust(self, +1),
            Action.LESS: lambda: looking.adjust(self, -1),
            Action.ZOOM_IN: lambda: looking.zoom(self, 1.3),
            Action.ZOOM_OUT: lambda: looking.zoom(self, 1 / 1.3),
            Action.LEFT: lambda: looking.nudge(self, -0.12, 0),
            Action.RIGHT: lambda: looking.nudge(self, 0.12, 0),
            Action.UP: lambda: looking.nudge(self, 0, -0.12),
            Action.DOWN: lambda: looking.nudge(self, 0, 0.12),
            Action.WHOLE: lambda: looking.whole(self),
            Action.HINT: self._hint,
            Action.REVEAL: self._give_up,
            Action.FAINTER: lambda: correcting.change_sensitivity(self, correcting.SENSITIVITY_STEP),
            Action.PLAINER: lambda: correcting.change_sensitivity(self, 1 / correcting.SENSITIVITY_STEP),
            Action.CORNERS: lambda: correcting.edit_corners(self),
            Action.LOCK: lambda: correcting.lock(self),
            Action.FOCUS: lambda: correcting.keep_focus(self),
            Action.SEARCH: lambda: correcting.search_again(self),
            Action.MIRROR: self._mirror,
            Action.FULL_SCREEN: self._full_screen,
            Action.DETAILS: self._details,
        }[action]
        handler()

    def _hint(self) -> None:
        if self.play is None:
            self.play = Play(self.marks)
            self.play.begin(self.spotting)
            if self.frozen is not None:
                # Neither the heat map nor the place looked at last may give it away.
                self.frozen.select(None)
                self.frozen.heat = False
                self.frozen.whole()
        elif not self.play.left(self.spotting) and not self.spotting.differences:
            self.play.begin(self.spotting)
        else:
            self.play.hint(self.spotting)

    def _give_up(self) -> None:
        if self.play is not None:
            self.play = None
            self.tell("every box is shown again")

    def _mirror(self) -> None:
        self.mirror = not self.mirror
        self.tell("mirrored; recordings are not" if self.mirror else "not mirrored")

    def _details(self) -> None:
        self.details = not self.details

    # --- the mouse ---

    def mouse(self, event: Mouse) -> None:
        """The mouse did something."""
        pointing.mouse(self, event)
