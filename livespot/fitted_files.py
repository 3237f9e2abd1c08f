"""Where what was fitted is read from and written to: the user's own folder goes before what the package brings.

A checkout keeps what is fitted in its source, to be committed; an installed package is nobody's to write into.
"""

from importlib import resources
from pathlib import Path

from livespot import startup
from livespot.calibration import whole
from livespot.errors import LivespotError

PACKAGE = Path(__file__).parent


def own(name: str) -> Path:
    """The user's own file of this name, which may not be there."""
    return startup.config_dir() / "fitted" / name


def in_use(brought: Path) -> Path:
    """The user's own version of a file that the package brings, else that file."""
    file = own(brought.name)
    return file if file.is_file() else brought


def read(package: str, name: str) -> str:
    """The text of that file of a package, or of the user's own version of it."""
    return in_use(Path(str(resources.files(package).joinpath(name)))).read_text(encoding="utf-8")


def place(brought: Path) -> Path:
    """Where a new version of a file that the package brings is written; its folder is made."""
    if (PACKAGE.parent / "pyproject.toml").is_file():
        return brought
    file = own(brought.name)
    file.parent.mkdir(parents=True, exist_ok=True)
    return file


def replace(path: Path, data: bytes | str) -> None:
    """Write a file anew: what was there stays until the new one is whole. Raises LivespotError."""
    try:
        whole.write(path, data)
    except OSError as error:
        raise LivespotError(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from None
