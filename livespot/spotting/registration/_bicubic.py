"""A colour picture sampled at any places, bicubic: what cv2.remap does, at two fifths of its cost."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.kernels.runtime import Map, as_kernel_array, f32, helper, in_bands, kernel

PHASES = 1024  # places between two pixels that are told apart
LANES = 16  # values of a row that are loaded at once, four pixels' and a third of another four's
RIM = 18  # values of as many whole pixels
A = -0.75  # of the cubic, as in OpenCV
FAR = 1 << 20  # px: so far beyond the border that it makes no difference

i32 = np.int32


def sampled(picture: Image, x: Map, y: Map, *, threads: int = 1) -> Image:
    """(h, w, 3) uint8: `picture`, (H, W, 3) uint8, at the places x, y (h, w) px. Beyond its border that is repeated."""
    height, width = x.shape
    out = np.empty((height, width, 3), np.uint8)
    source = as_kernel_array(picture, np.uint8)
    at_x, at_y = (as_kernel_array(v, np.float32) for v in (x, y))
    across = np.zeros((PHASES + 1, LANES), np.float32)
    across[:, :12] = np.repeat(_WEIGHTS, 3, axis=1)
    rows, columns = source.shape[:2]
    flat, result = source.reshape(-1), out.reshape(-1)
    in_bands(
        lambda y0, y1: _sampled(
            flat, rows, columns, at_x, at_y, across.reshape(-1), _WEIGHTS.reshape(-1), result, y0, y1
        ),
        height,
        width,
        threads,
    )
    return out


def _weights() -> NDArray[np.float32]:
    """(PHASES + 1, 4): what the pixels before, at, after and two after a place count."""
    on = np.arange(PHASES + 1) / PHASES
    before = ((A * (on + 1) - 5 * A) * (on + 1) + 8 * A) * (on + 1) - 4 * A
    at = ((A + 2) * on - (A + 3)) * on * on + 1
    after = ((A + 2) * (1 - on) - (A + 3)) * (1 - on) * (1 - on) + 1
    return np.stack([before, at, after, 1 - before - at - after], axis=1).astype(np.float32)


_WEIGHTS = _weights()


def _one_pixel(
    context: Any, picture: Any, i: Any, pitch: Any, down: Any, q: Any, across: Any, p: Any, o: Any, n: Any
) -> Any:
    """The pixel of four rows of four, from picture[i] on, with the weights down[q : q + 4] and across[p : p + LANES],
    into o[n : n + 3].

    In the compiler's own vectors, which it does not find by itself here: LANES values of a row at once, of which four
    are not meant and weigh nothing.
    """

    def generate(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pixels, start, step, row_weights, at_row, weights, at_weight, result, at = (
            target.make_array(kind)(target, builder, value).data if isinstance(kind, types.Array) else value
            for kind, value in zip(signature.args, arguments, strict=True)
        )
        many, byte, number = ir.VectorType(ir.FloatType(), LANES), ir.IntType(8), ir.IntType(32)

        def loaded(base: Any, offset: Any, kind: Any) -> Any:
            place = builder.bitcast(builder.gep(base, [offset]), ir.VectorType(kind, LANES).as_pointer())
            return builder.load(place, align=1)

        def ordered(values: Any, order: list[int]) -> Any:
            return builder.shuffle_vector(values, values, ir.Constant(ir.VectorType(number, LANES), order))

        def everywhere(value: Any) -> Any:
            one = builder.insert_element(ir.Constant(many, ir.Undefined), value, number(0))
            return ordered(one, [0] * LANES)

        total = ir.Constant(many, [0.0] * LANES)
        for row in range(4):
            weight = everywhere(builder.load(builder.gep(row_weights, [builder.add(at_row, at_row.type(row))])))
            values = builder.uitofp(loaded(pixels, start, byte), many)
            total = builder.fadd(total, builder.fmul(values, weight))
            start = builder.add(start, step)
        total = builder.fmul(total, loaded(weights, at_weight, ir.FloatType()))
        for shift in (6, 3):  # the second two pixels onto the first two, and these onto each other
            total = builder.fadd(total, ordered(total, [(lane + shift) % LANES for lane in range(LANES)]))
        total = builder.fadd(total, ir.Constant(many, [0.5] * LANES))
        for beyond, bound in (("<", 0.0), (">", 255.0)):
            limit = ir.Constant(many, [bound] * LANES)
            total = builder.select(builder.fcmp_ordered(beyond, total, limit), limit, total)
        levels = builder.fptoui(total, ir.VectorType(byte, LANES))
        for k in range(3):
            builder.store(
                builder.extract_element(levels, number(k)), builder.gep(result, [builder.add(at, at.type(k))])
            )
        return target.get_dummy_value()

    i64 = types.int64
    return types.void(picture, i64, i64, down, i64, across, i64, o, i64), generate


_put: Any = intrinsic(_one_pixel)


@helper
def _places(x: Any, y: Any, left: Any, top: Any, p: Any, q: Any) -> None:
    """Of a row of places the first pixel that counts, and where its weights are."""
    for c in range(x.shape[0]):
        u, v = min(max(x[c], -f32(FAR)), f32(FAR)), min(max(y[c], -f32(FAR)), f32(FAR))
        first, upper = np.floor(u), np.floor(v)
        left[c], top[c] = i32(first) - i32(1), i32(upper) - i32(1)
        p[c] = i32((u - first) * f32(PHASES) + f32(0.5)) * i32(LANES)
        q[c] = i32((v - upper) * f32(PHASES) + f32(0.5)) * i32(4)


@kernel
def _sampled(
    picture: Any, rows: Any, columns: Any, x: Any, y: Any, across: Any, down: Any, o: Any, y0: Any, y1: Any
) -> None:
    width = x.shape[1]
    rim = np.empty(4 * RIM, np.uint8)
    places = np.empty((4, width), np.int32)
    left, top, p, q = places[0], places[1], places[2], places[3]
    for r in range(y0, y1):
        _places(x[r], y[r], left, top, p, q)
        for c in range(width):
            n = 3 * (r * width + c)
            if left[c] >= 0 and top[c] >= 0 and left[c] + RIM // 3 <= columns and top[c] + 4 <= rows:
                _put(picture, 3 * (top[c] * columns + left[c]), 3 * columns, down, q[c], across, p[c], o, n)
                continue
            for v in range(4):
                row = min(max(top[c] + v, 0), rows - 1)
                for u in range(4):
                    i = 3 * (row * columns + min(max(left[c] + u, 0), columns - 1))
                    for k in range(3):
                        rim[RIM * v + 3 * u + k] = picture[i + k]
            _put(rim, 0, RIM, down, q[c], across, p[c], o, n)
