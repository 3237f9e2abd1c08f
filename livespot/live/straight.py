"""A spotter that sees through the lens: frames are made straight before it, its quads are bent back after it.

In: a spotter and where the camera's profile comes from. Out: the same spotter to everybody outside, with quads in px of
the frame as captured. Where there is no profile every call goes straight through.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from calibration.lens import Refusal
from calibration.profile import Profile
from calibration.undistortion import Undistortion
from livespot.capture.lens import profile_for
from livespot.frame import Frame, Source
from livespot.geometry import Quad
from livespot.live.engine import Spots
from livespot.settings import Settings
from livespot.spotting.findings import Inspection, Spotting

if TYPE_CHECKING:
    from livespot.spotting.explaining import Explanation

NEGLIGIBLE = 1.0  # px: a lens that moves no corner by more is left alone


def through_profile(
    spotter: Spots, source: Source, settings: Settings, tell: Callable[[str], None] = lambda line: None
) -> Spots:
    """`spotter` with the profile of the camera behind `source`, if there is one for the size its frames turn out to be.

    tell: one line about the profile in use. The profile's sensitivity is taken where the settings leave the default.
    """

    def find(size: tuple[int, int]) -> Undistortion | None:
        found = profile_for(source, size, settings)
        if isinstance(found, Refusal):
            if found.unsuited:
                tell(f"no camera profile is used: {found.reason}")
            return None
        if found.sensitivity is not None and settings.sensitivity == Settings().sensitivity:
            spotter.set_sensitivity(found.sensitivity)
        lens = lens_of(found)
        what = [] if lens is None else [f"lens (error {found.rms:.2f} px)"]
        what += [] if found.sensitivity is None else [f"sensitivity {found.sensitivity:g}"]
        if what:
            tell(f"camera profile in use: {', '.join(what)}")
        return lens

    return Straightened(spotter, find)


def lens_of(profile: Profile) -> Undistortion | None:
    """The profile's lens, unless there is none or it bends next to nothing."""
    if not profile.has_lens:
        return None
    lens = Undistortion(profile)
    width, height = profile.size
    corners = [[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]]
    centre = [profile.matrix[:2, 2]]
    moved = lens.points(corners) - (lens.points(centre) - centre)
    return lens if float(abs(moved - corners).max()) > NEGLIGIBLE else None


class Straightened:
    """See livespot.live.engine.Spots. find: the lens for frames of a size, or None; asked once, at the first frame."""

    def __init__(self, spotter: Spots, find: Callable[[tuple[int, int]], Undistortion | None]) -> None:
        self._spotter = spotter
        self._find = find
        self._size: tuple[int, int] | None = None
        self._lens: Undistortion | None = None
        self._last: tuple[Frame, Frame] | None = None  # captured and straight: an analysis follows its tracking

    def warm_up(self) -> None:
        self._spotter.warm_up()

    def track(self, frame: Frame) -> Spotting:
        start = time.perf_counter()
        return self._bent(self._spotter.track(self._straight(frame)), start)

    def ready(self, frame: Frame) -> bool:
        return self._spotter.ready(frame)

    def analyse(self, frame: Frame) -> None:
        self._spotter.analyse(self._straight(frame))

    def step(self, frame: Frame, due: bool) -> Spotting:
        start = time.perf_counter()
        return self._bent(self._spotter.step(self._straight(frame), due), start)

    def inspect(self) -> Inspection | None:
        inspection = self._spotter.inspect()
        if inspection is None or self._lens is None:
            return inspection
        shown = dataclasses.replace(inspection.frame, image=self._lens.image_back(inspection.frame.image))
        return dataclasses.replace(inspection, frame=shown, spotting=self._bent(inspection.spotting))

    def explain(self, frame: Frame) -> Explanation:
        return self._spotter.explain(
            self._straight(frame)
        )  # in px of the frame made straight: that is what was analysed

    def search_again(self) -> None:
        self._spotter.search_again()

    def set_sensitivity(self, sensitivity: float) -> None:
        self._spotter.set_sensitivity(sensitivity)

    def set_panels(self, frame: Frame, a: Quad, b: Quad) -> None:
        straight = self._straight(frame)
        if self._lens is not None:
            a, b = self._lens.points(a), self._lens.points(b)
        self._spotter.set_panels(straight, a, b)

    def lock_panels(self, locked: bool) -> None:
        self._spotter.lock_panels(locked)

    def _straight(self, frame: Frame) -> Frame:
        size = (frame.image.shape[1], frame.image.shape[0])
        if size != self._size:
            self._size, self._lens, self._last = size, self._find(size), None
        lens, last = self._lens, self._last
        if lens is None:
            return frame
        if last is not None and last[0] is frame:
            return last[1]
        straight = dataclasses.replace(frame, image=lens.image(frame.image))
        self._last = (frame, straight)
        return straight

    def _bent(self, spotting: Spotting, start: float | None = None) -> Spotting:
        """The spotting in px of the frame as captured. start: when the frame came, for what it cost in all."""
        lens = self._lens
        if lens is None:
            return spotting
        if start is not None:
            spotting = dataclasses.replace(spotting, latency_ms=(time.perf_counter() - start) * 1e3)
        if spotting.panels is None:
            return spotting
        a, b = spotting.panels
        return dataclasses.replace(
            spotting,
            panels=(lens.back(a), lens.back(b)),
            differences=tuple(dataclasses.replace(d, a=lens.back(d.a), b=lens.back(d.b)) for d in spotting.differences),
        )
