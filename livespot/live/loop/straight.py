"""A spotter that sees through the lens: frames are made straight before it, its quads are bent back after it.

In: a spotter and where the camera's profile comes from. Out: the same spotter to everybody outside, with quads in px of
the frame as captured. Where there is no profile every call goes straight through.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from livespot.calibration import profile
from livespot.calibration.lens import Refusal
from livespot.calibration.profile import Profile
from livespot.calibration.undistortion import Undistortion
from livespot.errors import SourceError
from livespot.frame import Frame, Source
from livespot.geometry import Quad
from livespot.live.analysis_thread import SpotterProtocol
from livespot.settings import Settings
from livespot.spotting.results import FrameResult, Inspection

if TYPE_CHECKING:
    from livespot.spotting.explain import Explanation

NEGLIGIBLE = 1.0  # px: a lens that moves no corner by more is left alone


def through_profile(
    spotter: SpotterProtocol, source: Source, settings: Settings, tell: Callable[[str], None] = lambda line: None
) -> SpotterProtocol:
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


def lens_of(known: Profile) -> Undistortion | None:
    """The profile's lens, unless there is none or it bends next to nothing."""
    if not known.has_lens:
        return None
    lens = Undistortion(known)
    width, height = known.size
    corners = [[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]]
    centre = [known.matrix[:2, 2]]
    moved = lens.points(corners) - (lens.points(centre) - centre)
    return lens if float(abs(moved - corners).max()) > NEGLIGIBLE else None


def profile_for(source: Source, size: tuple[int, int], settings: Settings) -> Profile | Refusal:
    """The profile for frames of `size` px from this source, as `capture.profile` asks.

    Raises SourceError when a file was named and cannot be used: whoever names one wants it.
    """
    asked, turn = settings.capture.profile, settings.rotate
    if asked == "none":
        return Refusal("no profile is used: capture.profile is none")
    upright = size if turn % 180 == 0 else size[::-1]
    if asked == "auto":
        if not source.identity:
            return Refusal(f"{source.name} is no camera: name its profile with --set capture.profile=FILE")
        found = profile.load(source.identity, upright)
    else:
        found = profile.load_file(Path(asked).expanduser(), None, upright)
        if isinstance(found, Refusal):
            raise SourceError(found.reason)
    return found if isinstance(found, Refusal) else found.turned(turn)


class Straightened:
    """A SpotterProtocol. find: the lens for frames of a size, or None; asked once, at the first frame."""

    def __init__(self, spotter: SpotterProtocol, find: Callable[[tuple[int, int]], Undistortion | None]) -> None:
        self._spotter = spotter
        self._find = find
        self._size: tuple[int, int] | None = None
        self._lens: Undistortion | None = None
        self._last: tuple[Frame, Frame] | None = None  # captured and straight: an analysis follows its tracking
        # What a lens does not change.
        self.warm_up, self.ready, self.search_again = spotter.warm_up, spotter.ready, spotter.search_again
        self.set_sensitivity, self.lock_panels = spotter.set_sensitivity, spotter.lock_panels
        self.use_reference = spotter.use_reference

    def track(self, frame: Frame) -> FrameResult:
        start = time.perf_counter()
        return self._bent(self._spotter.track(self._straight(frame)), start)

    def analyse(self, frame: Frame) -> None:
        self._spotter.analyse(self._straight(frame))

    def step(self, frame: Frame, due: bool) -> FrameResult:
        start = time.perf_counter()
        return self._bent(self._spotter.step(self._straight(frame), due), start)

    def inspect(self) -> Inspection | None:
        inspection = self._spotter.inspect()
        if inspection is None or self._lens is None:
            return inspection
        shown = dataclasses.replace(inspection.frame, image=self._lens.image_back(inspection.frame.image))
        return dataclasses.replace(inspection, frame=shown, spotting=self._bent(inspection.spotting))

    def explain(self, frame: Frame) -> Explanation:
        # in px of the frame made straight: that is what was analysed
        return self._spotter.explain(self._straight(frame))

    def set_panels(self, frame: Frame, a: Quad, b: Quad) -> None:
        straight = self._straight(frame)
        if self._lens is not None:
            a, b = self._lens.points(a), self._lens.points(b)
        self._spotter.set_panels(straight, a, b)

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

    def _bent(self, spotting: FrameResult, start: float | None = None) -> FrameResult:
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
