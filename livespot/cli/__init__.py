"""The commands, nothing else: words in, one call into the rooms below, an exit status out.

A command is a module with `add_arguments(parser)` and `run(args, settings) -> int`, and one line in COMMANDS (main.py).
Its module is imported only when it is used, so that `livespot` starts at once.
"""

from livespot.cli.main import COMMANDS as COMMANDS
from livespot.cli.main import main as main
