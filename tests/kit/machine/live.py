"""In the machine: the whole program, recording: a film through v4l2loopback, and a USB camera that goes and comes."""

import time
from pathlib import Path

from kit.machine.film import DIFFERENCES, SIZE, pictures_in
from kit.machine.guest import KEPT, OUT, Session, events_of, node, prepare, remove, section, tell, telling, until
from kit.machine.loopback import Loopback
from kit.machine.plugs import ONE, OTHER, WIDTH_HEIGHT, plug_in, webcam
from kit.machine.usb_camera import UsbCamera

LONG = 150.0  # s; the first look at a page takes ten, emulated, and much more where the processor has other work


def all_found(events: Path, since: int = 0) -> bool:
    lines = events_of(events)[since:]
    return bool(lines) and lines[-1]["state"] == "locked" and len(lines[-1]["differences"]) == DIFFERENCES


def loopback_session(film: list[bytes]) -> None:
    """An MJPG film through v4l2loopback, found by its name; a little of every picture damaged, as by cheap cameras."""
    camera = Loopback(node(9), "MJPG", SIZE, 5.0, [picture[:-2] + bytes(7) + picture[-2:] for picture in film])
    events = KEPT / "film.jsonl"
    live = Session(
        "live", "Loopback", "--headless", "--size", WIDTH_HEIGHT, "--fps", "5", "--seconds", "600",
        "--record", str(KEPT / "film.mp4"), "--events", str(events),
    )  # fmt: skip
    tell("film found", until(lambda: all_found(events), LONG))
    time.sleep(1.0)
    live.stop()
    tell("film session", live.told())
    tell("film frames", len(events_of(events)))
    tell("film last", events_of(events)[-1])
    camera.close()


def usb_session(film: list[bytes]) -> None:
    """Recording live, the camera goes, another one gets its number, it comes back under the next one."""
    from livespot.capture import devices

    one, other = webcam(film), UsbCamera("Other", OTHER, film[:3], SIZE)
    plug_in(one, 0)
    events, recording = KEPT / "events.jsonl", KEPT / "recording.mp4"
    live = Session(
        "live", ONE, "--headless", "--size", WIDTH_HEIGHT, "--fps", "5", "--seconds", "600",
        "--record", str(recording), "--events", str(events),
    )  # fmt: skip

    tell("found", until(lambda: all_found(events), LONG))
    time.sleep(1.0)
    before = len(events_of(events))
    one.unplug()
    tell("lost", live.says("camera lost", 20.0))
    tell("number of the other", plug_in(other, 1))
    frames = len(events_of(events))
    time.sleep(4.0)  # two tries to open it again, at least
    tell("frames of the other", len(events_of(events)) - frames)
    tell("number afterwards", plug_in(one, 0))
    tell("there", {camera.index: camera.identity for camera in devices.cameras()})
    came = until(lambda: len(events_of(events)) > frames + 5, 30.0)
    tell("came back", came)
    tell("found again", until(lambda: all_found(events, frames), LONG))
    time.sleep(1.0)
    live.stop()
    tell("session", live.told())
    tell("before", events_of(events)[before - 1])
    tell("first after", events_of(events)[min(frames, len(events_of(events)) - 1)])
    tell("after", events_of(events)[-1])
    other.unplug()


def main() -> None:
    film = pictures_in((OUT / "film").read_bytes())
    prepare(vision=True)
    section(loopback_session, film)
    remove("v4l2loopback")
    remove("vivid")
    section(usb_session, film)


if __name__ == "__main__":
    with telling():
        main()
