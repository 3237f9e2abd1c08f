"""Every tunable, in one structure, with its unit, range and meaning.

The command line, the TOML file (`--config`) and the README's table are all made from it. A file looks like this:

    method = "robust"
    sensitivity = 1.2
    [classic]
    quantile = 0.97
"""

import dataclasses
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_type_hints

from livespot.errors import UsageError


@dataclass(frozen=True)
class Tunable:
    """One tunable, for the command line and the documents. `key` is "sensitivity" or "classic.quantile"."""

    key: str
    type: type
    default: Any
    meaning: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    pattern: str = ""  # a regular expression that the whole text must match

    def parse(self, value: Any) -> Any:
        """`value` (a string, or a TOML value) as this tunable's type. Raises UsageError when it does not fit."""
        try:
            if self.type is bool:
                if isinstance(value, bool):
                    return value
                return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[
                    str(value).lower()
                ]
            if isinstance(value, bool) or (self.type is int and isinstance(value, float)):
                raise ValueError
            result = self.type(value)
            if self.type is float and not math.isfinite(result):
                raise ValueError
        except (KeyError, ValueError, TypeError, OverflowError):
            raise UsageError(f"{self.key}: {value!r} is not {self.expected()}") from None
        if self.choices and str(result) not in self.choices:
            raise UsageError(f"{self.key}: {value!r} is not {self.expected()}")
        if self.pattern and not re.fullmatch(self.pattern, str(result)):
            raise UsageError(f"{self.key}: {value!r} is not {self.expected()} such as {self.default}")
        if self.low is not None and self.high is not None and not self.low <= result <= self.high:
            raise UsageError(f"{self.key}: {value!r} is not {self.expected()}")
        return result

    def expected(self) -> str:
        """What a value must be, in words."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if self.type is bool:
            return "true or false"
        kind = {int: "a whole number", float: "a number"}.get(self.type, "text")
        if self.low is not None and self.high is not None:
            kind += f" from {self.low:g} to {self.high:g}"
        return f"{kind} ({self.unit})" if self.unit else kind


def tunable(default: Any, meaning: str, **limits: Any) -> Any:
    """A settings field with its description; limits: the fields of a Tunable from `unit` on."""
    return field(default=default, metadata={"described": Tunable("", str, default, meaning, **limits)})


@dataclass(frozen=True)
class ClassicSettings:
    """The published pipeline (`--method classic`)."""

    map: str = tunable("ssim", "how the panels are compared", choices=("ssim", "absdiff"))
    blur: float = tunable(0.02, "Gaussian blur before comparing", unit="of the panel's width", low=0.0, high=0.2)
    quantile: float = tunable(0.95, "what lies above this quantile of the map is different", low=0.5, high=0.9999)
    boxes: int = tunable(15, "how many of the largest regions are kept", low=1, high=1000)


@dataclass(frozen=True)
class CaptureSettings:
    """Cameras and streams."""

    open_timeout: float = tunable(8.0, "give up opening a network source after", unit="s", low=0.5, high=120.0)
    stall_timeout: float = tunable(2.0, "no new frame for this long is a lost camera", unit="s", low=0.5, high=60.0)
    retry_first: float = tunable(0.5, "wait before a lost camera is opened again", unit="s", low=0.05, high=60.0)
    retry_longest: float = tunable(
        4.0, "the wait doubles with every failure, up to this long", unit="s", low=0.1, high=600.0
    )
    profile: str = tunable(
        "auto", "the camera's profile: auto (the one `livespot calibrate` made for it), none, or a file"
    )
    rtsp: str = tunable(
        "tcp", "how an RTSP camera sends: tcp (udp where it refuses that), or udp", choices=("tcp", "udp")
    )
    mjpg: bool = tunable(True, "ask a camera for MJPG, which most need for more than a few large frames a second")


@dataclass(frozen=True)
class PhoneSettings:
    """The page for a phone (SOURCE `phone`)."""

    address: str = tunable("auto", "where the page is served: auto, an address, or an interface such as wlan0")
    family: str = tunable("auto", "the kind of address", choices=("auto", "ipv4", "ipv6"))
    port: int = tunable(
        0, "the page's port, the one after it is the secure page's; 0: any free ones", low=0, high=65534
    )


@dataclass(frozen=True)
class RecordingSettings:
    """The recorded video."""

    quality: int = tunable(
        23, "of H.264, as its constant rate factor counts; lower is better and larger", low=10, high=45
    )
    # what waits is lost in a crash: half a second at 30 frames a second keeps the loss below one
    queue: int = tunable(
        15, "frames that may wait for the encoder before one is dropped", unit="frames", low=2, high=600
    )
    warn_free_mb: float = tunable(500.0, "warn when less than this is free on the disk", unit="MB", low=0.0, high=1e6)
    stop_free_mb: float = tunable(50.0, "stop recording when less than this is free", unit="MB", low=0.0, high=1e6)


@dataclass(frozen=True)
class Settings:
    """The whole structure. Top-level fields are options of the command line; sections are reached by --set and TOML."""

    method: str = tunable("robust", "how the panels are compared", choices=("robust", "classic"))
    sensitivity: float = tunable(1.0, "larger finds fainter differences and risks false ones", low=0.25, high=4.0)
    size: str = tunable(
        "1280x720", "camera size asked for", unit="px, WIDTHxHEIGHT", pattern=r"[1-9]\d{1,4}x[1-9]\d{1,4}"
    )
    fps: float = tunable(30.0, "camera rate asked for", unit="frames/s", low=1.0, high=240.0)
    mirror: bool = tunable(False, "mirror the preview (never a recording)")
    sound: bool = tunable(False, "a short sound when a page is found, and when a new difference is sure")
    rotate: int = tunable(0, "turn the camera's picture clockwise", unit="degrees", choices=("0", "90", "180", "270"))
    folder: str = tunable(
        "auto", "where what a key keeps goes; auto: to livespot in the Pictures and the Videos folder", unit="folder"
    )
    mirror_to_phone: bool = tunable(False, "SOURCE phone: show the boxes on the phone too")
    lock_focus: bool = tunable(False, "keep the camera's focus and exposure as they are after the first second")
    analysis_rate: float = tunable(
        5.0, "analyses a second of source time when a file is read", unit="1/s", low=0.5, high=60.0
    )
    threads: int = tunable(2, "threads of the kernels", low=1, high=16)
    classic: ClassicSettings = field(default_factory=ClassicSettings)
    capture: CaptureSettings = field(default_factory=CaptureSettings)
    phone: PhoneSettings = field(default_factory=PhoneSettings)
    recording: RecordingSettings = field(default_factory=RecordingSettings)


def tunables() -> Iterator[Tunable]:
    """All tunables, top-level ones first."""
    yield from _of(Settings, "")
    for section in dataclasses.fields(Settings):
        kind = get_type_hints(Settings)[section.name]
        if dataclasses.is_dataclass(kind):
            assert isinstance(kind, type)
            yield from _of(kind, section.name + ".")


def _of(cls: type, prefix: str) -> Iterator[Tunable]:
    hints = get_type_hints(cls)
    for f in dataclasses.fields(cls):
        if f.metadata:
            yield dataclasses.replace(f.metadata["described"], key=prefix + f.name, type=hints[f.name])


def size_px(settings: Settings) -> tuple[int, int]:
    """The camera size asked for: width, height, px."""
    width, height = settings.size.split("x")
    return int(width), int(height)


def changed(settings: Settings, values: Mapping[str, Any]) -> Settings:
    """`settings` with values given by key ("classic.quantile": "0.97"). Raises UsageError for an unknown key."""
    known = {t.key: t for t in tunables()}
    for key, value in values.items():
        if key not in known:
            raise UsageError(f"unknown setting {key!r}; `livespot settings` lists them")
        parsed = known[key].parse(value)
        section, _, name = key.rpartition(".")
        if section:
            inner = dataclasses.replace(getattr(settings, section), **{name: parsed})
            settings = dataclasses.replace(settings, **{section: inner})
        else:
            settings = dataclasses.replace(settings, **{name: parsed})
    return settings


def as_text(data: bytes) -> str:
    """The text of a file, as programs on Windows write it too: UTF-8 with a mark before it, or UTF-16."""
    return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")


def from_toml(path: Path, settings: Settings | None = None) -> Settings:
    """Settings with what the TOML file at `path` changes. Raises UsageError for a file that cannot be used."""
    try:
        data = tomllib.loads(as_text(path.read_bytes()))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(f"cannot use settings file {path}: {reason}") from None
    flat: dict[str, Any] = {}
    for key, value in data.items():
        if isinstance(value, dict):
            flat.update({f"{key}.{name}": inner for name, inner in value.items()})
        else:
            flat[key] = value
    try:
        return changed(settings or Settings(), flat)
    except UsageError as error:
        raise UsageError(f"settings file {path}: {error}") from None
