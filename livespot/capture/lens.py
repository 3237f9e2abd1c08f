"""The profile of the camera behind a source: its lens, and the sensitivity that suits it.

In: an open source, the size of its frames, the settings. Out: a calibration Profile for frames as they come out of the
source (turned, when `rotate` turns them), or a falsy Refusal with the reason.
"""

from __future__ import annotations

from pathlib import Path

from calibration import profile
from calibration.lens import Refusal
from calibration.profile import Profile
from livespot.errors import SourceError
from livespot.frame import Source
from livespot.settings import Settings


def identity_of(source: Source) -> str:
    """The camera behind a source, the same from start to start; "" where none is known (a file)."""
    return str(getattr(source, "identity", ""))


def profile_for(source: Source, size: tuple[int, int], settings: Settings) -> Profile | Refusal:
    """The profile for frames of `size` px from this source, as `capture.profile` asks.

    Raises SourceError when a file was named and cannot be used: whoever names one wants it.
    """
    asked, turn = settings.capture.profile, settings.rotate
    if asked == "none":
        return Refusal("no profile is used: capture.profile is none")
    upright = size if turn % 180 == 0 else size[::-1]
    if asked == "auto":
        identity = identity_of(source)
        if not identity:
            return Refusal(f"{source.name} is no camera: name its profile with --set capture.profile=FILE")
        found = profile.load(identity, upright)
    else:
        found = profile.load_file(Path(asked).expanduser(), None, upright)
        if isinstance(found, Refusal):
            raise SourceError(found.reason)
    return found if isinstance(found, Refusal) else found.turned(turn)
