"""How a benchmark speaks: tables on standard output, progress on standard error, and a flat JSON object of numbers."""

import json
import math
import os
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

from livespot.errors import UsageError

T = TypeVar("T")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table, columns aligned; numbers to the right."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max([len(h), 3, *(len(row[i]) for row in cells)]) for i, h in enumerate(head)]
    numeric = [bool(cells) and all(_is_number(row[i]) for row in cells) for i in range(len(head))]

    def line(values: Sequence[str]) -> str:
        parts = (v.rjust(w) if right else v.ljust(w) for v, w, right in zip(values, widths, numeric, strict=True))
        return "| " + " | ".join(parts) + " |"

    rules = ("-" * (w + 1) + (":" if right else "-") for w, right in zip(widths, numeric, strict=True))
    return "\n".join([line(list(head)), f"|{'|'.join(rules)}|", *(line(row) for row in cells)])


def heading(text: str) -> None:
    """A line above a table."""
    print(f"\n{text}\n", flush=True)


def show(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table."""
    print(table(head, rows), flush=True)


def progress(things: Sequence[T], what: str) -> Iterator[T]:
    """`things` one by one with a progress bar on standard error, when somebody looks at it."""
    with tqdm(total=len(things), desc=what, dynamic_ncols=True, leave=False, disable=None) as bar:
        for thing in things:
            bar.set_postfix_str(str(thing)[:48] if isinstance(thing, str) else "", refresh=True)
            yield thing
            bar.update()


def machine() -> str:
    """The machine in one line."""
    name = platform.processor() or platform.machine()
    try:
        for text in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if text.startswith("model name"):
                name = text.partition(":")[2].strip()
                break
    except OSError:
        pass
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"{name}, {os.cpu_count()} cores, {system}"


def write_json(path: Path, numbers: Mapping[str, float]) -> None:
    """Write a flat object of numbers, those that could not be measured left out. Raises UsageError."""
    flat = {key: round(float(value), 6) for key, value in numbers.items() if math.isfinite(value)}
    try:
        path.write_text(json.dumps(flat, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from None


def writable(path: Path | None) -> None:
    """Make sure before hours of work that `path` can be written. Raises UsageError."""
    if path is not None and not (path.parent.is_dir() and os.access(path.parent, os.W_OK)):
        raise UsageError(f"cannot write {path}: {path.parent} is not a folder one can write to")


def _cell(value: object) -> str:
    if isinstance(value, float):
        if math.isnan(value):
            return "–"
        return f"{value:.3f}" if abs(value) < 1 else f"{value:.2f}" if abs(value) < 100 else f"{value:.0f}"
    return str(value)


def _is_number(text: str) -> bool:
    return (
        text in ("–", "") or text.replace("±", "").replace("×", "").replace(".", "").replace("-", "").strip().isdigit()
    )
