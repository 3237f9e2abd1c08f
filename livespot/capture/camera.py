"""A camera through OpenCV: asked for MJPG, then size, then rate; read back; opened and read where it may block."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

import cv2

from livespot.capture import devices
from livespot.capture.base import Live, as_bgr
from livespot.capture.devices import Camera
from livespot.capture.patience import within
from livespot.errors import SourceError
from livespot.frame import Frame
from livespot.saying import quiet_jpeg
from livespot.settings import Settings, size_px

_SETTLED = 1.0  # s; focus and exposure have found their place by then
# What V4L2 calls them. Other drivers count exposure below 0, which is taken for unknown: there focus alone is kept.
_MANUAL_EXPOSURE, _OWN_EXPOSURE = 1, 3
_EMPTY_READS = 30  # reads in a row that give nothing: then the camera is gone


@dataclass(frozen=True)
class Mode:
    """How a camera sends its pictures. fps: 0 when it does not say."""

    width: int
    height: int
    fps: float
    fourcc: str

    def __str__(self) -> str:
        rate = f" at {self.fps:g}/s" if self.fps > 0 else ""
        return f"{self.width}x{self.height}{rate}{' ' + self.fourcc if self.fourcc else ''}"


@dataclass(frozen=True)
class Locks:
    """Focus and exposure in the driver's own units; None where the driver does not say, or does not take it.

    autofocus, auto_exposure: what they are to go back to.
    """

    focus: float | None
    exposure: float | None
    autofocus: float = 1.0
    auto_exposure: float = float(_OWN_EXPOSURE)


class CameraSource(Live):
    """A camera. asked, got: the mode that was asked for and the one the driver gave.

    locks: focus and exposure to keep, from an earlier opening; with settings.lock_focus they are taken after a second.
    A driver keeps them when the program has ended: they are given back to the camera at the end.
    """

    def __init__(self, camera: Camera, settings: Settings, locks: Locks | None = None) -> None:
        super().__init__()
        width, height = size_px(settings)
        self.camera = camera
        self.name = camera.label()
        self.identity = camera.identity if camera.lasting else ""
        self.asked = Mode(width, height, settings.fps, "MJPG" if settings.capture.mjpg else "")
        self._settings = settings
        problem = devices.permission_problem(camera.path)
        if problem:
            raise SourceError(f"{self.name}: {problem}")
        self._capture = within(
            settings.capture.open_timeout,
            self._open,
            f"{self.name} does not answer: unplug it and plug it in again",
            too_late=lambda late: late.release(),
        )
        self.got = mode_of(self._capture)
        self.fps = self.got.fps or None
        self.locks = locks
        self._keeping = settings.lock_focus or locks is not None
        self._replaced = False
        self.notice = "; ".join(self._surprises())
        if locks is not None:
            lock(self._capture, locks)

    def _surprises(self) -> Iterator[str]:
        """What is not as it was asked for."""
        size = (self.got.width, self.got.height) != (self.asked.width, self.asked.height)
        rate = abs((self.fps or self.asked.fps) - self.asked.fps) > 1
        form = self.asked.fourcc and self.got.fourcc and self.got.fourcc != self.asked.fourcc
        if size or rate or form:
            yield f"{self.name} gives {self.got}; asked for {self.asked}"
        if self._keeping and (known := locks_of(self._capture)).focus is None and known.exposure is None:
            yield f"{self.name}: its driver keeps neither focus nor exposure"

    def _open(self) -> cv2.VideoCapture:
        capture = cv2.VideoCapture(self.camera.index, devices.BACKEND)
        if not capture.isOpened():
            capture.release()
            raise SourceError(f"{self.name} cannot be opened: {devices.CLOSED}")
        ask(capture, self.asked)
        if self._settings.lock_focus:  # what another program left locked would not settle
            there = locks_of(capture)
            unlock(capture, Locks(there.focus, there.exposure))
        return capture

    def _next(self) -> Frame | None:
        for _ in range(_EMPTY_READS):
            good, picture = self._capture.grab(), None
            now = time.perf_counter()
            if good:
                with quiet_jpeg:  # cheap cameras damage a little of every picture
                    good, picture = self._capture.retrieve()
            try:
                image = as_bgr(picture if good else None)
            except ValueError:  # no picture, or none that is one
                if self._closing:
                    return None
                time.sleep(0.01)
                continue
            frame = self._frame(image, now)
            self._see_to_locks(frame.time)
            return frame
        raise SourceError(f"{self.name} sends no pictures: it may have been unplugged, or is used by another program")

    def _see_to_locks(self, since: float) -> None:
        """Here, and not where a key is pressed: a library is not asked while it reads. since: s from the opening."""
        if self._keeping and self.locks is None and since >= _SETTLED:
            self.locks = lock(self._capture, locks_of(self._capture))
        elif not self._keeping and self.locks is not None:
            unlock(self._capture, self.locks)
            self.locks = None

    @property
    def modes(self) -> tuple[str, str] | None:
        return str(self.asked), str(self.got)

    def keep_focus(self, keep: bool) -> bool:
        self._keeping = keep
        return True

    @property
    def focus(self) -> str:
        if not self._keeping:
            return "focus and exposure are left to the camera"
        if self.locks is None:
            return "keeping focus and exposure…"
        if self.locks.focus is None and self.locks.exposure is None:
            return "this camera's driver keeps neither focus nor exposure"
        if self.locks.focus is None:
            return "exposure stays as it is; this camera's focus cannot be kept"
        if self.locks.exposure is None:
            return "focus stays as it is; this camera's exposure cannot be kept"
        return "focus and exposure stay as they are"

    def _release(self) -> None:
        if self.locks is not None and not self._replaced:
            unlock(self._capture, self.locks)
        self._capture.release()

    def reopen(self) -> Self:
        """The same camera again, found by its identity: its index may have changed."""
        self._replaced = True  # what is locked belongs to the one that follows
        here = devices.cameras()
        again = devices.again(self.camera, here)
        if again is None and here:
            raise SourceError(f"{self.name} is not plugged in")
        fresh = type(self)(again or self.camera, self._settings, self.locks)
        fresh._keeping = self._keeping
        return fresh


def ask(capture: cv2.VideoCapture, mode: Mode) -> None:
    """Ask for a mode in the order drivers understand: the format decides the sizes there are, the size the rates."""
    if mode.fourcc:
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*mode.fourcc))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, mode.width)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, mode.height)
    capture.set(cv2.CAP_PROP_FPS, mode.fps)
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)


def locks_of(capture: cv2.VideoCapture) -> Locks:
    """Focus and exposure as they are now; OpenCV gives -1 for what a driver does not know."""
    focus, exposure, autofocus, auto_exposure = (
        float(value) if (value := capture.get(what)) >= 0 else None
        for what in (cv2.CAP_PROP_FOCUS, cv2.CAP_PROP_EXPOSURE, cv2.CAP_PROP_AUTOFOCUS, cv2.CAP_PROP_AUTO_EXPOSURE)
    )
    return Locks(
        focus,
        exposure,
        Locks.autofocus if autofocus is None else autofocus,
        Locks.auto_exposure if auto_exposure is None else auto_exposure,
    )


def lock(capture: cv2.VideoCapture, locks: Locks) -> Locks:
    """Keep focus and exposure at these values; those that the driver takes."""
    focus, exposure = locks.focus, locks.exposure
    if focus is not None:
        by_hand = capture.set(cv2.CAP_PROP_AUTOFOCUS, 0)
        focus = focus if capture.set(cv2.CAP_PROP_FOCUS, focus) or by_hand else None
    if exposure is not None:
        by_hand = capture.set(cv2.CAP_PROP_AUTO_EXPOSURE, _MANUAL_EXPOSURE)
        exposure = exposure if capture.set(cv2.CAP_PROP_EXPOSURE, exposure) or by_hand else None
    return replace(locks, focus=focus, exposure=exposure)


def unlock(capture: cv2.VideoCapture, locks: Locks) -> None:
    """Leave what is locked to what kept it before."""
    if locks.focus is not None:
        capture.set(cv2.CAP_PROP_AUTOFOCUS, locks.autofocus)
    if locks.exposure is not None:
        capture.set(cv2.CAP_PROP_AUTO_EXPOSURE, locks.auto_exposure)


def probe_modes(camera: Camera, settings: Settings, sizes: Sequence[tuple[int, int]]) -> list[Mode]:
    """The modes a camera gives when it is asked for `sizes`, each once. Raises SourceError when it cannot be opened."""

    def call() -> list[Mode]:
        capture = cv2.VideoCapture(camera.index, devices.BACKEND)
        try:
            if not capture.isOpened():
                raise SourceError(f"it cannot be opened: {devices.CLOSED}")
            found: list[Mode] = []
            for width, height in sizes:
                ask(capture, Mode(width, height, settings.fps, "MJPG" if settings.capture.mjpg else ""))
                if (mode := mode_of(capture)) not in found:
                    found.append(mode)
            return found
        finally:
            capture.release()

    return within(settings.capture.open_timeout, call, "it does not answer: unplug it and plug it in again")


def mode_of(capture: cv2.VideoCapture) -> Mode:
    """The mode a camera is in."""
    code = int(capture.get(cv2.CAP_PROP_FOURCC))
    letters = "".join(chr((code >> 8 * i) & 0xFF) for i in range(4)) if code > 0 else ""
    return Mode(
        int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
        int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
        max(0.0, float(capture.get(cv2.CAP_PROP_FPS))),
        letters if letters.isprintable() else "",
    )
