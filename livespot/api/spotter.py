"""`Spotter`: follows a page through the pictures of your own camera loop."""

import time as clock

from numpy.typing import ArrayLike

from livespot.frame import Closing, Frame
from livespot.live.analysis_thread import Engine
from livespot.pictures import PictureError, as_picture
from livespot.settings import Settings
from livespot.spotting.results import FrameResult
from livespot.spotting.spotter import Spotter as PageSpotter


class Spotter(Closing):
    """Follow the page through a camera's pictures: ``spotter(image, time) -> result``.

    Every picture is tracked, in a few ms; when a full analysis is due, `settings.analysis_rate` times a second, is
    decided here.

    Parameters
    ----------
    settings : Settings, optional
        See `livespot settings`.
    background : bool
        Analyse on a thread of its own: no call then takes longer than tracking, and results come a few pictures later.
        Without it the results depend on the pictures and their times alone. Close such a spotter, or use `with`.

    Examples
    --------
    >>> import livespot
    >>> spotter = livespot.Spotter()
    >>> with livespot.open_source("demo", seconds=0.2) as source:
    ...     results = [spotter(frame.image, frame.time) for frame in source]
    >>> bool(results[-1]), len(results[-1].differences) > 0
    (True, True)
    """

    def __init__(self, settings: Settings | None = None, *, background: bool = False) -> None:
        self._settings = settings or Settings()
        self._spotter = PageSpotter(self._settings)
        self._index = -1
        self._time = float("-inf")
        self._analysed = float("-inf")  # when the last analysis was due
        self._engine = Engine(self._spotter).__enter__() if background else None

    def __call__(self, image: ArrayLike, time: float | None = None) -> FrameResult:
        """What is known for this picture.

        Parameters
        ----------
        image : array of shape (H, W), (H, W, 3) or (H, W, 4)
            The camera's picture; see find_differences. It is copied.
        time : float, optional
            Seconds on any clock that only goes forward; the process's own when left out.

        Returns
        -------
        FrameResult
            In px of `image`; False, with its reason, while no page is in view.

        Raises
        ------
        PictureError
            for an array that is not a picture, or a time that is not later than the one before.
        """
        now = clock.monotonic() if time is None else float(time)
        if not now > self._time:
            raise PictureError(f"time: expected more than {self._time:g} s, got {now:g}: hand over pictures in order")
        picture = as_picture(image, "image")
        self._time, self._index = now, self._index + 1
        frame = Frame(picture.copy() if picture is image else picture, now, self._index, clock.monotonic())
        if self._engine is not None:
            spotting = self._spotter.track(frame)
            self._engine.offer(frame)
            return spotting
        due = now - self._analysed >= 1.0 / self._settings.analysis_rate
        if due:
            self._analysed = now
        return self._spotter.step(frame, due)

    def search_again(self) -> None:
        """Forget the page, and look for one anew."""
        self._spotter.search_again()

    def close(self) -> None:
        """End the thread of a spotter that works in the background. May be called twice."""
        if self._engine is not None:
            self._engine.close(patience=30.0)  # a thread inside OpenCV when Python ends would abort the process
