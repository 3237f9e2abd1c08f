"""`livespot bench speed`: how fast the kernels, the difference stage, a tracked frame and the live loop are.

Everything is timed side by side in one run, and compared as ratios where possible. Out: tables, and a flat object of
numbers (`--json`). The parts: kernels, stage, frame, live, start.
"""

import time
from collections.abc import Callable, Collection
from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.annotate import boxes
from livespot.bench import clips, report
from livespot.bench.classic import published
from livespot.bench.clips import SIZES
from livespot.bench.speed import timing
from livespot.demo import demo_names, make_puzzle
from livespot.errors import LivespotError
from livespot.frame import Image
from livespot.settings import Settings, changed
from livespot.spotting.difference._ssim import ssim_map
from livespot.spotting.kernels.runtime import in_bands
from livespot.spotting.methods.compare import compare
from livespot.spotting.methods.comparison import AlignedPanels
from livespot.spotting.results import State
from livespot.spotting.spotter import Spotter
from livespot.spotting.warming import warm_up

THREADS = (1, 2)


def run(parts: Collection[str], quick: bool, settings: Settings) -> dict[str, float]:
    """Measure, print tables, return the numbers. parts: of command.SPEED_PARTS. quick: less often, shorter clips."""
    print(f"livespot bench speed on {report.machine()}")
    warm_up()
    numbers: dict[str, float] = {}
    if "kernels" in parts:
        numbers |= measure_kernels(quick)
    if "stage" in parts:
        numbers |= measure_stage(quick, settings)
    if "frame" in parts:
        numbers |= measure_frames(quick, settings)
    if "live" in parts or "start" in parts:
        from livespot.bench.speed import liverun

        if "live" in parts:
            numbers |= liverun.measure_live(quick)
        if "start" in parts:
            numbers |= liverun.measure_start(quick)
    return numbers


# --- kernels ---

REFERENCES = ("skimage box7", "skimage gauss11", "opencv gauss11")


def measure_kernels(quick: bool) -> dict[str, float]:
    """The SSIM map against its references and against copying the same bytes."""
    numbers: dict[str, float] = {}
    rows: list[list[object]] = []
    nothing = float("nan")
    for label in report.progress(list(SIZES), "kernels"):
        took = timing.interleaved(_kernel_work(*SIZES[label]), seconds=2.0 if quick else 10.0, most=30)
        for t in THREADS:
            copied = took[f"copy {t}"].median
            for kernel in ("box7", "gauss11"):
                ms = took[f"{kernel} {t}"]
                ratios = {
                    "vs_skimage": took[f"skimage {kernel}"].median / ms.median,
                    "vs_opencv": took["opencv gauss11"].median / ms.median,
                    "vs_copy": ms.median / copied,
                }
                key = f"ssim_{kernel}_{label}_{t}t"
                numbers |= {f"{key}_ms": ms.median} | {f"{key}_{name}": ratio for name, ratio in ratios.items()}
                rows.append([f"SSIM {kernel}", label, t, str(ms), *ratios.values()])
            rows.append(["copy", label, t, str(took[f"copy {t}"]), nothing, nothing, nothing])
        rows += [[name, label, "", str(took[name]), nothing, nothing, nothing] for name in REFERENCES]
    report.heading("Kernels: ms (quartiles); times faster than scikit-image and OpenCV; times a copy")
    report.show(["map", "size", "threads", "ms", "× reference", "× OpenCV", "÷ copy"], rows)
    return numbers


def _kernel_work(width: int, height: int) -> dict[str, Callable[[], object]]:
    """What is timed at one size: the references, and each kernel and the copy by threads."""
    from skimage.metrics import structural_similarity

    a, b = noisy_pair(width, height)
    p, q = a[..., 0].copy(), b[..., 0].copy()
    out = np.empty((height, width), np.float32)
    # Every byte that the SSIM map of two grey pictures reads or writes, to be copied once.
    source: list[NDArray[Any]] = [p, q, out.copy()]
    other = [np.empty_like(one) for one in source]
    paper = {"gaussian_weights": True, "use_sample_covariance": False}
    quality: Any = getattr(cv2, "quality", None)
    if quality is None:
        raise LivespotError(
            "SSIM by OpenCV is in opencv-contrib-python alone: install that, or leave out `--parts kernels`"
        )

    def copy_rows(y0: int, y1: int) -> None:
        for one, two in zip(source, other, strict=True):
            np.copyto(two[y0:y1], one[y0:y1])

    def by_threads(t: int) -> dict[str, Callable[[], object]]:
        return {
            f"copy {t}": lambda: in_bands(copy_rows, height, width, t),
            f"box7 {t}": lambda: ssim_map(p, q, "box7", threads=t, out=out),
            f"gauss11 {t}": lambda: ssim_map(p, q, "gaussian11", threads=t, out=out),
        }

    return {
        "skimage box7": partial(structural_similarity, p, q, full=True, data_range=255),
        "skimage gauss11": partial(structural_similarity, p, q, full=True, data_range=255, **paper),
        "opencv gauss11": lambda: quality.QualitySSIM_compute(p, q),
        **by_threads(1),
        **by_threads(2),
    }


def noisy_pair(width: int, height: int) -> tuple[Image, Image]:
    """Two colour pictures with texture everywhere, one a noisy copy of the other."""
    rng = np.random.default_rng(0)
    a = rng.integers(0, 256, (height, width, 3))
    b = np.clip(a + rng.integers(-30, 31, a.shape), 0, 255)
    return a.astype(np.uint8), b.astype(np.uint8)


# --- the difference stage ---


def panels_with(differences: int, area: float, seed: int = 5) -> tuple[Image, Image]:
    """Two aligned panels of `area` px² from a drawn puzzle, with a little noise and that many planted discs."""
    drawn = make_puzzle(demo_names()[0], seed=seed, differences=0).a
    scale = np.sqrt(area / (drawn.shape[0] * drawn.shape[1]))
    size = round(drawn.shape[1] * scale), round(drawn.shape[0] * scale)
    a = np.asarray(cv2.resize(drawn, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC), np.uint8)
    b = a.copy()
    rng = np.random.default_rng(seed)
    columns = int(np.ceil(np.sqrt(max(differences, 1) * size[0] / size[1])))
    step = size[0] / (columns + 1)
    for i in range(differences):
        centre = (round(step * (i % columns + 1)), round(step * (i // columns + 1)))
        colour = 255 - a[min(centre[1], size[1] - 1), centre[0]].astype(int)
        cv2.circle(b, centre, max(4, round(0.02 * size[0])), tuple(int(v) for v in colour), -1, cv2.LINE_AA)
    noise = [np.clip(p + rng.normal(0, 2, p.shape), 0, 255).astype(np.uint8) for p in (a, b)]
    return noise[0], noise[1]


def stage(a: Image, b: Image, settings: Settings) -> Callable[[], object]:
    """The whole difference stage of `settings.method` on aligned panels, to regions, as a call to be timed."""
    seen = np.ones(a.shape[:2], np.bool_)
    error = np.full((-(-a.shape[0] // 8), -(-a.shape[1] // 8)), 0.3, np.float32)
    panels = AlignedPanels(a, b, seen, error)
    return lambda: compare(panels, settings)


def measure_stage(quick: bool, settings: Settings) -> dict[str, float]:
    """Aligned colour panels of 1 Mpx to regions: both methods against the published pipeline."""
    a, b = panels_with(7, 1e6)
    work: dict[str, Callable[[], object]] = {"published, scikit-image": lambda: published(a, b)}
    for method in ("robust", "classic"):
        for t in THREADS:
            work[f"{method} {t}"] = stage(a, b, changed(settings, {"method": method, "threads": t}))
    took = timing.interleaved(work, seconds=4.0 if quick else 15.0, most=20)
    base = took["published, scikit-image"].median
    rows: list[list[object]] = [["published, scikit-image", "", str(took["published, scikit-image"]), 1.0]]
    for method in ("robust", "classic"):
        rows += [[method, t, str(took[f"{method} {t}"]), base / took[f"{method} {t}"].median] for t in THREADS]
    report.heading(
        "The whole difference stage, two colour panels of 1 Mpx: ms (quartiles), times faster than published"
    )
    report.show(["stage", "threads", "ms", "× faster"], rows)
    usual = "robust" if settings.method == "robust" else "classic"
    numbers = {f"difference_1mpx_{m}_{t}t_ms": took[f"{m} {t}"].median for m in ("robust", "classic") for t in THREADS}
    return numbers | {
        "difference_1mpx_published_ms": base,
        "difference_1mpx_vs_classic": base / took[f"{usual} 2"].median,
        "difference_1mpx_classic_vs_classic": base / took["classic 2"].median,
    }


# --- a tracked frame ---


def measure_frames(quick: bool, settings: Settings) -> dict[str, float]:
    """Track, project and draw on every frame of a handheld clip, when locked; analysis in step and not counted."""
    numbers: dict[str, float] = {}
    rows = []
    for label in report.progress(["720p", "1080p"], "tracked frames"):
        clip = clips.rendered(SIZES[label], seconds=3.0 if quick else 8.0)
        spotter = Spotter(settings)
        buffer = np.empty((SIZES[label][1], SIZES[label][0], 3), np.uint8)
        due, cost, analysis = 0.0, [], []
        for frame in clip.frames():
            np.copyto(buffer, frame.image)
            start = time.perf_counter()
            spotting = spotter.track(frame)
            boxes.draw(buffer, spotting)
            cost_ms = (time.perf_counter() - start) * 1e3
            if spotting.state is State.LOCKED and spotting.analysed > 1:
                cost.append(cost_ms)
            if frame.time >= due - 5e-4:
                start = time.perf_counter()
                spotter.analyse(frame)
                analysis.append((time.perf_counter() - start) * 1e3)
                due = max(due + 1.0 / settings.analysis_rate, frame.time)
        if not cost:
            report.heading(f"{label}: the page was never locked, so nothing was measured")
            continue
        median, p95 = (float(v) for v in np.percentile(cost, (50, 95)))
        numbers |= {
            f"locked_frame_{label}_ms_median": median,
            f"locked_frame_{label}_ms_p95": p95,
            f"analysis_{label}_ms_median": float(np.median(analysis[1:] or analysis)),
        }
        rows.append([label, len(cost), median, p95, numbers[f"analysis_{label}_ms_median"]])
    report.heading("A locked frame (track, project, draw), and an analysis: ms")
    report.show(["size", "frames", "median", "p95", "analysis"], rows)
    return numbers
