"""The annotated view as a camera of its own, for video calls (`--virtual-camera`).

In: every frame with its result. Out: the same with its boxes, in one size whatever the source gives, to the system's
virtual camera: v4l2loopback on Linux, OBS elsewhere.
"""

from livespot.annotate import boxes
from livespot.annotate.boxes import Marking
from livespot.annotate.viewport import letterboxed
from livespot.errors import LivespotError
from livespot.frame import Frame
from livespot.saying import say
from livespot.settings import Settings, size_px
from livespot.spotting.results import FrameResult

_REMEDY = "on Linux, sudo apt-get install v4l2loopback-dkms && sudo modprobe v4l2loopback; elsewhere install OBS Studio"


class VirtualCamera:
    """A sink for livespot.record.outputs. Raises LivespotError when there is no virtual camera."""

    def __init__(self, settings: Settings) -> None:
        self._size = size_px(settings)
        try:
            import pyvirtualcam
        except ImportError:
            raise LivespotError("a virtual camera needs a package: pip install 'livespot[camera]'") from None
        try:
            self._camera = pyvirtualcam.Camera(*self._size, settings.fps, fmt=pyvirtualcam.PixelFormat.BGR)
        except (RuntimeError, ValueError) as error:
            why = " ".join(str(error).split()).partition(". ")[0].rstrip(".:")
            raise LivespotError(f"there is no virtual camera ({why}): {_REMEDY}") from None
        self._failed = False
        say(f"the boxes are shown on the virtual camera {self._camera.device}")

    def __call__(self, frame: Frame, spotting: FrameResult, marking: Marking) -> None:
        """Show this frame. When the camera fails, that is said once, and the session goes on without it."""
        if self._failed:
            return
        view = frame.image.copy()
        boxes.draw(view, spotting, marking=marking)
        try:
            self._camera.send(letterboxed(view, self._size, (0, 0, 0)))
        except (RuntimeError, OSError) as error:
            self._failed = True
            say(f"the virtual camera failed: {error}")

    def close(self) -> None:
        self._camera.close()
