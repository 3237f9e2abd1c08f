"""`python -m livespot` is `livespot`."""

import sys

from livespot.cli import main

if __name__ == "__main__":
    sys.exit(main())
