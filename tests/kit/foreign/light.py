"""The light on the foreign camera's page: one lamp, the rest of the room, a shadow that moves, what a sheet mirrors.

In: places and normals in the camera's world (see `foreign_camera`). Out: linear BGR, 1 is white paper in the lamp.
"""

import numpy as np

from kit.foreign.page import Doubles, Floats


class Tremor:
    """A smooth random movement: the sum of waves, the faster the smaller. amplitude: of the slowest, per channel."""

    def __init__(self, rng: np.random.Generator, amplitude: Doubles) -> None:
        self._pace = np.geomspace(0.2, 9.0, 8)
        self._size = amplitude[:, None] * (self._pace / self._pace[0]) ** -1.15
        self._phase = rng.uniform(0, 2 * np.pi, self._size.shape)

    def at(self, times: Doubles) -> Doubles:
        """(N,) s to (N, channels)."""
        turn = 2 * np.pi * self._pace * times[:, None, None] + self._phase
        return np.asarray((self._size * np.sin(turn)).sum(axis=2))


class Light:
    """Drawn from `rng` for a sheet of `extent` px under a `camera` at (3,). still: nothing moves, nothing flickers."""

    def __init__(
        self, rng: np.random.Generator, extent: Doubles, camera: Doubles, *, glossy: bool, still: bool
    ) -> None:
        far = float(np.linalg.norm(camera))
        self._shine, self._polish = rng.uniform(0.3, 2.5) * glossy, rng.uniform(80, 500)
        self._lamp = np.array([*rng.uniform(-1.2, 1.2, 2) * far, -rng.uniform(0.8, 2.0) * far])
        if glossy:  # the mirror image of the lamp falls here, on the sheet or just beside it
            spot = np.array([*rng.uniform(-0.6, 0.6, 2) * extent, 0.0])
            self._lamp = spot + (camera - spot) * (-1, -1, 1) * rng.uniform(0.7, 1.5)
        self._room = rng.uniform(0.25, 0.7)
        self._lamp_tint = np.array([rng.uniform(0.55, 1.0), rng.uniform(0.85, 0.97), 1.0])
        self._room_tint = np.array([1.0, 0.95, rng.uniform(0.75, 1.0)])
        self._dark = rng.uniform(0.3, 0.85) * (rng.random() < 0.6)
        self._centre, self._radii = rng.uniform(-0.5, 0.5, 2) * extent, rng.uniform(0.25, 0.6) * extent
        self._soft_edge, self._flicker = rng.uniform(0.05, 0.4), rng.uniform(0, 0.04) * (not still)
        self._sway = Tremor(rng, 0.12 * extent * (not still))

    def on(self, times: Doubles, world: Doubles, normal: Doubles, eye: Doubles) -> tuple[Floats, Floats]:
        """What falls on each place, (N, M, 3), and what it mirrors, (N, M, 1). times: (N,) s, of each row of places."""
        to_lamp = self._lamp - world
        distance = np.linalg.norm(to_lamp, axis=2, keepdims=True)
        to_lamp /= distance
        straight = float(np.linalg.norm(self._lamp))
        fall = np.maximum(0, (normal * to_lamp).sum(axis=2, keepdims=True)) * (straight / distance) ** 2
        fall *= straight / -self._lamp[2]  # 1 in the middle of a flat sheet
        aside = (world[..., :2] - self._centre - self._sway.at(times)[:, None, :]) / self._radii
        depth = 1 - np.linalg.norm(aside, axis=2, keepdims=True)
        fall *= 1 - self._dark / (1 + np.exp(-4 * depth / self._soft_edge))
        back = eye - world
        half = to_lamp + back / np.linalg.norm(back, axis=2, keepdims=True)
        half /= np.linalg.norm(half, axis=2, keepdims=True)
        mirrored = self._shine * fall * np.maximum(0, (normal * half).sum(axis=2, keepdims=True)) ** self._polish
        pulse = (1 + self._flicker * np.sin(2 * np.pi * 100 * times))[:, None, None]
        lit = fall * (1 - self._room) * self._lamp_tint + self._room * self._room_tint
        return (lit * pulse).astype(np.float32), (mirrored * pulse).astype(np.float32)
