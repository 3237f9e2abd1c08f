"""Brings unfinished recordings back: what a killed livespot left under its temporary name becomes a normal file.

In: `clip.writing.mp4` (see livespot.record.naming), cut off anywhere. Out: `clip.mp4`, the same encoded pictures copied
packet by packet into a new, ordinary file with its chapters; a half-written last picture is left out. The leftover goes
only when the new file is on the disk under its name.
"""

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from livespot.errors import UsageError
from livespot.record import chapters, naming
from livespot.record.timeline import TICKS
from livespot.saying import plain
from livespot.settings import Settings

LESS_THAN_A_PICTURE = 512  # bytes; the head that is written before the first pictures are


@dataclass(frozen=True)
class Recovered:
    """One leftover. target: the file it became, or None; problem: why it did not, one line, or None."""

    leftover: Path
    target: Path | None
    frames: int
    seconds: float
    problem: str | None


def leftovers(folder: Path | str) -> list[Path]:
    """Unfinished recordings in a folder (not below it) that nobody is writing any more; [] for no such folder."""
    try:
        files = sorted(Path(folder).iterdir())
    except OSError:
        return []
    return [file for file in files if naming.target_of(file) and file.is_file() and not naming.is_being_written(file)]


def offer(folder: Path | str) -> str | None:
    """The line a start shows when `folder` holds leftovers, with the command to give; None when it holds none."""
    found = [file.name for file in leftovers(folder)]
    if not found:
        return None
    what = "an unfinished recording" if len(found) == 1 else f"{len(found)} unfinished recordings"
    more = "" if len(found) == 1 else ", ..."
    return f"{what} here ({found[0]}{more}): `livespot recover {folder}` makes normal files of them"


def recover(path: Path | str) -> list[Recovered]:
    """Recover one recording (the leftover, or the name it should have had) or all in a folder.

    Raises UsageError when there is no such path or nothing unfinished at it.
    """
    path = Path(path)
    if path.is_dir():
        return [_recover_file(file) for file in leftovers(path)]
    if naming.target_of(path) is None and path.suffix.lower() in naming.EXTENSIONS:
        meant = [file for file in leftovers(path.parent) if naming.target_of(file) == path]
        if meant:
            return [_recover_file(file) for file in meant]
    if not path.exists():
        raise UsageError(f"there is no {path}; give an unfinished recording (NAME.writing.mp4) or a folder of them")
    if naming.target_of(path) is None:
        raise UsageError(f"{path} is not an unfinished recording: those are called NAME.writing.mp4 (or .mkv)")
    return [_recover_file(path)]


def _recover_file(leftover: Path) -> Recovered:
    import av

    target = naming.target_of(leftover)
    assert target is not None
    if naming.is_being_written(leftover):
        return Recovered(leftover, None, 0, 0.0, "it is still being written")
    copy = leftover.with_name(f"{target.stem}.recovering{target.suffix}")
    try:
        whole = leftover.stat().st_size >= LESS_THAN_A_PICTURE
        frames, seconds = _copy_packets(leftover, copy) if whole else (0, 0.0)
        if frames == 0:
            copy.unlink(missing_ok=True)
            _remove(leftover)
            return Recovered(leftover, None, 0, 0.0, "it held no whole picture yet and was removed")
        published = naming.publish(copy, target)
        _remove(leftover)
    except OSError as error:
        copy.unlink(missing_ok=True)
        return Recovered(leftover, None, 0, 0.0, naming.in_words(error))
    except av.FFmpegError:  # some of these are OSErrors too; what is left here is about the contents
        copy.unlink(missing_ok=True)
        return Recovered(leftover, None, 0, 0.0, "it is not a video, or it was cut off before its first picture")
    return Recovered(leftover, published, frames, seconds, None)


def _remove(leftover: Path) -> None:
    leftover.unlink()
    chapters.forget(leftover)


def _copy_packets(leftover: Path, copy: Path) -> tuple[int, float]:
    """Copy every whole encoded picture; (their number, the length in seconds). Raises OSError, av.FFmpegError."""
    import av

    av.logging.set_level(av.logging.PANIC)
    frames, end = 0, 0.0
    with av.open(str(leftover.resolve())) as source, av.open(str(copy.resolve()), "w") as sink:
        stream = source.streams.video[0]
        out = sink.add_stream_from_template(stream)
        sink.metadata.update(
            {key: source.metadata[key] for key in ("title", "date", "comment") if key in source.metadata}
        )
        packets = source.demux(stream)
        while True:
            try:
                packet = next(packets, None)
            except av.FFmpegError:  # the cut
                break
            if packet is None or packet.is_corrupt:
                break
            if packet.dts is None or packet.pts is None or packet.time_base is None:
                continue  # the empty packet at the end
            end = float((packet.pts + (packet.duration or 0)) * packet.time_base)
            packet.stream = out
            sink.mux_one(packet)
            frames += 1
        # A file that was finished before it was cut off from its name has its chapters; else they stand beside it.
        told = chapters.divided(chapters.noted(leftover), round(end * TICKS), source.metadata.get("title", "recording"))
        sink.set_chapters(source.chapters() or chapters.for_container(told))
    with open(copy, "r+b") as file:  # Windows puts nothing on the disk for one who only reads
        os.fsync(file.fileno())
    return frames, end


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `livespot recover`."""
    parser.add_argument("path", type=Path, metavar="PATH", help="an unfinished recording, or a folder of them")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """`livespot recover PATH`: one line for every file; 1 when one could not be recovered and is still there."""
    results = recover(arguments.path)
    if not results:
        print(f"nothing to recover in {arguments.path}")
    for result in results:
        if result.target is None:
            print(plain(f"{result.leftover}: {result.problem}"), file=sys.stderr)
        else:
            line = f"{result.target}: {result.frames} frames, {result.seconds:.1f} s, from {result.leftover.name}"
            print(plain(line))
    return 1 if any(result.target is None and result.leftover.exists() for result in results) else 0
