"""Options: one parser that fails in one line, and the options that the settings structure makes.

Top-level tunables are options (`--sensitivity 1.2`); the ones in sections are reached by `--set classic.quantile=0.97`
and by TOML. What is said nearest wins: defaults, the user's config.toml, LIVESPOT_ variables, --config, --set, option.
"""

import argparse
import difflib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from livespot import startup
from livespot.errors import UsageError
from livespot.saying import say
from livespot.settings import Settings, Tunable, changed, from_toml, tunables

PREFIX = "LIVESPOT_"
EPILOG = "Settings are options too (--sensitivity 1.5, --set NAME=VALUE, --config FILE): see `livespot settings`."
COMMON = {
    "--quiet": "say nothing but what failed",
    "--verbose": "say what is done, step by step",
    "--no-color": "no colours (also the variable NO_COLOR)",
    "--traceback": "after a failure of livespot itself, show where it was",
}


class Parser(argparse.ArgumentParser):
    """argparse with one-line errors (raised, not printed) and no guessing at shortened options."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **kwargs)
        self.register("type", Path, file_path)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse, but a command tells of what it does not know by itself, not the root parser."""
        found, rest = super().parse_known_args(args, namespace)
        if rest:
            raise UsageError(self._unknown(rest[0]))
        return found, rest

    def error(self, message: str) -> NoReturn:
        required = re.match(r"the following arguments are required: (.*)", message)
        raise UsageError((f"missing: {required[1]}" if required else message) + f"; see `{self.prog} --help`")

    def _unknown(self, word: str) -> str:
        if not word.startswith("-"):
            return f"one word too many: {word!r}; see `{self.prog} --help`"
        known = [option for action in self._actions for option in action.option_strings]
        close = difflib.get_close_matches(word.partition("=")[0], known, 1)
        return f"unknown option {word}" + (
            f"; did you mean {close[0]}?" if close else f"; `{self.prog} --help` lists them"
        )


def add_common(parser: argparse.ArgumentParser) -> None:
    """The options that stand before or after every command; the root parser's help has them."""
    root = parser.prog == "livespot"
    group = parser.add_argument_group("anywhere")
    for option, meaning in COMMON.items():
        if option in parser._option_string_actions:  # a command's own, which means more of the same
            continue
        group.add_argument(
            option,
            action="store_true",
            default=False if root else argparse.SUPPRESS,
            help=meaning if root else argparse.SUPPRESS,
        )


def add_settings(parser: argparse.ArgumentParser) -> None:
    """The settings as options, which every command has and `livespot settings` lists."""
    for t in top_level():
        option = "--" + t.key.replace("_", "-")
        kind: dict[str, Any] = {"action": argparse.BooleanOptionalAction} if t.type is bool else {}
        parser.add_argument(option, dest=_dest(t), default=None, help=argparse.SUPPRESS, **kind)
    parser.add_argument("--set", dest="set_values", action="append", default=[], help=argparse.SUPPRESS)
    parser.add_argument("--config", type=Path, help=argparse.SUPPRESS)


def settings_from(args: argparse.Namespace) -> Settings:
    """The settings that hold for `args`. Raises UsageError."""
    user = startup.config_dir() / "config.toml"
    settings = from_toml(user) if user.is_file() else Settings()
    settings = changed(settings, _from_environment(os.environ))
    if args.config is not None:
        settings = from_toml(args.config, settings)
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


def _from_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """The settings among environment variables: LIVESPOT_SENSITIVITY, LIVESPOT_CLASSIC_QUANTILE."""
    known = {PREFIX + t.key.upper().replace(".", "_"): t for t in tunables()}
    given = {}
    for name in sorted(name for name in variables if name.startswith(PREFIX)):
        if name in known:
            try:
                given[known[name].key] = known[name].parse(variables[name])
            except UsageError as error:
                raise UsageError(f"{name}: {error}") from None
        else:
            close = difflib.get_close_matches(name, known, 1)
            say(f"{name} is not a setting{f'; did you mean {close[0]}?' if close else ''}")
    return given


def file_path(text: str) -> Path:
    """A path as a user writes it, for argparse; after an equals sign no shell has seen to a ~."""
    path = Path(text)
    try:
        return path if os.path.lexists(path) else path.expanduser()
    except RuntimeError:  # nobody of that name
        return path


def top_level() -> list[Tunable]:
    """The tunables that are options of the command line."""
    return [t for t in tunables() if "." not in t.key]


def _dest(t: Tunable) -> str:
    return "setting_" + t.key
