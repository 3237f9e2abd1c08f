"""`livespot settings`: every tunable as a table, or as a TOML file to start from."""

import argparse

from livespot import startup
from livespot.settings import Settings, Tunable, tunables


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--toml", action="store_true", help="print a TOML file with the settings as they are now")
    parser.epilog = f"""\
The first ones are options of every command, with - for _; --set NAME=VALUE changes any. What is said nearest wins: the
file {startup.config_dir() / "config.toml"}, variables such as
LIVESPOT_SENSITIVITY or LIVESPOT_CLASSIC_QUANTILE, --config FILE, --set, the option.
"""


def run(args: argparse.Namespace, settings: Settings) -> int:
    print(as_toml(settings) if args.toml else as_table(settings))
    return 0


def value_of(settings: Settings, t: Tunable) -> str:
    """The setting's value, written as in a TOML file."""
    value: object = settings
    for name in t.key.split("."):
        value = getattr(value, name)
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def as_table(settings: Settings) -> str:
    """One line a setting: name, value, meaning and range."""
    rows = [(t.key, value_of(settings, t), f"{t.meaning}: {t.expected()}") for t in tunables()]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return "\n".join(f"{key:<{widths[0]}}  {value:<{widths[1]}}  {meaning}" for key, value, meaning in rows)


def as_toml(settings: Settings) -> str:
    """A settings file that says what is set now, every line explained."""
    lines = ["# livespot settings; use it with --config FILE, or as config.toml in your configuration folder"]
    section = ""
    for t in tunables():
        here, _, name = t.key.rpartition(".")
        if here != section:
            section = here
            lines += ["", f"[{section}]"]
        lines.append(f"{name} = {value_of(settings, t)}  # {t.meaning}: {t.expected()}")
    return "\n".join(lines)


def as_markdown() -> str:
    """The README's table of settings."""
    defaults = Settings()
    rows = [f"| `{t.key}` | `{value_of(defaults, t)}` | {t.expected()} | {t.meaning} |" for t in tunables()]
    return "\n".join(["| setting | default | may be | meaning |", "| --- | --- | --- | --- |", *rows])
