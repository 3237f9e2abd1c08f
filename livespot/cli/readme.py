"""Tables of README.md (commands, keys, settings) and livespot/README.md (flow, rooms), made from the registries.

A table stands between `<!-- begin NAME -->` and `<!-- end NAME -->`; `scripts/readme` writes all of them anew, and a
test holds both files to them.
"""

import ast
from collections.abc import Callable, Mapping
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def commands() -> str:
    """The table of commands, in Markdown."""
    from livespot.cli.main import COMMANDS

    rows = [f"| `livespot {f'{name} {c.usage}'.strip()}` | {c.summary} |" for name, c in COMMANDS.items()]
    return "\n".join(["| command | does |", "| --- | --- |", *rows])


def keys() -> str:
    """The table of keys, in Markdown."""
    from livespot.live.interaction.keys import readme_table

    return readme_table().strip()


def settings() -> str:
    """The table of settings, in Markdown."""
    from livespot.cli.settings import as_markdown

    return as_markdown()


def flow() -> str:
    """The way a frame takes through the rooms, drawn in letters."""
    from livespot.rooms import FLOW

    wide = max(len(step) for step, _, _ in FLOW) + 2
    lines = [f"{step:{wide}}{room}" + (f"  -> {gives}" if gives else "") for step, room, gives in FLOW]
    return "\n".join(["```text", *lines, "```"])


def rooms() -> str:
    """The rooms, lowest first, each with the first sentence at its head."""
    from livespot.rooms import FLOORS

    rows = [f"| `{room}` | {_head(room)} |" for floor in FLOORS for room in floor.split()]
    return "\n".join(["| room | holds |", "| --- | --- |", *rows])


def _head(room: str) -> str:
    place = PACKAGE.joinpath(*room.split("."))
    file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    sentence = " ".join(text.split("\n\n")[0].split())
    return sentence if len(sentence) < 150 else sentence.split(". ")[0] + "."


TABLES: dict[str, Callable[[], str]] = {"commands": commands, "keys": keys, "settings": settings}
ROOMS: dict[str, Callable[[], str]] = {"flow": flow, "rooms": rooms}


def updated(text: str, tables: Mapping[str, Callable[[], str]] = TABLES) -> str:
    """`text` (a README) with every table as it should be. Raises ValueError when the place of one is missing."""
    for name, make in tables.items():
        begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
        before, found, rest = text.partition(begin)
        _, closed, after = rest.partition(end)
        if not found or not closed:
            raise ValueError(f"the README has no place for the table of {name}: {begin.strip()} and {end}")
        text = f"{before}{begin}{make()}\n{end}{after}"
    return text


def write(root: Path) -> None:
    """Write the tables of both files anew. root: of the repository."""
    for path, tables in ((root / "README.md", TABLES), (root / "livespot" / "README.md", ROOMS)):
        path.write_text(updated(path.read_text(encoding="utf-8"), tables), encoding="utf-8")
