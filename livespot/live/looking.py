"""Looking closer: freeze, step from difference to difference, tick, dismiss, other views, zoom.

The picture stands still at once; what needs the close look waits for it without anybody standing still.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from livespot.live import keys
from livespot.live.inspector import Inspector, Mode
from livespot.live.keys import Action
from livespot.spotting.findings import Inspection
from livespot.spotting.search import NO_PUZZLE, SEEKING

if TYPE_CHECKING:
    from livespot.live.desk import Desk

NO_PUZZLE_FOUND = f"no puzzle found: {keys.label(Action.CORNERS)} marks the two pictures by hand"


def freeze(desk: Desk) -> None:
    """Freeze the view, or let it go on."""
    if desk.frozen is not None:
        desk.frozen = None
        desk.engine.pause(False)
        return
    if desk.frame is None:
        return
    # The picture stands still at once; the sharpest view and its best analysis follow when they are ready.
    desk.frozen = Inspector(desk.frame, desk.live)
    desk.engine.pause(True)
    desk.outputs.mark("frozen")
    look_closely(desk)


def look_closely(desk: Desk, then: Callable[[], object] = lambda: None) -> None:
    """Ask for the sharpest view and its best analysis; the frozen view takes it when it comes, `then` is called."""
    frozen = desk.frozen
    if frozen is None:
        return

    def settle(inspection: Inspection | None) -> None:
        if desk.frozen is not frozen:
            return
        if inspection is not None:
            frozen.settle(inspection)
            desk.marks.follow(inspection.spotting)
        elif frozen.spotting.reason in (SEEKING, NO_PUZZLE):
            frozen.spotting = replace(frozen.spotting, reason=NO_PUZZLE_FOUND)
        desk.dirty = True
        then()

    def look() -> Inspection | None:
        found = desk.spotter.inspect()
        if found is None:
            # Frozen before anything was analysed: this very picture is looked at.
            desk.spotter.analyse(frozen.frame)
            found = desk.spotter.inspect()
        return found

    desk.engine.ask("looking closely…", look, settle)


def step(desk: Desk, by: int) -> None:
    """To the next difference (+1) or the one before (-1), A beside B."""
    if desk.frozen is None:
        freeze(desk)
    frozen = desk.frozen
    if frozen is None:
        return
    if frozen.inspection is None:
        # Not looked at closely yet: do it when that is done.
        desk.engine.ask("", lambda: None, lambda _: _step_now(desk, frozen, by))
        return
    _step_now(desk, frozen, by)


def _step_now(desk: Desk, frozen: Inspector, by: int) -> None:
    if desk.frozen is not frozen:
        return
    marking = desk.marking
    standing = [d for d in frozen.spotting.differences if marking.shows(d)]
    desk.dirty = True
    if all(d.id in marking.dismissed for d in standing) or frozen.step(by, standing) is None:
        desk.tell("the boxes are hidden: G shows them" if desk.play is not None else "no difference to step to")


def tick(desk: Desk) -> None:
    """Tick the chosen difference as found, or take the tick back."""
    chosen = desk.frozen.chosen() if desk.frozen is not None else None
    if chosen is None:
        desk.tell("click a box to tick it, or choose one with N")
        return
    tick_number(desk, chosen.id)


def tick_number(desk: Desk, number: int) -> None:
    """Tick a difference by its number, or take the tick back."""
    ticked = desk.marks.toggle_tick(number)
    found, total = desk.marks.found(desk.spotting), len(desk.marks.standing(desk.spotting))
    desk.tell(f"{number} ticked: {found} of {total} found" if ticked else f"{number} no longer ticked")


def dismiss(desk: Desk) -> None:
    """Dismiss the chosen difference as wrong, or take it back."""
    chosen = desk.frozen.chosen() if desk.frozen is not None else None
    if chosen is None:
        desk.tell("choose a box first, with N or a click; then D dismisses it")
        return
    dismiss_number(desk, chosen.id)


def dismiss_number(desk: Desk, number: int) -> None:
    """Dismiss a difference by its number, or take it back."""
    if desk.marks.toggle_dismissal(number):
        desk.tell(f"{number} dismissed as wrong; {keys.label(Action.DISMISS)} takes it back")
    else:
        desk.tell(f"{number} is back")


def next_view(desk: Desk) -> None:
    """Page, side by side, fade, split."""
    _inspecting(desk, lambda frozen: frozen.cycle())


def blink(desk: Desk) -> None:
    """Blink between A and B, or stand them side by side."""
    _inspecting(desk, lambda frozen: frozen.show(Mode.SIDES if frozen.mode is Mode.BLINK else Mode.BLINK))


def heat(desk: Desk) -> None:
    """Show the heat map, or put it away."""
    if desk.play is not None:
        desk.tell("the heat map would give it away: G ends the game")
        return

    def toggle(frozen: Inspector) -> bool:
        frozen.heat = not frozen.heat
        return True

    _inspecting(desk, toggle)


def _inspecting(desk: Desk, change: Callable[[Inspector], bool]) -> None:
    """Change the frozen view; freeze first when it is live, and wait for the close look without standing still."""
    if desk.frozen is None:
        freeze(desk)
    frozen = desk.frozen
    if frozen is None:
        return
    if frozen.inspection is not None:
        change(frozen)
        return

    def later(_: None) -> None:
        if desk.frozen is frozen:
            desk.dirty = True
            if frozen.inspection is None:
                desk.tell(NO_PUZZLE_FOUND)
            else:
                change(frozen)

    desk.engine.ask("", lambda: None, later)


def adjust(desk: Desk, by: int) -> None:
    """Blink faster (+1) or slower (-1); slide towards B or A."""
    if desk.frozen is not None and desk.frozen.mode in (Mode.BLINK, Mode.FADE, Mode.SPLIT):
        desk.tell(desk.frozen.adjust(by), seconds=1.5)
    else:
        desk.tell("B blinks, V fades and splits; then , and . adjust it")


def zoom(desk: Desk, factor: float) -> None:
    """Zoom in (above 1) or out."""
    if desk.frozen is None:
        freeze(desk)
    if desk.frozen is not None:
        desk.frozen.zoom(factor)


def nudge(desk: Desk, dx: float, dy: float) -> None:
    """Look further to one side, by shares of the view as the person sees it."""
    if desk.frozen is not None:
        desk.frozen.nudge(-dx if desk.mirror else dx, dy)


def whole(desk: Desk) -> None:
    """Show the whole picture again."""
    if desk.frozen is not None:
        desk.frozen.whole()
