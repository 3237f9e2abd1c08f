"""What a recording gets of a window: what is on the screen, in px of the source, never mirrored, at true times.

Live, that is the frame with what is drawn over it; frozen, the view that the person looks at, blinking and all. With
`live_only` (--record-live) the live view goes on in the recording whatever the window shows.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from livespot.annotate import boxes, drawing
from livespot.annotate.boxes import Marking
from livespot.frame import Frame, Image
from livespot.live.interaction.state import WindowState
from livespot.live.window import frozen_view
from livespot.record.outputs import Filmed, Outputs
from livespot.spotting.results import FrameResult

_RATE = 15.0  # pictures a second of what stands still


class Film:
    """Display thread only. drawings: how often the screen was drawn so far."""

    def __init__(self, desk: WindowState, outputs: Outputs, drawings: Callable[[], int], live_only: bool) -> None:
        self._desk, self._outputs, self._drawings = desk, outputs, drawings
        self._live_only = live_only
        self._late = 0.0  # s that a file was held still for, which its own times do not know
        self._held = 0.0  # when it was held, or went on so far; 0: it is not
        self._filmed = -1.0
        self._view: tuple[int, Image] | None = None  # the frozen view as it was at that drawing

    def of(self, frame: Frame, spotting: FrameResult, marking: Marking) -> Filmed:
        """What to record for a new frame."""
        time = frame.time + self._late
        view = self._frozen(frame.image)
        if view is not None:
            return Filmed(view, time, None)
        hint = self._desk.play.place(spotting) if self._desk.play is not None else None

        def draw(image: Image) -> None:
            boxes.draw(image, spotting, marking=marking)
            if hint is not None and spotting.panels is not None:
                unit = drawing.unit(image.shape[1], image.shape[0])
                frozen_view.draw_hint(image, hint, spotting.panels, None, unit)

        return Filmed(frame.image, time, draw)

    def hold(self, frame: Frame | None, held: bool, now: float) -> None:
        """A file stands still since the frame shown last, or goes on; call it in every round. now: s."""
        if not held or frame is None:
            self._held = 0.0
            return
        self._late += now - self._held if self._held else 0.0
        self._held = now
        view = self._frozen(frame.image)
        if view is not None and now - self._filmed >= 1 / _RATE:
            self._filmed = now
            self._outputs.film(Filmed(view, frame.time + self._late, None))

    def _frozen(self, live: Image) -> Image | None:
        """The frozen view in px of the live one; None when the live one is to be recorded."""
        desk = self._desk
        if desk.frozen is None or self._live_only or self._outputs.status is None:
            return None
        drawn = self._drawings()
        if self._view is None or self._view[0] != drawn or self._view[1].shape != live.shape:
            height, width = live.shape[:2]
            canvas = np.zeros_like(live)
            hint = desk.play.place(desk.spotting) if desk.play is not None else None
            paint = partial(frozen_view.draw, desk.frozen, canvas, (0, 0, width, height), drawing.unit(width, height))
            paint(desk.marking, desk.clock(), hint=hint, for_the_mouse=False)
            self._view = drawn, canvas
        return self._view[1]
