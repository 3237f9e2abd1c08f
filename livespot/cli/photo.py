"""`livespot photo FILE...`: the differences on still pages, each by itself, or between two pictures.

The result is in the pictures' own px, upright as their EXIF orientation says, whatever size they were analysed at.
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from livespot import saying
from livespot.annotate import drawing
from livespot.annotate.page import annotate
from livespot.annotate.viewport import letterboxed
from livespot.batch.formats import FORMATS, labelme_files
from livespot.batch.pages import STDIN, Page, pages_of
from livespot.batch.run import Looked, Task, by_page, look, look_at_all
from livespot.capture.documents import page_count
from livespot.cli import files
from livespot.errors import LivespotError, UsageError
from livespot.frame import Image
from livespot.record import naming
from livespot.saying import coloured, say
from livespot.settings import Settings
from livespot.spotting.results import FrameResult

if TYPE_CHECKING:
    from livespot.spotting.explain import Explanation

_WINDOW = (1600, 900)  # px, the largest window that --show opens
DIFFERENT = 3  # exit status with --fail-on-difference

EPILOG = """\
FILE is a picture, a PDF or TIFF with several pages, a folder of them, or - for standard input. Two pictures are
compared with each other, unless --each is given; more are pages, each with both pictures on it.
One page: the annotated picture goes beside it as FILE-differences.png (numbered when there is one already), and with
--explain the page DIR/explain.html shows matches, registration, light, difference map, thresholds, and why each region
was kept or dropped, also where no puzzle was found. Several: a table at the end, and pictures only with --output DIR.
Exit status 1: on a page no puzzle was found, or a picture could only be read in part or not at all.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pages", metavar="FILE", nargs="*", help="pages, a folder, a PDF, or two pictures (see below)")
    parser.add_argument("--each", action="store_true", help="take two pictures for two pages, not for a pair")
    parser.add_argument(
        "--pairs", metavar="HOW", help="compare pictures two by two: a CSV file with A,B, or '*_a.png,*_b.png'"
    )
    parser.add_argument(
        "--jobs", metavar="N", type=_jobs, default=1, help="how many pages to work on at the same time [1]"
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the results (-: standard output)")
    parser.add_argument(
        "--format",
        choices=(*FORMATS, "labelme"),
        default="json",
        help="what --json writes: json, jsonl, csv, coco, or labelme files in the folder FILE [json]",
    )
    parser.add_argument("--report", metavar="DIR", type=Path, help="write a contact sheet to look at: DIR/index.html")
    picture = parser.add_mutually_exclusive_group()
    picture.add_argument(
        "--output", metavar="FILE", type=Path, help="where the annotated picture goes; of several pages, a folder"
    )
    picture.add_argument("--no-picture", action="store_true", help="write no annotated picture")
    parser.add_argument("--ignore", metavar="BOX|MASK", type=_ignored, action="append", default=[],
                        help="leave out the area x,y,width,height (px), or where a mask is white")  # fmt: skip
    parser.add_argument(
        "--fail-on-difference", action="store_true", help=f"exit status {DIFFERENT} when there is a difference"
    )
    parser.add_argument("--explain", metavar="DIR", type=Path, help="write what each step saw as a page to look at")
    parser.add_argument("--show", action="store_true", help="show the annotated picture in a window; any key closes it")
    parser.epilog = EPILOG


def run(args: argparse.Namespace, settings: Settings) -> int:
    pages = _asked(args)
    single = len(pages) == 1
    if not single and (args.explain is not None or args.show):
        raise UsageError("--explain and --show are for one page")
    target = _target(args, pages[0].paths) if single else None
    _check_outputs(args, target, single)
    ending = "" if args.no_picture else target.suffix if target is not None else ".png" if args.output else ""
    task = Task(settings, tuple(args.ignore), ending, args.report is not None)
    try:
        results = _one(pages[0], task, args, target) if single else _many(pages, task, args)
    finally:
        for page in pages:
            if page.name.startswith("standard input"):
                page.path.unlink(missing_ok=True)
    if any(looked.failed for looked in results):
        return 1
    return DIFFERENT if args.fail_on_difference and any(looked.result.differences for looked in results) else 0


def _asked(args: argparse.Namespace) -> list[Page]:
    """The pages that were asked for. Raises UsageError for none."""
    words = args.pages
    if not words and args.pairs is None:
        raise UsageError("missing: FILE; see `livespot photo --help`")
    two = [Path(word) for word in words]
    if len(two) == 2 and not args.each and args.pairs is None and not any(_holds_pages(path) for path in two):
        return [Page(two[0], other=two[1], name=f"{two[0].name} and {two[1].name}")]
    return pages_of(words, args.pairs)


def _holds_pages(path: Path) -> bool:
    return path == STDIN or path.is_dir() or path.suffix.lower() == ".pdf" or page_count(path) > 1


def _one(page: Page, task: Task, args: argparse.Namespace, target: Path | None) -> list[Looked]:
    """One page, in words: what was found, of each puzzle on it, and where it was written."""
    for path in page.paths:
        if not path.exists() and not page.trouble:
            raise LivespotError(f"there is no file {path}: is the name right?")
    if args.show:
        _check_window()
    wrote: list[str] = []

    def explained(explanation: Explanation) -> None:
        wrote.append(str(_explained(explanation, args.explain, page.paths)))

    looked = look(page, task, True, None if args.explain is None else explained)
    each = [looked, *looked.others]
    _write(args, each)
    if looked.complaint:
        say(looked.complaint)
    if not looked.result:
        seen = f"; {wrote[0]} shows what was seen" if wrote else ""
        instead = "; if each is a page of its own: --each" if page.other is not None and looked.pictures else ""
        named = f"{page.name}: " if looked.pictures else ""
        reason = looked.result.reason or "no puzzle found"
        raise LivespotError(f"{named}{reason}{seen}{instead}")
    if target is not None:
        files.write_whole(target, looked.annotated)
        wrote.insert(0, str(target))
    said = f"; wrote {' and '.join(wrote)}" if wrote else ""
    for one in each:
        _tell(args, f"{one.page.name}: {in_words(one.result)}{said if one is each[-1] else ''}")
    if args.show:
        drawn = annotate(looked.pictures[0], looked.result, *looked.pictures[1:])
        for one in looked.others:
            drawn = annotate(drawn, one.result)
        _show(drawn, page.name)
    return each


def _many(pages: list[Page], task: Task, args: argparse.Namespace) -> list[Looked]:
    """Every page, with progress; a table at the end, also when it is stopped before that."""
    from tqdm import tqdm

    results: list[Looked] = []
    started = time.perf_counter()
    shown = saying.heard() and not args.quiet
    bar = tqdm(total=len(pages), unit=" pages", disable=not shown, leave=False, file=saying.Forgiving())
    try:
        with bar:
            for looked in look_at_all(pages, task, args.jobs):
                if looked.annotated:
                    number = f"-{looked.page.page + 1}" if looked.page.page else ""
                    target = files.beside(args.output / looked.page.path.name, f"{number}-differences.png")
                    files.write_whole(target, looked.annotated)
                results += [dataclasses.replace(one, annotated=b"", others=()) for one in (looked, *looked.others)]
                bar.update()
    finally:
        _write(args, results)
        for line in _table(results, time.perf_counter() - started):
            _tell(args, line)
    return results


def _table(results: Sequence[Looked], spent: float) -> list[str]:
    """A line for each puzzle, and one for all the pages."""
    width = min(60, max((len(looked.page.name) for looked in results), default=0))
    lines = []
    for looked in results:
        words = in_words(looked.result) if looked.result else looked.result.reason
        words = coloured(looked.complaint or words, "red") if looked.failed else words
        lines.append(f"{looked.page.name:<{width}}  {words}")
    pages = by_page(results)
    found = sum(any(looked.result.differences for looked in page) for page in pages)
    failed = sum(any(looked.failed for looked in page) for page in pages)
    total = sum(len(looked.result.differences) for looked in results)
    rate = f"{len(pages) / max(spent, 1e-6):.2f} pages/s"
    counted = f"{total} difference{'' if total == 1 else 's'}"
    return [*lines, f"{len(pages)} pages: {found} with {counted}, {failed} failed; {rate}"]


def _tell(args: argparse.Namespace, line: str) -> None:
    if args.json == naming.STDOUT:  # standard output holds the result and nothing else
        say(line)
    elif not args.quiet:
        print(saying.plain(line), flush=True)


def _check_outputs(args: argparse.Namespace, target: Path | None, single: bool) -> None:
    """Raises UsageError when something could not be written at the end."""
    if args.json is not None and args.json != naming.STDOUT and args.format != "labelme":
        files.check_writable(args.json, "the result")
        if target is not None and args.json.resolve() == target.resolve():
            raise UsageError("--json and --output need different files")
    if args.format == "labelme":
        if args.json is None or args.json == naming.STDOUT:
            raise UsageError("--format labelme: name a folder with --json DIR")
        files.make_folder(args.json, "the labelme files")
    elif args.format != "json" and args.json is None:
        raise UsageError(f"--format {args.format}: say where with --json FILE (-: standard output)")
    if args.explain is not None:
        files.make_folder(args.explain, "the explanation")
    if args.report is not None:
        files.make_folder(args.report, "the report")
    if not single and args.output is not None:
        files.make_folder(args.output, "the annotated pictures")


def _write(args: argparse.Namespace, results: Sequence[Looked]) -> None:
    """Write --json, --report and, of several pages, --output."""
    if args.report is not None:
        from livespot.batch import report

        files.write_whole(args.report / report.PAGE, report.as_html(results))
    if args.json is None:
        return
    if args.format == "labelme":
        for name, text in labelme_files(results, args.json).items():
            files.write_whole(args.json / name, text)
    elif args.json == naming.STDOUT:
        print(FORMATS[args.format](results), end="", flush=True)
    else:
        files.write_whole(args.json, FORMATS[args.format](results))


def in_words(spotting: FrameResult) -> str:
    """ "7 differences (4 removed, 3 added)", or why there is none."""
    count = len(spotting.differences)
    if count == 0:
        return spotting.reason or "no difference found"
    kinds = Counter(str(d.kind) for d in spotting.differences).most_common()
    also = f"; {spotting.reason}" if spotting.reason else ""
    return f"{count} difference{'' if count == 1 else 's'} ({', '.join(f'{n} {kind}' for kind, n in kinds)}){also}"


def _jobs(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 256:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of processes, 1 or more")
    return int(text)


def _ignored(text: str) -> tuple[int, int, int, int] | Path:
    numbers = [part.strip() for part in text.split(",")]
    if len(numbers) == 4 and all(number.lstrip("-").isdecimal() for number in numbers):
        x, y, width, height = (int(number) for number in numbers)
        if width > 0 and height > 0:
            return x, y, width, height
    elif Path(text).is_file():
        return Path(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not x,y,width,height in px, nor a picture")


def _target(args: argparse.Namespace, paths: Sequence[Path]) -> Path | None:
    """Where the annotated picture goes, known to be writable."""
    if args.no_picture:
        return None
    if args.output is None:
        if args.pages == [str(STDIN)]:
            return None
        beside = files.beside(paths[0], "-differences.png")
        if paths[0].parent.is_dir():
            try:
                files.check_writable(beside, "the annotated picture")
            except UsageError as error:
                raise UsageError(f"{error}, with --output FILE") from None
        return beside
    output: Path = args.output
    files.check_picture_name(output, "--output")
    files.check_writable(output, "the annotated picture")
    for path in paths:
        if path.exists() and output.exists() and output.samefile(path):
            raise UsageError(f"--output {output} is the picture itself: choose another name")
    return output


def _explained(explanation: Explanation, folder: Path, paths: Sequence[Path]) -> Path:
    """Write the explanation; where its page is. The page comes last: it never shows pictures that are not there."""
    from livespot.report import page as sheet

    for name, data in sheet.files_of(explanation, " and ".join(p.name for p in paths)).items():
        files.write_whole(folder / name, data)
    return folder / sheet.PAGE


def _check_window() -> None:
    from livespot.live.window import display

    screen = display.probe()
    if not screen.usable:
        raise LivespotError(f"--show: no window can be opened: {screen.reason}; {screen.remedy}")


def _show(image: Image, title: str) -> None:
    """Show a picture until a key is pressed or the window is closed."""
    from livespot.live.window.window import Window

    height, width = image.shape[:2]
    scale = min(1.0, _WINDOW[0] / width, _WINDOW[1] / height)
    window = Window(f"livespot: {title}", (max(320, round(width * scale)), max(240, round(height * scale))))
    size = (0, 0)
    try:
        while window.open and not window.pressed():
            if window.size != size:
                size = window.size
                window.show(letterboxed(image, size, drawing.DESK))
            time.sleep(0.02)
    finally:
        window.close()
