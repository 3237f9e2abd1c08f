"""Looking closer: freeze, step from difference to difference, tick, dismiss, other views, zoom.

The picture stands still at once; what needs the close look waits for it without anybody standing still.
"""

from collections.abc import Callable
from dataclasses import replace

from livespot.live.interaction import keys
from livespot.live.interaction.inspector import Inspector, Mode
from livespot.live.interaction.keys import Action
from livespot.live.interaction.state import WindowState
from livespot.spotting.panels.detect import NO_PUZZLE, SEEKING
from livespot.spotting.results import Inspection

NO_PUZZLE_FOUND = f"no puzzle found: {keys.label(Action.CORNERS)} marks the two pictures by hand"


def freeze(desk: WindowState) -> None:
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


def frozen_view(desk: WindowState) -> Inspector | None:
    """The frozen view, frozen now if it is not; None when there is no picture yet."""
    if desk.frozen is None:
        freeze(desk)
    return desk.frozen


def look_closely(desk: WindowState, then: Callable[[], object] = lambda: None) -> None:
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


def when_looked_at(desk: WindowState, change: Callable[[Inspector], object]) -> None:
    """Change the frozen view after the close look; freeze first when it is live. Nobody stands still meanwhile."""
    if (frozen := frozen_view(desk)) is None:
        return

    def now(_: object = None) -> None:
        if desk.frozen is frozen:
            desk.dirty = True
            change(frozen)

    if frozen.inspection is None:
        desk.engine.ask("", lambda: None, now)
    else:
        now()


def step(desk: WindowState, by: int) -> None:
    """To the next difference (+1) or the one before (-1), A beside B."""
    when_looked_at(desk, lambda frozen: _step_now(desk, frozen, by))


def _step_now(desk: WindowState, frozen: Inspector, by: int) -> None:
    marking = desk.marking
    standing = [d for d in frozen.spotting.differences if marking.shows(d)]
    if all(d.id in marking.dismissed for d in standing) or frozen.step(by, standing) is None:
        desk.tell("the boxes are hidden: G shows them" if desk.play is not None else "there is no difference to go to")


def tick(desk: WindowState) -> None:
    """Tick the chosen difference as found, or take the tick back."""
    _of_chosen(desk, tick_number, "click a box to tick it, or choose one with N")


def tick_number(desk: WindowState, number: int) -> None:
    """Tick a difference by its number, or take the tick back."""
    _remember(desk, number)
    ticked = desk.marks.toggle_tick(number)
    found, total = desk.marks.found(desk.spotting), len(desk.marks.standing(desk.spotting))
    known = desk.marks.number(number)
    desk.tell(
        f"number {known} ticked: {found} of {total} found" if ticked else f"number {known} is not ticked any more"
    )


def dismiss(desk: WindowState) -> None:
    """Dismiss the chosen difference as wrong, or take it back."""
    _of_chosen(desk, dismiss_number, "choose a box first, with N or a click; then D dismisses it")


def _of_chosen(desk: WindowState, act: Callable[[WindowState, int], None], otherwise: str) -> None:
    """Do something with the number of the chosen difference; without one say how to choose it."""
    chosen = desk.frozen.chosen() if desk.frozen is not None else None
    if chosen is None:
        desk.tell(otherwise)
    else:
        act(desk, chosen.id)


def _remember(desk: WindowState, number: int) -> None:
    """Let undo give a difference the marks back that it has now."""
    marks, page = desk.marks, desk.spotting.page
    before = [(held, number in held) for held in (marks.ticked, marks.dismissed)]

    def take_back() -> str:
        if desk.spotting.page != page:
            return "that was on another page"
        for held, was in before:
            (held.add if was else held.discard)(number)
        return f"undone: number {marks.number(number)} is as it was"

    desk.undoing.append(take_back)


def dismiss_number(desk: WindowState, number: int) -> None:
    """Dismiss a difference by its number, or take it back."""
    _remember(desk, number)
    known = desk.marks.number(number)
    if desk.marks.toggle_dismissal(number):
        desk.tell(f"number {known} dismissed as wrong; {keys.label(Action.UNDO)} takes it back")
    else:
        desk.tell(f"number {known} is back")


def next_view(desk: WindowState) -> None:
    """Page, side by side, fade, split."""
    _inspecting(desk, lambda frozen: frozen.cycle())


def blink(desk: WindowState) -> None:
    """Blink between A and B, or stand them side by side."""
    _inspecting(desk, lambda frozen: frozen.show(Mode.SIDES if frozen.mode is Mode.BLINK else Mode.BLINK))


def heat(desk: WindowState) -> None:
    """Show the heat map, or put it away."""
    if desk.play is not None:
        desk.tell("that would give the answers away: G ends the game")
        return

    def toggle(frozen: Inspector) -> None:
        frozen.heat = not frozen.heat

    _inspecting(desk, toggle)


def _inspecting(desk: WindowState, change: Callable[[Inspector], object]) -> None:
    """As when_looked_at, for a view of both pictures: without them that is said instead."""
    when_looked_at(desk, lambda frozen: change(frozen) if frozen.inspection is not None else desk.tell(NO_PUZZLE_FOUND))


def adjust(desk: WindowState, by: int) -> None:
    """Blink faster (+1) or slower (-1); slide towards B or A."""
    if desk.frozen is not None and desk.frozen.mode in (Mode.BLINK, Mode.FADE, Mode.SPLIT):
        desk.tell(desk.frozen.adjust(by), seconds=1.5)
    else:
        desk.tell("press B or V first: comma and full stop adjust the blinking, the fade and the split")


def zoom(desk: WindowState, factor: float) -> None:
    """Zoom in (above 1) or out."""
    if (frozen := frozen_view(desk)) is not None:
        frozen.zoom(factor)


def nudge(desk: WindowState, dx: float, dy: float) -> None:
    """Look further to one side, by shares of the view as the person sees it."""
    if desk.frozen is not None:
        desk.frozen.nudge(-dx if desk.mirror else dx, dy)


def whole(desk: WindowState) -> None:
    """Show the whole picture again."""
    if desk.frozen is not None:
        desk.frozen.whole()
