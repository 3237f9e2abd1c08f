"""What a person does at the window, and what comes of it: keys and the mouse become actions.

One Desk is one person at one window. It decides and asks the engine, and never waits for it; livespot.live.screen draws
what it holds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from livespot.frame import Frame
from livespot.live import correcting, keeping, keys, look
from livespot.live.engine import Engine, Spots
from livespot.live.inspector import Inspector, Mode, Spot, page_spot
from livespot.live.keys import Action
from livespot.live.marks import Marks
from livespot.live.outputs import Outputs
from livespot.live.overlay import Marking
from livespot.live.play import Play
from livespot.live.view import Rect, View
from livespot.live.window import Mouse
from livespot.settings import Settings
from livespot.spotting.findings import Inspection, Spotting, State

_TOAST_SECONDS = 3.0
_WELCOME_SECONDS = 25.0
_ECHO_SECONDS = 1.0  # how long the place of a guess is shown


@dataclass(frozen=True)
class Feed:
    """How the source is doing. trouble: "" or what to show over the last picture. over: it is at its end."""

    trouble: str = ""
    over: bool = False
    captured: int = 0
    dropped: int = 0
    refused: int = 0


@dataclass(frozen=True)
class Toast:
    """Something said for a while. words: asked for at every drawing, so that numbers in them are today's."""

    words: Callable[[], str]
    colour: look.Colour
    until: float


@dataclass(frozen=True)
class Echo:
    """Where a guess was clicked, canvas px, and whether it was right."""

    x: int
    y: int
    right: bool
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
        welcome: bool = False,
        full_screen: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.spotter = spotter
        self.engine = engine
        self.outputs = outputs
        self.folder = Path(settings.folder)
        self.name = name
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
        self.help = False
        self.details = False
        self.quit = False
        self.shown = 0
        self.dirty = True
        self.welcome_until = clock() + _WELCOME_SECONDS if welcome else 0.0
        self.toast: Toast | None = None
        self.echo: Echo | None = None
        # Left here by the screen, for the mouse: where the chips are, and how the live picture lies.
        self.chips: list[tuple[Rect, Action]] = []
        self.view: View | None = None
        self._pressed: tuple[int, int] | None = None
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
            Action.FREEZE: self.freeze,
            Action.RECORD: lambda: keeping.record(self),
            Action.SNAPSHOT: lambda: keeping.save(self),
            Action.NEXT: lambda: self._step(+1),
            Action.PREVIOUS: lambda: self._step(-1),
            Action.TICK: self._tick,
            Action.DISMISS: self._dismiss,
            Action.VIEW: self._next_view,
            Action.BLINK: self._blink,
            Action.HEAT: self._heat,
            Action.EXPLAIN: lambda: keeping.explain(self),
            Action.MORE: lambda: self._adjust(+1),
            Action.LESS: lambda: self._adjust(-1),
            Action.ZOOM_IN: lambda: self._zoom(1.3),
            Action.ZOOM_OUT: lambda: self._zoom(1 / 1.3),
            Action.LEFT: lambda: self._nudge(-0.12, 0),
            Action.RIGHT: lambda: self._nudge(0.12, 0),
            Action.UP: lambda: self._nudge(0, -0.12),
            Action.DOWN: lambda: self._nudge(0, 0.12),
            Action.WHOLE: self._whole,
            Action.HINT: self._hint,
            Action.REVEAL: self._give_up,
            Action.FAINTER: lambda: correcting.change_sensitivity(self, correcting.SENSITIVITY_STEP),
            Action.PLAINER: lambda: correcting.change_sensitivity(self, 1 / correcting.SENSITIVITY_STEP),
            Action.CORNERS: lambda: correcting.edit_corners(self),
            Action.LOCK: lambda: correcting.lock(self),
            Action.SEARCH: lambda: correcting.search_again(self),
            Action.MIRROR: self._mirror,
            Action.FULL_SCREEN: self._full_screen,
            Action.DETAILS: self._details,
        }[action]
        handler()

    def freeze(self) -> None:
        if self.frozen is not None:
            self.frozen = None
            self.engine.pause(False)
            return
        if self.frame is None:
            return
        # The picture stands still at once; the sharpest view and its best analysis follow when they are ready.
        self.frozen = Inspector(self.frame, self.live)
        self.engine.pause(True)
        self.outputs.mark("frozen")
        self.look_closely()

    def look_closely(self) -> None:
        frozen = self.frozen
        if frozen is None:
            return

        def settle(inspection: Inspection | None) -> None:
            if self.frozen is frozen and inspection is not None:
                frozen.settle(inspection)
                self.marks.follow(inspection.spotting)
                self.dirty = True

        self.engine.ask("looking closely…", self.spotter.inspect, settle)

    def _step(self, by: int) -> None:
        if self.frozen is None:
            self.freeze()
        frozen = self.frozen
        if frozen is None:
            return
        if frozen.inspection is None:
            # Not looked at closely yet: do it when that is done.
            self.engine.ask("", lambda: None, lambda _: self._step_now(frozen, by))
            return
        self._step_now(frozen, by)

    def _step_now(self, frozen: Inspector, by: int) -> None:
        if self.frozen is not frozen:
            return
        marking = self.marking
        standing = [d for d in frozen.spotting.differences if marking.shows(d)]
        self.dirty = True
        if frozen.step(by, standing) is None:
            self.tell("the boxes are hidden: G shows them" if self.play is not None else "no difference to step to")

    def _tick(self) -> None:
        chosen = self.frozen.chosen() if self.frozen is not None else None
        if chosen is None:
            self.tell("click a box to tick it, or choose one with N")
            return
        self._tick_number(chosen.id)

    def _tick_number(self, number: int) -> None:
        ticked = self.marks.toggle_tick(number)
        found, total = self.marks.found(self.spotting), len(self.marks.standing(self.spotting))
        self.tell(f"{number} ticked: {found} of {total} found" if ticked else f"{number} no longer ticked")

    def _dismiss(self) -> None:
        chosen = self.frozen.chosen() if self.frozen is not None else None
        if chosen is None:
            self.tell("choose a box first, with N or a click; then D dismisses it")
            return
        self._dismiss_number(chosen.id)

    def _dismiss_number(self, number: int) -> None:
        if self.marks.toggle_dismissal(number):
            self.tell(f"{number} dismissed as wrong; {keys.label(Action.DISMISS)} takes it back")
        else:
            self.tell(f"{number} is back")

    def _next_view(self) -> None:
        self._inspecting(lambda frozen: frozen.cycle())

    def _blink(self) -> None:
        self._inspecting(lambda frozen: frozen.show(Mode.SIDES if frozen.mode is Mode.BLINK else Mode.BLINK))

    def _heat(self) -> None:
        if self.play is not None:
            self.tell("the heat map would give it away: G ends the game")
            return

        def toggle(frozen: Inspector) -> bool:
            frozen.heat = not frozen.heat
            return True

        self._inspecting(toggle)

    def _inspecting(self, change: Callable[[Inspector], bool]) -> None:
        """Change the frozen view; freeze first when it is live, and wait for the close look without standing still."""
        if self.frozen is None:
            self.freeze()
        frozen = self.frozen
        if frozen is None:
            return
        if frozen.inspection is not None:
            change(frozen)
            return

        def later(_: None) -> None:
            if self.frozen is frozen:
                self.dirty = True
                if frozen.inspection is None:
                    self.tell("no puzzle found: C marks the two pictures by hand")
                else:
                    change(frozen)

        self.engine.ask("", lambda: None, later)

    def _adjust(self, by: int) -> None:
        if self.frozen is not None and self.frozen.mode in (Mode.BLINK, Mode.FADE, Mode.SPLIT):
            self.tell(self.frozen.adjust(by), seconds=1.5)
        else:
            self.tell("B blinks, V fades and splits; then , and . adjust it")

    def _zoom(self, factor: float) -> None:
        if self.frozen is None:
            self.freeze()
        if self.frozen is not None:
            self.frozen.zoom(factor)

    def _nudge(self, dx: float, dy: float) -> None:
        if self.frozen is not None:
            self.frozen.nudge(-dx if self.mirror else dx, dy)

    def _whole(self) -> None:
        if self.frozen is not None:
            self.frozen.whole()

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
        if event.kind == "down" and not self.help:
            for (x, y, width, height), action in self.chips:
                if x <= event.x < x + width and y <= event.y < y + height:
                    self.do(action)
                    return
        if event.kind == "move" and not event.held:
            return
        self.dirty = True
        if event.kind == "down":
            self.welcome_until = 0.0
            if self.help:
                self.help = False
                return
        if self.frozen is not None:
            if event.kind == "right":
                spot = self.frozen.spot_at(event.x, event.y)
                if spot is not None and spot.difference is not None and self.marking.shows(spot.difference):
                    self._dismiss_number(spot.difference.id)
                return
            corners = self.frozen.corners
            spot = self.frozen.mouse(event)
            if corners is not None:
                if corners.changed and corners.held is None and event.kind == "up":
                    correcting.use_corners(self, corners)
                return
            self._clicked(event, spot)
        elif event.kind == "down":
            self._pressed = (event.x, event.y)
        elif event.kind == "up" and self._pressed is not None and self.view is not None:
            x, y = self._pressed
            self._pressed = None
            if self.view.holds(x, y):
                spot = page_spot(self.live, self.view.to_picture(x, y), 8 / self.view.scale)
                self._clicked(event, spot)

    def _clicked(self, event: Mouse, spot: Spot | None) -> None:
        if spot is None:
            return
        if self.play is not None:
            answer = self.play.guess(self.spotting, spot.panel, spot.at)
            self.echo = Echo(event.x, event.y, answer.right, self.clock() + _ECHO_SECONDS)
        elif spot.difference is not None and self.marking.shows(spot.difference):
            if self.frozen is not None:
                self.frozen.select(spot.difference.id)
            self._tick_number(spot.difference.id)
        elif self.frozen is not None:
            self.frozen.select(None)
