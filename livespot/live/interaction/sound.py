"""A short sound when a page is found and when a new difference is sure (J, --sound): eyes are on the paper then.

Played by what the system has (Windows' own, afplay, pw-play, paplay, aplay), else the terminal's bell; on a thread.
"""

import contextlib
import io
import shutil
import subprocess
import sys
import threading
import wave

import numpy as np

from livespot import startup
from livespot.annotate.boxes import UNSURE
from livespot.saying import heard
from livespot.spotting.results import FrameResult, State

_RATE = 44_100
_TONES = {"found": (523.3, 784.0), "new": (987.8,)}  # Hz, one after the other
_LONG = 0.09  # s of each
_PLAYERS = (["afplay"], ["pw-play"], ["paplay"], ["aplay", "-q"])
_APART = 0.7  # s between two sounds
_SETTLED = 1.0  # s of a page, of which the differences found at first are no news


class Sound:
    """Listens to what is found, and sounds when it is on."""

    def __init__(self, on: bool) -> None:
        self.on = on
        self._page, self._since, self._last = 0, 0.0, 0.0
        self._known: set[int] = set()

    def hear(self, spotting: FrameResult, now: float) -> str:
        """Take in what is known now, s; which sound that is worth, "" for none (it is played when sound is on)."""
        if spotting.state is not State.LOCKED:
            return ""
        sure = {d.id for d in spotting.differences if d.confidence >= UNSURE}
        what = ""
        if spotting.page != self._page:
            self._page, self._since, self._known, what = spotting.page, now, set(), "found"
        elif sure - self._known and now - self._since > _SETTLED and now - self._last > _APART:
            what = "new"
        if what or now - self._since <= _SETTLED:
            self._known |= sure
        if what:
            self._last = now
            if self.on:
                play(what)
        return what


def play(what: str) -> None:
    """Play one of the sounds, without waiting for it."""
    threading.Thread(target=_play, args=(what,), name="sound", daemon=True).start()


def _play(what: str) -> None:
    with contextlib.suppress(OSError, RuntimeError):
        if sys.platform == "win32":
            import winsound

            winsound.PlaySound(_wave(what), winsound.SND_MEMORY)
            return
        player = next((words for words in _PLAYERS if shutil.which(words[0])), None)
        if player is None:
            if heard():
                sys.stderr.write("\a")
                sys.stderr.flush()
            return
        path = startup.cache_dir() / f"{what}.wav"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_wave(what))
        nothing = subprocess.DEVNULL
        subprocess.run([*player, str(path)], timeout=5, stdin=nothing, stdout=nothing, stderr=nothing)


def _wave(what: str) -> bytes:
    """The sound as a WAV file: soft sines that begin and end at nothing."""
    at = np.arange(round(_LONG * _RATE)) / _RATE
    shape = np.sin(np.pi * at / _LONG) ** 2
    tones = np.concatenate([np.sin(2 * np.pi * pitch * at) * shape for pitch in _TONES[what]])
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes((0.35 * 32767 * tones).astype("<i2").tobytes())
    return held.getvalue()
