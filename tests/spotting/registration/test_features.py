"""Features and which of them look alike."""

import numpy as np
import pytest
from kit.puzzles import page, scene

from livespot.spotting.registration.features import cross_matches, features, self_matches


def test_a_flat_picture_has_no_features_and_no_matches() -> None:
    none = features(np.full((240, 320, 3), 128, np.uint8))
    some = features(scene())
    assert len(none) == 0
    assert len(self_matches(none, 50.0)) == 0
    assert len(cross_matches(none, some)) == len(cross_matches(some, none)) == 0


def test_points_are_in_px_of_the_picture_whatever_its_size() -> None:
    for size in ((320, 240), (1600, 1200)):
        found = features(scene(1, size))
        assert len(found) > 100
        assert found.points.min() >= 0
        assert np.all(found.points.max(axis=0) <= np.array(size) - 1)
        # they fill the picture: no quarter of it is without
        quarter = (found.points >= np.array(size) / 2).astype(int) @ [1, 2]
        assert np.bincount(quarter, minlength=4).min() > 0.1 * len(found)


def test_grey_pictures_are_as_good() -> None:
    picture = scene(2)
    grey = np.ascontiguousarray(picture[..., 1])
    assert len(features(grey)) == pytest.approx(len(features(picture)), rel=0.3)


def test_a_shaded_copy_still_matches() -> None:
    picture = scene(3)
    shade = np.linspace(1.0, 0.35, 320)[None, :, None]
    matches = cross_matches(features(picture), features((picture * shade).astype(np.uint8)))
    off = np.linalg.norm(matches.a - matches.b, axis=1)
    assert int((off < 1.5).sum()) > 80


def test_the_two_panels_of_a_page_match_at_their_displacement() -> None:
    printed = page()
    wanted = printed.b[0] - printed.a[0]
    matches = self_matches(features(printed.image), 50.0)
    off = np.minimum(
        np.linalg.norm(matches.b - matches.a - wanted, axis=1), np.linalg.norm(matches.a - matches.b - wanted, axis=1)
    )
    assert int((off < 2.0).sum()) > 150
    assert np.linalg.norm(matches.a - matches.b, axis=1).min() >= 50.0
