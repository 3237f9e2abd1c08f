"""The README's tables, made from the registries: commands, keys, settings. A test holds the README to them.

A table stands between `<!-- begin NAME -->` and `<!-- end NAME -->`; `scripts/readme` writes all of them anew.
"""

from __future__ import annotations

from collections.abc import Callable


def commands() -> str:
    """The table of commands, in Markdown."""
    from livespot.cli.main import COMMANDS

    rows = [f"| `livespot {f'{name} {c.usage}'.strip()}` | {c.summary} |" for name, c in COMMANDS.items()]
    return "\n".join(["| command | does |", "| --- | --- |", *rows])


def keys() -> str:
    """The table of keys, in Markdown."""
    from livespot.live.keys import readme_table

    return readme_table().strip()


def settings() -> str:
    """The table of settings, in Markdown."""
    from livespot.cli.settings import as_markdown

    return as_markdown()


TABLES: dict[str, Callable[[], str]] = {"commands": commands, "keys": keys, "settings": settings}


def updated(text: str) -> str:
    """`text` (a README) with every table as it should be. Raises ValueError when the place of one is missing."""
    for name, make in TABLES.items():
        begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
        before, found, rest = text.partition(begin)
        _, closed, after = rest.partition(end)
        if not found or not closed:
            raise ValueError(f"the README has no place for the table of {name}: {begin.strip()} and {end}")
        text = f"{before}{begin}{make()}\n{end}{after}"
    return text
