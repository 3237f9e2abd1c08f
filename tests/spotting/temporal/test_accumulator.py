"""What many frames together say about one panel."""

import cv2
import numpy as np
from kit.puzzles import everywhere, noisy, scene

from livespot.spotting.temporal.accumulator import Evidence, sharpness


def test_many_noisy_frames_are_better_than_one() -> None:
    picture = scene(0)
    evidence = Evidence(picture.shape[:2])
    assert not evidence.seen.any()
    for seed in range(12):
        evidence.add(noisy(picture, seed), everywhere(picture), 1.0)
    assert evidence.seen.all()
    assert (
        np.abs(evidence.image().astype(int) - picture).mean()
        < 0.5 * np.abs(noisy(picture, 0).astype(int) - picture).mean()
    )


def test_a_passing_finger_leaves_no_trace() -> None:
    picture = scene(1)
    evidence = Evidence(picture.shape[:2])
    for i in range(10):
        frame = noisy(picture, i, 2.0)
        if 3 <= i < 6:
            cv2.rectangle(frame, (100, 80), (160, 239), (120, 150, 210), -1)
        evidence.add(frame, everywhere(picture), 1.0)
    assert np.abs(evidence.image().astype(int) - picture)[80:, 100:160].mean() < 4


def test_a_finger_there_from_the_start_goes_when_the_paper_is_seen_longer() -> None:
    picture = scene(2)
    evidence = Evidence(picture.shape[:2])
    covered = picture.copy()
    cv2.rectangle(covered, (100, 80), (160, 239), (120, 150, 210), -1)
    for i in range(14):
        evidence.add(noisy(covered if i < 3 else picture, i, 2.0), everywhere(picture), 1.0)
    assert np.abs(evidence.image().astype(int) - picture)[80:, 100:160].mean() < 6


def test_what_was_never_seen_stays_unseen_and_blur_weighs_little() -> None:
    picture = scene(3)
    evidence = Evidence(picture.shape[:2])
    seen = everywhere(picture)
    seen[:, :50] = False
    evidence.add(picture, seen, 1.0)
    evidence.add(np.asarray(cv2.blur(picture, (15, 15)), np.uint8), seen, 0.02)
    assert np.array_equal(evidence.seen, seen)
    assert np.abs(evidence.image().astype(int) - picture)[:, 60:].mean() < 2


def test_blur_lowers_sharpness_and_noise_hardly_raises_it() -> None:
    picture = np.ascontiguousarray(scene(5)[..., 1])
    blurred = np.asarray(cv2.blur(picture, (9, 9)), np.uint8)
    assert sharpness(blurred) < 0.3 * sharpness(picture)
    rough = np.clip(blurred + np.random.default_rng(0).normal(0, 3, blurred.shape), 0, 255).astype(np.uint8)
    assert sharpness(rough) < sharpness(picture)


def test_what_is_seen_under_a_reflection_only_is_taken_and_one_clear_sample_replaces_it() -> None:
    truth = np.clip(scene(1), 20, 180).astype(np.uint8)
    evidence, seen, none = Evidence(truth.shape[:2]), everywhere(truth), ~everywhere(truth)
    for _ in range(8):
        evidence.add(truth + np.uint8(60), none, 1.0, None, seen)
    assert evidence.seen.all()
    assert np.abs(evidence.image().astype(int) - truth - 60).max() <= 1
    evidence.add(truth, seen, 1.0)
    assert np.abs(evidence.image().astype(int) - truth).max() <= 1
