"""What the programs in the camera machine share: sessions of livespot, facts that are handed out, modules, controls.

livespot is imported once, and every session is a fork of this process: a start of its own takes half a minute there.
"""

import contextlib
import ctypes
import faulthandler
import fcntl
import json
import os
import shutil
import signal
import struct
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

OUT = Path("/mnt/out")  # the folder of the other side; slow
KEPT = Path("/mnt/kept")  # for the files of sessions, which are handed out at the end
LONGEST = 480  # s; a program that is not done by then says where it hangs
_MODULES = Path("/media")
_libc = ctypes.CDLL(None, use_errno=True)
_facts: dict[str, Any] = {}


def prepare(*, vision: bool) -> None:
    """Import livespot and load its kernels. vision: also what a live session needs."""
    from livespot import startup

    startup.prepare()
    import livespot.cli.cameras

    if vision:
        import livespot.cli.live
        import livespot.live.loop.session
        import livespot.live.loop.straight
        import livespot.record.outputs
        import livespot.spotting.spotter  # noqa: F401
        from livespot.spotting.warming import warm_up

        warm_up(similarity=False)


def tell(name: str, value: Any) -> None:
    """A fact for the tests on the other side."""
    _facts[name] = value
    print(f"{time.monotonic():7.1f} {name}: {json.dumps(value)[:300]}", flush=True)


@contextlib.contextmanager
def telling() -> Iterator[None]:
    """Hand out the facts at the end, whatever happens."""
    faulthandler.dump_traceback_later(LONGEST, exit=True)
    KEPT.mkdir()
    try:
        yield
    except BaseException:
        _facts["failure"] = traceback.format_exc()
        traceback.print_exc()
    finally:
        for file in KEPT.iterdir():
            shutil.copyfile(file, OUT / file.name)
        (OUT / "facts.json").write_text(json.dumps(_facts))
        sys.stdout.flush()
        os._exit(0)


def section(call: Callable[..., None], *given: Any) -> None:
    """One after the other; a section that fails is a fact, and the next one is tried."""
    try:
        call(*given)
    except Exception:
        tell(f"failure in {call.__name__}", traceback.format_exc())


class Session:
    """`livespot WORDS...`, or a call, as a process of its own; what it prints lies in a file.

    user: the user it runs as, and no other group. result: what the call gave.
    """

    def __init__(self, *words: str, call: Callable[[], Any] | None = None, user: int | None = None) -> None:
        number = len(list(Path("/mnt").glob("said-*")))
        self._said, self._result = Path(f"/mnt/said-{number}"), Path(f"/mnt/result-{number}")
        self._said.touch()
        if user is not None:
            self._said.chmod(0o666)
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self._child(words, call, user)
            finally:
                os._exit(99)
        self._status: int | None = None

    def _child(self, words: tuple[str, ...], call: Callable[[], Any] | None, user: int | None) -> None:
        said = os.open(self._said, os.O_WRONLY)
        os.dup2(said, 1)
        os.dup2(said, 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        if user is not None:
            os.setgroups([])
            os.setgid(user)
            os.setuid(user)
        try:
            if call is not None:
                self._result.write_text(json.dumps(call()))
                os._exit(0)
            from livespot.cli import main

            os._exit(main(words))
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(98)

    @property
    def said(self) -> str:
        return self._said.read_text(errors="replace")

    @property
    def result(self) -> Any:
        return json.loads(self._result.read_text()) if self._result.exists() else self.said

    def says(self, word: str, longest: float = 30.0) -> bool:
        """Wait until it says `word`."""
        return until(lambda: word in self.said or self.over, longest) and word in self.said

    @property
    def over(self) -> bool:
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
        return self._status is not None

    def stop(self) -> None:
        if not self.over:
            os.kill(self.pid, signal.SIGINT)

    def end(self, longest: float = 30.0) -> int | str:
        """The exit status; "hangs" when it had to be killed."""
        if not until(lambda: self.over, longest):
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self._status = -9
            return "hangs"
        assert self._status is not None
        return self._status

    def told(self, longest: float = 30.0) -> dict[str, Any]:
        """Its end as a fact: status and what was said."""
        return {"status": self.end(longest), "said": self.said}


def within(call: Callable[[], Any], longest: float = 30.0) -> Any:
    """What `call` gives in a process of its own; "hangs" when it does not come back, what it printed when it fails."""
    session = Session(call=call)
    return "hangs" if session.end(longest) == "hangs" else session.result


def until(true: Callable[[], bool], longest: float) -> bool:
    """Wait for it."""
    end = time.monotonic() + longest
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def events_of(path: Path) -> list[dict[str, Any]]:
    """The event log as far as it is written."""
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith("\n")]


def node(index: int) -> Path:
    return Path(f"/dev/video{index}")


def insert(module: str, parameters: str = "") -> None:
    with (_MODULES / f"{module}.ko").open("rb") as file:
        if _libc.syscall(313, file.fileno(), parameters.encode(), 0):
            raise OSError(ctypes.get_errno(), f"insmod {module}")


def remove(module: str) -> None:
    """Waits until nobody uses it any more."""
    if not until(lambda: _libc.syscall(176, module.encode(), os.O_NONBLOCK) == 0, 20.0):
        raise OSError(ctypes.get_errno(), f"rmmod {module}")


def control(path: Path, number: int, value: int | None = None) -> int:
    """A control's value; or set it."""
    handle = os.open(path, os.O_RDWR)
    try:
        data = struct.pack("<Ii", number, value or 0)
        answer = fcntl.ioctl(handle, 0xC008561B if value is None else 0xC008561C, data)
        return int(struct.unpack("<Ii", answer)[1])
    finally:
        os.close(handle)
