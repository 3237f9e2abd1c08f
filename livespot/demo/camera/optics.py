"""The camera's geometry: bent paper, a pinhole, a lens with radial distortion; exact in both directions.

Points on the paper ("sheet", flat, in world px, origin at the page's middle) are bent out of the plane without
stretching, moved by the pose, projected and distorted: `Camera.project`. A frame needs the other direction, from frame
px to sheet px: `Camera.sheet_map` solves it on a coarse grid (Newton steps on the bent surface) and interpolates, which
is exact to a few hundredths of a pixel because all these maps are smooth.
Lens model: Brown's radial terms k1, k2 as in OpenCV.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from livespot.geometry import Points

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pose:
    """Where the page is for the camera.

    x, y: of the page's middle, frame px from the frame's middle. distance: in focal lengths of world px, see Camera.
    pitch, yaw, roll: degrees.
    """

    x: float
    y: float
    distance: float
    pitch: float
    yaw: float
    roll: float

    def rotation(self) -> Floats:
        (cp, cy, cr), (sp, sy, sr) = (f(np.radians([self.pitch, self.yaw, self.roll])) for f in (np.cos, np.sin))
        rx = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
        ry = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
        rz = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
        return np.asarray(rz @ ry @ rx, np.float64)


class Bend:
    """Paper bent along one direction: a developable surface, so that lengths on the sheet stay what they are.

    direction: degrees of the bent direction on the sheet. The slope angle along it is given at `stations` (sheet px);
    it is taken as zero far outside, so that the desk around the page is flat.
    """

    def __init__(self, direction: float, stations: ArrayLike, slope: ArrayLike) -> None:
        angle = np.radians(direction)
        self._axis = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        self._s = np.asarray(stations, np.float64)
        self._slope = np.asarray(slope, np.float64)
        step = np.diff(self._s)
        middle = (self._slope[1:] + self._slope[:-1]) / 2
        self._x = np.concatenate([[0.0], np.cumsum(np.cos(middle) * step)])
        self._z = np.concatenate([[0.0], np.cumsum(np.sin(middle) * step)])
        self._x += np.interp(0.0, self._s, self._s - self._x)
        self._z -= np.interp(0.0, self._s, self._z)
        self.flat = bool(np.max(np.abs(self._slope)) < 1e-9)

    @staticmethod
    def none() -> Bend:
        return Bend(0.0, [-1.0, 1.0], [0.0, 0.0])

    def slope_at(self, sheet: ArrayLike) -> Floats:
        """Slope angle in radians at sheet points (N, 2)."""
        s = np.asarray(sheet, np.float64) @ self._axis[0]
        return np.asarray(np.interp(s, self._s, self._slope))

    def lift(self, sheet: ArrayLike) -> Floats:
        """Sheet points (N, 2) to points in space (N, 3); z towards the camera is negative."""
        p = np.asarray(sheet, np.float64).reshape(-1, 2)
        if self.flat:
            return np.column_stack([p, np.zeros(len(p))])
        along, across = p @ self._axis[0], p @ self._axis[1]
        x = np.interp(along, self._s, self._x) + _beyond(along, self._s)
        z = np.interp(along, self._s, self._z)
        flat = np.column_stack([x, across]) @ self._axis
        return np.column_stack([flat, -z])

    def hit(self, origin: Floats, rays: Floats) -> Floats:
        """Where rays (N, 3) from `origin` (3,) meet the paper: sheet points (N, 2)."""
        if self.flat:
            reach = -origin[2] / rays[:, 2]
            return np.asarray(origin[:2] + rays[:, :2] * reach[:, None])
        flat_o, flat_d = self._axis @ origin[:2], rays[:, :2] @ self._axis.T
        reach = -origin[2] / rays[:, 2]
        for _ in range(4):
            x = flat_o[0] + flat_d[:, 0] * reach
            height = -np.interp(x, self._x, self._z)
            rise = -np.tan(np.interp(x, self._x, self._slope))
            gap = origin[2] + rays[:, 2] * reach - height
            reach = reach - gap / (rays[:, 2] - rise * flat_d[:, 0])
        x = flat_o[0] + flat_d[:, 0] * reach
        along = np.interp(x, self._x, self._s) + _beyond(x, self._x)
        across = flat_o[1] + flat_d[:, 1] * reach
        return np.asarray(np.column_stack([along, across]) @ self._axis)


def _beyond(value: Floats, table: Floats) -> Floats:
    """What np.interp cuts off outside its table."""
    return np.asarray(np.minimum(value - table[0], 0) + np.maximum(value - table[-1], 0))


class Camera:
    """A pinhole with a lens, looking at a bent sheet.

    size: (width, height) of the frame, px. focal: px. At pose.distance == focal one sheet px is one frame px.
    """

    def __init__(
        self, size: tuple[int, int], focal: float, k1: float = 0.0, k2: float = 0.0, bend: Bend | None = None
    ) -> None:
        self.size = size
        self.focal = focal
        self._k = (k1, k2)
        self.bend = bend or Bend.none()
        self._middle = np.array([(size[0] - 1) / 2, (size[1] - 1) / 2])
        self._cell = cell = 16 if size[0] >= 1000 else 8  # px between the nodes of the coarse grid
        nodes_x = (np.arange(-1, -(-size[0] // cell) + 1) + 0.5) * cell - 0.5
        nodes_y = (np.arange(-1, -(-size[1] // cell) + 1) + 0.5) * cell - 0.5
        self._grid = (len(nodes_y), len(nodes_x))
        grid = np.stack(np.meshgrid(nodes_x, nodes_y), axis=-1).reshape(-1, 2)
        self.nodes: Points = grid
        self._rays = np.column_stack([self._undistorted((grid - self._middle) / focal), np.ones(len(grid))])

    def project(self, sheet: ArrayLike, pose: Pose) -> Points:
        """Sheet points (N, 2) to frame px (N, 2)."""
        rotation, shift = self._placed(pose)
        p = self.bend.lift(sheet) @ rotation.T + shift
        normal = p[:, :2] / p[:, 2:]
        r2 = (normal**2).sum(axis=1, keepdims=True)
        return np.asarray(normal * (1 + self._k[0] * r2 + self._k[1] * r2**2) * self.focal + self._middle)

    def sheet_nodes(self, pose: Pose) -> Floats:
        """Sheet points of the coarse grid's nodes: (rows, columns, 2)."""
        rotation, shift = self._placed(pose)
        points = self.bend.hit(-rotation.T @ shift, self._rays @ rotation)
        return points.reshape(*self._grid, 2)

    def enlarged(self, nodes: NDArray[np.float32]) -> NDArray[np.float32]:
        """A field given on the coarse grid's nodes, (rows, columns[, channels]), at every frame pixel."""
        (rows, columns), cell = self._grid, self._cell
        full = cv2.resize(nodes, (columns * cell, rows * cell), interpolation=cv2.INTER_LINEAR)
        return np.asarray(full[cell : cell + self.size[1], cell : cell + self.size[0]], np.float32)

    def _placed(self, pose: Pose) -> tuple[Floats, Floats]:
        shift = np.array([pose.x / self.focal, pose.y / self.focal, 1.0]) * pose.distance
        return pose.rotation(), shift

    def _undistorted(self, normal: Floats) -> Floats:
        k1, k2 = self._k
        if k1 == 0 and k2 == 0:
            return normal
        seen = np.linalg.norm(normal, axis=1, keepdims=True)
        r = seen.copy()
        for _ in range(30):  # Newton on r (1 + k1 r² + k2 r⁴) = seen
            slope = 1 + 3 * k1 * r**2 + 5 * k2 * r**4
            r = r - (r * (1 + k1 * r**2 + k2 * r**4) - seen) / np.maximum(slope, 0.05)
        return np.asarray(normal * (r / np.maximum(seen, 1e-12)))
