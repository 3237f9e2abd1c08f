"""The self-check: a known page in front of a camera, and what livespot makes of it.

In: frames of the page, its key. Out: a Report: recall, precision, the smallest difference found, noise, light, blur,
registration residual, frame age, what to improve, and the sensitivity that suits this camera in this light.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from livespot.errors import LivespotError
from livespot.frame import Frame
from livespot.live.analysis_thread import Engine
from livespot.reference.limits import limits
from livespot.reference.measuring import Quality, measure
from livespot.reference.recognition import Found, Lost, Recogniser
from livespot.reference.scoring import Labels, Score, score
from livespot.settings import Settings
from livespot.spotting.results import FrameResult, State
from livespot.spotting.spotter import Spotter

PATIENCE = 20.0  # s of the source to find a page in
WARM_UP = 3.0  # s that are not counted: evidence has to gather
LOOKS = 0.4  # s between two frames in which the page is looked for
FEW = 15  # measured frames below which they say nothing about the page
SENSITIVITIES = (0.5, 0.7, 1.0, 1.4, 2.0, 2.8)

Show = Callable[[Frame, "FrameResult | None", str], bool]  # draws the view; False: the person closed it


@dataclass(frozen=True)
class Report:
    """What was measured.

    size: of the frames, px. smallest: share of the panel of the smallest difference found, None when none was.
    missed: the smallest one that was not found. residual_px: NaN when there was no lock. age_ms: median, from a
    frame's arrival to its spotting.
    """

    page: int
    size: tuple[int, int]
    score: Score
    smallest: float | None
    missed: float | None
    quality: Quality
    residual_px: float
    age_ms: float
    frames: int
    locked: float
    sensitivity: float

    def lines(self) -> list[str]:
        """The report in words."""
        q, s = self.quality, self.score
        smallest = "none" if self.smallest is None else f"{self.smallest:.2%} of the picture"
        out = [
            f"page {self.page}: recall {s.recall:.0%} ({s.found} of {s.found + s.missed} views of differences), "
            f"precision {s.precision:.0%} ({s.false} false)",
            f"smallest difference found: {smallest}"
            + ("" if self.missed is None else f"; smallest one missed: {self.missed:.2%}"),
            f"noise {q.noise:.1f} grey levels ({q.noise / limits().desk_noise:.1f} times the desk level), "
            f"paper {q.light:.0f} of 255, blur {q.blur:.2f} mm, a picture is {q.panel_px:.0f} px wide",
            f"registration residual {self.residual_px:.2f} px, frame age {self.age_ms:.0f} ms, page held in "
            f"{self.locked:.0%} of {self.frames} frames",
            f"sensitivity that suits this camera: {self.sensitivity:g}",
        ]
        return out + [f"to improve: {words}" for words in advice(self)]

    def for_profile(self, *, sensitivity: bool) -> dict[str, float | int | str]:
        """What the camera's profile keeps; the sensitivity, which is used from then on, only if it was asked for."""
        q, s = self.quality, self.score
        values: dict[str, float | int | str] = {
            "page": self.page,
            "recall": round(s.recall, 3),
            "precision": round(s.precision, 3),
            "noise": round(q.noise, 2),
            "light": round(q.light, 1),
            "blur_mm": round(q.blur, 3),
            "frame_age_ms": round(self.age_ms, 1),
        }
        if sensitivity:
            values["sensitivity"] = self.sensitivity
        if self.smallest is not None:
            values["smallest_found"] = round(self.smallest, 5)
        if np.isfinite(self.residual_px):
            values["residual_px"] = round(self.residual_px, 3)
        return values


def advice(report: Report) -> list[str]:
    """What to improve, most helpful first; empty when all is well."""
    q, least, out = report.quality, limits(), []
    noisy = q.noise > least.noise
    times = f"noise is {q.noise / least.desk_noise:.1f} times the desk level"
    if q.light < least.light or (noisy and q.light < least.dim):
        out.append(f"too dark{f': {times}' if noisy else ''}: more light on the page")
    elif noisy:
        out.append(f"{times}: more light, or a lower gain")
    if q.glare > least.glare:
        out.append(f"glare covers {q.glare:.0%} of a picture: move the lamp, or tilt the page")
    if q.panel_px < least.panel_px:
        out.append(f"a picture is only {q.panel_px:.0f} px wide: hold the camera closer, or ask for a larger size")
    if q.blur > least.blur:
        out.append(f"blurred ({q.blur:.1f} mm on the paper): let it focus, wipe the lens, hold it stiller")
    if report.residual_px > least.residual_px and not noisy:  # noise alone makes it as large
        out.append("the pictures do not lie on each other well: flatten the page; `livespot calibrate lens` may help")
    if report.frames < FEW:
        out.append(
            f"only {report.frames} frames could be measured: close other programs, or measure for more --seconds"
        )
    elif report.locked < least.locked:
        out.append("the page is lost now and then: keep all of it in view")
    return out


@dataclass
class _Tally:
    score: Score = field(default_factory=Score)
    hits: dict[int, int] = field(default_factory=dict)
    looks: int = 0
    qualities: list[Quality] = field(default_factory=list)
    ages: list[float] = field(default_factory=list)
    frames: int = 0
    locked: int = 0


def run(
    frames: Iterator[Frame],
    settings: Settings,
    recogniser: Recogniser,
    *,
    live: bool,
    seconds: float,
    show: Show = lambda frame, spotting, words: True,
    tell: Callable[[str], None] = lambda line: None,
) -> Report:
    """Measure on frames of one page for `seconds` of their time, once it is recognised.

    live: frames come at their own time; analysis then runs beside them. Raises LivespotError when no page is known or
    none comes into view, or the view is closed.
    """
    if recogniser.pages == 0:
        raise LivespotError("no reference page is known here: `livespot puzzle` makes one to print, or name --key FILE")
    first, page = _wait(frames, recogniser, show)
    tell(f"reference page {page.key.mark} recognised: {page.key.name}")
    spotter, tally = Spotter(settings), _Tally()
    _follow(frames, first, spotter, settings, recogniser, tally, live=live, seconds=seconds, show=show)
    if tally.looks == 0 and tally.frames < FEW:
        raise LivespotError(
            f"only {tally.frames} frames could be measured, too few: close other programs, or give more --seconds"
        )
    if tally.looks == 0:
        raise LivespotError("the page was out of view before anything could be measured: show all of it")
    tell("trying sensitivities")
    residual, table = _sensitivities(spotter, recogniser)
    tried = {i: d.area for i, d in enumerate(page.key.differences)}
    found = [area for i, area in tried.items() if tally.hits.get(i, 0) >= 0.5 * tally.looks]
    missed = [area for i, area in tried.items() if tally.hits.get(i, 0) < 0.5 * tally.looks]
    return Report(
        page=page.key.mark,
        size=(first.image.shape[1], first.image.shape[0]),
        score=tally.score,
        smallest=min(found, default=None),
        missed=min(missed, default=None),
        quality=_middle(tally.qualities),
        residual_px=residual,
        age_ms=float(np.median(tally.ages)) if tally.ages else float("nan"),
        frames=tally.frames,
        locked=tally.locked / max(1, tally.frames),
        sensitivity=suited(table, settings.sensitivity),
    )


def suited(table: Sequence[tuple[float, float]], now: float) -> float:
    """The sensitivity of the best F1; of several as good, the one nearest to 1. `now` when nothing was tried."""
    if not table:
        return now
    best = max(f1 for _, f1 in table)
    return min((s for s, f1 in table if f1 >= best - 1e-9), key=lambda s: abs(np.log(s)))


def labels(page: Found) -> Labels:
    """What is true on panel A, frame px."""
    return Labels(tuple(a for a, _ in page.labels()), (), page.panels()[0])


def _wait(frames: Iterator[Frame], recogniser: Recogniser, show: Show) -> tuple[Frame, Found]:
    start: float | None = None
    reason = "no picture came from the source"
    for frame in frames:
        start = frame.time if start is None else start
        found = recogniser.find(frame.image)
        if not isinstance(found, Lost):
            return frame, found
        reason = found.reason
        if not show(frame, None, reason):
            raise LivespotError("stopped before anything was measured")
        if frame.time - start > PATIENCE:
            break
    raise LivespotError(reason)


def _follow(
    frames: Iterator[Frame],
    first: Frame,
    spotter: Spotter,
    settings: Settings,
    recogniser: Recogniser,
    tally: _Tally,
    *,
    live: bool,
    seconds: float,
    show: Show,
) -> None:
    """Spot for `seconds`, and look every now and then how well."""
    due = looked = first.time
    with Engine(spotter) as engine:
        for frame in frames:
            since = frame.time - first.time
            if since >= seconds:
                return
            if live:
                spotting = spotter.track(frame)
                engine.offer(frame)
                age = (time.monotonic() - frame.captured) * 1e3
            else:
                spotting = spotter.step(frame, frame.time >= due)
                age = spotting.latency_ms
                if frame.time >= due:
                    due = frame.time + 1 / settings.analysis_rate
            if not show(frame, spotting, f"measuring: {max(0.0, seconds - since):.0f} s"):
                return
            if since < min(WARM_UP, 0.4 * seconds) or (live and engine.analysed == 0):
                continue  # nobody has looked at it yet: that is not the page's fault
            tally.frames += 1
            tally.ages.append(age)
            tally.locked += spotting.state is State.LOCKED
            if frame.time - looked >= LOOKS:
                looked = frame.time
                _look(frame, spotting, recogniser, tally)


def _look(frame: Frame, spotting: FrameResult, recogniser: Recogniser, tally: _Tally) -> None:
    page = recogniser.find(frame.image)
    if isinstance(page, Lost):
        return
    tally.qualities.append(measure(frame.image, page))
    result = score([d.a for d in spotting.differences], labels(page))
    tally.score = tally.score + result
    tally.looks += 1
    for index in result.hits:
        tally.hits[index] = tally.hits.get(index, 0) + 1


def _sensitivities(spotter: Spotter, recogniser: Recogniser) -> tuple[float, list[tuple[float, float]]]:
    """Registration residual, and F1 of the best analysis at every sensitivity."""
    residual, table = float("nan"), []
    before = spotter.settings.sensitivity
    for sensitivity in SENSITIVITIES:
        spotter.set_sensitivity(sensitivity)
        inspection = spotter.inspect()
        if inspection is None:
            break
        page = recogniser.find(inspection.frame.image)
        if isinstance(page, Lost):
            break
        residual = inspection.residual_px
        table.append((sensitivity, score([d.a for d in inspection.spotting.differences], labels(page)).f1))
    spotter.set_sensitivity(before)
    return residual, table


def _middle(qualities: Sequence[Quality]) -> Quality:
    """The median of each measure; of glare, which comes and goes with the hand, what the worse looks show."""
    noise, light, blur, panel = np.median([(q.noise, q.light, q.blur, q.panel_px) for q in qualities], axis=0)
    glare = np.percentile([q.glare for q in qualities], 90)
    return Quality(float(noise), float(light), float(blur), float(panel), float(glare))
