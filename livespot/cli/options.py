"""Options: one parser that fails in one line, and the options that the settings structure makes.

Top-level tunables are options (`--sensitivity 1.2`); the ones in sections are reached by `--set classic.quantile=0.97`
and by a TOML file (`--config FILE`). What is said last and nearest wins: defaults, file, --set, option.
"""

from __future__ import annotations

import argparse
import difflib
import re
from pathlib import Path
from typing import Any, NoReturn

from livespot.errors import UsageError
from livespot.settings import Settings, Tunable, changed, from_toml, tunables


class Parser(argparse.ArgumentParser):
    """argparse with one-line errors (raised, not printed) and no guessing at shortened options."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **kwargs)

    def error(self, message: str) -> NoReturn:
        unknown = re.match(r"unrecognized arguments: (.*)", message)
        if unknown:
            word = unknown[1].split()[0]
            if word.startswith("-"):
                known = [option for action in self._actions for option in action.option_strings]
                close = difflib.get_close_matches(word.partition("=")[0], known, 1)
                hint = f"; did you mean {close[0]}?" if close else f"; `{self.prog} --help` lists them"
                message = f"unknown option {word}{hint}"
            else:
                message = f"one word too many: {word!r}; see `{self.prog} --help`"
        else:
            required = re.match(r"the following arguments are required: (.*)", message)
            message = (f"missing: {required[1]}" if required else message) + f"; see `{self.prog} --help`"
        raise UsageError(message)


def add_settings(parser: argparse.ArgumentParser) -> None:
    """The options every command has: the top-level tunables, --set and --config."""
    group = parser.add_argument_group("settings")
    for t in top_level():
        option = "--" + t.key.replace("_", "-")
        if t.type is bool:
            group.add_argument(
                option, dest=_dest(t), action=argparse.BooleanOptionalAction, default=None, help=_escaped(t.meaning)
            )
        else:
            group.add_argument(option, dest=_dest(t), metavar=_metavar(t), default=None, help=_escaped(describe(t)))
    group.add_argument(
        "--set",
        dest="set_values",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="any other setting, for example classic.quantile=0.97; `livespot settings` lists them",
    )
    group.add_argument("--config", metavar="FILE", type=Path, help="settings from a TOML file")


def settings_from(args: argparse.Namespace) -> Settings:
    """The settings that `args` ask for. Raises UsageError."""
    settings = Settings() if args.config is None else from_toml(args.config)
    given: dict[str, Any] = {}
    for item in args.set_values:
        key, equals, value = item.partition("=")
        if not equals:
            raise UsageError(f"--set {item}: write it as NAME=VALUE, for example classic.quantile=0.97")
        given[key.strip()] = value.strip()
    for t in top_level():
        if (value := getattr(args, _dest(t))) is not None:
            given[t.key] = value
    return changed(settings, given)


def top_level() -> list[Tunable]:
    """The tunables that are options of the command line."""
    return [t for t in tunables() if "." not in t.key]


def describe(t: Tunable) -> str:
    """One line about a tunable: meaning, what it may be, default."""
    default = str(t.default).lower() if t.type is bool else t.default
    return f"{t.meaning}: {t.expected()} [{default}]"


def _dest(t: Tunable) -> str:
    return "setting_" + t.key


def _metavar(t: Tunable) -> str:
    if t.choices:
        return "|".join(t.choices)
    return {"size": "WxH"}.get(t.key, "N")


def _escaped(text: str) -> str:
    return text.replace("%", "%%")
