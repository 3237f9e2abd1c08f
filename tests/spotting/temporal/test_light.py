"""The light on a page from frame to frame: exposure and shadows."""

import cv2
import numpy as np
import pytest
from kit.puzzles import everywhere, noisy, scene

from livespot.spotting.temporal.accumulator import Evidence
from livespot.spotting.temporal.light import follow_exposure, under_one_light


def test_a_camera_that_sets_its_exposure_leaves_one_picture_and_not_two() -> None:
    """It darkens by a third over ten frames: no pixel may stay as light as it was while its neighbour follows."""
    truth = np.clip(scene(1), 20, 200).astype(np.float32)
    evidence, seen = Evidence(truth.shape[:2]), everywhere(truth)
    for i in range(14):
        light = np.array([1.0, 0.97, 1.0], np.float32) * (1.2 - 0.06 * min(i, 10))
        sample = noisy(np.clip(truth * light, 0, 255).astype(np.uint8), i, 5.0)
        follow_exposure((evidence,), (sample,), (seen,))
        evidence.add(sample, seen, 1.0)
    off = np.abs(evidence.image() - truth * light).max(axis=2)
    assert np.percentile(off, 99) < 10.0


def test_nothing_known_and_what_is_burnt_out_tell_no_exposure() -> None:
    truth = scene(1)
    evidence, seen = Evidence(truth.shape[:2]), everywhere(truth)
    follow_exposure((evidence,), (truth,), (seen,))
    assert not evidence.image().any()
    evidence.add(np.full_like(truth, 250), seen, 1.0)
    follow_exposure((evidence,), (truth,), (seen,))
    assert (evidence.image() == 250).all()


@pytest.mark.parametrize("followed", [True, False])
def test_a_shadow_that_passes_leaves_no_edge(followed: bool) -> None:
    """It lies over two thirds of the picture at first, and leaves."""
    truth = np.clip(scene(1), 60, 200).astype(np.float32)
    evidence, seen = Evidence(truth.shape[:2]), everywhere(truth)
    across = np.linspace(0.0, 1.0, truth.shape[1])[None, :, None]
    for i in range(12):
        shade = 1.0 - 0.45 / (1.0 + np.exp((across - 0.65 + 0.08 * i) / 0.03))
        sample = noisy((truth * shade).astype(np.uint8), i, 4.0)
        evidence.add(under_one_light(evidence, sample, seen, ~seen, 1.0) if followed else sample, seen, 1.0)
    light = (evidence.image().astype(np.float32) / truth).mean(axis=2)
    steepest = float(np.percentile(np.abs(np.diff(cv2.blur(light, (9, 9)), axis=1)), 99.9))
    assert (steepest < 0.02) is followed


def test_light_that_stays_and_what_is_hidden_change_nothing() -> None:
    truth = np.clip(scene(1), 20, 200).astype(np.uint8)
    evidence, seen = Evidence(truth.shape[:2]), everywhere(truth)
    darker, noise = (truth // 2).astype(np.uint8), noisy(truth, 1, 4.0)
    assert under_one_light(evidence, truth, seen, ~seen, 1.0) is truth
    evidence.add(truth, seen, 1.0)
    assert under_one_light(evidence, noise, seen, ~seen, 1.0) is noise
    assert under_one_light(evidence, darker, ~seen, ~seen, 1.0) is darker
    assert under_one_light(evidence, darker, seen, seen, 1.0) is darker
    assert np.array_equal(evidence.image(), truth)
