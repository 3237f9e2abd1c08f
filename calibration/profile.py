"""A camera's profile: its lens, and what it was measured to be able to do. One YAML file a camera and resolution.

In: an identity (what `livespot cameras` prints) and a size, or a Lens to keep. Out: a Profile, or a falsy Refusal that
says why not. The file is ROS camera_info YAML (camera_calibration_parsers; sensor_msgs/CameraInfo), with a section
`calibration` of its own beside it, which ROS ignores; a matrix of zeros means, as in ROS, that the lens is not known.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
import yaml
from numpy.typing import NDArray

from . import whole
from .errors import CalibrationError
from .lens import Lens, Refusal

Floats = NDArray[np.float64]
Size = tuple[int, int]
HOW = "livespot calibrate lens"


@dataclass(frozen=True, eq=False)
class Profile:
    """identity: of the camera. size: (width, height) px it holds for.

    matrix: (3, 3) px; zeros when the lens is not known. distortion: (5,) k1, k2, p1, p2, k3. rms, focal_error: px.
    date: ISO, UTC. views: how many the lens was fitted on. check: what the self-check measured, by name.
    """

    identity: str
    size: Size
    matrix: Floats = field(default_factory=lambda: np.zeros((3, 3)))
    distortion: Floats = field(default_factory=lambda: np.zeros(5))
    rms: float = 0.0
    focal_error: float = 0.0
    date: str = ""
    views: int = 0
    check: Mapping[str, float | int | str] = field(default_factory=dict)

    @property
    def has_lens(self) -> bool:
        """Whether the lens was calibrated."""
        return bool(self.matrix[0, 0] > 0)

    @property
    def sensitivity(self) -> float | None:
        """The sensitivity that the self-check fitted to this camera; None when it never ran."""
        value = self.check.get("sensitivity")
        return float(value) if isinstance(value, int | float) else None

    def turned(self, degrees: int) -> Profile:
        """The same camera with its picture turned clockwise by 0, 90, 180 or 270 degrees."""
        out = self
        for _ in range(degrees // 90 % 4):
            (width, height), m, d = out.size, out.matrix, out.distortion
            matrix = np.array([[m[1, 1], 0, height - 1 - m[1, 2]], [0, m[0, 0], m[0, 2]], [0, 0, m[2, 2]]])
            out = dataclasses.replace(
                out,
                size=(height, width),
                matrix=matrix if out.has_lens else m,
                distortion=np.array([d[0], d[1], d[3], -d[2], d[4]]),
            )
        return out


def from_lens(identity: str, lens: Lens, check: Mapping[str, float | int | str] | None = None) -> Profile:
    """The profile of a camera whose lens was just measured."""
    n = len(lens.views)
    return Profile(identity, lens.size, lens.matrix, lens.distortion, lens.rms, lens.focal_error, now(), n, check or {})


def now() -> str:
    """The time, as profiles write it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def folder() -> Path:
    """Where profiles are kept (not made here)."""
    try:
        return Path(platformdirs.user_config_dir("livespot")) / "cameras"
    except RuntimeError:  # a user without a home: nothing is kept
        return Path(os.devnull) / "cameras"


def path_for(identity: str, size: Size) -> Path:
    """The file of that camera at that resolution."""
    return folder() / f"{_stem(identity)}-{size[0]}x{size[1]}.yaml"


def load(identity: str, size: Size) -> Profile | Refusal:
    """The profile kept for this camera at this resolution; else why there is none to be used."""
    path = path_for(identity, size)
    if path.exists():
        return load_file(path, identity, size)
    others = []
    with contextlib.suppress(OSError):
        others = sorted(p.stem.rpartition("-")[2] for p in folder().glob(f"{_stem(identity)}-*.yaml"))
    if others:
        return Refusal(
            f"{identity} is calibrated at {' and '.join(others)}, not at {size[0]}x{size[1]}: "
            f"run `{HOW}` at this size, or use that one",
            unsuited=True,
        )
    return Refusal(f"no profile for {identity}: `{HOW}` makes one")


def load_file(path: Path, identity: str | None = None, size: Size | None = None) -> Profile | Refusal:
    """The profile in a file, which must be for this camera and resolution where they are given."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        profile = _from_yaml(data)
    except OSError as error:
        return Refusal(f"cannot read profile {path}: {(error.strerror or str(error)).lower()}", True)
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        what = " ".join(str(error).split())[:120]
        return Refusal(f"{path} is not a camera profile ({what}): run `{HOW}` again", True)
    if identity is not None and profile.identity and profile.identity != identity:
        return Refusal(f"{path.name} is the profile of {profile.identity}, not of {identity}: run `{HOW}`", True)
    if size is not None and profile.size != tuple(size):
        return Refusal(
            f"{path.name} holds at {profile.size[0]}x{profile.size[1]}, not at {size[0]}x{size[1]}: "
            f"run `{HOW}` at this size, or use that one",
            unsuited=True,
        )
    return profile


def save(profile: Profile, path: Path | None = None) -> Path:
    """Keep the profile, whole or not at all; returns where. Raises CalibrationError when it cannot be written."""
    path = path or path_for(profile.identity, profile.size)
    try:
        whole.write(path, as_yaml(profile))
    except OSError as error:
        raise CalibrationError(f"cannot write profile {path}: {(error.strerror or str(error)).lower()}") from None
    return path


def as_yaml(profile: Profile) -> str:
    """The file's text."""
    k = profile.matrix
    projection = np.zeros((3, 4))
    projection[:, :3] = k
    own: dict[str, Any] = {"identity": profile.identity}
    if profile.has_lens:
        own |= {
            "date": profile.date,
            "views": profile.views,
            "rms_px": round(profile.rms, 4),
            "focal_error_px": round(profile.focal_error, 3),
        }
    if profile.check:
        own["check"] = dict(profile.check)
    data = {
        "image_width": profile.size[0],
        "image_height": profile.size[1],
        "camera_name": re.sub(r"\W+", "_", profile.identity).strip("_") or "camera",  # all that ROS allows
        "camera_matrix": _matrix(k),
        "distortion_model": "plumb_bob",
        "distortion_coefficients": _matrix(profile.distortion[None, :]),
        "rectification_matrix": _matrix(np.eye(3)),
        "projection_matrix": _matrix(projection),
        "calibration": own,
    }
    return str(yaml.safe_dump(data, sort_keys=False, default_flow_style=None, width=120, allow_unicode=True))


def _from_yaml(data: Any) -> Profile:
    if not isinstance(data, dict):
        raise ValueError("no settings in it")
    model = data.get("distortion_model", "plumb_bob")
    if model not in ("plumb_bob", ""):
        raise ValueError(f"distortion model {model}")
    own = data.get("calibration") or {}
    matrix = _numbers(data["camera_matrix"], 9).reshape(3, 3)
    distortion = _numbers(data["distortion_coefficients"], 5)
    size = int(data["image_width"]), int(data["image_height"])
    if min(size) <= 0 or (matrix.any() and (matrix[0, 0] <= 0 or matrix[1, 1] <= 0)):
        raise ValueError("a size or a focal length that is not above 0")
    check = own.get("check") or {}
    return Profile(
        str(own.get("identity", "")), size, matrix, distortion, float(own.get("rms_px", 0.0)),
        float(own.get("focal_error_px", 0.0)), str(own.get("date", "")), int(own.get("views", 0)), dict(check),
    )  # fmt: skip


def _numbers(entry: Any, count: int) -> Floats:
    values: Sequence[Any] = entry["data"]
    if len(values) != count:
        raise ValueError(f"{len(values)} numbers where {count} belong")
    out = np.array(values, np.float64)
    if not np.isfinite(out).all():
        raise ValueError("a number that is none")
    return out


def _matrix(values: Floats) -> dict[str, Any]:
    rows, columns = values.shape
    return {"rows": rows, "cols": columns, "data": [round(float(v), 9) for v in values.ravel()]}


def _stem(identity: str) -> str:
    short = re.sub(r"[^A-Za-z0-9]+", "-", identity).strip("-")[:48] or "camera"
    return f"{short}-{hashlib.sha1(identity.encode(errors='replace')).hexdigest()[:8]}"
