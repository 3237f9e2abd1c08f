"""A profile comes back as it was kept, for its own camera and resolution only."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from livespot.calibration import profile
from livespot.calibration.errors import CalibrationError
from livespot.calibration.lens import Refusal
from livespot.calibration.profile import Profile

CAMERA = "usb:046d:082d:HD Pro Webcam C920"
MATRIX = np.array([[1216.25, 0, 641.5], [0, 1216.25, 358.75], [0, 0, 1]])
KEPT = Profile(
    CAMERA, (1280, 720), MATRIX, np.array([-0.3, 0.08, 0.001, -0.002, 0.0]), 0.21, 0.6, "2026-11-22T11:00:00Z", 24,
    {"sensitivity": 1.4, "noise": 2.5},
)  # fmt: skip


def test_it_comes_back_as_it_was() -> None:
    path = profile.save(KEPT)
    assert path.parent == profile.folder()
    found = profile.load(CAMERA, (1280, 720))
    assert isinstance(found, Profile)
    assert found.has_lens
    assert np.allclose(found.matrix, KEPT.matrix)
    assert np.allclose(found.distortion, KEPT.distortion)
    assert (found.identity, found.size, found.rms, found.date, found.views) == (
        CAMERA, (1280, 720), 0.21, KEPT.date, 24,
    )  # fmt: skip
    assert found.sensitivity == 1.4


def test_the_file_is_ros_camera_info() -> None:
    data = yaml.safe_load(profile.as_yaml(KEPT))
    assert (data["image_width"], data["image_height"]) == (1280, 720)
    assert data["distortion_model"] == "plumb_bob"
    shapes = {
        "camera_matrix": (3, 3), "distortion_coefficients": (1, 5), "rectification_matrix": (3, 3),
        "projection_matrix": (3, 4),
    }  # fmt: skip
    for name, (rows, columns) in shapes.items():
        assert (data[name]["rows"], data[name]["cols"]) == (rows, columns)
        assert len(data[name]["data"]) == rows * columns
    assert data["camera_name"].replace("_", "").isalnum()
    assert data["calibration"] == {
        "identity": CAMERA, "date": KEPT.date, "views": 24, "rms_px": 0.21, "focal_error_px": 0.6,
        "check": {"sensitivity": 1.4, "noise": 2.5},
    }  # fmt: skip


def test_one_that_ros_wrote_is_read(tmp_path: Path) -> None:
    data = yaml.safe_load(profile.as_yaml(KEPT))
    del data["calibration"], data["projection_matrix"], data["rectification_matrix"]
    (tmp_path / "ost.yaml").write_text(yaml.safe_dump(data))
    found = profile.load_file(tmp_path / "ost.yaml", CAMERA, (1280, 720))
    assert isinstance(found, Profile)
    assert found.matrix[0, 0] == 1216.25


def test_a_camera_without_a_lens_has_zeros_as_in_ros() -> None:
    bare = Profile("id:x", (640, 480), check={"sensitivity": 0.7})
    profile.save(bare)
    found = profile.load("id:x", (640, 480))
    assert isinstance(found, Profile)
    assert not found.has_lens
    assert found.sensitivity == 0.7


@pytest.mark.parametrize(
    ("identity", "size", "words"),
    [
        ("usb:1:2:Other", (1280, 720), "no profile for usb:1:2:Other"),
        (CAMERA, (640, 480), "calibrated at 1280x720, not at 640x480"),
        (CAMERA.lower(), (1280, 720), "no profile for"),
    ],
    ids=["another camera", "another resolution", "another camera by a letter"],
)
def test_another_camera_or_resolution_is_refused_with_the_reason(
    identity: str, size: tuple[int, int], words: str
) -> None:
    profile.save(KEPT)
    found = profile.load(identity, size)
    assert isinstance(found, Refusal)
    assert not found
    assert words in found.reason
    assert "livespot calibrate lens" in found.reason
    assert "\n" not in found.reason


def _changed(**changes: object) -> str:
    return yaml.safe_dump(yaml.safe_load(profile.as_yaml(KEPT)) | changes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (_changed(image_width=640), "not at 1280x720"),
        (_changed(calibration={"identity": "somebody"}), "profile of somebody"),
        ("", "is not a camera profile"),
        ("{", "is not a camera profile"),
        ("- 1\n- 2", "is not a camera profile"),
        (_changed(camera_matrix={"data": [1, 2]}), "2 numbers where 9 belong"),
        (_changed(camera_matrix={"data": [float("nan")] * 9}), "is not a camera profile"),
        (_changed(camera_matrix={"data": [-1.0, 0, 0, 0, -1.0, 0, 0, 0, 1]}), "focal length"),
        (_changed(distortion_model="equidistant"), "distortion model equidistant"),
        (_changed(image_width="wide"), "is not a camera profile"),
    ],
    ids=["size", "identity", "empty", "no yaml", "a list", "short", "nan", "negative", "fisheye", "words"],
)
def test_a_file_that_does_not_fit_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(text)
    found = profile.load_file(path, CAMERA, (1280, 720))
    assert isinstance(found, Refusal)
    assert words in found.reason
    assert "\n" not in found.reason


def test_a_missing_file_is_refused_and_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    assert "no such file" in str(getattr(profile.load_file(tmp_path / "none.yaml"), "reason", ""))
    (tmp_path / "file").write_text("")
    with pytest.raises(CalibrationError, match="cannot write profile"):
        profile.save(KEPT, tmp_path / "file" / "p.yaml")


def test_saving_leaves_one_file_and_no_other() -> None:
    profile.save(KEPT)
    profile.save(KEPT)
    assert len(list(profile.folder().iterdir())) == 1
