"""The order of the rooms: imports run downwards, and in no circle. One table, livespot.rooms, says which is which."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import livespot
from livespot.rooms import FLOORS, FLOW, room_of

PACKAGE = Path(livespot.__file__).parent
# The front door opens every room by its name; nothing inside goes through it.
FILES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted([*PACKAGE.rglob("*.py"), *(PACKAGE / "calibration").glob("*.py")])
    if path != PACKAGE / "__init__.py"
}


def imports(path: Path) -> set[str]:
    """The modules of livespot that a file names in its imports, without `livespot.`, lazy and typing ones too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.split(".")[0] == "livespot"}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 or "calibration" in path.parts, f"{path}: say where from, by its whole name"
            if (node.module or "").split(".")[0] == "livespot":
                whole = [f"{node.module}.{alias.name}" for alias in node.names]
                found |= {name if name.removeprefix("livespot.") in FILES else str(node.module) for name in whole}
    return {name.removeprefix("livespot.") for name in found}


IMPORTS = {module: imports(path) - {module} for module, path in FILES.items()}


def test_every_module_is_in_a_room_and_every_room_has_a_module() -> None:
    rooms = {room for floor in FLOORS for room in floor.split()}
    packages = {"spotting", "live"}  # rooms of rooms
    assert [m for m in FILES if not room_of(m) and m not in packages] == []
    assert {room_of(m) for m in FILES} - {""} == rooms
    assert {room for _, names, _ in FLOW for room in names.split(", ")} <= rooms


def test_imports_run_downwards() -> None:
    floor = {room: at for at, floor in enumerate(FLOORS) for room in floor.split()}
    upwards = [
        f"{module} imports {name}"
        for module, names in IMPORTS.items()
        for name in names
        if room_of(module) != room_of(name) and floor.get(room_of(name), len(FLOORS)) >= floor.get(room_of(module), -1)
    ]
    assert upwards == []


def test_no_module_imports_itself_by_a_circle() -> None:
    TopologicalSorter(IMPORTS).prepare()  # raises CycleError, which names the circle
