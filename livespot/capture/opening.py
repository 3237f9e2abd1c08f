"""SOURCE, as a user writes it, to a Source.

nothing: the camera chosen last, else the first one. A number, device path, identity, USB vendor:product, serial number,
name or part of a name: that camera. A video file, a picture, a folder of pictures. An http, https, rtsp or tcp address.
`phone`: a phone's browser. `screen`, `screen:...`: the screen or a part of it. `demo` or `demo:NAME`. A number is never
a file (./1 is), and a file comes before a camera of the same name.
"""

import os
import re
import stat
from dataclasses import asdict, dataclass
from pathlib import Path

from livespot.capture import devices
from livespot.capture.devices import Camera
from livespot.capture.network import address
from livespot.capture.stills import SUFFIXES, StillsSource, folder_of_stills, refuse_unreadable
from livespot.capture.turned import turned
from livespot.errors import SourceError
from livespot.frame import Source
from livespot.settings import Settings, size_px

_NETWORK = re.compile(r"(localhost|[\w.-]+\.[\w-]+):\d{1,5}(/.*)?|(\d{1,3}\.){3}\d{1,3}(/.*)?")


class NoCamera(SourceError):
    """No SOURCE was given and there is no camera."""


@dataclass(frozen=True)
class DemoOptions:
    """What the command line asks of demo.open_demo. realtime: frames come at their time and drop like a camera's.

    scenario, layout: None leaves the choice to the demo.
    """

    seconds: float | None = None
    seed: int = 0
    scenario: str | None = None
    layout: str | None = None
    realtime: bool = False


def open_source(text: str | None, settings: Settings, demo: DemoOptions | None = None) -> Source:
    """The source that `text` means, open. Raises SourceError; NoCamera when nothing was asked for and nothing is there.

    A source with a `reopen()` is a camera or a stream: read it through livespot.capture.newest.
    """
    return turned(_open(text, settings, demo or DemoOptions()), settings.rotate)


def is_demo(text: str | None) -> bool:
    """Whether SOURCE is the simulated webcam."""
    return text is not None and (text == "demo" or text.startswith("demo:"))


def _open(text: str | None, settings: Settings, demo: DemoOptions) -> Source:
    if text is None:
        return _first_camera(settings)
    if not text.strip():
        raise SourceError("the source is an empty word: leave it out for the first camera")
    if is_demo(text):
        return _demo(text.partition(":")[2] or None, settings, demo)
    if text == "phone":
        try:
            from livespot.capture.phone.source import PhoneSource
        except ImportError as missing:
            raise SourceError(
                f"a phone as the camera needs {missing.name} and a few more: pip install 'livespot[phone]'"
            ) from None
        return PhoneSource(settings)
    if text == "screen" or text.startswith("screen:"):
        from livespot.capture.screen import ScreenSource

        return ScreenSource(text.partition(":")[2].strip(), settings)
    if address.is_address(text):
        from livespot.capture.network.stream import open_stream

        return open_stream(text, settings.capture)
    if text.isdecimal() or devices.is_device(text):
        return _camera(text, settings)
    try:
        path = Path(text).expanduser()
    except RuntimeError:
        raise SourceError(f"there is no file {text}: nobody of that name has a home folder here") from None
    if os.path.lexists(path):
        return _file(path, settings)
    camera = devices.find(text, devices.cameras())
    if camera is not None:
        return _chosen(camera, settings)
    if (shown := address.without_password(text)) != text:
        raise SourceError(f"{shown} is no file: a network camera begins with http:// or rtsp://")
    if _NETWORK.fullmatch(text):
        raise SourceError(f"there is no file {text}: if it is a network camera, write http://{text}")
    if path.suffix or len(path.parts) > 1:
        raise SourceError(f"there is no file {text}: is the name right?")
    raise SourceError(f"{text!r} is not a file, a camera's name or a command: `livespot cameras` lists the cameras")


def _first_camera(settings: Settings) -> Source:
    there, last = devices.cameras(), devices.chosen_last()
    same = None if last is None else devices.again(last, there)
    first = same or (there[0] if there else None)
    if first is None:
        raise NoCamera("no camera found: plug one in, or name a SOURCE such as clip.mp4 or demo")
    from livespot.capture.camera import CameraSource

    source = CameraSource(first, settings)
    if last is not None and same is None:
        other = f"{last.label()}, used last, is not plugged in: this is {first.label()}"
        source.notice = f"{other}; {source.notice}" if source.notice else other
    return source


def _camera(text: str, settings: Settings) -> Source:
    there = devices.cameras()
    camera = devices.find(text, there)
    if camera is not None:
        return _chosen(camera, settings)
    if text.startswith("/dev/"):
        number = Path(text).name.removeprefix("video")
        if not os.path.exists(text):
            raise SourceError(f"there is no device {text}: `livespot cameras` lists the cameras")
        if there or not number.isdecimal():
            raise SourceError(f"{text} is not a camera: `livespot cameras` lists the cameras")
        return _chosen(devices.numbered(int(number), text), settings)
    file = f"; ./{text} is the file" if os.path.lexists(text) else ""
    if there or len(text) > 3:  # more digits than any system has cameras: OpenCV would not take the number
        which = f"there are {', '.join(str(c.index) for c in there)}" if there else "`livespot cameras` lists them"
        raise SourceError(f"there is no camera {text}: {which}{file}")
    try:  # where cameras cannot be listed they may still open by number
        return _chosen(devices.numbered(int(text)), settings)
    except SourceError:
        raise SourceError(
            f"there is no camera {text}, nor any other: plug one in, or try `livespot demo`{file}"
        ) from None


def _chosen(camera: Camera, settings: Settings) -> Source:
    from livespot.capture.camera import CameraSource

    source = CameraSource(camera, settings)
    devices.remember(camera)
    return source


def _file(path: Path, settings: Settings) -> Source:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror}") from None
    if stat.S_ISDIR(mode):
        return folder_of_stills(path, settings.fps)
    if not stat.S_ISREG(mode):
        raise SourceError(f"{path} is not a file but a pipe or device: livespot reads files, cameras and addresses")
    if not os.access(path, os.R_OK):
        raise SourceError(f"cannot read {path}: permission denied")
    if path.suffix.lower() in SUFFIXES:
        return StillsSource([path], path.name, settings.fps)
    from livespot.capture.video import VideoSource

    refuse_unreadable(path)
    return VideoSource(path)


def _demo(name: str | None, settings: Settings, options: DemoOptions) -> Source:
    from livespot.demo import open_demo

    return open_demo(name, size=size_px(settings), fps=settings.fps, **asdict(options))
