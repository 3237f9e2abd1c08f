"""USB cameras in the machine, and the numbers they get."""

from typing import Any

from kit.machine.film import SIZE
from kit.machine.guest import until
from kit.machine.usb_camera import UsbCamera

ONE, OTHER, TWIN = "046d:082d", "0c45:6366", "1bcf:2281"
SERIAL = "A1B2C3D4"
WIDTH_HEIGHT = "x".join(map(str, SIZE))
MODE: dict[str, Any] = {"size": WIDTH_HEIGHT, "fps": 5.0}


def webcam(film: list[bytes]) -> UsbCamera:
    """The one that is meant."""
    return UsbCamera("HD Pro Webcam C920", ONE, film, SIZE, serial=SERIAL)


def there() -> dict[int, str]:
    from livespot.capture import devices

    return {camera.index: camera.usb for camera in devices.cameras()}


def plug_in(camera: UsbCamera, plug: int) -> int:
    """Its number, once it has one."""
    before = there()
    camera.plug_in(plug)
    assert until(lambda: len(there()) > len(before), 60.0), f"no /dev/video for {camera.name}"
    return next(index for index in there() if index not in before)
