"""`livespot live [SOURCE]`: words to a source and a session; which of them need a window."""

import argparse
from pathlib import Path

from livespot.capture.opening import DemoOptions, is_demo, open_source
from livespot.capture.phone import qr_code
from livespot.capture.stills import read_picture
from livespot.cli import files
from livespot.errors import LivespotError, UsageError
from livespot.frame import Source
from livespot.saying import heard, say, write
from livespot.settings import Settings

DEMO_SECONDS = 10.0  # a demo nobody watches has to end

SOURCES = """\
SOURCE is one of
  nothing              the camera used last, else the first one; the demo when there is none
  0, 1, ...            a camera by number                  /dev/video2, "C920"   by path or part of its name
  046d:0825            by USB vendor:product (and :serial) `livespot cameras` lists them all, with identities
  clip.mp4             a video file                        page.jpg, pages/      a picture, a folder of pictures
  http://..., rtsp://..., tcp://...                        a network camera or stream
  phone                a phone's browser as the camera     screen, screen:2, screen:X,Y,WIDTH,HEIGHT,
  demo, demo:NAME      the simulated webcam                screen:TITLE         a screen, a part, a window
A file comes before a camera of the same name; a file named 0 is ./0.

Keys in the window: Space freezes, R records, S saves a snapshot, ? shows all, Q quits.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE", nargs="?", help="where the frames come from (see below)")
    add_session_options(parser)
    parser.epilog = SOURCES


def add_session_options(parser: argparse.ArgumentParser) -> None:
    """The options that `live` and `demo` share."""
    parser.add_argument(
        "--headless", action="store_true", help="without a window: read the source, write the files, end"
    )
    parser.add_argument(
        "--events", metavar="FILE", type=Path, help="write a line of JSON for every frame (-: standard output)"
    )
    parser.add_argument("--record", metavar="FILE", type=Path, help="record the annotated view (.mp4, .mkv)")
    parser.add_argument("--record-live", action="store_true", help="record the live view even while it is frozen")
    parser.add_argument("--record-raw", metavar="FILE", type=Path, help="record the source's own picture")
    parser.add_argument(
        "--reference", metavar="FILE", type=Path, help="compare what the camera sees with this picture, shown beside it"
    )
    parser.add_argument("--virtual-camera", action="store_true", help="show the annotated view to video calls, too")
    parser.add_argument(
        "--realtime", action="store_true", help="play a file at its own speed, and drop frames like a camera"
    )
    parser.add_argument("--seconds", metavar="N", type=seconds, help="end after N seconds of the source")
    demo = parser.add_argument_group("the demo")
    demo.add_argument("--scenario", metavar="NAME", help="how the page is filmed; `livespot demo --list` names them")
    demo.add_argument("--layout", choices=("side", "stacked", "diagonal"), help="how the two pictures are placed")
    demo.add_argument("--seed", metavar="N", type=seed, default=0, help="the same seed gives the same frames [0]")


def seconds(text: str) -> float:
    """A length of time above 0 s, for argparse."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e7:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return value


def seed(text: str) -> int:
    """A seed of the demo, a whole number of 0 or more, for argparse."""
    if not text.isdecimal() or len(text) > 18:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 up")
    return int(text)


def run(args: argparse.Namespace, settings: Settings) -> int:
    return watch(args.source, args, settings)


def watch(text: str | None, args: argparse.Namespace, settings: Settings) -> int:
    """Open SOURCE and run the session on it."""
    # Imported here: whoever asks for --help or a wrong option need not wait for it.
    from livespot.live.loop import session
    from livespot.live.window import display
    from livespot.record import event_log, naming

    outputs = [(args.events, "events"), (args.record, "the recording"), (args.record_raw, "the raw recording")]
    paths = [path.resolve() for path, _ in outputs if path is not None]
    if len(set(paths)) < len(paths):
        raise UsageError("--events, --record and --record-raw need different files")
    for path, what in outputs:
        if path is not None and not (path is args.events and event_log.is_special(path)):
            naming.check_target(path, what)
            files.check_folder(path.parent, f"{what} to {path}")
    for path in (args.record, args.record_raw):
        if path is not None and path.suffix.lower() not in naming.EXTENSIONS:
            raise UsageError(f"cannot record to {path}: end the name in {', '.join(naming.EXTENSIONS)}")
    reference = None if args.reference is None else read_picture(args.reference)
    text, why = _demo_without_camera(text)
    for option, value in (("--scenario", args.scenario), ("--layout", args.layout)):
        if value is not None and not is_demo(text):
            raise UsageError(f"{option} is for the demo: name the SOURCE demo, or leave {option} out")
    if settings.mirror_to_phone and (text != "phone" or settings.rotate):
        raise UsageError("--mirror-to-phone is for the SOURCE phone, and not together with --rotate")
    screen = display.probe() if not args.headless else None
    headless = screen is None or not screen.usable
    limit = args.seconds
    if is_demo(text) and headless and limit is None:
        limit = DEMO_SECONDS
    realtime = args.realtime or not headless
    # In real time the session counts the seconds, from the first frame it gets.
    demo = DemoOptions(None if realtime else limit, args.seed, args.scenario, args.layout, realtime)
    source = open_source(text, settings, demo)
    if screen is not None and not screen.usable:
        if source.live and not is_demo(text) and not args.virtual_camera and not paths:
            source.close()
            raise LivespotError(
                f"no window can be opened: {screen.reason}; {screen.remedy}, or keep what is found with --events FILE"
            )
        say(f"no window: {screen.reason}; going on without one")
    if source.notice:
        say(source.notice)
    if heard() and source.invitation:
        write(qr_code.in_text(source.invitation))

    def another(text: str) -> Source:
        return open_source(text, settings, DemoOptions(realtime=True))

    options = session.SessionOptions(
        headless=headless,
        events=args.events,
        record=args.record,
        record_raw=args.record_raw,
        realtime=args.realtime,
        seconds=limit,
        virtual_camera=args.virtual_camera,
        record_live=args.record_live,
        # what is written and for how long was said of the one that was named
        opener=None if limit or paths else another,
        panel=why,
        reference=reference,
    )
    return session.run(source, settings, options)


def _demo_without_camera(text: str | None) -> tuple[str | None, str | None]:
    """SOURCE, or the demo when none was named and there is no camera; then also what the start panel says."""
    from livespot.capture import devices

    if text is not None or devices.cameras():
        return text, None
    say("no camera found: showing the demo instead (name a SOURCE to use something else)")
    return "demo", "No camera was found, so this is the demo."
