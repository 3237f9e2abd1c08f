"""Where a homography takes pixels that a warp has moved: one pass, as it is done four times in every analysis."""

from typing import Any

from livespot.spotting.kernels.runtime import f32, helper, kernel


@helper
def _mapped_row(h: Any, y: Any, dx: Any, dy: Any, out_x: Any, out_y: Any) -> None:
    for x in range(out_x.shape[0]):
        px, py = float(x) + dx[x], y + dy[x]
        over = 1.0 / (h[2, 0] * px + h[2, 1] * py + 1.0)
        out_x[x] = f32((h[0, 0] * px + h[0, 1] * py + h[0, 2]) * over)
        out_y[x] = f32((h[1, 0] * px + h[1, 1] * py + h[1, 2]) * over)


@kernel
def mapped(h: Any, dx: Any, dy: Any, out_x: Any, out_y: Any) -> None:
    """h: (3, 3) float64, its last value 1. dx, dy, out_x, out_y: (h, w) float32."""
    for y in range(out_x.shape[0]):
        _mapped_row(h, float(y), dx[y], dy[y], out_x[y], out_y[y])
