"""What the training of every network needs beside PyTorch: to say that it is missing, and to put weights to use."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from livespot import fitted_files
from livespot.errors import LivespotError

P = ParamSpec("P")
T = TypeVar("T")


def with_pytorch(work: Callable[P, T]) -> Callable[P, T]:
    """The same work, which says in one line that PyTorch is missing."""

    @functools.wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return work(*args, **kwargs)
        except ImportError as error:
            raise LivespotError(
                f"training needs {error.name}, which is not here: run scripts/train, which gets it"
            ) from None

    return run


def put_to_use(weights: Path, brought: Path) -> Path:
    """Replace weights that the package brings, and their origin, by these; where they are now."""
    for one in (brought.with_suffix(".json"), brought):
        shutil.copyfile(weights.with_suffix(one.suffix), kept := fitted_files.place(one))
    return kept
