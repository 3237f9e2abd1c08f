"""How the page moves in front of the camera, as closed functions of time: frame 500 needs no frame 499.

Hand tremor is a sum of sinusoids with random frequencies whose strength falls with frequency and rises again a little
at 8 to 11 Hz, as physiological tremor does (Elble and Koller, Tremor, 1990); drift is the same below 0.5 Hz.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from livespot.demo.camera.optics import Pose
from livespot.demo.scenario import Scenario

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Waves:
    """Several independent smooth random signals, each of rms 1. amplitude, frequency (Hz), phase: (signals, waves)."""

    amplitude: Floats
    frequency: Floats
    phase: Floats

    def at(self, time: float) -> Floats:
        return np.asarray((self.amplitude * np.sin(2 * np.pi * self.frequency * time + self.phase)).sum(axis=1))

    @staticmethod
    def random(rng: np.random.Generator, signals: int, low: float, high: float, hand: bool) -> Waves:
        waves = 18
        frequency = np.exp(rng.uniform(math.log(low), math.log(high), (signals, waves)))
        strength = 1 / (0.4 + frequency)
        if hand:
            strength += 0.06 * np.exp(-(((frequency - 9.5) / 1.5) ** 2))
        strength *= rng.uniform(0.5, 1.5, strength.shape)
        strength *= np.sqrt(2) / np.linalg.norm(strength, axis=1, keepdims=True)
        return Waves(strength, frequency, rng.uniform(0, 2 * np.pi, (signals, waves)))


def eased(x: float) -> float:
    """0 before 0, 1 after 1, smooth in between."""
    x = min(1.0, max(0.0, x))
    return x * x * x * (x * (6 * x - 15) + 10)


class Motion:
    """The pose at any time.

    width: of the frame, px. distance: at which the page fills the frame as the scenario asks.
    """

    BUMP_SECONDS = 0.2
    LEAVE_SECONDS = 0.8

    def __init__(self, scenario: Scenario, width: int, height: int, distance: float, seed: int) -> None:
        rng = np.random.default_rng([seed, 811])
        self._scenario = scenario
        self._size = width, height
        self._px = width / 1280
        self._distance = distance
        self._tremor = Waves.random(rng, 6, 0.8, 12.0, True)
        self._drift = Waves.random(rng, 6, 0.06, 0.45, False)
        directions = rng.uniform(0, 2 * np.pi) + np.arange(max(1, len(scenario.bumps))) * np.pi * 0.83
        self._bumps = [(when, float(d)) for when, d in zip(scenario.bumps, directions, strict=False)]
        self._exits = [float(d) for d in rng.uniform(-0.35, 0.35, max(1, len(scenario.leaves)))]
        sign = rng.choice([-1.0, 1.0], 3)
        self._base = scenario.pitch, scenario.yaw * sign[1], scenario.roll * sign[2]
        self._start = self._wander(0.0)

    def _wander(self, time: float) -> Floats:
        """x, y (px), log distance, pitch, yaw, roll (degrees) from the hand."""
        s = self._scenario
        tremor, drift = self._tremor.at(time), self._drift.at(time)
        px = np.array([1.0, 0.8, 0.0, 0.0, 0.0, 0.0]) * self._px
        turn = np.array([0.0, 0.0, 0.006, 1.0, 1.0, 0.6])
        fast = px * s.tremor + turn * s.sway * 0.12
        slow = px * s.drift + turn * s.sway
        return np.asarray(tremor * fast + drift * slow)

    def pose(self, time: float) -> Pose:
        """Where the page is `time` seconds after the start. The page starts in the middle of the view."""
        wander = self._wander(time)
        wander[:2] -= self._start[:2] * math.exp(-time / 2.0)
        x, y = float(wander[0]), float(wander[1])
        roll = 0.0
        for when, direction in self._bumps:
            jump, twist = self._bump(time - when)
            x += jump * math.cos(direction) * self._size[0] * self._scenario.bump_size
            y += jump * math.sin(direction) * self._size[0] * self._scenario.bump_size * 0.55
            roll += twist
        for (start, end), slope in zip(self._scenario.leaves, self._exits, strict=False):
            back = eased((time - end) / self.LEAVE_SECONDS)  # it never lies down exactly where it was
            gone = eased((time - start + self.LEAVE_SECONDS) / self.LEAVE_SECONDS) - back
            x += gone * self._size[0] * 1.25 + back * 0.012 * self._size[0]
            y += gone * self._size[1] * slope - back * 0.008 * self._size[1]
            roll += gone * 5 + back * 1.1
        pitch, yaw, base_roll = self._base
        distance = self._distance * math.exp(float(wander[2]))
        pitch, yaw, base_roll = pitch + float(wander[3]), yaw + float(wander[4]), base_roll + float(wander[5])
        return Pose(x, y, distance, pitch, yaw, base_roll + roll)

    def _bump(self, since: float) -> tuple[float, float]:
        """Share of the jump and degrees of roll: over in 0.2 s with a little ringing, taken back 1.5 s later."""
        if since < 0:
            return 0.0, 0.0
        jump = eased(since / self.BUMP_SECONDS) - eased((since - 1.5) / 0.5)
        ringing = 0.08 * math.exp(-since / 0.12) * math.sin(2 * math.pi * 7 * since)
        return jump + ringing, 1.5 * jump
