"""Files that are written whole or not at all."""

import contextlib
import os
import uuid
from pathlib import Path


def write(path: Path, data: bytes | str) -> None:
    """Make `path` hold `data`; until it does, and when it cannot, what was there stays. Raises OSError.

    Text becomes UTF-8, with "?" for half a character, as names that are not UTF-8 have them. The folder is made. A link
    stays one: what it leads to is written.
    """
    path = Path(os.path.realpath(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not named after `path`, whose name may be as long as a name can be.
    partial = path.with_name(f".livespot-{uuid.uuid4().hex[:16]}")
    try:
        with partial.open("xb") as file:
            file.write(data.encode(errors="replace") if isinstance(data, str) else data)
        partial.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
