"""The start script on machines that lack something: one line, the remedy, and never half a job taken for a whole one.

The scripts are the real ones; Python, pip and apt are stand-ins, so that nothing is downloaded.
"""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = [
    "sh",
    "cat",
    "cp",
    "cksum",
    "readlink",
    "mkdir",
    "dirname",
    "tail",
    "grep",
    "rm",
    "flock",
    "touch",
    "chmod",
    "env",
]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the start scripts are for a POSIX shell")

# A Python that answers what the scripts ask; files beside it say what it lacks: "old", "no-venv", "offline", "no-libs".
PYTHON = r"""#!/bin/sh
here="$(dirname "$0")"
[ -f "$here/answers" ] && here="$(cat "$here/answers")"
echo "python $*" >>"$here/calls"
env | grep -E '^(PYTHON|PIP_)' >>"$here/environment"
case "$*" in
-V) echo "Python 3.9.2" ;;
*"version_info <"*) [ ! -e "$here/old" ] ;;
*ensurepip*) [ ! -e "$here/no-venv" ] ;;
*python%d*) echo python3.11-venv ;;
*"-m venv"*)
    for venv; do :; done
    mkdir -p "$venv/bin"
    cp "$0" "$venv/bin/python"
    echo "$here" >"$venv/bin/answers"
    chmod +x "$venv/bin/python"
    ;;
*"-m pip"*) [ ! -e "$here/offline" ] || { echo "Failed to establish a new connection"; exit 1; } ;;
*libraries.py*--packages*) [ ! -e "$here/elsewhere" ] ;;
*libraries.py) [ ! -e "$here/no-libs" ] || echo "libgl1 libsm6" ;;
*"import pip"*) true ;;
*"-m livespot.cli.prepare"*) true ;;
*"-m livespot"*) shift 3; echo "livespot was given: $*" ;;
esac
"""

# An apt-get that has everything.
APT = r"""#!/bin/sh
here="$(dirname "$0")"
echo "apt-get $*" >>"$here/calls"
case "$*" in
*venv*) rm -f "$here/no-venv" ;;
*) rm -f "$here/no-libs" ;;
esac
"""


class Machine:
    """A checkout in a folder with a space in its name, and a PATH with nothing but what is put there."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "my checkout"
        self.path = folder / "bin"
        self.path.mkdir()
        (self.checkout / "livespot").mkdir(parents=True)
        shutil.copytree(ROOT / "scripts", self.checkout / "scripts")
        shutil.copy(ROOT / "pyproject.toml", self.checkout)
        for tool in TOOLS:
            found = shutil.which(tool)
            if found:
                (self.path / tool).symlink_to(found)
        self.program("id", "#!/bin/sh\necho 1000\n")

    def program(self, name: str, text: str) -> None:
        (self.path / name).write_text(text)
        (self.path / name).chmod(0o755)

    def lacks(self, *what: str) -> None:
        for name in what:
            (self.path / name).touch()

    def has(self, *what: str) -> None:
        for name in what:
            (self.path / name).unlink()

    def calls(self, of: str) -> int:
        log = self.path / "calls"
        return log.read_text().count(of) if log.exists() else 0

    def start(
        self, *words: str, script: Path | None = None, cwd: Path | None = None, **variables: str
    ) -> tuple[int, str, list[str]]:
        """Exit status, standard output, and the lines on standard error."""
        done = subprocess.run(
            [str(script or self.checkout / "scripts" / "livespot"), *words],
            env={"PATH": str(self.path), "HOME": str(self.path)} | variables,
            cwd=cwd or self.path,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        return done.returncode, done.stdout.strip(), done.stderr.strip().splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.program("python3", PYTHON)
    return machine


def test_the_first_start_builds_and_the_second_does_not(machine: Machine) -> None:
    status, out, errors = machine.start("photo", "a page.jpg")
    assert (status, out) == (0, "livespot was given: photo a page.jpg")
    assert len(errors) == 1
    assert "first start: building a private environment" in errors[0]
    assert machine.calls("-m pip install") == 1
    status, out, errors = machine.start("live")
    assert (status, out, errors) == (0, "livespot was given: live", [])
    assert machine.calls("-m pip install") == 1


def test_from_any_folder_through_links(machine: Machine, tmp_path: Path) -> None:
    machine.start()
    (tmp_path / "one").symlink_to(machine.checkout / "scripts" / "livespot")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "two").symlink_to("../one")
    link = tmp_path / "elsewhere" / "two"
    assert machine.start("x", script=link, cwd=tmp_path) == (0, "livespot was given: x", [])


def test_the_users_shell_changes_nothing(machine: Machine) -> None:
    """Another place to import from or to install to; a folder of CDPATH. Where packages come from stays theirs."""
    shell = {"CDPATH": ".", "PYTHONPATH": "/other", "PYTHONHOME": "/other", "PIP_USER": "1", "PIP_TARGET": "/other"}
    shell |= {"PIP_REQUIRE_HASHES": "1", "PIP_TIMEOUT": "60"}
    start = machine.start("x", script=Path("scripts/livespot"), cwd=machine.checkout, **shell)
    assert start[:2] == (0, "livespot was given: x")
    assert set((machine.path / "environment").read_text().split()) == {"PIP_TIMEOUT=60"}


def test_packages_that_went_elsewhere_are_not_taken_for_ready(machine: Machine) -> None:
    machine.lacks("elsewhere")
    for _ in range(2):
        status, out, errors = machine.start()
        assert (status, out) == (1, "")
        assert "installed, but not into" in errors[-1]
    machine.has("elsewhere")
    assert machine.start("x")[:2] == (0, "livespot was given: x")


@pytest.mark.parametrize("changed", ["pyproject.toml", "scripts/constraints.txt"])
def test_brought_up_to_date_when_what_it_is_made_from_changes(machine: Machine, changed: str) -> None:
    machine.start()
    with (machine.checkout / changed).open("a") as file:
        file.write("\n# changed\n")
    status, _, errors = machine.start()
    assert status == 0
    assert errors == ["livespot: bringing the private environment up to date"]
    assert machine.start()[2] == []


def test_a_checkout_that_was_moved_is_brought_up_to_date(machine: Machine, tmp_path: Path) -> None:
    machine.start()
    machine.checkout = machine.checkout.rename(tmp_path / "moved")
    status, _, errors = machine.start()
    assert status == 0
    assert len(errors) == 1
    assert machine.calls("-m pip install") == 2


def test_half_an_environment_is_built_again(machine: Machine) -> None:
    machine.lacks("offline")
    status, out, errors = machine.start()
    assert (status, out) == (1, "")
    assert "cannot download the packages: connect this machine to the network" in errors[-1]
    machine.has("offline")
    status, out, errors = machine.start("x")
    assert (status, out) == (0, "livespot was given: x")
    assert errors == ["livespot: the last set-up did not finish: building the private environment again"]
    assert machine.start()[2] == []


def test_an_environment_whose_python_is_gone_is_built_again(machine: Machine) -> None:
    machine.start()
    (machine.checkout / ".venv" / "bin" / "python").unlink()
    assert machine.start("x")[:2] == (0, "livespot was given: x")


@pytest.mark.parametrize(
    ("lacks", "says"),
    [
        ("old", "needs Python 3.11 or newer, and this is Python 3.9.2"),
        ("no-venv", "Python's venv is missing: sudo apt-get install python3.11-venv"),
    ],
)
def test_a_python_that_will_not_do(machine: Machine, lacks: str, says: str) -> None:
    machine.lacks(lacks)
    status, out, errors = machine.start()
    assert (status, out) == (1, "")
    assert says in errors[-1]


def test_no_python_at_all(machine: Machine) -> None:
    machine.has("python3")
    status, _, errors = machine.start()
    assert status == 1
    assert errors == [
        "livespot: needs Python 3.11 or newer, and there is none: sudo apt-get install python3 python3-venv"
    ]


def test_missing_libraries_are_named_until_they_are_there(machine: Machine) -> None:
    machine.lacks("no-libs")
    for _ in range(2):
        status, out, errors = machine.start()
        assert (status, out) == (1, "")
        assert errors[-1] == "livespot: system libraries are missing: sudo apt-get install libgl1 libsm6"
    machine.has("no-libs")
    assert machine.start("x") == (0, "livespot was given: x", [])


def test_root_installs_what_is_missing(machine: Machine) -> None:
    machine.program("id", "#!/bin/sh\necho 0\n")
    machine.program("apt-get", APT)
    machine.lacks("no-venv", "no-libs")
    status, out, errors = machine.start("x")
    assert (status, out) == (0, "livespot was given: x")
    assert len(errors) == 1
    assert machine.calls("apt-get install -y --no-install-recommends python3.11-venv") == 1
    assert machine.calls("apt-get install -y --no-install-recommends libgl1 libsm6") == 1


def test_a_checkout_nobody_may_write(machine: Machine) -> None:
    machine.checkout.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        if os.access(machine.checkout, os.W_OK):
            pytest.skip("root may write everywhere")
        status, _, errors = machine.start()
    finally:
        machine.checkout.chmod(0o755)
    assert status == 1
    assert "is not writable" in errors[-1]


def test_an_environment_of_another_user(machine: Machine) -> None:
    venv = machine.checkout / ".venv"
    venv.mkdir()
    venv.chmod(0o555)
    try:
        if os.access(venv, os.W_OK):
            pytest.skip("root may write everywhere")
        status, out, errors = machine.start()
    finally:
        venv.chmod(0o755)
    assert (status, out, len(errors)) == (1, "", 1)
    assert "belongs to another user" in errors[0]
