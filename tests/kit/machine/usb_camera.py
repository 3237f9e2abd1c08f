"""A USB camera that is a program: descriptors, controls and pictures, spoken over USB/IP to the kernel's vhci-hcd.

The kernel's own drivers (usbcore, uvcvideo) take it for a camera in a plug, with vendor, product, name and serial
number, focus and exposure to set, and MJPG pictures. No gadget on dummy_hcd: its pictures were not
tried to get through there.

USB/IP: Documentation/usb/usbip_protocol.rst of the kernel. UVC: "USB Device Class Definition for Video Devices 1.1".
"""

import contextlib
import itertools
import os
import socket
import struct
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

VHCI = Path("/sys/devices/platform/vhci_hcd.0")
_HIGH_SPEED = 3
_SUBMIT, _UNLINK, _SUBMITTED, _UNLINKED = 1, 2, 3, 4
_STALL, _GONE = -32, -104  # EPIPE, ECONNRESET
_PAYLOAD = 16384  # bytes of a transfer: one payload of the video stream each
_CAMERA, _PROCESSING, _OUTPUT = 1, 2, 3  # the units a UVC camera is made of
_VIDEO = 0x81  # the endpoint the pictures come from


@dataclass
class Control:
    """One control of a unit. size: bytes. value: where it stands; sets: what it was set to, in order."""

    unit: int
    selector: int
    size: int
    least: int
    most: int
    value: int
    default: int = 0

    def __post_init__(self) -> None:
        self.default = self.value
        self.sets: list[int] = []

    def answer(self, request: int) -> bytes | None:
        if request == 0x86:  # GET_INFO: may be read and set
            return b"\x03"
        if request == 0x85:  # GET_LEN
            return struct.pack("<H", self.size)
        step = self.most if self.selector == 0x02 and self.unit == _CAMERA else 1  # of the exposure mode: what there is
        known = {0x81: self.value, 0x82: self.least, 0x83: self.most, 0x84: step, 0x87: self.default}
        return known[request].to_bytes(self.size, "little") if request in known else None

    def set(self, data: bytes) -> None:
        self.value = int.from_bytes(data[: self.size], "little")
        self.sets.append(self.value)


class UsbCamera:
    """A camera with these pictures, shown over and over.

    pictures: JPEG files of `size` px. serial: "" for none. still: pictures stop while it is set.
    """

    def __init__(
        self,
        name: str,
        usb: str,
        pictures: Sequence[bytes],
        size: tuple[int, int],
        *,
        serial: str = "",
        fps: float = 5.0,
    ) -> None:
        self.name, self.serial = name, serial
        self.vendor, self.product = (int(part, 16) for part in usb.split(":"))
        self.still = threading.Event()
        self.exposure_mode = Control(_CAMERA, 0x02, 1, 0, 0x09, 0x08)  # 1: by hand, 8: aperture priority
        self.exposure = Control(_CAMERA, 0x04, 4, 3, 2047, 250)
        self.focus = Control(_CAMERA, 0x06, 2, 0, 250, 120)
        self.autofocus = Control(_CAMERA, 0x08, 1, 0, 1, 1)
        self.brightness = Control(_PROCESSING, 0x02, 2, 0, 255, 128)
        self._controls = {
            (c.unit, c.selector): c
            for c in (self.exposure_mode, self.exposure, self.focus, self.autofocus, self.brightness)
        }
        self._pictures, self._size, self._fps = pictures, size, fps
        self._probe = self._mode()
        self._socket: socket.socket | None = None
        self._plug = -1
        self._began = time.monotonic()

    def plug_in(self, plug: int = 0) -> None:
        """Into a plug of the virtual hub, from 0. Its /dev/videoN comes a moment later."""
        ours, kernels = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket, self._plug = ours, plug
        self._sending = threading.Lock()
        self._waiting: list[tuple[int, int]] = []  # transfers that wait for a picture: number, length
        self._wanted = threading.Condition()
        for work in (self._serve, self._film):
            threading.Thread(target=work, args=(ours,), name=f"usb camera {self.name}", daemon=True).start()
        (VHCI / "attach").write_text(f"{plug} {kernels.fileno()} {0x10000 + plug} {_HIGH_SPEED}\n")
        kernels.close()

    def unplug(self) -> None:
        if self._socket is not None:
            (VHCI / "detach").write_text(f"{self._plug}\n")
            link, self._socket = self._socket, None
            with self._wanted:
                self._wanted.notify_all()
            link.close()

    # --- what the kernel asks ---

    def _serve(self, link: socket.socket) -> None:
        with contextlib.suppress(OSError, struct.error):
            while True:
                head = _whole(link, 48)
                command, number, _, way, endpoint = struct.unpack(">5I", head[:20])
                if command == _UNLINK:
                    self._unlink(link, number, struct.unpack(">I", head[20:24])[0])
                    continue
                length = struct.unpack(">i", head[24:28])[0]
                data = _whole(link, length) if way == 0 and length else b""
                if endpoint:
                    with self._wanted:
                        self._waiting.append((number, length))
                        self._wanted.notify_all()
                else:
                    answer = self._control(head[40:48], data)
                    self._reply(link, number, answer if way else answer and b"", len(data))

    def _reply(self, link: socket.socket, number: int, answer: bytes | None, taken: int = 0) -> None:
        status = _STALL if answer is None else 0
        answer = answer or b""
        head = struct.pack(">5I5i8x", _SUBMITTED, number, 0, 0, 0, status, len(answer) or taken, 0, 0, 0)
        with self._sending:
            link.sendall(head + answer)

    def _unlink(self, link: socket.socket, number: int, which: int) -> None:
        with self._wanted:
            there = [transfer for transfer in self._waiting if transfer[0] == which]
            self._waiting = [transfer for transfer in self._waiting if transfer[0] != which]
        with self._sending:
            link.sendall(struct.pack(">5Ii24x", _UNLINKED, number, 0, 0, 0, _GONE if there else 0))

    def _control(self, setup: bytes, data: bytes) -> bytes | None:
        """The answer to a request; None for one that is refused."""
        kind, request, value, index, length = struct.unpack("<BBHHH", setup)
        if kind == 0x80 and request == 6:
            answer = self._descriptor(value >> 8, value & 255)
        elif kind & 0x60 == 0:  # configuration, interface, halt, status: nothing to do
            answer = b"\0\0"
        elif kind & 0x60 == 0x20 and index & 255 == 1:
            answer = self._streaming(request, data)
        elif (control := self._controls.get((index >> 8, value >> 8))) is None:
            answer = None
        elif request == 1:
            control.set(data)
            answer = b""
        else:
            answer = control.answer(request)
        return None if answer is None else answer[:length]

    def _streaming(self, request: int, data: bytes) -> bytes | None:
        """The one mode there is, whatever is asked."""
        if request == 1:
            return b""
        if request == 0x86:
            return b"\x03"
        return struct.pack("<H", len(self._probe)) if request == 0x85 else self._probe

    def _interval(self) -> int:
        return round(1e7 / self._fps)

    def _mode(self) -> bytes:
        """Format 1, frame 1, in the words of UVC 1.1."""
        most = self._size[0] * self._size[1] * 2
        return struct.pack(
            "<HBBIHHHHHIIIBBBB", 1, 1, 1, self._interval(), 0, 0, 0, 0, 0, most, _PAYLOAD, 48000000, 3, 1, 1, 1
        )

    def _descriptor(self, kind: int, number: int) -> bytes | None:
        if kind == 1:
            serial = 3 if self.serial else 0
            return struct.pack(
                "<BBHBBBBHHHBBBB", 18, 1, 0x200, 0xEF, 2, 1, 64, self.vendor, self.product, 0x100, 1, 2, serial, 1
            )
        if kind == 2:
            return self._configuration()
        if kind == 3:
            if number == 0:
                return b"\x04\x03\x09\x04"  # English
            text = {1: "livespot", 2: self.name, 3: self.serial}.get(number, "").encode("utf-16-le")
            return bytes([len(text) + 2, 3]) + text
        return None

    def _configuration(self) -> bytes:
        width, height = self._size
        units = (
            bytes([18, 0x24, 2, _CAMERA, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 3])
            + (0x02 | 0x08 | 0x20 | 0x20000).to_bytes(3, "little")  # exposure mode and time, focus, autofocus
            + bytes([11, 0x24, 5, _PROCESSING, _CAMERA, 0, 0, 2, 1, 0, 0])  # brightness
            + bytes([9, 0x24, 3, _OUTPUT, 1, 1, 0, _PROCESSING, 0])
        )
        control = bytes([13, 0x24, 1, 0x10, 1]) + struct.pack("<HIBB", 13 + len(units), 48000000, 1, 1) + units
        bits = width * height * 16 * round(self._fps)
        formats = (
            bytes([11, 0x24, 6, 1, 1, 0, 1, 0, 0, 0, 0])  # MJPG
            + struct.pack("<BBBBBHHIIIIBI", 30, 0x24, 7, 1, 0, width, height, bits, bits, width * height * 2,
                          self._interval(), 1, self._interval())
            + bytes([6, 0x24, 13, 1, 1, 4])
        )  # fmt: skip
        head = (
            bytes([14, 0x24, 1, 1]) + struct.pack("<H", 14 + len(formats)) + bytes([_VIDEO, 0, _OUTPUT, 0, 0, 0, 1, 0])
        )
        whole = (
            bytes([8, 11, 0, 2, 0x0E, 3, 0, 0])
            + bytes([9, 4, 0, 0, 0, 0x0E, 1, 0, 0]) + control
            + bytes([9, 4, 1, 0, 1, 0x0E, 2, 0, 0]) + head + formats
            + bytes([7, 5, _VIDEO, 2, 0, 2, 0])
        )  # fmt: skip
        return struct.pack("<BBHBBBBB", 9, 2, 9 + len(whole), 2, 1, 0, 0x80, 250) + whole

    # --- the pictures ---

    def _film(self, link: socket.socket) -> None:
        """One picture after the other, cut into payloads, while somebody waits for them."""
        with contextlib.suppress(OSError):
            for number in itertools.count():
                with self._wanted:
                    while not self._waiting:
                        if self._socket is not link:
                            return
                        self._wanted.wait(0.2)
                while self.still.is_set() and self._socket is link:
                    time.sleep(0.05)
                # The film goes on by the clock, also while the camera is out.
                at = int((time.monotonic() - self._began) * self._fps)
                picture = self._pictures[at % len(self._pictures)]
                parts = range(0, len(picture), _PAYLOAD - 2)
                for start in parts:
                    last = start == parts[-1]
                    self._payload(
                        link, bytes([2, 0x80 | number & 1 | (2 if last else 0)]) + picture[start : start + _PAYLOAD - 2]
                    )
                time.sleep(max(0.0, self._began + (at + 1) / self._fps - time.monotonic()))

    def _payload(self, link: socket.socket, payload: bytes) -> None:
        with self._wanted:
            self._wanted.wait_for(lambda: bool(self._waiting) or self._socket is not link)
            if self._socket is not link:
                raise OSError
            number, _ = self._waiting.pop(0)
        self._reply(link, number, payload)


def interface(plug: int) -> str:
    """What Linux calls the interface of the camera in this plug, "1-2:1.0"."""
    for device in sorted(Path("/sys/bus/usb/devices").iterdir()):
        if device.name.endswith(f"-{plug + 1}:1.0") and "vhci_hcd.0" in os.path.realpath(device):
            return device.name
    raise LookupError(f"nothing is in plug {plug}")


def _whole(link: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        part = link.recv(length - len(data))
        if not part:
            raise OSError("the kernel has let go")
        data += part
    return data
