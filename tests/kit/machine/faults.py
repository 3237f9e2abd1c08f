"""In the machine: formats, sizes, controls, and all that a camera can do to a program, by vivid and by USB cameras."""

import functools
import os
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from kit.machine.film import SIZE, pictures_in
from kit.machine.guest import (
    KEPT,
    OUT,
    Session,
    control,
    insert,
    node,
    prepare,
    remove,
    section,
    tell,
    telling,
    until,
    within,
)
from kit.machine.loopback import Loopback
from kit.machine.plugs import MODE, ONE, OTHER, SERIAL, TWIN, WIDTH_HEIGHT, plug_in, webcam
from kit.machine.usb_camera import UsbCamera, interface

DRIVER = Path("/sys/bus/usb/drivers/uvcvideo")
# vivid's controls: include/uapi/linux/v4l2-controls.h, drivers/media/test-drivers/vivid/vivid-ctrls.c
BRIGHTNESS, CONTRAST, AUTOGAIN = 0x00980900, 0x00980901, 0x00980912
DROPPED, DISCONNECT, BROKEN, QBUF, STREAMON, FATAL = (0x00F0F040 + n for n in (0, 1, 2, 4, 5, 6))
NOBODY = 65534
COLOURS = {"red": (200, 40, 40), "green": (40, 180, 60), "blue": (50, 60, 200), "grey": (128, 128, 128)}  # RGB


def settings(**more: Any) -> Any:
    from livespot.settings import Settings, changed

    return changed(Settings(), MODE | more)


def opened(text: str, **more: Any) -> Any:
    from livespot.capture.opening import open_source

    return open_source(text, settings(**more))


def newest(source: Any) -> Any:
    from livespot.capture.newest import NewestFrame

    return NewestFrame(source, settings().capture)


# --- formats and sizes ---


def quarters(form: str) -> bytes:
    """A picture of four colours, 320x240, as a camera sends it in this format (full range where it is YUV: as JPEG)."""
    rgb = np.zeros((240, 320, 3), np.uint8)
    for colour, (y, x) in zip(COLOURS.values(), ((0, 0), (0, 1), (1, 0), (1, 1)), strict=True):
        rgb[120 * y : 120 * y + 120, 160 * x : 160 * x + 160] = colour
    if form == "RGB3":
        return rgb.tobytes()
    if form == "MJPG":
        return cv2.imencode(".jpg", rgb[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()
    # BT.601 in video range, what V4L2 means where it says nothing else
    r, g, b = (rgb[:, :, n].astype(float) for n in range(3))
    luma = 16 + 0.257 * r + 0.504 * g + 0.098 * b
    u, v = 128 - 0.148 * r - 0.291 * g + 0.439 * b, 128 + 0.439 * r - 0.368 * g - 0.071 * b
    y, u, v = (np.rint(plane).astype(np.uint8) for plane in (luma, u, v))
    if form == "GREY":
        return y.tobytes()
    if form == "YUYV":
        return np.stack([y[:, 0::2], u[:, 0::2], y[:, 1::2], v[:, 0::2]], axis=2).tobytes()
    assert form == "NV12"
    return y.tobytes() + np.stack([u[::2, ::2], v[::2, ::2]], axis=2).tobytes()


def colours_of(form: str) -> Any:
    source = opened("/dev/video9", size="320x240")
    with source:
        frames = [source.read() for _ in range(3)]
    image = frames[-1].image
    seen = [
        image[y + 40 : y + 80, x + 60 : x + 100].mean((0, 1))[::-1].round().tolist() for y in (0, 120) for x in (0, 160)
    ]
    return [list(image.shape), source.modes[1], seen]


def formats() -> None:
    seen = {}
    for form in ("MJPG", "YUYV", "NV12", "RGB3", "GREY"):
        camera = Loopback(node(9), form, (320, 240), 10.0, [quarters(form)])
        time.sleep(0.2)
        seen[form] = within(functools.partial(colours_of, form))
        camera.close()
    tell("colours", seen)
    camera = Loopback(node(9), "YUYV", (320, 240), 10.0, [quarters("YUYV")])
    time.sleep(0.2)
    tell("film size", within(lambda: sized("/dev/video9", "1280x720")))
    camera.close()


def sized(text: str, size: str) -> Any:
    with opened(text, size=size) as source:
        frame = source.read()
        return [list(frame.image.shape), source.notice]


def sizes() -> None:
    tell("rounded", within(lambda: sized("0", "700x500")))
    tell("4K", within(lambda: sized("0", "3840x2160"), 60.0))


# --- one that is not to be had ---


def refusals() -> None:
    """One line each, and an end."""
    first = opened("0")
    reads(first, 0.5)
    tell("busy", Session("live", "0", "--headless", "--events", str(KEPT / "busy.jsonl"), "--seconds", "3").told(60.0))
    tell("busy list", Session("cameras").told())
    still = first.read()
    tell("busy first", still is not None)
    first.close()
    os.chmod(node(0), 0o660)
    os.chmod("/mnt", 0o777)
    tell("forbidden", Session("live", "0", "--headless", "--events", "/mnt/forbidden.jsonl", user=NOBODY).told())
    tell("forbidden list", Session("cameras", user=NOBODY).told())
    for name, path in {
        "output": "/dev/video9",
        "null": "/dev/null",
        "none": "/dev/video77",
        "media": "/dev/media0",
    }.items():
        words = ("live", path, "--headless", "--events", str(KEPT / f"{name}.jsonl"), "--seconds", "3")
        tell(f"no camera: {name}", Session(*words).told())


def reads(source: Any, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        source.read()


# --- faults on the way ---


def injected() -> None:
    """Dropped and broken buffers, and a driver that refuses."""
    number = node(0)
    with newest(opened("0")) as feed:
        seen: dict[str, Any] = {}

        def goes_on(name: str) -> None:
            # long enough for a loss to be noticed, and to be made good
            captured = feed.status.captured
            seen[name] = until(lambda: feed.status.captured > captured + 6, 30.0)

        goes_on("at first")
        control(number, DROPPED, 70)
        goes_on("dropped")
        control(number, DROPPED, 0)
        for _ in range(3):
            control(number, BROKEN, 1)
            time.sleep(0.3)
        goes_on("broken")
        for name, button in {"queue refused": QBUF, "fatal": FATAL}.items():
            control(number, button, 1)
            time.sleep(2.5)
            goes_on(name)
            seen[f"{name}: losses"] = feed.status.losses
        status = feed.status
        seen["status"] = [str(status.health), status.message, status.refused]
    control(number, STREAMON, 1)
    seen["start refused"] = within(starts)
    seen["started then"] = within(starts)
    tell("injected", seen)


def starts() -> Any:
    from livespot.errors import SourceError

    try:
        with opened("0") as source:
            return list(source.read().image.shape)
    except SourceError as error:
        return f"refused: {error}"


def vivid_controls() -> None:
    """A driver without focus and exposure keeps what it has."""
    all_of = (BRIGHTNESS, CONTRAST, AUTOGAIN)
    control(node(0), BRIGHTNESS, 90)
    before = [control(node(0), which) for which in all_of]
    with opened("0") as source:
        reads(source, 0.5)
        source.keep_focus(True)
        reads(source, 1.5)
        says, kept = source.focus, [control(node(0), which) for which in all_of]
    tell("vivid controls", [before, kept, [control(node(0), which) for which in all_of], says])


def numbers() -> None:
    """Disconnected while it is read; then another one alone; then both, under other numbers."""
    remove("vivid")
    insert("vivid", "n_devs=2 node_types=0x1,0x1")
    known = {"numbers": sorted(path.name for path in Path("/dev").glob("video*"))}
    with newest(opened("vivid-001")) as feed:
        until(lambda: feed.status.captured > 3, 20.0)
        known["at first"] = feed.source.camera.index
        control(node(known["at first"]), DISCONNECT, 1)
        known["lost"] = until(lambda: str(feed.status.health) == "lost", 20.0)
        remove("vivid")
        insert("vivid", "n_devs=1 node_types=0x1 vid_cap_nr=" + str(known["at first"]))
        captured = feed.status.captured
        time.sleep(4.0)
        known["taken for it"] = feed.status.captured - captured
        known["message"] = feed.status.message
        remove("vivid")
        insert("vivid", "n_devs=2 node_types=0x1,0x1 vid_cap_nr=6,5")
        known["back"] = until(lambda: feed.status.recoveries == 1, 30.0)
        known["afterwards"] = feed.source.camera.index
    tell("vivid numbers", known)


# --- USB ---


def words(one: UsbCamera, other: UsbCamera) -> None:
    """How the cameras are listed, and which words of SOURCE mean which."""
    from livespot.capture import devices

    usual = Session("cameras", "--size", WIDTH_HEIGHT).told()
    tell("listed", usual)
    meant = {}
    for text in (
        ONE,
        f"{ONE}:{SERIAL}",
        SERIAL.lower(),
        one.name,
        "c920",
        f"usb:{ONE}:{one.name}",
        OTHER,
        "0",
        "/dev/video1",
    ):
        camera = devices.find(text, devices.cameras())
        meant[text] = camera and camera.usb
    tell("meant", meant)


def twins(film: list[bytes]) -> None:
    """Two alike without serial numbers: the one that stays is not taken for the one that went."""
    from livespot.capture import devices
    from livespot.capture.camera import CameraSource
    from livespot.capture.newest import NewestFrame
    from livespot.settings import Settings, changed

    first, second, third = (UsbCamera("Twin", TWIN, film, SIZE) for _ in range(3))
    plug_in(first, 3)
    number = plug_in(second, 4)
    settings = changed(Settings(), MODE)
    known = next(camera for camera in devices.cameras() if camera.index == number)
    try:
        devices.find(TWIN, devices.cameras())
    except Exception as error:
        tell("twins refused", str(error))
    tell("twins", sorted(c.identity for c in devices.cameras() if c.usb == TWIN))
    with NewestFrame(CameraSource(known, settings), settings.capture) as newest:
        tell("twin runs", until(lambda: newest.status.captured > 3, 20.0))
        second.unplug()
        until(lambda: newest.status.health == "lost", 20.0)
        captured = newest.status.captured
        plug_in(third, 5)  # it takes the number
        time.sleep(3.0)
        tell("twin lost", [str(newest.status.health), newest.status.captured - captured])
        again = plug_in(second, 4)
        tell("twin back", until(lambda: newest.status.recoveries == 1, 30.0))
        tell("twin numbers", [number, again, newest.source.camera.index])
    for camera in (first, second, third):
        camera.unplug()


def taken_from_its_driver() -> None:
    """Unbound and bound again, as a hub that loses power does it."""
    from livespot.capture import opening
    from livespot.capture.newest import NewestFrame
    from livespot.settings import Settings, changed

    settings = changed(Settings(), MODE)
    with NewestFrame(opening.open_source(f"{ONE}:{SERIAL}", settings), settings.capture) as newest:
        until(lambda: newest.status.captured > 3, 20.0)
        name = interface(0)
        for file in ("unbind", "bind"):
            (DRIVER / file).write_text(name)
            if file == "unbind":
                tell("unbound", until(lambda: newest.status.health == "lost", 20.0))
        tell("bound", until(lambda: newest.status.recoveries == 1, 30.0))


def state(one: UsbCamera) -> list[int]:
    return [one.autofocus.value, one.focus.value, one.exposure_mode.value, one.exposure.value]


def controls(one: UsbCamera) -> None:
    """What K does to focus and exposure, and that they are given back."""
    from livespot.capture import opening
    from livespot.settings import Settings, changed

    settings = changed(Settings(), MODE)
    states: dict[str, Any] = {"at first": state(one)}
    source = opening.open_source(f"{ONE}:{SERIAL}", settings)

    def reads(seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            source.read()

    with source:
        reads(1.5)
        states["untouched"] = state(one)
        source.keep_focus(True)
        reads(1.0)
        states["kept"], states["says"] = state(one), source.focus
        source.keep_focus(False)
        reads(0.5)
        states["let go"] = state(one)
        source.keep_focus(True)
        reads(1.0)
        states["kept again"] = state(one)
    states["closed"] = state(one)
    source = opening.open_source(f"{ONE}:{SERIAL}", changed(settings, {"lock_focus": True}))
    reads(2.0)
    states["lock_focus"] = state(one)
    one.unplug()
    source.close()
    one.autofocus.value, one.exposure_mode.value = 1, 8  # without power it forgets
    plug_in(one, 0)
    source = source.reopen()
    reads(1.0)
    states["plugged in again"] = state(one)
    source.close()
    states["at the end"] = state(one)
    states["brightness"] = one.brightness.sets
    tell("controls", states)


def silent(one: UsbCamera) -> None:
    """A camera that opens, and sends nothing."""
    one.still.set()
    live = Session(
        "live", ONE, "--headless", "--size", WIDTH_HEIGHT, "--fps", "5", "--seconds", "4",
        "--events", str(KEPT / "silent.jsonl"), "--set", "capture.open_timeout=3",
    )  # fmt: skip
    tell("silent", live.told(60.0))
    one.still.clear()


def usb(film: list[bytes]) -> None:
    one, other = webcam(film), UsbCamera("Other", OTHER, film[:3], SIZE)
    tell("numbers", [plug_in(one, 0), plug_in(other, 1)])
    section(words, one, other)
    other.unplug()
    section(controls, one)
    section(taken_from_its_driver)
    section(silent, one)
    section(twins, film)
    one.unplug()


def main() -> None:
    film = pictures_in((OUT / "film").read_bytes())
    prepare(vision=True)
    for part in (formats, sizes, refusals, injected, vivid_controls, numbers):
        section(part)
    remove("vivid")
    section(usb, film)


if __name__ == "__main__":
    with telling():
        main()
