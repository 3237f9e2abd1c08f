"""Every kernel compiled, or loaded from its cache: seconds the first time, a fraction of one later."""

from __future__ import annotations

import atexit
import subprocess
import sys

import numpy as np

from livespot import startup
from livespot.spotting.kernels.alignment import normal_equations, remap_maps, warped, within
from livespot.spotting.kernels.blocks import block_means
from livespot.spotting.kernels.candidate import Panels, Reach, numbers_of_candidate
from livespot.spotting.kernels.channels import lowest_channel
from livespot.spotting.kernels.colours import rows_with
from livespot.spotting.kernels.crops import edge_levels
from livespot.spotting.kernels.cubic import sampled
from livespot.spotting.kernels.evidence import gather, smooth_distance
from livespot.spotting.kernels.fine import fine_sums
from livespot.spotting.kernels.flat import quickly_flattened
from livespot.spotting.kernels.gradients import gradient_products
from livespot.spotting.kernels.islands import islands
from livespot.spotting.kernels.levels import Noise, noise_levels
from livespot.spotting.kernels.light import gain_between, masked_means, scaled_window
from livespot.spotting.kernels.lines import line_means
from livespot.spotting.kernels.lit import lit_difference
from livespot.spotting.kernels.measuring import Compared
from livespot.spotting.kernels.moves import best_shifts, move_explains, shift_fields
from livespot.spotting.kernels.projections import sharpness_by_angle
from livespot.spotting.kernels.regions import peak_over, strong_parts
from livespot.spotting.kernels.resizing import resize_explains
from livespot.spotting.kernels.smoothing import smoothed
from livespot.spotting.kernels.ssim import ssim_map
from livespot.spotting.kernels.telling import Looked, told
from livespot.spotting.kernels.tolerance import tolerant_difference


def warm_up(similarity: bool = True) -> None:
    """Call each of them once. similarity: also the maps that only the classic method needs.

    Compiling keeps one core of a process busy, however many threads it has: where nothing is compiled yet, a second
    process compiles a half of it into the cache meanwhile.
    """
    helper = None if startup.compiled() else _in_a_process("_candidates")
    _alignment()
    _regions()
    if helper is not None:
        helper.wait()
    _candidates()
    if similarity:
        _maps()
    startup.remember_compiled()
    startup.forget_old_kernels()


def _in_a_process(name: str) -> subprocess.Popen[bytes] | None:
    """Call a function of this file in a process of its own; None where none can be started."""
    code = f"import livespot.startup; from livespot.spotting.kernels import warming; warming.{name}()"
    quiet = subprocess.DEVNULL
    try:
        process = subprocess.Popen([sys.executable, "-c", code], stdin=quiet, stdout=quiet, stderr=quiet)
    except OSError:
        return None
    atexit.register(process.kill)  # whoever quits meanwhile leaves nothing behind
    return process


def _alignment() -> None:
    grid = np.zeros((2, 2, 2), np.float32)
    flat, seen = np.zeros((16, 16), np.float32), np.ones((16, 16), np.bool_)
    within(*remap_maps(np.eye(3), grid, (16, 16)), 16, 16)
    warped(flat, grid)
    gradient_products(flat, flat, 3.0)
    quickly_flattened(np.zeros((16, 16), np.uint8), 12.0, 4.0)
    normal_equations(flat, flat, seen)
    mean, weight = np.zeros((16, 16, 3), np.float32), np.zeros((16, 16), np.float32)
    sample, off = np.zeros((16, 16, 3), np.uint8), np.zeros((16, 16), np.uint8)
    smooth_distance(sample, sample)
    sampled(sample, flat, flat)
    gather(sample, off, seen, 1.0, 1.0, 1.0, mean, weight, mean.copy(), weight.copy())


def _regions() -> None:
    picture, map_ = np.zeros((8, 8, 3), np.uint8), np.zeros((8, 8), np.float32)
    seen, grid = np.ones((8, 8), np.bool_), np.ones((2, 2), np.float32)
    masked_means(picture, picture, seen)
    lowest_channel(picture)
    block_means(picture, 3)
    fine_sums(picture, picture, seen.view(np.uint8), np.ones((1, 1), np.uint8))
    gain_between(np.ones((1, 1, 4), np.float32), np.ones((1, 1, 4), np.float32), 6.0, 4.0)
    scaled_window(picture, np.ones((1, 1, 3), np.float32), 8, (0, 0, 8, 8))
    for radius in (0, 1, 2):
        map_, peaks = lit_difference(picture, picture, np.ones((1, 1, 3), np.float32), grid[:1, :1] * radius, 8, 1.0)
    noise_levels(map_, seen, Noise(24.0, 2.0, 1, (14.0, 8.0), (4.0, 2.0), 1.0))
    smoothed(np.zeros((2, 2, 4), np.float32), 1.0, 2.0, 6.0, 0.02)
    strong_parts(map_, peaks, seen, grid, grid, 4, 0.2)
    islands(seen.view(np.uint8), np.ones((1, 1), np.uint8), 1)
    peak_over(map_, seen, (0, 0), grid, 4)
    line_means(map_, map_, np.zeros(1, np.int32), np.zeros(1, np.int32))
    rows_with(np.zeros((1, 1, 3), np.float32), seen[:1, :1], np.zeros((1, 3), np.float32), 0.1, 0.1)
    sharpness_by_angle(*np.ones((5, 2), np.float32))


def _candidates() -> None:
    picture, map_ = np.zeros((8, 8, 3), np.uint8), np.zeros((8, 8), np.float32)
    seen, grid = np.ones((8, 8), np.bool_), np.ones((2, 2), np.float32)
    crop, inside = np.zeros((8, 8, 3), np.float32), np.full((8, 8), 31, np.uint8)
    edge_levels(map_, inside)
    move_explains(crop, crop, inside, map_, (1, 0), 1.0)
    resize_explains(crop, crop, inside, map_, np.zeros((1, 2), np.float32), 0.8, 1.0)
    shift_fields(crop, crop, inside, 8, 8)
    best_shifts(map_, map_ + 1, 0.1, 2, 1)
    root = np.ones((1, 1, 3), np.float32)
    compared = Compared((picture, picture), (root, root), 8, map_, grid, 4)
    panels = Panels(compared, inside, inside, grid, np.zeros((1, 1, 4), np.float32))
    numbers_of_candidate(panels, (2, 2, 4, 4), seen[:4, :4], (0, 1, 0, 1), Reach(4, 3.0, 232.0, 1))
    told((picture, picture), (root, root), 8, (0, 0, 8, 8), inside, (4, 4), Looked(4, 4.0, 30.0))


def _maps() -> None:
    for dtype in (np.uint8, np.float32):
        grey, colour = np.zeros((8, 9), dtype), np.zeros((8, 9, 3), dtype)
        ssim_map(grey, grey, "box7")
        ssim_map(grey, grey, "gaussian11")
        tolerant_difference(colour, colour, np.ones((8, 9), np.float32))
