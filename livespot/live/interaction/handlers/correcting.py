"""When the machine is wrong: sensitivity (+ -), corners (C), lock (L), the camera's focus (K), search again (A)."""

import numpy as np

from livespot.annotate.words import count_of
from livespot.geometry import Quad
from livespot.live.interaction import keys
from livespot.live.interaction.corners import Corners
from livespot.live.interaction.handlers import looking
from livespot.live.interaction.inspector import Inspector, Mode
from livespot.live.interaction.keys import Action
from livespot.live.interaction.state import WindowState
from livespot.spotting.panels.beside import Reference

SENSITIVITY_STEP = 1.25


def change_sensitivity(desk: WindowState, factor: float) -> None:
    """Find fainter differences (factor above 1) or only plainer ones; say how many that gives."""
    low, high = 0.25, 4.0
    desk.sensitivity = float(np.clip(desk.sensitivity * factor, low, high))
    if abs(desk.sensitivity - 1.0) < 0.02:
        desk.sensitivity = 1.0  # steps up and down meet again
    value = desk.sensitivity
    compared: list[int] = []  # how many frames had been shown when it was done

    def done(_: object = None) -> None:
        compared.append(desk.shown)
        # the answer gets its time on screen, however long the comparison took
        if desk.toast is toast:
            desk.tell(words)

    def words() -> str:
        end = ", the highest" if value >= high else ", the lowest" if value <= low else ""
        waits = not compared or (desk.frozen is None and desk.shown <= compared[0] and desk.feed.running)
        boxes = "comparing…" if waits else count_of(len(desk.marks.standing(desk.spotting)), "box", "boxes")
        return f"sensitivity {value:.3g}{end}: {boxes}"

    desk.engine.ask("", lambda: desk.spotter.set_sensitivity(value), done if desk.frozen is None else lambda _: None)
    if desk.frozen is not None:
        looking.look_closely(desk, done)
    desk.tell(words)
    toast = desk.toast


def edit_corners(desk: WindowState) -> None:
    """Show the panels' corners to be dragged, or put them away."""
    if desk.frozen is not None and desk.frozen.corners is not None:
        desk.frozen.corners = None
    else:
        looking.when_looked_at(desk, _show_corners)  # they lie on the sharpest view, which the close look brings


def _show_corners(frozen: Inspector) -> None:
    frozen.show(Mode.PAGE)
    frozen.heat = False
    height, width = frozen.frame.image.shape[:2]
    frozen.corners = Corners(frozen.spotting.panels, (width, height))


def undo(desk: WindowState) -> None:
    """Take back the last tick, dismissal or corner."""
    desk.tell(desk.undoing.pop()() if desk.undoing else "nothing to undo")


def use_corners(desk: WindowState, corners: Corners) -> None:
    """Compare the panels that were dragged."""
    corners.changed = False
    a, b = corners.quads[0].copy(), corners.quads[1].copy()
    if desk.frozen is None:
        return
    frame, before = desk.frozen.frame, desk.spotting.panels

    def compare(a: Quad, b: Quad) -> None:
        desk.engine.ask("comparing…", lambda: desk.spotter.set_panels(frame, a, b))
        looking.look_closely(desk)

    if before is not None:

        def take_back() -> str:
            compare(*before)
            if desk.frozen is not None and desk.frozen.corners is not None:
                desk.frozen.corners.quads = [np.array(quad, np.float64) for quad in before]
            return "the corners are back where they were"

        desk.undoing.append(take_back)
    compare(a, b)
    desk.tell(lambda: f"{count_of(len(desk.spotting.differences), 'difference')} between these two pictures")


def lock(desk: WindowState) -> None:
    """Keep the two pictures as they are, or follow the page again."""
    desk.locked = locked = not desk.locked
    desk.engine.ask("", lambda: desk.spotter.lock_panels(locked))
    desk.tell("the two pictures are locked" if locked else "the two pictures are unlocked")


def keep_focus(desk: WindowState) -> None:
    """Keep the camera's focus and exposure as they are, or leave them to it again."""
    keep = not desk.focus_kept
    if not desk.camera().keep_focus(keep):
        desk.tell("this source has no focus that can be held")
        return
    desk.focus_kept = keep
    desk.tell(lambda: desk.camera().focus)


def remember(desk: WindowState) -> None:
    """Take what is seen now as picture A, beside which the camera then shows B; again: let it go."""
    frame = desk.frozen.frame if desk.frozen is not None else desk.frame
    if frame is None:
        return
    reference = None
    if desk.beside.picture is None:
        height, width = frame.image.shape[:2]
        desk.beside.picture, reference = frame.image, Reference(width / height, whole=False)
    else:
        desk.beside.picture = None
    desk.engine.ask("", lambda: desk.spotter.use_reference(reference))
    desk.marks.clear()
    desk.play, desk.locked = None, False
    if desk.frozen is not None:
        looking.freeze(desk)
    again = keys.label(Action.REMEMBER)
    kept = f"remembered as A: now show the other picture to the camera; {again} again forgets A"
    desk.tell(kept if reference is not None else "the remembered picture is forgotten", seconds=6.0)


def search_again(desk: WindowState) -> None:
    """Forget the page, and what was said about it."""
    desk.engine.ask("", desk.spotter.search_again)
    desk.marks.clear()
    desk.play = None
    desk.locked = False
    if desk.frozen is not None:
        looking.freeze(desk)
    desk.tell("searching again")
