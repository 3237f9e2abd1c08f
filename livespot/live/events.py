"""The event log (`--events FILE`): one JSON object a line for every frame, on the disk as it happens."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from livespot.spotting.findings import Spotting


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


class EventLog:
    """Writes Spotting.as_json lines to `path`, which must not exist yet (an empty file, a pipe or a device may).

    error: why the log stopped, one line; None when all is well. notify: called once with that line.
    Raises UsageError when the file exists or its folder cannot be written.
    """

    def __init__(self, path: Path | str, *, notify: Callable[[str], None] = _to_stderr) -> None:
        raise NotImplementedError

    error: str | None

    def write(self, spotting: Spotting) -> None:
        """Add this frame's line. Never raises: a full disk ends the log with one line and the live view goes on."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
