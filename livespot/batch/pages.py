"""What to look at: words of the command line to pages, or pairs of pictures.

A word is a picture, a PDF or TIFF with several pages, a folder of them, or - for standard input. Nothing is read here
but the number of pages; what cannot be read becomes a page that fails by itself.
"""

import csv
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from livespot.capture.documents import READABLE, page_count
from livespot.capture.stills import natural
from livespot.errors import LivespotError, UsageError
from livespot.settings import as_text

STDIN = Path("-")
_WRITTEN = re.compile(r"-differences(-\d+)?$")  # by an earlier run, beside its page


@dataclass(frozen=True)
class Page:
    """One page of a file, counted from 0; or two pictures, `other` being picture B.

    name: what the user calls it. trouble: why it cannot be looked at, known before it is read.
    """

    path: Path
    page: int = 0
    other: Path | None = None
    name: str = ""
    trouble: str = ""

    @property
    def paths(self) -> tuple[Path, ...]:
        return (self.path,) if self.other is None else (self.path, self.other)


def pages_of(words: Sequence[str], pairs: str | None = None) -> list[Page]:
    """The pages that `words` mean. pairs: a CSV file, or two patterns with a comma between them. Raises UsageError."""
    if pairs is not None and pairs.lower().endswith(".csv"):
        if words:
            raise UsageError("--pairs FILE.csv names the pictures itself: leave the others out")
        return list(_listed(Path(pairs)))
    files = [file for word in words for file in _files(word)]
    if pairs is None:
        return [page for file in files for page in _pages(file)]
    return list(_paired(files, pairs))


def _files(word: str) -> Iterator[Path]:
    path = Path(word)
    if not path.is_dir():
        yield path
        return
    found = sorted((p for p in path.iterdir() if p.suffix.lower() in READABLE and p.name[0] != "."), key=natural)
    pages = [p for p in found if p.is_file() and not _WRITTEN.search(p.stem)]
    if not pages:
        raise LivespotError(f"no picture in folder {path}: livespot reads JPEG, PNG, WebP, TIFF, PDF and HEIC files")
    yield from pages


def _pages(path: Path) -> Iterator[Page]:
    if path == STDIN:
        path, name = _standard_input(), "standard input"
    else:
        name = str(path)
    try:
        count = page_count(path)
    except LivespotError as error:
        yield Page(path, name=name, trouble=str(error))
        return
    for n in range(count):
        yield Page(path, n, name=name if count == 1 else f"{name}, page {n + 1}")


def _standard_input() -> Path:
    data = sys.stdin.buffer.read()
    if not data:
        raise LivespotError("standard input is empty: `livespot photo - < page.jpg` reads a picture from it")
    suffix = ".pdf" if data.startswith(b"%PDF") else ".tif" if data[:4] in (b"II*\0", b"MM\0*") else ".heic"
    suffix = suffix if suffix != ".heic" or (data[4:8] == b"ftyp" and data[8:12] != b"avif") else ".png"
    with tempfile.NamedTemporaryFile(prefix="livespot-", suffix=suffix, delete=False) as file:
        file.write(data)
    return Path(file.name)


def _listed(table: Path) -> Iterator[Page]:
    """The pairs of a CSV file: A and B in the first two columns, a line of names above them or not."""
    try:
        lines = as_text(table.read_bytes()).splitlines()
        # Spreadsheets put a semicolon or a tab where the country's numbers have a comma.
        delimiter = max(",;\t", key=lambda mark: lines[0].count(mark)) if lines else ","
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if any(row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"cannot read --pairs {table}: {getattr(error, 'strerror', None) or error}") from None
    for number, row in enumerate(rows):
        if len(row) < 2:
            raise UsageError(f"--pairs {table}, line {number + 1}: two columns are needed, picture A and picture B")
        a, b = (table.parent / word.strip() for word in row[:2])
        if number == 0 and not a.suffix and not b.suffix:
            continue
        yield Page(a, other=b, name=f"{a} and {b}")


def _paired(files: list[Path], patterns: str) -> Iterator[Page]:
    """The files that fit the first pattern, each with the one that the second makes of it."""
    first, _, second = (word.strip() for word in patterns.partition(","))
    if first.count("*") != 1 or second.count("*") != 1:
        raise UsageError(f"--pairs {patterns}: a CSV file, or two patterns with one * each, such as '*_a.png,*_b.png'")
    before, after = first.split("*")
    found = [file for file in files if fnmatchcase(file.name, first)]
    if not found:
        raise UsageError(f"--pairs {patterns}: no picture is named like {first}")
    for a in found:
        middle = a.name[len(before) : len(a.name) - len(after)]
        b = a.with_name(second.replace("*", middle))
        yield Page(a, other=b, name=f"{a} and {b}", trouble="" if b.exists() else f"there is no picture B, {b}")
