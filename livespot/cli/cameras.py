"""`livespot cameras`: name, path, USB numbers, identity, and the sizes and rates that each one gives."""

import argparse

from livespot.capture import devices
from livespot.capture.devices import Camera
from livespot.saying import plain
from livespot.settings import Settings

_SIZES = ((640, 480), (1280, 720), (1920, 1080), (2560, 1440), (3840, 2160))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quick", action="store_true", help="do not open the cameras to ask for sizes and rates")
    parser.epilog = """\
`livespot live WHICH` opens the one you mean: WHICH is its number, path, identity, USB vendor:product or
vendor:product:serial, serial number, its name or a part of it. What fits several cameras is refused.
"""


def run(args: argparse.Namespace, settings: Settings) -> int:
    there = devices.cameras()
    if not there:
        print("no camera found: plug one in and look again, or try `livespot demo`")
        return 0
    last = devices.remembered(there)
    for camera in there:
        print("\n".join(map(plain, describe(camera, remembered=camera == last))), flush=True)
        if not args.quick and not devices.permission_problem(camera.path):
            print("  modes     " + modes(camera, settings), flush=True)
    return 0


def describe(camera: Camera, *, remembered: bool) -> list[str]:
    """The lines about one camera."""
    lines = [f"{camera.index}: {camera.label()}{'  (opened first: it was used last)' if remembered else ''}"]
    if camera.path:
        lines.append(f"  path      {camera.path}")
    if camera.usb:
        lines.append(f"  usb       {camera.usb}{f', serial number {camera.serial}' if camera.serial else ''}")
    lines.append(f"  identity  {camera.identity if camera.lasting else 'none: its number may change with every plug'}")
    problem = devices.permission_problem(camera.path)
    return [*lines, f"  problem   {problem}"] if problem else lines


def modes(camera: Camera, settings: Settings) -> str:
    """The sizes and rates a camera gives when asked for the usual ones."""
    from livespot.capture.camera import probe_modes
    from livespot.errors import SourceError

    try:
        return ", ".join(str(mode) for mode in probe_modes(camera, settings, _SIZES))
    except SourceError as error:
        return str(error)
