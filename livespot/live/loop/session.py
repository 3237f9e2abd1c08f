"""One session: a source, the spotter, and the loop, with all that is opened and closed around it.

A file in a window is paced by its own times and loses no frame, unless `--realtime` says to drop like a camera.
"""

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from types import FrameType

import cv2

from livespot import memory, threads
from livespot.annotate.boxes import Marking
from livespot.annotate.words import in_brief, sentence
from livespot.capture.turned import Beside, changed
from livespot.frame import Frame, Source
from livespot.live.analysis_thread import SpotterProtocol
from livespot.live.loop import running
from livespot.live.loop.tally import Following, Tally, Work, summary
from livespot.live.loop.tally import SessionOptions as SessionOptions
from livespot.record import recover
from livespot.record.outputs import Outputs, Sink
from livespot.saying import say
from livespot.settings import Settings
from livespot.spotting.panels.beside import Reference
from livespot.spotting.results import FrameResult


def run(source: Source, settings: Settings, options: SessionOptions, *, spotter: SpotterProtocol | None = None) -> int:
    """Run one session until the source ends, the user quits or `options.seconds` are over. Returns the exit status.

    spotter: another one than the settings ask for (tests). Closes the source. Raises LivespotError for what cannot be
    done at all (an output that exists). Without `options.headless` there must be a display. With it it is over, too,
    when nothing can be kept any more (a full disk); a file that stopped by itself gives status 1.
    """
    failed = False
    following: Following | None = Following(source)
    with _stoppable() as stop, memory.kept_small():
        try:
            while following is not None:
                # Another one was chosen in the window: the same again, in the window that is open.
                settled, following = _one(following, settings, options, spotter, stop)
                failed |= not settled
                options = replace(options, panel=None)
        finally:
            _let_threads_finish()
    return 1 if failed else 0


def _one(
    begun: Following,
    settings: Settings,
    options: SessionOptions,
    spotter: SpotterProtocol | None,
    stop: threading.Event,
) -> tuple[bool, Following | None]:
    """Run on one source. Whether every file was kept, and what follows."""
    source = begun.source
    following: Following | None = None
    with source, ExitStack() as opened:
        if not options.headless or source.live or options.realtime:
            settings = opened.enter_context(_beside_a_display(settings))
        if spotter is None:
            from livespot.live.loop.straight import through_profile
            from livespot.spotting.spotter import Spotter

            spotter = through_profile(Spotter(settings), source, settings, say)
        beside = Beside(options.reference)
        if options.reference is not None:
            height, width = options.reference.shape[:2]
            spotter.use_reference(Reference(width / height))
        seen = changed(source, beside)
        tally = Tally()
        for folder in {path.parent for path in (options.record, options.record_raw) if path is not None}:
            leftover = recover.offer(folder)
            if leftover:
                say(leftover)
        sinks = _sinks(source, settings)
        if options.virtual_camera:
            from livespot.record.virtual_camera import VirtualCamera

            sinks.append(opened.enter_context(closing(VirtualCamera(settings))))
        outputs = Outputs(
            settings,
            record=options.record,
            record_raw=options.record_raw,
            events=options.events,
            fps=source.fps,
            title=f"livespot: {source.name}",
            sinks=sinks,
        )
        work = Work(spotter, settings, options, outputs, tally, stop)
        try:
            with outputs:
                if not options.headless:
                    from livespot.live.loop import windowed

                    following = windowed.run(Following(seen, begun.window, beside), work)
                else:
                    running.without_window(seen, work)
        finally:
            for line in outputs.messages():  # what went wrong while the files were finished
                say(line)
            if tally.source.captured:
                say(summary(source.name, tally, outputs.finished))
    return not outputs.failed, following


@contextmanager
def _beside_a_display(settings: Settings) -> Iterator[Settings]:
    """The settings with one thread less: decoder, display and encoder fill a core. OpenCV's own helper threads are off
    meanwhile, as they keep the processor busy while they wait.
    """
    helpers = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield replace(settings, threads=max(1, min(settings.threads, (os.cpu_count() or 1) - 1)))
    finally:
        cv2.setNumThreads(helpers)


def _sinks(source: Source, settings: Settings) -> list[Sink]:
    """What gets every frame besides the files: the phone, when it shows the boxes too."""
    tell = getattr(source, "tell", None)
    if not settings.mirror_to_phone or tell is None:
        return []

    def to_phone(frame: Frame, spotting: FrameResult, marking: Marking) -> None:
        size = [frame.image.shape[1], frame.image.shape[0]]
        tell(json.dumps({"size": size, "words": sentence(in_brief(spotting)), **spotting.as_json()}))

    return [to_phone]


# --- the end ---


def _let_threads_finish() -> None:
    """Wait a little for threads that still work, less for those that wait for a device.

    A thread that returns from OpenCV while Python shuts down aborts the process. When one is left after this, the
    program ends without that shutdown (livespot.__main__).
    """
    began = time.monotonic()
    for thread in threads.helpers():
        longest = 0.5 if thread.name.startswith("capture") else 4.0
        thread.join(max(0.0, began + longest - time.monotonic()))


@contextmanager
def _stoppable() -> Iterator[threading.Event]:
    """Ctrl+C and SIGTERM set the event, so that everything is closed in order; a second Ctrl+C insists."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def ask(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    # A terminal that is closed is an end like any other (there is no such signal on Windows).
    numbers = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    before = {number: signal.signal(number, ask) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
