"""Boots the camera machine and runs one of the programs beside this file in it."""

import fcntl
import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kit.machine.guest import LONGEST

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "scripts" / "camera-machine"
# Compiled for a processor that the emulated one is: on both sides.
PLAIN = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}
# v4l2loopback writes into what a slow reader still reads unless it has buffers enough.
LOOPBACK = "devices=1 video_nr=9 card_label=Loopback exclusive_caps=1 max_buffers=8"
# What no program in the machine imports, and is large.
_LEFT_OUT = (
    "scipy scipy.libs skimage selenium mypy networkx dask pip cryptography pillow_heif.libs reportlab *__mypyc*.so"
)


@dataclass(frozen=True)
class Machine:
    """folder: where it was built. kernels: compiled for it."""

    folder: Path
    kernels: Path

    def run(self, program: str, out: Path, **words: str) -> dict[str, Any]:
        """The facts that `program` told (guest.tell). out: a folder for its files, with what it is to find there."""
        base = Path(sysconfig.get_path("stdlib"))
        packages = Path(sysconfig.get_path("purelib")).relative_to(sys.prefix)
        packed = [
            f"{sys.prefix} " + " ".join(f"{packages}/{name}" for name in _LEFT_OUT.split()),
            f"{base} site-packages dist-packages test",
            str(ROOT / "livespot"),
            str(ROOT / "calibration"),
            str(ROOT / "tests" / "kit"),
            str(self.kernels),
        ]
        inside = {
            **PLAIN,
            "NUMBA_CACHE_DIR": str(self.kernels),
            "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}",
            "PYTHONDONTWRITEBYTECODE": "1",
            **words,
        }
        settings = " ".join(f"{name}='{value}'" for name, value in inside.items())
        command = f"{settings} {sys.executable} -P -m kit.machine.{program}"
        around = os.environ | {
            "PACKED": "\n".join(packed),
            "OUT": str(out),
            "LONGEST": str(LONGEST + 60),
            "LOOP": LOOPBACK,
        }
        booted = subprocess.run(
            [SCRIPT, "run", f"cd /mnt; {command}"],
            env=around, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
        )  # fmt: skip
        print(booted.stdout, booted.stderr)
        facts = out / "facts.json"
        assert facts.exists(), f"the machine did not come to its end:\n{booted.stdout[-3000:]}{booted.stderr[-1000:]}"
        told: dict[str, Any] = json.loads(facts.read_text())
        return told


def find() -> Machine | str:
    """The machine, ready for use; or why there is none."""
    where = subprocess.run([SCRIPT, "where"], capture_output=True, text=True)
    if where.returncode:
        return "no camera machine here: scripts/camera-machine build (Debian, root)"
    folder = Path(where.stdout.strip())
    machine = Machine(folder, folder / "kernels")
    machine.kernels.mkdir(exist_ok=True)
    compile_kernels = (
        "from livespot import startup; startup.prepare()\n"
        "from livespot.spotting.warming import warm_up; warm_up(similarity=False)"
    )
    inside = os.environ | PLAIN | {"NUMBA_CACHE_DIR": str(machine.kernels), "PYTHONPATH": str(ROOT)}
    # Also the bytecode: in the machine a module takes as long to compile as it runs.
    subprocess.run([sys.executable, "-m", "compileall", "-q", ROOT / "livespot", ROOT / "tests" / "kit"], check=True)
    subprocess.run([sys.executable, "-P", "-c", compile_kernels], env=inside, check=True)
    return machine


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def once(place: Path, program: str, files: Callable[[], Sequence[tuple[str, bytes]]]) -> dict[str, Any]:
    """What `program` tells, run once for all processes that share the tests. place: a folder they share.

    files: what is laid into the program's folder, by name. Skips where there is no machine; a boot that failed is not
    tried again.
    """
    facts = place / program / "facts.json"
    with _alone(place / program):
        if not facts.exists():
            machine = find()
            if isinstance(machine, str):
                pytest.skip(machine)
            if facts.parent.exists():
                pytest.fail(f"the camera machine did not come to the end of {program}")
            facts.parent.mkdir()
            for name, data in files():
                (facts.parent / name).write_bytes(data)
            machine.run(program, facts.parent)
    told: dict[str, Any] = json.loads(facts.read_text())
    return told
