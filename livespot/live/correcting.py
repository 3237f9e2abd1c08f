"""When the machine is wrong: sensitivity (+ -), corners (C), lock (L), the camera's focus (K), search again (A)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livespot.live import looking
from livespot.live.corners import Corners
from livespot.live.inspector import Mode
from livespot.live.words import count_of

if TYPE_CHECKING:
    from livespot.live.desk import Desk

SENSITIVITY_STEP = 1.25


def change_sensitivity(desk: Desk, factor: float) -> None:
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
        end = ", the most" if value >= high else ", the least" if value <= low else ""
        waits = not compared or (desk.frozen is None and desk.shown <= compared[0] and not desk.feed.over)
        boxes = "comparing…" if waits else count_of(len(desk.marks.standing(desk.spotting)), "box", "boxes")
        return f"sensitivity {value:.3g}{end}: {boxes}"

    desk.engine.ask("", lambda: desk.spotter.set_sensitivity(value), done if desk.frozen is None else lambda _: None)
    if desk.frozen is not None:
        looking.look_closely(desk, done)
    desk.tell(words)
    toast = desk.toast


def edit_corners(desk: Desk) -> None:
    """Show the panels' corners to be dragged, or put them away."""
    if desk.frozen is None:
        looking.freeze(desk)
    frozen = desk.frozen
    if frozen is None:
        return
    if frozen.corners is not None:
        frozen.corners = None
        return
    frozen.show(Mode.PAGE)
    frozen.heat = False
    height, width = frozen.frame.image.shape[:2]
    frozen.corners = Corners(frozen.spotting.panels, (width, height))


def use_corners(desk: Desk, corners: Corners) -> None:
    """Compare the panels that were dragged."""
    corners.changed = False
    a, b = corners.quads[0].copy(), corners.quads[1].copy()
    frame = desk.frozen.frame if desk.frozen is not None else None
    if frame is None:
        return
    desk.engine.ask("comparing…", lambda: desk.spotter.set_panels(frame, a, b))
    looking.look_closely(desk)
    desk.tell(lambda: f"these two pictures: {count_of(len(desk.spotting.differences), 'difference')}")


def lock(desk: Desk) -> None:
    """Keep the two pictures as they are, or follow the page again."""
    desk.locked = locked = not desk.locked
    desk.engine.ask("", lambda: desk.spotter.lock_panels(locked))
    desk.tell("the two pictures are locked" if locked else "the two pictures are followed again")


def keep_focus(desk: Desk) -> None:
    """Keep the camera's focus and exposure as they are, or leave them to it again."""
    camera, keep = desk.camera, not desk.focus_kept
    if camera is None or not camera.keep_focus(keep):
        desk.tell("no camera here whose focus could be kept")
        return
    desk.focus_kept = keep
    desk.tell(lambda: camera.focus)


def search_again(desk: Desk) -> None:
    """Forget the page, and what was said about it."""
    desk.engine.ask("", desk.spotter.search_again)
    desk.marks.clear()
    desk.play = None
    desk.locked = False
    if desk.frozen is not None:
        looking.freeze(desk)
    desk.tell("searching again")
