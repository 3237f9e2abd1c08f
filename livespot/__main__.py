"""`python -m livespot` is `livespot`."""

import os
import sys
from typing import NoReturn

from livespot import startup
from livespot.errors import LivespotError


def run() -> NoReturn:
    """Run `livespot` with the process's words and end the process."""
    try:
        startup.prepare()
    except LivespotError as error:
        sys.exit(f"livespot: {error}")
    from livespot import threads
    from livespot.cli import main

    status = main()
    if threads.helpers():
        # A camera that blocks for ever. Everything is written and closed; were its thread to come back out of OpenCV
        # while Python shuts down, the process would abort.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


if __name__ == "__main__":
    run()
