"""The learned eye as it is read at run time: symmetric, of any size, silent on twins, and finding what differs."""

from __future__ import annotations

import hashlib
import json

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.classify.eye import WEIGHTS, Eye
from livespot.spotting.classify.eye_input import evened, eye_input
from livespot.spotting.difference.seen import KINDS, Seen


def scene(width: int, height: int, seed: int = 1) -> Image:
    """A plain drawn picture: pale ground, thirty filled ellipses."""
    rng = np.random.default_rng(seed)
    picture = np.full((height, width, 3), (225, 235, 240), np.uint8)
    for _ in range(30):
        x, y, colour = rng.integers(width), rng.integers(height), rng.integers(30, 220, 3)
        axes = int(rng.integers(5, 30)), int(rng.integers(5, 30))
        cv2.ellipse(picture, (int(x), int(y)), axes, 0, 0, 360, colour.tolist(), -1, cv2.LINE_AA)
    return picture


def with_disc(picture: Image, x: int, y: int, radius: int = 12) -> Image:
    out = picture.copy()
    cv2.circle(out, (x, y), radius, (40, 30, 200), -1, cv2.LINE_AA)
    cv2.circle(out, (x, y), radius, (10, 10, 10), 1, cv2.LINE_AA)
    return out


@pytest.fixture(scope="module")
def eye() -> Eye:
    return Eye()


def at(seen: Seen, values: NDArray[np.float32], x: float, y: float) -> float:
    return float(values[..., round(y / seen.scale[1]), round(x / seen.scale[0])])


def test_a_planted_object_is_found_and_is_all_that_is(eye: Eye) -> None:
    a = scene(400, 300)
    seen = eye.look(a, with_disc(a, 130, 90))
    assert at(seen, seen.difference, 130, 90) > 0.8
    assert at(seen, seen.core, 130, 90) > 0.5
    y, x = np.nonzero(seen.difference > 0.5)
    assert np.hypot(x * seen.scale[0] - 130, y * seen.scale[1] - 90).max() < 20


def test_nothing_differs_in_the_same_picture_twice(eye: Eye) -> None:
    a = scene(400, 300)
    assert eye.look(a, a.copy()).difference.max() < 0.2


def test_another_light_is_no_difference(eye: Eye) -> None:
    a = scene(400, 300)
    shade = np.linspace(0.6, 1.0, 400)[None, :, None]
    assert eye.look(a, (a * shade).astype(np.uint8)).difference.max() < 0.5


def test_exchanging_the_panels_exchanges_what_is_said(eye: Eye) -> None:
    a = scene(320, 256)
    b = with_disc(a, 100, 100)
    one, two = eye.look(a, b), eye.look(b, a)
    for first, second in ((one.difference, two.difference), (one.core, two.core), (one.belongs_a, two.belongs_b)):
        assert np.abs(first - second).max() < 0.02  # the maps are symmetric, rounding of the shared light is not quite
    exchanged = [KINDS.index(kind) for kind in ("removed", "added", "changed", "recoloured", "moved")]
    assert np.abs(one.kinds - two.kinds[exchanged]).max() < 0.05


@pytest.mark.parametrize(("width", "height"), [(400, 300), (333, 217), (40, 33), (900, 700), (64, 500)])
def test_the_maps_fit_panels_of_any_size(eye: Eye, width: int, height: int) -> None:
    a = scene(width, height)
    seen = eye.look(a, a.copy())
    h, w = seen.difference.shape
    for values in (seen.core, seen.belongs_a, seen.belongs_b, *seen.kinds):
        assert values.shape == (h, w)
        assert values.dtype == np.float32
        assert 0 <= values.min() <= values.max() <= 1
    assert abs(w * seen.scale[0] - width) <= seen.scale[0]
    assert abs(h * seen.scale[1] - height) <= seen.scale[1]
    assert np.allclose(seen.kinds.sum(axis=0), 1, atol=1e-4)


def test_what_is_not_seen_does_not_differ(eye: Eye) -> None:
    a = scene(400, 300)
    b = a.copy()
    b[:, :150] = 0
    seen = np.ones((300, 400), bool)
    seen[:, :150] = False
    assert eye.look(a, b, seen).difference[:, :70].max() < 0.5


def test_panels_under_two_lights_come_under_one() -> None:
    a = scene(400, 300)
    b = (a * np.linspace(0.5, 1.0, 400)[None, :, None]).astype(np.uint8)
    one, two = evened(a, b, np.ones((300, 400), bool))
    assert np.abs(one.astype(int) - two).mean() < 0.2 * np.abs(a.astype(int) - b).mean()


def test_the_network_takes_multiples_of_32() -> None:
    a = scene(333, 217)
    x = eye_input(a, a.copy(), np.ones((217, 333), bool))
    assert x.a.shape == x.b.shape == (3, 224, 352)
    assert x.maps.shape == (5, 224, 352)
    assert not x.maps[4, 217:].any()


def test_the_weights_are_small_and_are_those_whose_origin_is_told() -> None:
    told = json.loads(WEIGHTS.with_suffix(".json").read_text())
    assert WEIGHTS.stat().st_size <= 4_000_000
    assert hashlib.sha256(WEIGHTS.read_bytes()).hexdigest() == told["sha256"]
    assert told["crops"] > 0
    assert "torch" in told["versions"]
