"""The frozen view: the page as it was, or panel A and panel B brought to the same place, in several ways.

In: an Inspection, keys' meanings and the mouse. Out: what is shown where (window.frozen_view draws it), and what was
clicked. Both panels always move in step, because both are drawn through the same zoom and centre.
"""

from dataclasses import replace
from enum import StrEnum

import numpy as np

from livespot import geometry
from livespot.annotate import heat_map
from livespot.annotate.hit_test import Spot, nearest, page_spot
from livespot.annotate.viewport import Rect, View
from livespot.frame import Frame, Image
from livespot.live.interaction.corners import Corners
from livespot.live.interaction.events import Mouse
from livespot.spotting.results import Difference, FrameResult, Inspection


class Mode(StrEnum):
    """The views. page: as photographed. The others show the panels, B registered onto A."""

    PAGE = "page"
    SIDES = "side by side"
    FADE = "fade"
    SPLIT = "split"
    BLINK = "blink"


CYCLE = (Mode.PAGE, Mode.SIDES, Mode.FADE, Mode.SPLIT)
RATES = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)  # changes a second
HEAD, FOOT = 30, 44  # px at unit 1, above a panel for its name and below it for the slider
_CLICK = 5  # px a mouse may move between down and up and still have clicked


class Inspector:
    """One frozen view. `inspection` may come later than the freeze: until then the live frame is shown."""

    def __init__(self, frame: Frame, spotting: FrameResult) -> None:
        self.frame = frame
        self.spotting = spotting
        self.inspection: Inspection | None = None
        self.mode = Mode.PAGE
        self.heat = False
        self.slider = 0.5
        self.rate = 1.5
        self.selected: int | None = None
        self.corners: Corners | None = None
        self._page = (1.0, (0.5, 0.5))  # zoom and centre of the page view, and of the others
        self._pair = (1.0, (0.5, 0.5))
        self._views: list[tuple[View, str]] = []
        self._pressed: tuple[int, int] | None = None
        self._last: tuple[int, int] = (0, 0)
        self._dragged = False
        self._painted: dict[str, Image] = {}

    # --- what is inspected ---

    def settle(self, inspection: Inspection) -> None:
        """The result at best quality has come."""
        self.inspection = inspection
        self.frame, self.spotting = inspection.frame, inspection.spotting
        self._painted.clear()
        if self.selected is not None and all(d.id != self.selected for d in self.spotting.differences):
            self.selected = None

    def show(self, mode: Mode) -> None:
        """Change the view; all but the page need the inspection."""
        self.mode = mode
        self.corners = None

    def cycle(self) -> None:
        """The next view."""
        at = CYCLE.index(self.mode) if self.mode in CYCLE else 0
        self.show(CYCLE[(at + 1) % len(CYCLE)])

    def step(self, by: int, standing: list[Difference]) -> Difference | None:
        """Select the next (+1) or previous (-1) of these differences and centre it, A beside B."""
        if not standing or self.inspection is None:
            return None
        numbers = [d.id for d in standing]
        at = numbers.index(self.selected) + by if self.selected in numbers else (0 if by > 0 else -1)
        chosen = standing[at % len(standing)]
        self.selected = chosen.id
        if self.mode is Mode.PAGE:
            self.show(Mode.SIDES)
        self._centre(chosen)
        return chosen

    def chosen(self) -> Difference | None:
        """The selected difference."""
        return next((d for d in self.spotting.differences if d.id == self.selected), None)

    def _centre(self, difference: Difference) -> None:
        height, width = self._pair_size()
        x, y, w, h = difference.box
        # The box takes about a third of the view: large, with what stands around it.
        zoom = float(np.clip(0.36 * min(width / max(w, 1), height / max(h, 1)), 1.0, 10.0))
        self._pair = (max(zoom, 1.001), ((x + w / 2) / width, (y + h / 2) / height))

    def _pair_size(self) -> tuple[int, int]:
        if self.inspection is None:
            return self.frame.image.shape[0], self.frame.image.shape[1]
        return self.inspection.a.shape[0], self.inspection.a.shape[1]

    # --- zoom, pan, slide ---

    def zoom(self, factor: float, at: tuple[float, float] | None = None) -> None:
        """Zoom in or out about a canvas point, or about the middle."""
        if self._views:
            view = next((v for v, _ in self._views if at is not None and v.holds(*at)), self._views[0][0])
            self._keep(view.zoomed(factor, at if at is not None and view.holds(*at) else None))

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by canvas px."""
        if self._views:
            self._keep(self._views[0][0].panned(dx, dy))

    def nudge(self, dx: float, dy: float) -> None:
        """Look further to one side, by shares of the view."""
        if self._views:
            rect = self._views[0][0].rect
            self.pan(-dx * rect[2], -dy * rect[3])

    @property
    def zoomed(self) -> bool:
        """Whether less than the whole picture is in view."""
        return (self._page if self.mode is Mode.PAGE else self._pair)[0] > 1.0

    def whole(self) -> None:
        """Show all of it again."""
        if self.mode is Mode.PAGE:
            self._page = (1.0, (0.5, 0.5))
        else:
            self._pair = (1.0, (0.5, 0.5))

    def adjust(self, by: int) -> str:
        """Blinking faster (+1) or slower (-1), or the slider towards B or A; what it is now, in words."""
        if self.mode in (Mode.FADE, Mode.SPLIT):
            self.slider = float(np.clip(self.slider + 0.05 * by, 0.0, 1.0))
            return f"{round(100 * self.slider)} % B"
        nearest = int(np.argmin([abs(rate - self.rate) for rate in RATES]))
        self.rate = RATES[int(np.clip(nearest + by, 0, len(RATES) - 1))]
        return f"{self.rate:g} changes a second"

    def _keep(self, view: View) -> None:
        # The views may have been made before the last key: only what changed is taken over.
        if self.mode is Mode.PAGE:
            self._page = (view.zoom, view.centre)
        else:
            self._pair = (view.zoom, view.centre)
        self._views = [(replace(v, zoom=view.zoom, centre=view.centre), name) for v, name in self._views]

    # --- what is shown where ---

    @property
    def moving(self) -> bool:
        """Whether the view changes by itself."""
        return self.mode is Mode.BLINK

    def phase(self, now: float) -> str:
        """Which panel blinking shows at `now`, seconds."""
        return "a" if int(now * self.rate) % 2 == 0 else "b"

    def layout(self, rect: Rect, unit: float, mirror: bool) -> list[tuple[View, str]]:
        """Where what is seen: views with "page", "a", "b" or "ab" (both in one)."""
        if self.mode is Mode.PAGE:
            size = (self.frame.image.shape[1], self.frame.image.shape[0])
            return [(View(size, rect, mirror, *self._page), "page")]
        height, width = self._pair_size()
        # A and B are named above the pictures, the fade's slider runs below: neither covers anything.
        left, top, across, down = rect
        head, foot = round(HEAD * unit), round(FOOT * unit) if self.mode is Mode.FADE else 0
        top, down = top + head, max(1, down - head - foot)
        if self.mode is not Mode.SIDES:
            return [(View((width, height), (left, top, across, down), mirror, *self._pair).settled(), "ab")]
        gap = round(8 * unit)
        halves = [
            ((left, top, (across - gap) // 2, down), (left + (across + gap) // 2, top, (across - gap) // 2, down)),
            (
                (left, top, across, (down - gap - head) // 2),
                (left, top + (down + gap + head) // 2, across, (down - gap - head) // 2),
            ),
        ]
        # Beside each other or one above the other, whichever shows them larger.
        best = max(halves, key=lambda pair: min(pair[0][2] / width, pair[0][3] / height))
        return [
            (View((width, height), part, mirror, *self._pair).settled(), name)
            for part, name in zip(best, "ab", strict=True)
        ]

    def lay_out(self, rect: Rect, unit: float, mirror: bool) -> list[tuple[View, str]]:
        """The layout, from now on also what the mouse and the zoom go by."""
        self._views = self.layout(rect, unit, mirror)
        return self._views

    def picture(self, name: str) -> Image:
        """The picture of a view ("page", "a", "b"), with the heat map when it is on."""
        shot = self.inspection
        if shot is None:
            return self.frame.image
        plain = {"page": shot.frame.image, "a": shot.a, "b": shot.b}[name]
        if not self.heat:
            return plain
        if name not in self._painted:
            if name == "page":
                panels = self.spotting.panels
                painted = (
                    plain if panels is None else heat_map.paint_page(plain, panels, shot.difference_map, shot.visible)
                )
            else:
                painted = heat_map.paint(plain, shot.difference_map, shot.visible)
            self._painted[name] = painted
        return self._painted[name]

    # --- the mouse ---

    def mouse(self, event: Mouse) -> Spot | None:
        """Drag to pan, slide or move a corner. Returns the place that was clicked, when it was a click on a panel."""
        at = (event.x, event.y)
        if event.kind == "down":
            self._pressed, self._last, self._dragged = at, at, False
            if self.corners is not None and self._views:
                view = self._views[0][0]
                self.corners.grab(view.to_picture(*at), 18 / max(view.scale, 1e-6))
        elif event.kind == "move" and event.held and self._pressed is not None:
            far = max(abs(at[0] - self._pressed[0]), abs(at[1] - self._pressed[1]))
            self._dragged = self._dragged or far > _CLICK
            if self._dragged:
                self._drag(at)
        elif event.kind == "up" and self._pressed is not None:
            pressed, self._pressed = self._pressed, None
            if self.corners is not None and self.corners.held is not None:
                self.corners.release()
            elif self._dragged:
                self._drag(at)
            else:
                return self.spot_at(*pressed)
        return None

    def _drag(self, at: tuple[int, int]) -> None:
        view = self._views[0][0] if self._views else None
        if view is None:
            return
        if self.corners is not None and self.corners.held is not None:
            self.corners.move(view.to_picture(*at))
        elif self.mode in (Mode.FADE, Mode.SPLIT):
            x, _, width, _ = view.area()
            self.slider = float(np.clip((at[0] - x) / max(width, 1), 0.0, 1.0))
        else:
            self.pan(at[0] - self._last[0], at[1] - self._last[1])
        self._last = at

    def spot_at(self, x: float, y: float) -> Spot | None:
        """What lies under a canvas point; None outside the panels."""
        for view, name in self._views:
            if not view.holds(x, y):
                continue
            px, py = view.to_picture(x, y)
            if name == "page":
                return page_spot(self.spotting, (px, py), 8 / view.scale)
            width, height = view.size
            if not (0 <= px < width and 0 <= py < height):
                return None
            panel = name if name in ("a", "b") else "a"
            quads = [(d, geometry.box_quad(d.box) - 0.5) for d in self.spotting.differences]
            found = nearest(quads, (px, py), 8 / view.scale)
            return Spot(panel, ((px + 0.5) / width, (py + 0.5) / height), found)
        return None
