"""What happens in the window: keys and the mouse become actions, and what is known becomes the picture on screen.

One Desk is one person at one window. It draws, decides and asks the engine; it never waits for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from livespot.errors import LivespotError
from livespot.frame import Frame, Image
from livespot.live import bar, help, keys, look, overlay, snapshot
from livespot.live.bar import Chip, Status
from livespot.live.corners import Corners
from livespot.live.engine import Engine, Spots
from livespot.live.inspector import Inspector, Mode, Spot, draw_hint, page_spot
from livespot.live.keys import Action
from livespot.live.marks import Marks
from livespot.live.outputs import Outputs
from livespot.live.overlay import Marking
from livespot.live.play import EXPLAINED, Level, Play
from livespot.live.view import Rect, View
from livespot.live.window import Mouse
from livespot.live.words import count_of, headline
from livespot.settings import Settings
from livespot.spotting.findings import Inspection, Spotting, State

SENSITIVITY_STEP = 1.25
_TOAST_SECONDS = 3.0
_WELCOME_SECONDS = 25.0
_ECHO_SECONDS = 1.0  # how long the place of a guess is shown


@dataclass(frozen=True)
class Feed:
    """How the source is doing, for the screen. trouble: "" or what to show over the last picture. over: at its end."""

    trouble: str = ""
    over: bool = False
    captured: int = 0
    dropped: int = 0
    refused: int = 0


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
        self._spotter = spotter
        self._engine = engine
        self._outputs = outputs
        self._folder = Path(settings.folder)
        self._name = name
        self._full_screen = full_screen
        self._clock = clock
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
        self._welcome_until = clock() + _WELCOME_SECONDS if welcome else 0.0
        self._toast: tuple[Callable[[], str], look.Colour, float] | None = None
        self._echo: tuple[int, int, bool, float] | None = None
        self._canvas: Image | None = None
        self._chips: list[tuple[Rect, Action]] = []
        self._view: View | None = None
        self._pressed: tuple[int, int] | None = None
        self._rate = 0.0
        self._age = 0.0
        self._last_shown = 0.0
        self._drawn = 0.0
        self._saving = 0

    # --- what comes in ---

    def update(self, frame: Frame, spotting: Spotting) -> None:
        """A new frame with its spotting."""
        now = self._clock()
        if self.shown:
            rate = 1.0 / max(now - self._last_shown, 1e-3)
            self._rate = rate if self._rate == 0 else 0.9 * self._rate + 0.1 * rate
        self._last_shown = now
        self.frame, self.live = frame, spotting
        self.shown += 1
        if self.frozen is None:
            self.dirty = True

    def tell(
        self, line: str | Callable[[], str], colour: look.Colour = look.PAPER, seconds: float = _TOAST_SECONDS
    ) -> None:
        """Say something for a while."""
        words = line if callable(line) else lambda: line
        self._toast = (words, colour, self._clock() + seconds)
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
        self._welcome_until = 0.0
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
            Action.FREEZE: self._freeze,
            Action.RECORD: self._record,
            Action.SNAPSHOT: self._snapshot,
            Action.NEXT: lambda: self._step(+1),
            Action.PREVIOUS: lambda: self._step(-1),
            Action.TICK: self._tick,
            Action.DISMISS: self._dismiss,
            Action.VIEW: self._next_view,
            Action.BLINK: self._blink,
            Action.HEAT: self._heat,
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
            Action.FAINTER: lambda: self._sensitivity(SENSITIVITY_STEP),
            Action.PLAINER: lambda: self._sensitivity(1 / SENSITIVITY_STEP),
            Action.CORNERS: self._corners,
            Action.LOCK: self._lock,
            Action.SEARCH: self._search,
            Action.MIRROR: self._mirror,
            Action.FULL_SCREEN: self._full_screen,
            Action.DETAILS: self._details,
        }[action]
        handler()

    def _freeze(self) -> None:
        if self.frozen is not None:
            self.frozen = None
            self._engine.pause(False)
            self._toast = None
            return
        if self.frame is None:
            return
        # The picture stands still at once; the sharpest view and its best analysis follow when they are ready.
        self.frozen = Inspector(self.frame, self.live)
        self._engine.pause(True)
        self._outputs.mark("frozen")
        self._look_closely()

    def _look_closely(self) -> None:
        frozen = self.frozen
        if frozen is None:
            return

        def settle(inspection: Inspection | None) -> None:
            if self.frozen is frozen and inspection is not None:
                frozen.settle(inspection)
                self.dirty = True

        self._engine.ask("looking closely…", self._spotter.inspect, settle)

    def _record(self) -> None:
        if self._outputs.status is not None:
            status = self._outputs.stop_recording()
            if status is not None and status.files:
                self.tell(f"recorded {status.files[-1].name}, {status.seconds:.0f} s")
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        stem = snapshot.free_stem(self._folder, "livespot", (".mp4", ".writing.mp4"))
        try:
            self._outputs.start_recording(self._folder / f"{stem}.mp4")
        except LivespotError as error:
            self.alarm(str(error))
            return
        self.tell(f"recording to {stem}.mp4")

    def _snapshot(self) -> None:
        frame = self.frozen.frame if self.frozen is not None else self.frame
        if frame is None:
            return
        spotting, marking = self.spotting, replace(self.marking, hiding=False, selected=None)
        self._outputs.mark("snapshot")

        def work() -> None:
            try:
                saved = snapshot.save(self._folder, frame.image, spotting, marking=marking, source=self._name)
            except LivespotError as error:
                self.alarm(str(error))
            except Exception as error:
                self.alarm(f"the snapshot was not saved: {error}")
            else:
                with_card = ", with its card" if saved.card is not None else "; no difference, so no card"
                self.tell(f"saved {saved.stem}.png{with_card}", seconds=4.0)
            finally:
                self._saving -= 1

        self._saving += 1
        # Not a daemon: quitting right after S must not leave half a picture.
        threading.Thread(target=work, name="snapshot").start()

    def _step(self, by: int) -> None:
        if self.frozen is None:
            self._freeze()
        frozen = self.frozen
        if frozen is None:
            return
        if frozen.inspection is None:
            # Not looked at closely yet: do it when that is done.
            self._engine.ask("", lambda: None, lambda _: self._step_now(frozen, by))
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
        def toggle(frozen: Inspector) -> bool:
            frozen.heat = not frozen.heat
            return True

        self._inspecting(toggle)

    def _inspecting(self, change: Callable[[Inspector], bool]) -> None:
        """Change the frozen view; freeze first when it is live, and wait for the close look without standing still."""
        if self.frozen is None:
            self._freeze()
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

        self._engine.ask("", lambda: None, later)

    def _adjust(self, by: int) -> None:
        if self.frozen is not None and self.frozen.mode in (Mode.BLINK, Mode.FADE, Mode.SPLIT):
            self.tell(self.frozen.adjust(by), seconds=1.5)
        else:
            self.tell("B blinks, V fades and splits; then , and . adjust it")

    def _zoom(self, factor: float) -> None:
        if self.frozen is None:
            self._freeze()
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
                self.frozen.select(None)
        elif not self.play.left(self.spotting) and not self.spotting.differences:
            self.play.begin(self.spotting)
        else:
            self.play.hint(self.spotting)

    def _give_up(self) -> None:
        if self.play is not None:
            self.play = None
            self.tell("every box is shown again")

    def _sensitivity(self, factor: float) -> None:
        low, high = 0.25, 4.0
        self.sensitivity = float(np.clip(self.sensitivity * factor, low, high))
        if abs(self.sensitivity - 1.0) < 0.02:
            self.sensitivity = 1.0  # steps up and down meet again
        value = self.sensitivity
        self._engine.ask("", lambda: self._spotter.set_sensitivity(value))
        if self.frozen is not None:
            self._look_closely()

        def words() -> str:
            end = ", the most" if value >= high else ", the least" if value <= low else ""
            return f"sensitivity {value:.2g}{end}: {count_of(len(self.marks.standing(self.spotting)), 'box', 'boxes')}"

        self.tell(words)

    def _corners(self) -> None:
        if self.frozen is None:
            self._freeze()
        frozen = self.frozen
        if frozen is None:
            return
        if frozen.corners is not None:
            frozen.corners = None
            return
        frozen.show(Mode.PAGE)
        frozen.heat = False
        height, width = frozen.frame.image.shape[:2]
        frozen.corners = Corners(frozen.spotting.panels, (width, height))

    def _lock(self) -> None:
        self.locked = locked = not self.locked
        self._engine.ask("", lambda: self._spotter.lock_panels(locked))
        self.tell("the two pictures are locked" if locked else "the two pictures are followed again")

    def _search(self) -> None:
        self._engine.ask("", self._spotter.search_again)
        self.marks.clear()
        self.play = None
        self.locked = False
        if self.frozen is not None:
            self._freeze()
        self.tell("searching again")

    def _mirror(self) -> None:
        self.mirror = not self.mirror
        self.tell("mirrored; recordings are not" if self.mirror else "not mirrored")

    def _details(self) -> None:
        self.details = not self.details

    # --- the mouse ---

    def mouse(self, event: Mouse) -> None:
        """The mouse did something."""
        if event.kind == "down" and not self.help:
            for (x, y, width, height), action in self._chips:
                if x <= event.x < x + width and y <= event.y < y + height:
                    self.do(action)
                    return
        if event.kind == "move" and not event.held:
            return
        self.dirty = True
        if event.kind == "down":
            self._welcome_until = 0.0
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
                    self._use_corners(corners)
                return
            self._clicked(event, spot)
        elif event.kind == "down":
            self._pressed = (event.x, event.y)
        elif event.kind == "up" and self._pressed is not None and self._view is not None:
            x, y = self._pressed
            self._pressed = None
            if self._view.holds(x, y):
                spot = page_spot(self.live, self._view.to_picture(x, y), 8 / self._view.scale)
                self._clicked(event, spot)

    def _clicked(self, event: Mouse, spot: Spot | None) -> None:
        if spot is None:
            return
        if self.play is not None:
            answer = self.play.guess(self.spotting, spot.panel, spot.at)
            self._echo = (event.x, event.y, answer.right, self._clock() + _ECHO_SECONDS)
        elif spot.difference is not None and self.marking.shows(spot.difference):
            if self.frozen is not None:
                self.frozen.select(spot.difference.id)
            self._tick_number(spot.difference.id)
        elif self.frozen is not None:
            self.frozen.select(None)

    def _use_corners(self, corners: Corners) -> None:
        corners.changed = False
        a, b = corners.quads[0].copy(), corners.quads[1].copy()
        self._engine.ask("comparing…", lambda: self._spotter.set_panels(a, b))
        self._look_closely()
        self.tell(lambda: f"these two pictures: {count_of(len(self.spotting.differences), 'difference')}")

    # --- the picture on screen ---

    @property
    def due(self) -> bool:
        """Whether the screen has to be drawn again."""
        now = self._clock()
        if self.dirty:
            return True
        if self.frozen is not None and self.frozen.moving:
            return self.frozen.phase(now) != self.frozen.phase(self._drawn)
        return now - self._drawn > 0.2  # lights blink, messages go

    def draw(self, size: tuple[int, int]) -> Image:
        """The canvas for a window of this size; the same buffer every time."""
        now = self._clock()
        width, height = size
        if self._canvas is None or self._canvas.shape[:2] != (height, width):
            self._canvas = np.zeros((height, width, 3), np.uint8)
        canvas = self._canvas
        unit = look.unit(width, height)
        strip = bar.height(unit)
        rect = (0, 0, width, height - strip)
        self.dirty = False
        self._drawn = now
        if self.frozen is not None:
            hint = self.play.place(self.spotting) if self.play is not None else None
            self.frozen.draw(canvas, rect, unit, self.marking, now, mirror=self.mirror, hint=hint)
        else:
            self._draw_live(canvas, rect, unit)
        self._draw_echo(canvas, unit, now)
        if self.feed.trouble:
            self._draw_trouble(canvas, rect, unit)
        if self.details:
            self._draw_details(canvas, rect, unit)
        if self.help:
            help.draw(canvas, rect)
        elif now < self._welcome_until and self.frozen is None and not self.feed.trouble:
            help.welcome(canvas, rect, unit)
        self._chips = bar.draw(canvas, (0, height - strip, width, strip), unit, self._status(now), now)
        return canvas

    def _draw_live(self, canvas: Image, rect: Rect, unit: float) -> None:
        left, top, width, tall = rect
        if self.frame is None:
            canvas[top : top + tall, left : left + width] = look.INK
            self._view = None
            return
        size = (self.frame.image.shape[1], self.frame.image.shape[0])
        self._view = view = View(size, rect, self.mirror)
        x, y, w, h = view.area()
        # Only what the picture leaves free is cleared.
        canvas[top : top + tall, left:x] = look.INK
        canvas[top : top + tall, x + w : left + width] = look.INK
        canvas[top:y, x : x + w] = look.INK
        canvas[y + h : top + tall, x : x + w] = look.INK
        view.draw(canvas, self.frame.image)
        part, to = canvas[top : top + tall, left : left + width], view.matrix()
        overlay.draw(part, self.live, marking=self.marking, to=to, unit=unit)
        hint = self.play.place(self.live) if self.play is not None else None
        if hint is not None and self.live.panels is not None:
            draw_hint(part, hint, self.live.panels, to, unit)
        self._age = time.monotonic() - self.frame.captured

    def _draw_echo(self, canvas: Image, unit: float, now: float) -> None:
        if self._echo is None or now >= self._echo[3]:
            return
        x, y, right, _ = self._echo
        radius = 20 * unit
        look.ring(canvas, x, y, radius, look.FOUND if right else look.PAPER, 3 * unit)
        if right:
            overlay.tick(canvas, x, y, radius)
        else:
            r = 0.4 * radius
            look.polygon(canvas, [[x - r, y - r], [x + r, y + r]], look.PAPER, 3 * unit, closed=False)
            look.polygon(canvas, [[x - r, y + r], [x + r, y - r]], look.PAPER, 3 * unit, closed=False)

    def _draw_trouble(self, canvas: Image, rect: Rect, unit: float) -> None:
        left, top, width, tall = rect
        look.shade(canvas, left, top, width, tall, 0.45)
        size = 22 * unit
        words = look.fitting(self.feed.trouble, size, width - 4 * size, look.MEDIUM)
        across = look.text_width(words, round(size), look.MEDIUM) + 2.4 * size
        look.rounded(
            canvas, left + (width - across) / 2, top + tall / 2 - 1.3 * size, across, 2.6 * size, 1.3 * size, look.DESK
        )
        look.text(canvas, words, left + width / 2, top + tall / 2, size, look.PAPER, look.MEDIUM, "centre")

    def _draw_details(self, canvas: Image, rect: Rect, unit: float) -> None:
        left, top, width, _ = rect
        rows = [
            ("captured", self.feed.captured),
            ("shown", self.shown),
            ("analysed", self._engine.analysed),
            ("dropped: a newer one had come", self.feed.dropped),
            ("refused: broken or out of time", self.feed.refused),
        ]
        recording = self._outputs.status
        if recording is not None:
            rows += [("recorded", recording.written), ("dropped by the encoder", recording.dropped)]
        size, line = 15 * unit, 24 * unit
        across, high = 330 * unit, line * len(rows) + 24 * unit
        x, y = left + width - across - 12 * unit, top + 12 * unit
        look.rounded(canvas, x, y, across, high, 9 * unit, look.DESK)
        for i, (words, number) in enumerate(rows):
            middle = y + 12 * unit + (i + 0.5) * line
            look.text(canvas, words, x + 16 * unit, middle, size, look.MUTED)
            look.text(canvas, str(number), x + across - 16 * unit, middle, size, look.PAPER, look.MEDIUM, "right")

    # --- the words in the strip ---

    def _status(self, now: float) -> Status:
        words, colour, aside = self._words(now)
        recording = self._outputs.status
        warning = ""
        if recording is not None and recording.disk_low:
            warning = f"{recording.free_mb:.0f} MB left" if recording.free_mb is not None else "disk nearly full"
        figures = ""
        if self.frozen is None and self.shown > 1:
            figures = f"{self._rate:.0f} fps   {1e3 * self._age:.0f} ms"
        return Status(
            words,
            colour,
            aside,
            recording=recording.seconds if recording is not None and recording.recording else None,
            warning=warning,
            figures=figures,
            chips=self._chip_row(),
        )

    def _words(self, now: float) -> tuple[str, look.Colour | None, str]:
        """The headline, the colour of its dot, and what is said more quietly."""
        busy = self._engine.words
        if self._toast is not None and now < self._toast[2]:
            say, tone, _ = self._toast
            return say(), (None if tone == look.PAPER else tone), ""
        if self.feed.trouble:
            return "no picture", look.ALARM, ""
        if self.frozen is not None and self.frozen.corners is not None:
            return "Drag the corners onto the two pictures", look.FOUND, busy or "C when done"
        if self.play is not None and self.spotting.state is State.LOCKED:
            # What was found can change while the words stand still.
            if self.play.level is Level.COUNT and self.play.target is None and not self.play.message:
                self.play.begin(self.spotting)
            found = self.marks.found(self.spotting)
            return sentence(self.play.message), look.FOUND, f"{found} found" if found else busy
        spotting = self.spotting
        words, colour = headline(spotting, len(self.marks.standing(spotting)))
        if self.frame is None:
            return f"Opening {self._name}…", None, busy
        found = self.marks.found(spotting)
        aside = f"{found} found" if found and spotting.state is State.LOCKED else ""
        if self.frozen is not None:
            chosen = self.frozen.chosen()
            if chosen is not None and self.frozen.mode is not Mode.PAGE:
                kind = str(chosen.kind)
                gloss = "" if EXPLAINED[kind] == kind else f", {EXPLAINED[kind]}"
                standing = [d.id for d in self.marks.standing(spotting)]
                place = f"{standing.index(chosen.id) + 1} of {len(standing)}" if chosen.id in standing else "dismissed"
                aside = f"{place} · {round(100 * chosen.confidence)} % sure"
                words = f"{chosen.id}: {kind}{gloss}"
            else:
                aside = "frozen" + (f" · {aside}" if aside else "")
        elif self.feed.over:
            aside = f"end of {self._name}" + (f" · {aside}" if aside else "")
        return words, colour, busy or aside

    def _chip_row(self) -> tuple[Chip, ...]:
        on = self._outputs.status is not None
        record = Chip(Action.RECORD, "stop" if on else "record")
        save, aid = Chip(Action.SNAPSHOT, "save"), Chip(Action.HELP, "help")
        if self.frozen is None:
            freeze = Chip(Action.FREEZE, "freeze")
            if self.play is not None:
                return freeze, Chip(Action.HINT, "hint", True), Chip(Action.REVEAL, "give up"), aid
            return freeze, save, record, Chip(Action.HINT, "play"), aid
        if self.frozen.corners is not None:
            return Chip(Action.CORNERS, "done", True), Chip(Action.FREEZE, "live"), aid
        if self.play is not None:
            return Chip(Action.FREEZE, "live"), Chip(Action.HINT, "hint", True), Chip(Action.REVEAL, "give up"), aid
        return (
            Chip(Action.FREEZE, "live", True),
            Chip(Action.NEXT, "next"),
            Chip(Action.VIEW, "view", self.frozen.mode in (Mode.FADE, Mode.SPLIT)),
            Chip(Action.BLINK, "blink", self.frozen.mode is Mode.BLINK),
            Chip(Action.HEAT, "heat", self.frozen.heat),
            save,
            aid,
        )


def sentence(words: str) -> str:
    """With a capital at its beginning."""
    return words[:1].upper() + words[1:]
