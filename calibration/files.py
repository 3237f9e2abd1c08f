"""A file replaced as a whole: what was there stays until what comes is written to its end."""

from __future__ import annotations

import os
from pathlib import Path

from calibration.errors import CalibrationError


def replace_text(path: Path, text: str) -> None:
    """Raises CalibrationError when it cannot be written."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise CalibrationError(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from None
